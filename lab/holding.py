"""One conversation test, held: its turns against a simulated call, and what it finds."""

import math
from collections.abc import Iterable
from typing import assert_never

from huashu.core.actions import Say
from huashu.core.errors import UsageError
from huashu.core.language import is_chinese
from huashu.flows.findings import nearest
from huashu.flows.grammar import RESULTS
from huashu.flows.keys import BUILT_IN_ENDINGS, CHINESE_WORDS
from huashu.lab.bank import Backend
from huashu.lab.coverage import Part, Watch
from huashu.lab.meeting import Gap, differences
from huashu.lab.report import TestResult
from huashu.lab.script import (
    AnsweredByWhom,
    BotSays,
    CallerSays,
    Expected,
    Greeting,
    HangsUp,
    Interrupt,
    Keys,
    Mock,
    NobodyAnswered,
    Noise,
    Person,
    Silence,
    TestTurn,
    Transcript,
    What,
)
from huashu.lab.simulation import MAX_SECONDS, Simulation, UnmetError, uncapped
from huashu.lab.wording import Wording
from huashu.runtime.bot import Bot
from huashu.values.registry import canonical

HUNG_UP = "hung_up"
"""Ending and result of a call that the caller has left."""
EARLY = 1e-6
"""Seconds by which a sum of durations may be off."""


def bare(text: str) -> str:
    """A piece of a line without the punctuation it was cut at."""
    return text.strip(" ，。！？、；：,.!?;:")


