"""What the bank's own system does for this bot."""

from huashu import action


@action
def create_instalment(amount, terms):
    """Books the instalments."""
    return {"每期金额": amount / terms}
