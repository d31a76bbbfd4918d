"""What the operators of an expression do with values: bounded, exact, and never a float."""

from decimal import Context, Decimal, DecimalException

from huashu.core.errors import HuashuError
from huashu.core.values import Scalar

_MAX_MAGNITUDE = Decimal(10) ** 24
_ARITHMETIC = Context(prec=28)


class ExpressionError(HuashuError):
    """The text is no expression, or it cannot be computed. `offset`: 0-based character where it does not parse."""

    code = "expression"

    def __init__(self, message: str, offset: int = 0, *, reason: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.reason = reason or "syntax"
        """Stable word: length, depth, character, quote, operand, extra, close, clock, time, machine."""
        self.detail = detail


def quoted(value: Scalar) -> str:
    """As an expression writes it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value)
    return str(value)


def _number(value: Scalar) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise ExpressionError(f"a number is needed here, this is {_kind(value)}", reason="type")
    return value


def _kind(value: Scalar) -> str:
    if value is None:
        return "nothing (not set yet)"
    return {bool: "true or false", str: "text"}.get(type(value), "a number")


def equal(left: Scalar, right: Scalar) -> bool:
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return left == right


def _bounded(value: int | Decimal) -> int | Decimal:
    if abs(_decimal(value)) > _MAX_MAGNITUDE:
        raise ExpressionError("the result is over 10^24", reason="range")
    return value


def _decimal(value: int | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(value)


def arithmetic(operator: str, left: Scalar, right: Scalar) -> int | Decimal:
    a, b = _number(left), _number(right)
    if operator == "/":
        if b == 0:
            raise ExpressionError("division by zero", reason="zero")
        if isinstance(a, int) and isinstance(b, int) and a % b == 0:
            return a // b
    elif isinstance(a, int) and isinstance(b, int):
        return _bounded(a + b if operator == "+" else a - b if operator == "-" else a * b)
    method = {"+": _ARITHMETIC.add, "-": _ARITHMETIC.subtract, "*": _ARITHMETIC.multiply, "/": _ARITHMETIC.divide}
    try:
        return _bounded(method[operator](_decimal(a), _decimal(b)))
    except DecimalException as error:
        raise ExpressionError("the numbers cannot be computed", reason="range") from error


def compare(operator: str, left: Scalar, right: Scalar) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        order = (left > right) - (left < right)
    else:
        a, b = _number(left), _number(right)
        order = (a > b) - (a < b)
    if operator == "<":
        return order < 0
    if operator == "<=":
        return order <= 0
    return order > 0 if operator == ">" else order >= 0


def contains(whole: Scalar, part: Scalar) -> bool:
    if isinstance(whole, str) and isinstance(part, str):
        return part in whole
    return equal(part, whole)