class Holding:
    """One test."""

    def __init__(self, bot: Bot, watch: Watch, backend: Backend | None, test: Transcript) -> None:
        self.at: TestTurn | None = None
        """The turn that is held, or at which the test has failed."""
        self.gaps: tuple[Gap, ...] = ()
        """By what an `expect` has failed."""
        self.missed: tuple[int, float | None] | None = None
        """By what a `bot` turn has failed: the number of the text that was not said, or, with the seconds it took,
        of the first text, said at another time."""
        bot = bot if test.limits else uncapped(bot)
        self._bot = bot
        self._tell = Wording(bot.script.language)
        self._test = test
        self._line = test.line
        self._mark = 0
        """Lines the bot had said when the caller last did something."""
        self._cursor = 0
        """Characters of the lines since then that `bot:` turns have matched."""
        self._watch = watch
        self._reached: set[Part] = set()
        self.sim = Simulation(
            bot,
            medium=test.medium,
            at=test.at,
            language=test.language,
            variables=test.set,
            arms=test.arms,
            seed=test.seed,
            backend=backend,
            watch=self._saw,
            most=MAX_SECONDS if test.limits else math.inf,
        )

    def result(self) -> TestResult:
        failure = ""
        try:
            self._names()
            for turn in self._begin():
                self._line, self.at = turn.line, turn
                for _ in range(turn.times):
                    self._turn(turn.what)
                    if turn.times > 1:
                        self.sim.settle()
                        if self.sim.closed:
                            break
            self._line, self.at = self._test.line, None
            self.sim.settle()
        except (UnmetError, UsageError) as unmet:
            failure = str(unmet)
        test, sim = self._test, self.sim
        reached = frozenset(self._reached)
        return TestResult(test.name, test.file, self._line, failure, tuple(sim.record), sim.now, reached=reached)

    def _saw(self, reached: Iterable[str]) -> None:
        self._reached.update(self._watch.saw(reached))

    def _names(self) -> None:
        """Variables, actions and endings of the test that the script does not have would never be met."""
        script = self._bot.script
        for name, value in self._test.set.items():
            if name not in script.variables:
                raise UnmetError(self._tell("no_variable", name=name, names=", ".join(script.variables)))
            kind = script.variables[name].type
            try:
                canonical(kind, value)
            except UsageError:
                shown = CHINESE_WORDS[kind] if self._tell.chinese else kind
                raise UnmetError(self._tell("bad_value", name=name, type=shown)) from None
        for name, arm in self._test.arms.items():
            self._known("no_experiment", [name], set(script.experiments))
            self._known("no_arm", [arm], set(script.experiments[name]))
        actions = {step.do.action for flow in script.flows.values() for step in flow.steps if step.do}
        endings = {*BUILT_IN_ENDINGS, *BUILT_IN_ENDINGS.values(), HUNG_UP}
        own = {name: ending for flow in script.flows.values() for name, ending in flow.endings.items()}
        endings |= own.keys()
        results = {*RESULTS, HUNG_UP, *(ending.result for ending in own.values())}
        for turn in self._test.turns:
            self._line = turn.line
            match turn.what:
                case Mock(actions=mocked):
                    self._known("no_action", mocked, actions)
                case Expected(ending=ending, called=called, result=result, form=form):
                    self._known("no_form", [form] if form else [], {one.name for one in script.forms})
                    self._known("no_ending", [ending] if ending else [], endings)
                    self._known("no_action", [called] if called else [], actions)
                    self._known("no_result", [result] if result else [], results)
        self._line = self._test.line

    def _known(self, code: str, names: Iterable[str], known: set[str]) -> None:
        for name in names:
            if name not in known:
                like = nearest(name, sorted({*known, *(CHINESE_WORDS[word] for word in known & CHINESE_WORDS.keys())}))
                raise UnmetError(self._tell(code, name=name, near=self._tell("near", name=like) if like else ""))

    def _begin(self) -> tuple[TestTurn, ...]:
        """Make the call; the turns that are left."""
        turns = list(self._test.turns)
        while turns and isinstance(turns[0].what, Mock):
            self._turn(turns.pop(0).what)
        match turns[0].what if turns else None:
            case AnsweredByWhom(by=by, cause=cause):
                self.sim.start(by=by, saying=cause)
                turns.pop(0)
            case NobodyAnswered(cause=cause):
                self.sim.start(nobody=cause)
                turns.pop(0)
            case _:
                self.sim.start()
        return tuple(turns)

    # --- turns ------------------------------------------------------------------------------------------------------

    def _turn(self, what: What) -> None:
        match what:
            case BotSays():
                self._bot_says(what)
            case Mock(actions=actions):
                self.sim.actions.mock(actions)
            case Expected():
                self.sim.settle()
                self._expect(what)
            case CallerSays() | Keys() | Noise():
                self.sim.turn()
                self._new_turn()
                self._do(what)
            case Silence(seconds=seconds):
                self.sim.settle()
                self.sim.alive()
                self._new_turn()
                self.sim.quiet_since = self.sim.now
                self.sim.wait(seconds)
            case Interrupt(after=after, what=inner):
                self.sim.interrupt(after)
                self._new_turn()
                self._do(inner)
            case Greeting(seconds=seconds):
                self.sim.settle()
                self.sim.alive()
                self._new_turn()
                self.sim.beep(seconds)
            case HangsUp():
                self.sim.turn()
                self._new_turn()
                self.sim.hang_up()
            case Person(event=event):
                self.sim.settle()
                self._new_turn()
                self.sim.quiet_since = self.sim.now
                self.sim.send(event)
            case AnsweredByWhom() | NobodyAnswered():
                raise UnmetError(self._tell("begins"))
            case _:
                assert_never(what)

    def _new_turn(self) -> None:
        self._mark, self._cursor = len(self.sim.said), 0

    def _do(self, what: CallerSays | Keys | Noise) -> None:
        match what:
            case CallerSays(text=text, confidence=confidence, alternatives=alternatives, partial=partial):
                self.sim.speak(text, confidence, alternatives, partial)
            case Keys(digits=digits, gap=gap):
                self.sim.press(digits, gap)
            case Noise(seconds=seconds, partial=partial):
                self.sim.cough(seconds, partial)
            case _:
                assert_never(what)

    # --- what the bot says ------------------------------------------------------------------------------------------

    @property
    def _join(self) -> str:
        return "" if is_chinese(self._test.language or self._bot.script.language) else " "

    def _said(self) -> str:
        return self._join.join(say.text for say in self.sim.said[self._mark :])

    def unmatched(self) -> list[tuple[float, str]]:
        """(when, line) of all that was said since the caller's last turn and no `bot` turn has matched; of a line that
        one has matched in part, the words behind."""
        times = [entry.now for entry in self.sim.record if entry.who == "bot"][self._mark :]
        found, position = [], 0
        for at, say in zip(times, self.sim.said[self._mark :], strict=True):
            rest = say.text[max(0, self._cursor - position) :]
            rest = rest if rest == say.text else bare(rest)
            if rest:
                found.append((at, rest))
            position += len(say.text) + len(self._join)
        return found

    def _bot_says(self, wanted: BotSays) -> None:
        for number, text in enumerate(wanted.texts):
            if not text:
                self.sim.settle()
                if bare(self._said()[self._cursor :]):
                    self.missed = (number, None)
                    raise UnmetError(self._tell("should_be_silent", said=self._said()[self._cursor :]))
                continue
            while (found := self._said().find(text, self._cursor)) < 0:
                if not self.sim.advance():
                    self.missed = (number, None)
                    said = self._said()[self._cursor :] or self._tell("nothing")
                    raise UnmetError(self._tell("should_say", text=text, said=said))
            if number == 0 and wanted.within is not None:
                self._on_time(self._saying(found), wanted.within)
            self._cursor = found + len(text)

    def _saying(self, position: int) -> Say:
        """The line that holds a character of what was said since the caller's last turn."""
        for say in self.sim.said[self._mark :]:
            position -= len(say.text) + len(self._join)
            if position < 0:
                return say
        raise AssertionError("a text is found in what was said only")

    def _on_time(self, say: Say, within: tuple[float, float]) -> None:
        while say.id not in self.sim.begun and self.sim.advance():
            pass
        took = self.sim.begun.get(say.id, self.sim.now) - self.sim.quiet_since
        earliest, latest = within
        if not earliest - EARLY <= took <= latest + EARLY:
            self.missed = (0, took)
            code = "should_begin_in" if earliest else "should_begin_within"
            raise UnmetError(self._tell(code, earliest=earliest, latest=latest, took=took))

    # --- what must hold ---------------------------------------------------------------------------------------------

    def _expect(self, wanted: Expected) -> None:
        self.gaps = differences(wanted, self.sim, self._bot.script, self._tell)
        if self.gaps:
            raise UnmetError("\n".join(gap.told for gap in self.gaps))
