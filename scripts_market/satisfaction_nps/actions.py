"""样例后端：把分数和投诉工单记在内存里。接入真实系统时换掉函数体，名字、参数和返回的变量不变。"""

from huashu import action

FIRST_TICKET = 800001

_scores: dict[str, int] = {}
_tickets: dict[str, tuple[str, str]] = {}
"""工单号 → （投诉编号，内容）。"""


@action
def save_score(工单号: str, 分数: int) -> None:
    """记下分数。同一张工单再打一次，以新的为准。"""
    if not 0 <= 分数 <= 10:
        raise ValueError(f"分数应在 0 到 10 之间，收到 {分数}")
    _scores[工单号] = 分数


@action
def create_ticket(工单号: str, 内容: str | None = None) -> dict[str, str]:
    """登记投诉，返回投诉编号。同一张工单再投诉，编号不变，内容记新的。"""
    known = _tickets.get(工单号)
    number = known[0] if known is not None else str(FIRST_TICKET + len(_tickets))
    _tickets[工单号] = (number, 内容 or "客户没有说明")
    return {"投诉编号": number}
