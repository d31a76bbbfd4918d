"""Hold a conversation with a stock script from your own program, with your own action behind it.

Run: python examples/embed.py
"""

from decimal import Decimal
from pathlib import Path

import huashu.scripts_market
from huashu import ActionContext, Bot, action

SCRIPT = Path(huashu.scripts_market.__file__).parent / "card_instalment"


@action
def create_instalment(账单金额: Decimal, 期数: int, context: ActionContext) -> dict[str, Decimal]:
    """Call your core banking system here. `context.key` is the same over retries: pass it on as the idempotency key."""
    print(f"        [booking {期数} instalments, key {context.key.rpartition('/')[2]}]")
    return {"每期金额": (账单金额 / 期数 * Decimal("1.05")).quantize(Decimal("0.01"))}


def main() -> None:
    bot = Bot.load(SCRIPT, actions=[create_instalment])
    with bot.call(银行="江城银行", 客户姓名="王芳", 账单金额="9600") as call:
        print("bot    ", call.opening.text)
        for words in ("是我，你说", "可以", "这个手续费太贵了吧", "那就分六期", "确认"):
            print("caller ", words)
            reply = call.say(words)
            for line in reply.lines:
                print("bot    ", line)
    outcome = call.outcome
    assert outcome is not None
    print(f"outcome {outcome.ending} · {outcome.label} · {outcome.result} · 期数={call.slots['期数']}")


if __name__ == "__main__":
    main()
