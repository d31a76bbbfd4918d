"""样例后端：三份虚构的合同，按合同号查到账和登记约定。接入真实系统时换掉函数体，名字、参数和返回的变量不变。"""

from datetime import date, timedelta

from huashu import action

LONGEST_PROMISE = timedelta(days=7)
"""约定还款最晚到几天以后，今天不算。"""
PAID = frozenset({"20250701"})

_promises: dict[str, str] = {}


@action
def promise_window(今天: str) -> dict[str, str]:
    """可以约的头一天和最后一天。日期都是 ISO 8601。"""
    first = date.fromisoformat(今天)
    return {"最早日期": first.isoformat(), "最晚日期": (first + LONGEST_PROMISE).isoformat()}


@action
def query_repayment(合同号: str) -> dict[str, bool]:
    return {"已到账": 合同号 in PAID}


@action
def record_promise(合同号: str, 还款日期: str) -> None:
    """登记约定的日期。再约一次，以新的为准。"""
    _promises[合同号] = date.fromisoformat(还款日期).isoformat()
