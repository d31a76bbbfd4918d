"""样例后端：在内存里发券、登记补发、更正生日。接入真实系统时替换函数体，名字、参数和返回值不变。"""

from datetime import date, timedelta
from itertools import count

from huashu import action

VALID_DAYS = 30
_numbers = count(20260001)
_issued: dict[str, str] = {}
_resend: list[tuple[str, str]] = []
_birthdays: dict[str, str] = {}


@action
def issue_coupon(姓名: str, 礼券: str, 今天: str) -> dict[str, str | bool]:
    """每人每年一张；当年发过的不再发，已发券为假。日期按 ISO 8601。"""
    today = date.fromisoformat(今天)
    key = f"{today.year}/{姓名}"
    if key in _issued:
        return {"已发券": False}
    _issued[key] = str(next(_numbers))
    return {"已发券": True, "券码": _issued[key], "有效期至": (today + timedelta(days=VALID_DAYS)).isoformat()}


@action
def note_resend(姓名: str, 礼券: str) -> None:
    """登记一张待补发的礼券。"""
    _resend.append((姓名, 礼券))


@action
def correct_birthday(姓名: str, 生日: str) -> None:
    """更正会员资料里的生日；只用月和日。"""
    _birthdays[姓名] = 生日[5:]
