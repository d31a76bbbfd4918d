"""样例后端：按固定费率当场算出分期方案。接入真实系统时，把函数体换成对核心系统的调用，名字、参数和返回值不变。

费率（每期，按账单金额收）：3 期 0.9%，6 期 0.8%，12 期 0.7%。
"""

from decimal import ROUND_HALF_UP, Decimal

from huashu import action

RATES = {3: Decimal("0.009"), 6: Decimal("0.008"), 12: Decimal("0.007")}
CENT = Decimal("0.01")


@action
def create_instalment(账单金额: Decimal, 期数: int) -> dict[str, Decimal]:
    """办理分期，返回每期应还金额（本金加手续费，元，四舍五入到分）。"""
    if 期数 not in RATES:
        raise ValueError(f"期数应为 3、6 或 12，收到 {期数}")
    principal = 账单金额 / 期数
    fee = 账单金额 * RATES[期数]
    return {"每期金额": (principal + fee).quantize(CENT, ROUND_HALF_UP)}
