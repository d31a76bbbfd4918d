"""Every row of the voice part of docs/turn-rules.md on a real session: sound in, sound out, the clock of frames."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from huashu.core.actions import RunAction, Say
from huashu.core.events import ActionResult, Dtmf, Heard, PlaybackEnded, PlaybackStarted
from huashu.core.expect import Choice, Expectation
from huashu.dialogue.ending import HANGUP_WITHIN
from huashu.runtime.bot import Bot
from huashu.voice import parting, playback, watchdog
from huashu.voice.endpoint import USUAL, over_the_bot, patience
from tests.turn_rules import Row, rules
from tests.voice.voice_fakes import QUIET, noise, tone
from tests.voice.voice_line import BOT, Line, make_bot

pytestmark = pytest.mark.audio

BOTS = ("silent", "speaking", "held", "ending", "coming")
POLICIES = {
    "speech": "speech", "words>=3": "words>=3", "protected": "{kind: speech, protected: 20s}", "hotword": "hotword",
    "dtmf": "dtmf", "off": "off",
}  # fmt: skip
COLUMNS = {"bot": BOTS, "barge_in": tuple(POLICIES)}
RULES = rules("## Voice", COLUMNS)
SOUNDS = {
    "a cough": noise(0.4), "a listener's token": tone(600, 0.4), "few words": tone(1200, 0.4),
    "many words": tone(800, 0.6), "a word expected": tone(1000, 0.4), "a key": b"",
}  # fmt: skip
OPENING = "您好，这里是银行的智能客服，先说一段相当长的开场白。"
PROMPT = "您想把这笔账单分成几期，三期、六期还是十二期？"
FLOW = f"""
flow: 主
steps:
- 起: {{say: START}}
- 选期数:
    collect: 期数
    prompt: {PROMPT}
    one_of: {{values: [3, 6, 12], unit: 期}}
    dtmf: {{digits: 1, keys: {{6: 6}}}}
