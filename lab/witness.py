"""A conversation test that reaches the longest silence `huashu check` computes, found and proven in virtual time.

The bounds (huashu.flows.bounds) name a step and a way to it; here the way becomes words, keys, silences and answers of
actions, is held against the real bot, and kept only when nobody speaks for as long as was computed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from huashu.core.events import Dtmf, HungUp, PlaybackEnded, PlaybackStarted, SpeechStarted, SpeechStopped
from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.flows.bounds import longest_first, prove, shortest
from huashu.flows.limits import MAX_NOISES
from huashu.flows.pauses import Pause, Pauses
from huashu.flows.script import Question, Script
from huashu.flows.speech import Pace
from huashu.flows.ways import Way, Ways
from huashu.lab.coverage import Watch
from huashu.lab.holding import Holding
from huashu.lab.report import TestResult
from huashu.lab.script import Answer, CallerSays, Keys, Mock, Noise, Silence, TestTurn, Transcript
from huashu.runtime.bot import Bot
from huashu.runtime.turn import Turns
from huashu.store.records import Entry

WITHIN = 1.0
"""Seconds by which a witness may fall short of the bound: a word of a value, a millisecond of a clock."""
MOST_TRIED = 40
"""Places of almost equal silence that are tried before the search is given up."""
NEVER = 9999.0
"""Seconds after which an action answers that never does."""
MUMBLE = {True: "呜里哇啦嘟嘟", False: "blub wibble zorp"}
SAMPLES: Mapping[str, tuple[str, str]] = {
    "integer": ("三", "three"),
    "number": ("三", "three"),
    "money": ("一百元", "one hundred dollars"),
    "percent": ("百分之三", "three percent"),
    "date": ("后天", "the day after tomorrow"),
    "time": ("上午十点", "ten thirty in the morning"),
    "phone": ("13800138000", "4155550123"),
    "digits": ("6688", "6688"),
    "spelled": ("A B 一二三四", "A B one two three four"),
    "id_number": ("11010519491231002X", "11010519491231002X"),
    "bank_card": ("6222021234567890128", "6222021234567890128"),
    "plate": ("京A12345", "Beijing A one two three four five"),
    "datetime": ("后天上午十点", "the day after tomorrow at ten thirty in the morning"),
    "period": ("后天上午", "the morning of the day after tomorrow"),
    "duration": ("三天", "three days"),
    "quantity": ("三公斤", "three kilograms"),
    "name": ("张伟", "Anna Miller"),
    "address": ("浙江省杭州市西湖区文三路10号", "12 Main Street, Springfield, Illinois 62704"),
    "email": ("zhang@qq.com", "anna@gmail.com"),
    "yes_no": ("是的", "yes"),
    "text": ("张伟", "Anna Miller"),
}
"""What a caller says for a value of a type."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A test that runs into the longest silence."""

    dead_air: float
    """Seconds, as measured."""
    bound: float
    """Seconds, as computed for this place."""
    pause: Pause
    transcript: Transcript
    result: TestResult

    def yaml(self, language: str) -> str:
        """The test as a file of tests/."""
        name = "最长没人说话" if is_chinese(language) else "the longest silence"
        lines = [f"test: {name} {self.dead_air:.1f} s", "turns:"]
        return "\n".join([*lines, *(written(turn.what) for turn in self.transcript.turns)]) + "\n"


def find(bot: Bot) -> Witness | None:
    """The witness of the longest silence of a bot; None when no way there could be walked in words."""
    script = bot.script
    proof = prove(script)
    found = Pauses(script, proof.ways, Pace.of(script)).all()
    pauses = sorted((pause for pause in found if pause.kind != "hold"), key=longest_first)  # that one was asked for
    worst = proof.bounds.dead_air
    for pause in [pause for pause in pauses if pause.seconds >= worst - WITHIN][:MOST_TRIED]:
        for turns in _tries(script, proof.ways, pause):
            test = Transcript("witness", "", 1, tuple(TestTurn(1, what) for what in turns))
            result, seconds = measure(bot, test)
            if not result.failure and abs(seconds - worst) <= WITHIN:
                return Witness(seconds, pause.seconds, pause, test, result)
    return None


def measure(bot: Bot, test: Transcript) -> tuple[TestResult, float]:
    """Hold a test; the longest stretch, in seconds, in which nobody spoke."""
    run, meter = Holding(bot, Watch(bot.script), None, test), _Meter()
    watched = run.sim._observe

    def observe(entry: Entry) -> None:
        watched(entry)
        meter.saw(entry)

    run.sim.turns = Turns(bot, observe=observe)
    result = run.result()
    meter.ended(result.seconds)
    return result, meter.longest


@dataclass(slots=True)
class _Meter:
    longest: float = 0.0
    _quiet: float | None = None
    _over: bool = False
    _sounds: set[str] = field(default_factory=set)

    def saw(self, entry: Entry) -> None:
        match entry.event:
            case PlaybackStarted(say=say):
                self._heard(entry.now)
                self._sounds.add(say)
            case PlaybackEnded(say=say):
                self._sounds.discard(say)
                if not self._sounds:
                    self._quiet = entry.now
            case SpeechStarted() | Dtmf():
                self._heard(entry.now)
                self._quiet = entry.now if isinstance(entry.event, Dtmf) else None
            case SpeechStopped():
                self._quiet = entry.now
            case HungUp():
                self._heard(entry.now)
                self._over = True

    def ended(self, now: float) -> None:
        """A call that ends without last words was silent until its end."""
        if not self._sounds and not self._over:
            self._heard(now)

    def _heard(self, now: float) -> None:
        if self._quiet is not None:
            self.longest = max(self.longest, now - self._quiet)
        self._quiet = None


