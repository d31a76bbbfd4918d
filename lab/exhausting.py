"""The longest conversation a caller can drag out of a bot, held in virtual time: how near the bound on a call comes.

The caller lets every silence run until just before the last rung, has everything repeated as often as the bot obeys,
mumbles, coughs, asks to wait, takes every detour as often as it is counted, and answers last, by the way with most of
the call behind it (huashu.flows.lengths). They speak as long as a turn may last, by saying one thing over and over.
What they say is chosen against the real understanding, so that the conversation stands as a test.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from huashu.core.events import Heard, Understood
from huashu.core.language import is_chinese
from huashu.dialogue.meaning import Answer as Answers
from huashu.dialogue.meaning import Global, Known, Meaning, Unclear, Value, interpret
from huashu.dialogue.repair import requests
from huashu.flows.bounds import Proof, prove
from huashu.flows.builtins import REQUESTS, RequestKind
from huashu.flows.lengths import Lengths
from huashu.flows.limits import AFTER_TIMES, CALLER_TURN, MAX_CONFIRMS, MAX_NOISES, MAX_REPEATS, MAX_STAYS
from huashu.flows.script import Back, CallFlow, Flow, Question, Stay
from huashu.flows.speech import Pace, seconds_of
from huashu.flows.ways import Spot, Way
from huashu.lab.script import Answer, CallerSays, Keys, Mock, Noise, Silence, TestTurn, Transcript
from huashu.lab.simulation import MORNING, REACTION, ZONE, Simulation, UnmetError, uncapped
from huashu.lab.witness import SAMPLES, written
from huashu.runtime.bot import Bot

BEFORE = 0.1
"""Seconds before a rung is due at which the caller speaks after all."""
MORE: Mapping[str, tuple[str, ...]] = {
    "date": ("明天", "今天", "下周一", "tomorrow", "next Monday"),
    "time": ("下午三点", "three in the afternoon"),
    "integer": ("一", "二", "十", "one", "two", "ten"),
    "number": ("一", "十", "one", "ten"),
    "money": ("十元", "一千元", "ten dollars"),
    "digits": ("123456", "1234567890", "1234567890123456"),
}
"""Values tried where the usual one is refused."""
STEADY = 5.0
"""Seconds waited where nothing is asked."""
MOST_TURNS = 20_000
"""Of the caller, after which the search is over."""
UNSURE = 0.3
"""The recogniser's confidence in a value that is to be asked back."""
EXAMPLES = 6
"""Sentences of an intent that are tried."""

Turn = CallerSays | Keys | Silence | Noise | Mock


@dataclass(frozen=True, slots=True)
class Longest:
    """A conversation as long as could be."""

    seconds: float
    bot_turns: int
    bound: float
    """Seconds."""
    bound_turns: float
    transcript: Transcript

    def yaml(self, language: str) -> str:
        """The test as a file of tests/; it says how near it comes."""
        seconds = f"{self.seconds:.0f} s ({self.seconds / self.bound:.0%})"
        turns = f"{self.bot_turns} ({self.bot_turns / self.bound_turns:.0%})"
        chinese = is_chinese(language)
        told = (
            f"最长的通话 {seconds}，机器人开口 {turns}" if chinese else f"the longest call {seconds}, bot turns {turns}"
        )
        return (
            "\n".join(
                [f"test: {told}", "limits: false", "turns:", *map(written, (t.what for t in self.transcript.turns))]
            )
            + "\n"
        )


def find_longest(bot: Bot, *, most: int = MOST_TURNS) -> Longest | None:
    """The longest conversation found, and what was computed; None where a call has no bound.

    most: turns of the caller after which they hang up.
    """
    proof = prove(bot.script)
    if proof.bounds.call == float("inf"):
        return None
    caller = _Caller(uncapped(bot), proof)
    caller.run(most)
    test = Transcript("exhausting", "", 1, tuple(TestTurn(1, what) for what in caller.turns), limits=False)
    return Longest(caller.sim.now, caller.spoken(), proof.bounds.call, proof.bounds.turns, test)


