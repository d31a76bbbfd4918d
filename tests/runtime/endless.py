"""A conversation that never ends, as long as the caller keeps talking: for what must not grow with its length."""

import tempfile
from pathlib import Path

from huashu.core.actions import Say, Stop
from huashu.core.events import Answered, Entity, Heard, IntentScore, PlaybackEnded, PlaybackStarted, Started, Understood
from huashu.flows.loader import load
from huashu.runtime.bot import Bot
from huashu.runtime.turn import Turns

BOT = """
bot: endless
language: zh-CN
variables: {期数: {type: integer, unit: 期}, 轮: {type: integer, default: 0}}
defaults:
  max_length: 86400s
  max_turns: 10000
  silence: [{after: 5s, say: 您还在吗？}, {after: 5s, end: 无应答}]
  unclear: [{say: 不好意思，我没听清。}, {end: 没听懂}]
endings: {无应答: {result: no_input}, 没听懂: {result: no_match}}
anytime: {在忙: {say: 好的，很快就好。, then: back, times: 100, after: {say: 就一会儿。, then: back}}}
"""
FLOW = """
flow: 主
steps:
- 问: {set: {轮: =轮 + 1}, ask: 第【轮】个问题，可以吗？, answers: {肯定: {}, 否定: {go: 问}}}
- 选: {collect: 期数, prompt: 分几期？, ask_before_filling: true}
- 旁: {call: 旁}
- 又: {go: 问}
"""
CALLED = """
flow: 旁
steps:
- 谢: {ask: 分【期数】，对吗？, answers: {肯定: {say: 好的。}, 否定: {}}}
"""
YES = Understood("可以", (IntentScore("肯定", 0.95),))
SIX = Understood("六期", (), (Entity("integer", 6, "六", 0, 1, "期数"),))
ROUND = (YES, Understood("呜里哇啦"), SIX, YES, Understood("在忙", (IntentScore("在忙", 0.95),)), YES, SIX, YES)
"""Words of a caller, the same over and over; no turn of them ends the call."""


class _Given:
    """The meaning is in the turn."""

    def search(self, *_: object, **__: object) -> tuple[()]:
        return ()

    candidates = search


class Endless:
    def __init__(self, bot: Bot, number: int) -> None:
        self._turns = Turns(bot)
        self._now = 0.0
        self.count = 0
        self._turns.hear(Started(f"endless{number:05d}", wall=1_770_000_000.0, marks="sent"), now=0.0)
        self._turns.hear(Answered(), now=0.0)
        self._play()

    def turn(self) -> None:
        self._now += 3.0
        meaning = ROUND[self.count % len(ROUND)]
        self._turns.hear(Heard(meaning.text), now=self._now)
        self._turns.answer(meaning, now=self._now)
        self._play()
        self.count += 1
        assert not self._turns.closed, self.count

    def _play(self) -> None:
        """Every line begins, and is heard to its end or stopped."""
        for action in self._turns.commit().actions:
            if isinstance(action, Say):
                self._now += 0.5
                self._turns.hear(PlaybackStarted(action.id), now=self._now)
                self._turns.hear(PlaybackEnded(action.id), now=self._now)
            elif isinstance(action, Stop):
                self._turns.hear(PlaybackEnded(action.id, 0.5), now=self._now)
        self._turns.commit()


def endless_bot() -> Bot:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "flows").mkdir()
        (folder / "bot.yaml").write_text(BOT, encoding="utf-8")
        (folder / "flows" / "a.yaml").write_text(FLOW, encoding="utf-8")
        (folder / "flows" / "b.yaml").write_text(CALLED, encoding="utf-8")
        given = _Given()
        return Bot(load(folder), given, given)  # type: ignore[arg-type]