- 结束: {{end: 好了}}
"""


@cache
def made(tmp: Path, policy: str, acts: bool) -> Bot:
    settings = BOT.replace("endings:", f"  barge_in: {POLICIES[policy]}\nactions: http://127.0.0.1:9\nendings:", 1)
    start = "{do: act, timeout: 30s}" if acts else f"{{say: {OPENING}}}"
    flow = FLOW.replace("{say: START}", start)
    return make_bot(tmp / f"{list(POLICIES).index(policy)}{acts}", bot=settings, flow=flow)


class Case:
    """One event in one state. Which line it is about, and what became of that."""

    def __init__(self, bot: Bot, state: str, event: str) -> None:
        self.line = Line(bot)
        self.state, self.event = state, event

    async def run(self) -> None:
        line = self.line
        await self._reach()
        self.about = next((a for _, a in reversed(line.of(Say)) if isinstance(a, Say)), None)
        if self.state in ("speaking", "held"):
            self.about = next(a for _, a in line.of(Say) if isinstance(a, Say))
        self.before = len(line.log)
        self.onset = line.session.now()
        if self.state in ("held", "coming"):
            await line.say(noise(0.2))
        if self.state == "coming":
            [(_, run)] = line.of(RunAction)
            assert isinstance(run, RunAction)
            await line.session.receive(ActionResult(run.id))
            self.about = next(a for _, a in line.of(Say) if isinstance(a, Say))
            await line.say(noise(0.2))
        if self.event == "a key":
            await line.session.dtmf("6")
        await line.say(SOUNDS[self.event])
        self.end = line.session.now()
        await line.quiet(1.2)
        self.told = [what for _, what in line.log[self.before :] if isinstance(what, Dtmf) or _final(what)]
        await line.quiet(2.4)

    async def _reach(self) -> None:
        line = self.line
        await line.session.start()
        match self.state:
            case "silent":
                while not line.session.listening:
                    await line.session.push(QUIET)
                await line.quiet(1.0)
            case "speaking" | "held":
                await line.quiet(0.6)
            case "ending":
                await line.quiet(0.1 * (len(OPENING) + len(PROMPT)) + 0.2 - 0.5)
            case "coming":
                await line.quiet(0.5)

    @property
    def outcome(self) -> str:
        """What became of the line."""
        if self.state == "silent":
            return "—"
        assert self.about is not None
        entry = next(entry for entry in self.line.session.ledger if entry.say.id == self.about.id)
        if entry.played < 1.0:
            return "is cut"
        began = next(at for at, what in self.line.log if what == PlaybackStarted(entry.say.id))
        ended = next(at for at, what in self.line.log if what == PlaybackEnded(entry.say.id))
        if ended - began < entry.seconds + 0.05 and began < self.end:
            return "plays on"
        assert self.line.loud(self.end, self.end + 0.6), "it goes on within 0.6 s"
        return "pauses and goes on"

    @property
    def heard(self) -> str:
        """What the dialogue was told."""
        if self.event == "a key":
            return "the key" if any(isinstance(what, Dtmf) for what in self.told) else "nothing"
        [words] = (what for what in self.told if isinstance(what, Heard))
        return "the words" if words.text else "no words"


def _final(what: object) -> bool:
    return isinstance(what, Heard) and what.final


def worlds(row: Row) -> Iterator[tuple[str, str]]:
    pairs = itertools.product(BOTS, POLICIES)
    yield from ((bot, barge_in) for bot, barge_in in pairs if row.names(bot=bot, barge_in=barge_in))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bots")


@pytest.mark.parametrize("row", RULES, ids=str)
def test_the_rule_holds(row: Row, folders: Path) -> None:
    for bot, barge_in in worlds(row):
        case = Case(made(folders, barge_in, bot == "coming"), bot, row.event)
        asyncio.run(case.run())
        assert case.outcome == row["the line"], f"{bot}, {barge_in}"
        assert case.heard == row["the dialogue hears"], f"{bot}, {barge_in}"


def test_every_pair_of_state_and_event_has_one_row() -> None:
    found = Counter((row.event, *pair) for row in RULES for pair in worlds(row))
    wanted = set(itertools.product(SOUNDS, BOTS, POLICIES))
    assert set(found) == wanted
    assert set(found.values()) == {1}, [key for key, count in found.items() if count != 1]


EXPECTED = {
    "anything": Expectation(step="f.a"),
    "yes or no": Expectation(step="f.b", kind="yes_no"),
    "三期, 六期 or 十二期": Expectation(
        step="f.c",
        kind="choice",
        choices=tuple(Choice(n, (f"{w}期",)) for n, w in ((3, "三"), (6, "六"), (12, "十二"))),
    ),
    "a phone number": Expectation(step="f.d", kind="value", type="phone", slot="电话"),
    "figures, any number of them": Expectation(step="f.f", kind="value", type="digits", slot="号码"),
    "an amount": Expectation(step="f.e", kind="value", type="money", slot="金额"),
}


@pytest.mark.parametrize("row", rules("## Voice", {"expected": tuple(EXPECTED)}, split=False), ids=str)
def test_a_quiet_of_this_length_ends_the_turn(row: Row) -> None:
    expect, said = EXPECTED[row["expected"]], row["said so far"]
    assert patience(expect, said, USUAL) == float(row["seconds"])
    assert over_the_bot(expect, "嗯", USUAL) <= 0.4


BOUNDS = {
    "the caller's turn goes on": USUAL.longest,
    "the recogniser does not answer, and a line is held for it": watchdog._HELD,
    "a line has no sound": watchdog._OWED,
    "a line still has no sound": playback.STALL,
    "last words": HANGUP_WITHIN,
    "the line after the last word": parting._TAIL,
    "nobody speaks and nothing is waited for": watchdog._DEAD_AIR,
}


def test_what_is_given_up_is_given_up_then() -> None:
    told = {row["what"]: float(row["seconds"]) for row in rules("## Voice", {"what": tuple(BOUNDS)}, split=False)}
    assert told == BOUNDS
