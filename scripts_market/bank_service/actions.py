"""样例后端：三位虚构客户的账户，按卡尾号查。接入真实系统时换掉函数体，名字、参数和返回的变量不变。"""

from decimal import Decimal
from typing import NamedTuple

from huashu import action


class Account(NamedTuple):
    余额: Decimal
    账单: Decimal
    还款日: str
    """ISO 8601。"""


ACCOUNTS = {
    "6688": Account(Decimal("3520.80"), Decimal("1286.00"), "2026-03-18"),
    "1234": Account(Decimal("98000.00"), Decimal("0"), "2026-03-25"),
    "9072": Account(Decimal("15.20"), Decimal("7640.50"), "2026-03-08"),
}
MINIMUM_SHARE = Decimal("0.1")
"""最低还款额占账单的比例。"""
CENT = Decimal("0.01")

_lost: set[str] = set()


@action
def verify_customer(卡尾号: str) -> dict[str, str]:
    """核对卡尾号。返回身份：已核实或未通过。"""
    return {"身份": "已核实" if 卡尾号 in ACCOUNTS else "未通过"}


@action
def query_balance(卡尾号: str) -> dict[str, Decimal]:
    return {"余额": ACCOUNTS[卡尾号].余额}


@action
def query_bill(卡尾号: str) -> dict[str, Decimal | str]:
    account = ACCOUNTS[卡尾号]
    return {
        "账单金额": account.账单,
        "最低还款": (account.账单 * MINIMUM_SHARE).quantize(CENT),
        "还款日": account.还款日,
    }


@action
def report_loss(卡尾号: str) -> None:
    """口头挂失。重复挂失同一张卡不是错误。"""
    _lost.add(卡尾号)