class _Caller:
    def __init__(self, bot: Bot, proof: Proof) -> None:
        self._bot, self._script = bot, bot.script
        self._ways = proof.ways
        self._rests = Lengths(bot.script, proof.ways, Pace.of(bot.script)).rests
        self._used: Counter[str] = Counter()
        """Of what is counted over the call, how often it was done."""
        self._taken: Counter[tuple[Spot, str, str]] = Counter()
        self._sentences: dict[tuple[Spot | None, str], str] = {}
        self.turns: list[Turn] = []
        self._plans: dict[Spot, Iterator[list[Turn | None]]] = {}
        self._refused: set[tuple[Spot | None, str]] = set()
        """What was said where and not understood, or not allowed."""
        self._fresh = True
        """A step has been entered."""
        self._waiting = False
        self._rung = 0
        """Of the open question's `unclear`, how many have been climbed."""
        self.sim = Simulation(bot, most=float("inf"), watch=self._saw)

    def run(self, most: int) -> None:
        self._do(self._bank())
        self.sim.start()
        try:
            while not self.sim.closed and len(self.turns) < most:
                self.sim.settle()
                if self.sim.closed:
                    return
                self._act() if self._question() is not None else self._do(Silence(STEADY))
        except UnmetError:
            return  # the call was over before the caller could go on

    def _saw(self, reached: Iterable[str]) -> None:
        names = list(reached)
        self._fresh = self._fresh or any(name.startswith("step:") for name in names)
        rungs = (name.rpartition(".")[2] for name in names if name.startswith("unclear:"))
        self._rung = max((int(rung) for rung in rungs), default=self._rung)

    def spoken(self) -> int:
        """Turns in which the bot has said something: lines said at one instant are one."""
        return len({entry.now for entry in self.sim.record if entry.who == "bot"})

    # --- where we are -----------------------------------------------------------------------------------------------

    def _question(self) -> Question | None:
        """The open question."""
        spot = self._spot()
        step = self._ways.step(spot) if spot is not None and self.sim.turns.expectation.step else None
        return step.question if step is not None else None

    def _spot(self) -> Spot | None:
        flow, _, step = self.sim.turns.position.partition(".")
        if flow not in self._script.flows or step not in self._script.flows[flow].index:
            return None
        return Spot(flow, self._script.flows[flow].index[step])

    # --- one question -----------------------------------------------------------------------------------------------

    def _act(self) -> None:
        """The next thing that leaves the open question open; when there is none, the answer."""
        here = self._spot()
        if here is None:
            self._do(Silence(STEADY))
            return
        if self._fresh:
            self._fresh, self._rung, self._plans[here] = False, 0, self._staying()
        plan = self._plans.setdefault(here, self._staying())
        turns = next((turns for turns in plan if None not in turns), None)  # what would be taken for it is known
        self._repeats(here)
        for what in turns or ():
            self._wait_and(what, here)
        if turns is None:
            self._leave(here)

    def _hold(self, question: Question) -> list[Turn | None]:
        """Ask to wait, let the bot remind, and come back just before it gives up."""
        hold, chinese = question.hold, is_chinese(self._script.language)
        if hold is None or self._used["hold"] >= hold.times:
            return []
        self._used["hold"] += 1
        reminded: list[Turn | None] = [Silence(rung.after + BEFORE) for rung in hold.silence[:-1]]
        last = Silence(round(hold.silence[-1].after - REACTION - BEFORE, 3))
        return [self._request("wait"), *reminded, last, CallerSays("好了" if chinese else "I'm back")]

    def _repeats(self, here: Spot | None) -> None:
        if not self._coughed:  # noise is no turn, so that repeats before and behind it are in a row
            for _ in range(MAX_REPEATS):
                self._wait_and(self._request("repeat"), here)

    @property
    def _coughed(self) -> bool:
        return bool(self.turns) and isinstance(self.turns[-1], Noise)

    def _wait_and(self, what: Turn | None, here: Spot | None) -> None:
        """Silent until just before the last rung, then that."""
        question = self._question()
        if what is None or question is None or self._spot() != here or self.sim.closed:
            return
        if self._waiting or isinstance(what, Silence):  # for the caller, who has asked for it
            self._waiting = isinstance(what, Silence)
            self._do(what)
            return
        if not self._coughed:  # which leaves the ladder where it was
            self._climb(question, len(question.silence) - 1)
        if self._question() is question and not self.sim.closed:
            self._do(Silence(max(0.0, round(question.silence[-1].after - REACTION - BEFORE, 3))))
            rung = self._rung
            self._do(what)
            if isinstance(what, CallerSays) and self._rung > rung:
                self._refused.add((here, what.text))

    def _climb(self, question: Question, rungs: int) -> None:
        for rung in question.silence[:rungs]:
            if self._question() is not question or not isinstance(rung.reaction.then, Stay | Back):
                return
            self._do(Silence(rung.after + BEFORE))

    def _staying(self) -> Iterator[list[Turn | None]]:
        """What may be said without leaving the question; each list is a turn of the caller, or several."""
        question, here = self._question(), self._spot()
        if question is None or here is None:
            return
        flow = self._script.flows[here.flow]
        yield [Noise(CALLER_TURN)] * MAX_NOISES
        for name, reaction in question.answers.items():
            if isinstance(reaction.then, Stay | Back):
                for _ in range(MAX_STAYS):
                    yield [self._says(name)]
        if question.confirm is not None:
            for _ in range(MAX_CONFIRMS):
                rung = self._rung
                yield [self._value(question, unsure=True)]
                if self._rung > rung:
                    break  # not a value that may stand
                yield [self._denial()]
        if turns := self._hold(question):
            yield turns
        yield from self._detours(flow)
        while self._rung < len(question.unclear) and isinstance(
            question.unclear[self._rung].reaction.then, Stay | Back
        ):
            yield [self._unclear()]
            if self._unclear() is None:
                break

    def _detours(self, flow: Flow) -> Iterator[list[Turn | None]]:
        """Detours that come back to the question, as often as the call counts them."""
        for name, item in flow.anytime.items():
            for reaction, most in ((item.reaction, item.times), (item.after, item.times + AFTER_TIMES)):
                back = reaction is not None and isinstance(reaction.then, Back | Stay | CallFlow)
                while back and self._used[f"{flow.name} {name}"] < most:
                    self._used[f"{flow.name} {name}"] += 1
                    yield [self._says(name)]

    def _leave(self, here: Spot) -> None:
        """By the way with most of the call behind it; of equal ones the one taken least often."""
        if self.sim.closed or self._spot() != here:
            return
        ways = [way for way in self._ways.leaving[here] if way.cause in ("answer", "value", "silence", "unclear")]
        ways.sort(key=lambda way: (-self._behind(way), self._taken[_way(way)]))
        for way in ways:
            if self._take(way, here):
                self._taken[_way(way)] += 1
                return
        self._do(Silence(STEADY))

    def _behind(self, way: Way) -> float:
        return sum(self._rests[spot].seconds for spot in (way.target, way.called) if spot is not None)

    def _take(self, way: Way, here: Spot) -> bool:
        question = self._question()
        if question is None:
            return True
        match way.cause:
            case "answer" | "value":
                said = self._says(way.name) if way.cause == "answer" else self._value(question)
                self._wait_and(said, here)
                return said is not None
            case "silence":
                self._climb(question, int(way.name) - 1)
                self._do(Silence(question.silence[int(way.name) - 1].after + BEFORE))
            case _:
                for _ in range(int(way.name)):
                    self._wait_and(self._unclear(), here)
        return True

    # --- words ------------------------------------------------------------------------------------------------------

    def _says(self, intent: str) -> CallerSays | None:
        """A sentence that is taken for an intent here, said as long as a turn may last."""
        data = self._script.nlu
        own = [example.text for example in data.examples if example.intents == (intent,)]
        item = self._script.flows[self.sim.turns.position.partition(".")[0]].anytime.get(intent)
        base = item.reaction.knowledge.base if item is not None and item.reaction.knowledge is not None else ""
        asked = [known.question for known in self._script.knowledge[base].items] if base else []
        sentences = [*own, *data.regulars.get(intent, ()), *asked][:EXAMPLES]
        return self._found(f"says {intent}", sentences, lambda meaning: _names(meaning) == intent)

    def _request(self, kind: RequestKind) -> CallerSays | None:
        side = 0 if is_chinese(self._script.language) else 1
        sentences = self._script.nlu.regulars.get(REQUESTS[kind][side], ())[:EXAMPLES]
        return self._found(kind, list(sentences), lambda meaning: getattr(meaning, "kind", "") == kind)

    def _unclear(self) -> CallerSays | None:
        words = ["呜里哇啦嘟嘟", "咕噜咕噜", "blub wibble zorp", "mumble grumble"]
        return self._found("unclear", words, lambda meaning: isinstance(meaning, Unclear), again=True)

    def _denial(self) -> CallerSays | None:
        """No to "is that right?", if that is asked."""
        if self.sim.turns.expectation.kind != "yes_no":
            return None
        return CallerSays("不对" if is_chinese(self._script.language) else "no")

    def _value(self, question: Question, *, unsure: bool = False) -> Turn | None:
        for keys, value in question.keys.items():
            if value not in question.answers and not unsure:
                return Keys(keys)
        choices = [choice.spoken[0] for choice in question.expect.choices if choice.spoken]
        kind = question.expect.type or "text"
        samples = [*SAMPLES.get(kind, SAMPLES["text"]), *MORE.get(kind, ())]
        found = self._found("value", [*choices, *samples], lambda meaning: isinstance(meaning, Value))
        return replace(found, confidence=UNSURE) if found is not None and unsure else found

    def _found(
        self, what: str, sentences: list[str], right: Callable[[Meaning], bool], *, again: bool = False
    ) -> CallerSays | None:
        """The first sentence that means the right thing here, over and over if it may be."""
        here = self._spot()
        known = self._sentences.get((here, what), "")
        if not known or ((here, known) in self._refused and not again):
            tries = (text for sentence in sentences for text in (_drawn_out(sentence), sentence))
            known = next(
                (text for text in tries if (again or (here, text) not in self._refused) and right(self._meaning(text))),
                "",
            )
            self._sentences[here, what] = known
        return CallerSays(known) if known else None

    def _meaning(self, text: str) -> Meaning:
        heard, expect, question, spot = Heard(text), self.sim.turns.expectation, self._question(), self._spot()
        understood: Understood = self._bot.understand(heard, expect, at=MORNING.replace(tzinfo=ZoneInfo(ZONE)))
        anytime = self._script.flows[spot.flow].anytime if spot is not None else {}
        kinds = requests(question) if question is not None else {}
        return interpret(understood, question, anytime, self._script.settings.confidence, kinds)

    # --- the call ---------------------------------------------------------------------------------------------------

    def _bank(self) -> Mock:
        """Actions answer with what the script asks of them, as late as they may."""
        wanted = {
            name: value for flow in self._script.flows.values() for step in flow.steps for name, value in step.needs
        }
        steps = [step for flow in self._script.flows.values() for step in flow.steps if step.do is not None]
        answers = {
            step.do.action: (Answer(ok=True, values=wanted, after=round(step.do.timeout - BEFORE, 3)),)
            for step in steps
            if step.do is not None
        }
        return Mock(answers)

    def _do(self, what: Turn) -> None:
        """Live through a turn, and write it down."""
        self.turns.append(what)
        match what:
            case Mock(actions=actions):
                self.sim.actions.mock(actions)
            case Silence(seconds=seconds):
                self.sim.settle()
                self.sim.alive()
                self.sim.wait(seconds)
            case CallerSays(text=text, confidence=confidence):
                self.sim.turn()
                self.sim.speak(text, confidence)
            case Keys(digits=digits):
                self.sim.turn()
                self.sim.press(digits)
            case Noise(seconds=seconds):
                self.sim.turn()
                self.sim.cough(seconds)
        if self.sim.closed:
            return
        self.sim.settle()


def _way(way: Way) -> tuple[Spot, str, str]:
    return way.source, way.cause, way.name


def _names(meaning: Meaning) -> str:
    match meaning:
        case Answers(intent) | Global(intent):
            return intent
        case Known(name):
            return name
    return ""


def _drawn_out(sentence: str) -> str:
    """Said again and again for as long as a turn may last."""
    join = "，" if not sentence.isascii() else ", "
    count = int(CALLER_TURN // seconds_of(sentence + join))
    return join.join([sentence] * max(1, count))
