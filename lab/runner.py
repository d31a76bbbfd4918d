"""Runs conversation tests: the turns of a transcript against a simulated call."""

from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import assert_never

from huashu.core.errors import UsageError
from huashu.core.events import Event, HandoffFailed, HumanJoined, HumanLeft, HungUp
from huashu.core.values import Scalar
from huashu.flows.findings import nearest
from huashu.flows.grammar import RESULTS
from huashu.flows.keys import BUILT_IN_ENDINGS, CHINESE_WORDS
from huashu.lab.coverage import Watch
from huashu.lab.places import places
from huashu.lab.report import TestReport, TestResult
from huashu.lab.script import (
    AnsweredByWhom,
    BotSays,
    CallerSays,
    Expected,
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
from huashu.lab.simulation import Backend, Simulation, UnmetError
from huashu.lab.source import bot_language
from huashu.lab.transcript import load_tests
from huashu.lab.wording import Wording
from huashu.runtime.bot import Bot, load_bot
from huashu.values.registry import canonical, display


def run_tests(
    folder: Path | str, *, only: str | None = None, trust: bool = False, bot: Bot | None = None
) -> TestReport:
    """Run the tests of a bot's folder.

    only: run only tests whose name or file contains this.
    trust: actions without a mock are run by the folder's `actions.py`; without it they fail.
    bot: the bot when it has been loaded already.

    Raises:
        ScriptError: the bot or one of its tests cannot be read; the message holds every finding.
        UsageError: there is no test to run.
    """
    folder = Path(folder)
    if not folder.is_dir():
        load_bot(folder)  # tells that there is no such folder
    tests = [t for t in load_tests(folder) if only is None or only in t.name or only in t.file]
    if not tests:
        tell, name = Wording(bot_language(folder)), folder / "tests"
        raise UsageError(tell("no_tests_like", like=only, name=name) if only else tell("no_tests", name=name))
    bot = bot or load_bot(folder, trust=trust)
    watch = Watch(bot.script, places(folder))
    backend = Backend(bot)
    try:
        results = tuple(_Run(bot, watch, backend, test).result() for test in tests)
    finally:
        backend.close()
    return TestReport(bot.script.name, results, watch.coverage, bot.script.language)


def hold(bot: Bot, test: Transcript) -> TestResult:
    """Run one test whose actions are all in it."""
    return _Run(bot, Watch(bot.script), None, test).result()


HUNG_UP = "hung_up"
"""Ending and result of a call that the caller has left."""
_PERSON: dict[str, Event] = {
    "joins": HumanJoined(),
    "leaves": HumanLeft(),
    "ends": HungUp("human"),
    "fails": HandoffFailed(),
}


class _Run:
    """One test."""

    def __init__(self, bot: Bot, watch: Watch, backend: Backend | None, test: Transcript) -> None:
        self._bot = bot
        self._tell = Wording(bot.script.language)
        self._test = test
        self._line = test.line
        self._mark = 0
        """Lines the bot had said when the caller last did something."""
        self._cursor = 0
        """Characters of the lines since then that `bot:` turns have matched."""
        self._sim = Simulation(
            bot,
            medium=test.medium,
            at=test.at,
            language=test.language,
            variables=test.set,
            backend=backend,
            watch=watch.saw,
        )

    def result(self) -> TestResult:
        failure = ""
        try:
            self._names()
            for turn in self._begin():
                self._line = turn.line
                for _ in range(turn.times):
                    self._turn(turn.what)
                    if turn.times > 1:
                        self._sim.settle()
                        if self._sim.closed:
                            break
            self._line = self._test.line
            self._sim.settle()
        except (UnmetError, UsageError) as unmet:
            failure = str(unmet)
        return TestResult(self._test.name, self._test.file, self._line, failure, tuple(self._sim.record), self._sim.now)

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
                case Expected(ending=ending, called=called, result=result):
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
            case AnsweredByWhom(by=by):
                self._sim.start(by=by)
                turns.pop(0)
            case NobodyAnswered(cause=cause):
                self._sim.start(nobody=cause)
                turns.pop(0)
            case _:
                self._sim.start()
        return tuple(turns)

    # --- turns ------------------------------------------------------------------------------------------------------

    def _turn(self, what: What) -> None:
        match what:
            case BotSays(texts=texts):
                self._bot_says(texts)
            case Mock(actions=actions):
                self._sim.mocks.update({name: deque(answers) for name, answers in actions.items()})
            case Expected():
                self._sim.settle()
                self._expect(what)
            case CallerSays() | Keys() | Noise():
                self._sim.turn()
                self._new_turn()
                self._do(what)
            case Silence(seconds=seconds):
                self._sim.settle()
                self._sim.alive()
                self._new_turn()
                self._sim.wait(seconds)
            case Interrupt(after=after, what=inner):
                self._sim.interrupt(after)
                self._new_turn()
                self._do(inner)
            case HangsUp():
                self._sim.turn()
                self._new_turn()
                self._sim.hang_up()
            case Person(does=does):
                self._sim.settle()
                self._new_turn()
                self._sim.send(_PERSON[does])
            case AnsweredByWhom() | NobodyAnswered():
                raise UnmetError(self._tell("begins"))
            case _:
                assert_never(what)

    def _new_turn(self) -> None:
        self._mark, self._cursor = len(self._sim.said), 0

    def _do(self, what: CallerSays | Keys | Noise) -> None:
        match what:
            case CallerSays(text=text, confidence=confidence, alternatives=alternatives):
                self._sim.speak(text, confidence, alternatives)
            case Keys(digits=digits):
                self._sim.press(digits)
            case Noise(seconds=seconds):
                self._sim.cough(seconds)
            case _:
                assert_never(what)

    def _said(self) -> str:
        join = "" if (self._test.language or self._bot.script.language).startswith("zh") else " "
        return join.join(say.text for say in self._sim.said[self._mark :])

    def _bot_says(self, texts: tuple[str, ...]) -> None:
        for text in texts:
            if not text:
                self._sim.settle()
                if len(self._said()) > self._cursor:
                    raise UnmetError(self._tell("should_be_silent", said=self._said()[self._cursor :]))
                continue
            while (found := self._said().find(text, self._cursor)) < 0:
                if not self._sim.advance():
                    said = self._said()[self._cursor :] or self._tell("nothing")
                    raise UnmetError(self._tell("should_say", text=text, said=said))
            self._cursor = found + len(text)

    def _expect(self, wanted: Expected) -> None:
        turns, outcome = self._sim.turns, self._sim.outcome
        ended = outcome.disposition
        found: Mapping[str, Scalar] = {
            "ending": ended.ending if ended else None,
            "label": ended.label if ended else None,
            "result": ended.result if ended else None,
            "handoff": outcome.queue,
            "opt_out": outcome.opt_out,
            "callback": outcome.callback,
            "closed": self._sim.closed,
        }
        wrong = [
            self._should(self._tell.name(name), getattr(wanted, name), value)
            for name, value in found.items()
            if getattr(wanted, name) is not None and _same(getattr(wanted, name)) != _same(value)
        ]
        step = turns.position
        if wanted.step is not None and step != wanted.step and not step.endswith("." + wanted.step):
            wrong.append(self._tell("step_should_be", wanted=wanted.step, found=step))
        if wanted.sent is not None and not any(wanted.sent in text for text in outcome.sent):
            wrong.append(self._tell("not_sent", wanted=wanted.sent, found=self._listed(outcome.sent)))
        if wanted.called is not None and wanted.called not in outcome.called:
            wrong.append(self._tell("not_called", wanted=wanted.called, found=self._listed(outcome.called)))
        for name, value in wanted.slots.items():
            wrong += self._slot(name, value, turns.slots)
        if wrong:
            raise UnmetError("\n".join(wrong))

    def _slot(self, name: str, value: Scalar, slots: Mapping[str, Scalar]) -> list[str]:
        variable = self._bot.script.variables.get(name)
        if variable is None:
            return [self._tell("no_variable", name=name, names=", ".join(self._bot.script.variables))]
        right = None if value is None else canonical(variable.type, value)
        found = slots.get(name)
        if found == right:
            return []
        unit = variable.unit
        shown = [
            item if item is None else display(variable.type, item, language=self._bot.script.language, unit=unit)
            for item in (right, found)
        ]
        return [self._should(name, *shown)]

    def _should(self, name: str, wanted: Scalar, found: Scalar) -> str:
        return self._tell("should_be", name=name, wanted=self._tell.value(wanted), found=self._tell.value(found))

    def _listed(self, items: list[str]) -> str:
        return ", ".join(map(self._tell.value, items)) or self._tell("nothing")


def _same(value: Scalar) -> Scalar:
    """An ending that is always there has two names."""
    return next((en for en, zh in BUILT_IN_ENDINGS.items() if zh == value), value)