# --- from ways to turns -----------------------------------------------------------------------------------------------

Turn = CallerSays | Keys | Silence | Noise | Mock
NOISY = 2
"""The try in which nobody is understood for noise: a small model may take any word for one of its intents."""


def _tries(script: Script, ways: Ways, pause: Pause) -> Iterator[list[Turn]]:
    """The shortest way to a place, with the first and with the second sentence of each intent; actions that answer at
    once, with what the script asks of them."""
    path = shortest(ways, pause.spot)
    last = [pause.way] if pause.way is not None else []
    for example in (0, 1, 2):
        teller = _Teller(script, ways, example)
        turns: list[Turn] = [teller.bank([*path, *last], pause)]
        for way in (*path, *last):
            turns += teller.turns(way)
        yield [turn for turn in (*turns, *teller.silence(pause)) if not isinstance(turn, Mock) or turn.actions]


@dataclass(frozen=True, slots=True)
class _Teller:
    script: Script
    ways: Ways
    example: int

    @property
    def _side(self) -> int:
        return 0 if is_chinese(self.script.language) else 1

    def bank(self, path: list[Way], pause: Pause) -> Mock:
        """What actions answer: what `needs` and conditions want, fail where the way is that they fail."""
        wanted: dict[str, Scalar] = {
            variable: value
            for flow in self.script.flows.values()
            for step in flow.steps
            for variable, value in step.needs
        }
        answers: dict[str, tuple[Answer, ...]] = {}
        for flow in self.script.flows.values():
            for step in flow.steps:
                if step.do is not None:
                    answers[step.do.action] = (Answer(ok=True, values=wanted),)
        for way in path:
            if way.cause == "failed":
                answers[way.name] = (Answer(ok=False, error="failed"),)
        last = self.ways.step(pause.spot)
        if pause.kind == "action" and last is not None and last.do is not None:
            answers[last.do.action] = (Answer(after=NEVER),)
        return Mock(answers)

    def turns(self, way: Way) -> list[Turn]:
        step = self.ways.step(way.source)
        question = step.question if step is not None else None
        match way.cause:
            case "answer" | "anytime" if question is not None:
                return [self._says(way.name)]
            case "value" if question is not None:
                return [self._value(question)]
            case "silence" if question is not None:
                return self._climb(question, int(way.name))
            case "unclear":
                if self.example == NOISY:
                    return [Noise(0.4)] * (MAX_NOISES + int(way.name))
                return [CallerSays(MUMBLE[self._side == 0])] * int(way.name)
        return []

    def silence(self, pause: Pause) -> list[Turn]:
        """Nobody says a word, until the stretch must be over."""
        step = self.ways.step(pause.spot)
        question = step.question if step is not None else None
        if pause.kind == "silence" and question is not None:
            return [*self._climb(question, pause.rung - 1), Silence(pause.seconds + WITHIN)]
        if pause.kind == "keys":
            return [Keys("9"), Silence(pause.seconds + WITHIN)]
        return [] if pause.kind == "action" else [Silence(self.script.settings.human_within + WITHIN)]

    def _climb(self, question: Question, rungs: int) -> list[Turn]:
        return [Silence(rung.after + 0.1) for rung in question.silence[:rungs]]

    def _says(self, intent: str) -> CallerSays:
        own = [example.text for example in self.script.nlu.examples if example.intents == (intent,)]
        sentences = own or list(self.script.nlu.regulars.get(intent, ())) or [intent]
        return CallerSays(sentences[min(self.example, len(sentences) - 1)])

    def _value(self, question: Question) -> Turn:
        for keys, value in question.keys.items():
            if value not in question.answers:
                return Keys(keys)
        choices = question.expect.choices
        if choices:
            return CallerSays(choices[0].spoken[0])
        return CallerSays(SAMPLES.get(question.expect.type or "text", SAMPLES["text"])[self._side])


def written(what: object) -> str:
    """A turn as it stands in a file of tests/."""
    match what:
        case CallerSays(text=text, confidence=confidence):
            sure = "" if confidence == 1.0 else f"\n  confidence: {confidence:g}"
            return f"- caller: {_quoted(text)}{sure}"
        case Keys(digits=digits):
            return f'- dtmf: "{digits}"'
        case Noise(seconds=seconds):
            return f"- noise: {seconds:g}s"
        case Silence(seconds=seconds):
            return f"- silence: {seconds:g}s"
        case Mock(actions=actions):
            made = ", ".join(f"{_quoted(name)}: {_answered(answers[0])}" for name, answers in actions.items())
            return f"- action: {{{made}}}"
    return ""


def _answered(answer: Answer) -> str:
    parts = [f"{name}: {_quoted(str(value))}" for name, value in answer.values.items()]
    return "{" + ", ".join([f"ok: {str(answer.ok).lower()}", f"after: {answer.after:g}s", *parts]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
