"""样例后端：把报修单记在内存里。接入真实系统时换掉函数体，名字、参数和返回的变量不变。"""

from typing import NamedTuple

from huashu import action

FIRST_NUMBER = 260001


class Visit(NamedTuple):
    产品: str
    故障: str
    地址: str
    电话: str
    上门日期: str
    """ISO 8601。"""
    上门时间: str
    """24 小时制，时:分。"""


_visits: list[Visit] = []


@action
def register_repair(产品: str, 故障: str, 地址: str, 电话: str, 上门日期: str, 上门时间: str) -> dict[str, str]:
    """登记报修，返回报修单号。一样的报修再来一次，单号不变。"""
    visit = Visit(产品, 故障, 地址, 电话, 上门日期, 上门时间)
    if visit not in _visits:
        _visits.append(visit)
    return {"报修单号": str(FIRST_NUMBER + _visits.index(visit))}
