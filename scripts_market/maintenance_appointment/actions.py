"""样例后端：每家店每个时间一个工位，记在内存里。接入真实系统时换掉函数体，名字、参数和返回的变量不变。"""

from huashu import action

FIRST_NUMBER = 7001

_taken: dict[tuple[str, str, str], str] = {}
"""（门店，日期，时间）→ 车牌。"""


@action
def book_service(门店: str, 日期: str, 时间: str, 车牌: str) -> dict[str, str | bool]:
    """占一个工位。同一辆车再约同一个时间，预约号不变；别的车占了就约不上。"""
    slot = (门店, 日期, 时间)
    if _taken.setdefault(slot, 车牌) != 车牌:
        return {"约上": False}
    return {"约上": True, "预约号": str(FIRST_NUMBER + list(_taken).index(slot))}
