"""样例后端：在内存里登记派送、改期、改地址、拒收。接入真实系统时替换函数体，名字和返回值不变。日期按 ISO 8601。"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from huashu import action

FARTHEST = timedelta(days=7)
"""改期最多改到几天以内。"""
_numbers = count(5001)
_notes: dict[str, str] = {}


@action
def confirm_delivery(运单尾号: str, 方式: str, 代收人: str | None = None) -> None:
    """登记怎么投放。"""
    _notes[运单尾号] = f"{方式} {代收人 or ''}"


@action
def reschedule(运单尾号: str, 日期: str, 时段: str, 今天: str) -> dict[str, bool]:
    """改期；太远的日子送不了，已约上为假。"""
    if date.fromisoformat(日期) - date.fromisoformat(今天) > FARTHEST:
        return {"已约上": False}
    _notes[运单尾号] = f"{日期} {时段}"
    return {"已约上": True}


@action
def change_address(运单尾号: str, 地址: str) -> dict[str, bool]:
    """改地址；这个样例里，地址要有门牌号才算能送到。"""
    deliverable = any(letter.isdigit() or letter in "一二三四五六七八九十" for letter in 地址)
    if deliverable:
        _notes[运单尾号] = 地址
    return {"能送到": deliverable}


@action
def make_pay_link(运单尾号: str, 金额: Decimal) -> dict[str, str]:
    """到付的在线付款链接，一天有效。"""
    return {"付款链接": f"https://pay.example.com/{next(_numbers)}"}


@action
def refuse_parcel(运单尾号: str) -> None:
    """登记拒收，包裹退给寄件人。"""
    _notes[运单尾号] = "拒收"
