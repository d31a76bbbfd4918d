"""Nothing that the briefing holds is asked again: a random conversation on the real engine, a person, and back."""

from random import Random

from huashu.handoff import commands, signals
from huashu.handoff.plan import Plan, Queue
from tests.handoff.hall import Hall, bot

PROMPTS = {"姓名": "请问您贵姓？", "期数": "请问分几期？", "卡号": "请问卡号是多少？"}
SAID = {"姓名": "姓名=张三", "期数": "期数=6"}
STEPS = ("", "分期.姓名", "分期.期数", "分期.卡号", "卡号", "分期.早就删了的步骤", "别的.步骤")


async def asks_again(rng: Random) -> None:
    """One conversation; the desk may be lost, and gives back to a step that may not exist any more."""
    hall = Hall(Plan(queues={"信用卡": Queue("信用卡", wrap_up=0.0, wait=80.0)}))
    desk = hall.desk("1")
    caller = await hall.call("c")
    for text in ("姓名=张三", rng.choice(("!肯定", "!否定")), "期数=6")[: rng.randrange(4)]:
        if text != "期数=6" or rng.random() < 0.5:
            await caller.says(text)
    # what nobody has said and no step has changed is known to nobody
    unmoved = {name: kind.default for name, kind in bot().script.variables.items()}
    known = {name: value for name, value in caller.host.slots.items() if value not in (None, unmoved[name])}
    question = next((text for text in reversed(caller.heard) if text.endswith("？")), "")
    await caller.says("!转人工")
    packet = desk.offer.conversation
    assert {slot.name for slot in packet.slots} >= set(known), "the briefing lacks what the bot knows"
    assert packet.question == question
    await desk.take()
    assert caller.host.owner == "human"
    if rng.random() < 0.3:
        desk.seat.lost()
        await hall.wait(rng.choice((5.0, 25.0)))
        desk = hall.desk("1")
        if hall.service.centre.cases["c"].state != "bridged":
            await desk.take()
        again = desk.conversation("c")
        assert {slot.name for slot in again.slots} >= set(known), "the second briefing lacks what the first had"
    values = {name: value for name, value in (("姓名", "李四"), ("期数", 12)) if rng.random() < 0.4}
    if rng.random() < 0.5 and values:
        await desk.do(commands.Fill("c", values))
    else:
        assert (await desk.do(commands.Fill("c", values))).ok
    known |= values
    said = len(caller.heard)
    hall.service.tell(signals.GiveBack("1", "c", rng.choice(STEPS)))
    await hall.settle()
    assert caller.host.owner == "bot"
    for name, value in values.items():
        assert caller.host.slots[name] == value, "what the person put right is lost"
    for name in known:
        if name in PROMPTS:
            assert PROMPTS[name] not in caller.heard[said:], f"{name} was known and is asked again"
    assert caller.heard[said:] or caller.host.closed, "the bot has the caller and says nothing"
