"""What the bank's own system does for this bot."""

from decimal import Decimal

from huashu import action


@action
def create_instalment(amount: Decimal, terms: int) -> dict[str, Decimal]:
    """Books the instalments."""
    return {"每期金额": amount / terms}
