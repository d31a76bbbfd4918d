"""Values that nobody has: identity numbers and cards whose check digit is right, plates, addresses, times to come."""

from datetime import datetime, timedelta
from random import Random

from huashu.core.values import Scalar
from huashu.values.cards import check_character, luhn

_PLACES = ("110101", "310104", "330106", "440305", "510107")
_STREETS_ZH = (
    "浙江省杭州市西湖区文三路",
    "北京市朝阳区建国路",
    "上海市徐汇区漕溪北路",
    "广东省深圳市南山区科技园南路",
    "四川省成都市武侯区人民南路",
)
_STREETS_EN = (
    "Main Street, Springfield, Illinois 62704",
    "Oak Avenue, Portland, Oregon 97205",
    "Park Road, Austin, Texas 78701",
)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def invented(type: str, now: datetime, *, chinese: bool, rng: Random) -> Scalar:  # noqa: A002
    """A canonical value of one of the types that are dictated or looked up; "" for any other type."""
    match type:
        case "id_number":
            return _identity(rng)
        case "bank_card":
            return _card(rng)
        case "plate":
            return rng.choice("京沪浙粤川苏") + rng.choice("ABCDE") + _digits(rng, 5)
        case "spelled":
            return "".join(rng.choices(_LETTERS, k=2)) + _digits(rng, 4)
        case "email":
            return rng.choice(("zhang", "wang88", "li_ming", "chen.jing", "anna")) + rng.choice(
                ("@qq.com", "@163.com", "@gmail.com")
            )
        case "address":
            number = rng.randint(1, 300)
            return f"{rng.choice(_STREETS_ZH)}{number}号" if chinese else f"{number} {rng.choice(_STREETS_EN)}"
        case "quantity":
            return f"{rng.randint(1, 20)} {rng.choice(('kg', 'm', 'L'))}"
        case "duration":
            return rng.choice(("PT30M", "PT2H", "P3D", "P7D", "P1M"))
        case "datetime":
            day = now.date() + timedelta(days=rng.randint(1, 7))
            return f"{day}T{rng.randint(9, 16):02d}:{rng.choice((0, 30)):02d}"
        case "period":
            day = now.date() + timedelta(days=rng.randint(1, 7))
            start = rng.choice((9, 10, 14, 15))
            return rng.choice((f"{day}/{day + timedelta(days=2)}", f"{day}T{start:02d}:00/{day}T{start + 2:02d}:00"))
    return ""


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choices("0123456789", k=count))


def _identity(rng: Random) -> str:
    born = f"{rng.randint(1950, 2004)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    body = rng.choice(_PLACES) + born + _digits(rng, 3)
    return body + check_character(body)


def _card(rng: Random) -> str:
    body = "62" + _digits(rng, 16)
    return next(body + last for last in "0123456789" if luhn(body + last))
