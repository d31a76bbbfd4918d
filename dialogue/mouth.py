"""What the bot says and what of it was heard: choosing the wording, rendering it, and the heard ledger."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from math import gcd

from huashu.core.actions import Action, BargeIn, Say, SpokenPart
from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.dialogue.chance import spread
from huashu.flows.expressions import ExpressionError
from huashu.flows.limits import SLOWEST_RATE
from huashu.flows.script import COUNTED, MINUTES, Line, Prompt, Script, Variable
from huashu.flows.sentences import breaths
from huashu.values import registry

Scope = Callable[[str], Scalar]
"""What a name in a script stands for now."""

LEDGER_LENGTH = 16
"""Entries kept in memory, so that a conversation stays as small as it was; the whole ledger is in the event log."""
SLOWEST = {True: 3.0, False: 8.0}
"""Characters a second that any voice reaches, Chinese or not: two thirds of slow speech (4.5 and 12)."""
RATES = (1.0, 0.85, SLOWEST_RATE)
"""Speeds of speech: the voice's own, and what "slower, please" makes of it. 4.5 characters a second become 3.2, the
pace of somebody who dictates; slower than that words fall apart."""
PLAYBACK_MARGIN = 30.0
"""Seconds beyond that before unreported playback counts as over: queues, pauses, a recording longer than its text."""


@dataclass(slots=True)
class Spoken:
    """One line of the ledger: how much of a Say was played to the listener."""

    say: str
    step: str
    characters: int
    played: float = 0.0
    chinese: bool = True

    @property
    def heard(self) -> int:
        """Characters heard, by share of the frames played."""
        return int(self.characters * self.played + 1e-9)


class Mouth:
    __slots__ = (
        "_counts",
        "_marks",
        "_script",
        "_seed",
        "_stopped",
        "_voice",
        "language",
        "last",
        "ledger",
        "outstanding",
        "rate",
    )

    def __init__(self, script: Script, language: str, *, marks: bool, voice: bool = True, seed: int = 0) -> None:
        """voice: long lines are said in pieces. seed: of the variants; 0: in the order in which they are written."""
        self._script = script
        self._marks = marks
        self._voice = voice
        self._seed = seed
        self._counts: dict[str, int] = {}
        self.last: list[Say] = []
        """The lines of the last turn that spoke, for 'please repeat'."""
        self.rate = RATES[0]
        self._stopped: set[str] = set()
        self.language = language
        self.ledger: list[Spoken] = []
        self.outstanding: dict[str, tuple[Spoken, BargeIn]] = {}
        """Says whose end of playback has not been reported."""

    def say(
        self, prompt: Prompt, key: str, step: str, slots: Scope, identity: Callable[[], str], *, whole: bool = False
    ) -> list[Say]:
        """Render the wording due for the n-th use of `key`; [] when every wording has a condition and none holds.

        Several Says when it is longer than one breath, is for the ear, and need not stay `whole`.

        Raises:
            ExpressionError: a variable in the line has no value, or a condition cannot be computed.
        """
        own = self._script.language
        language = self.language if self.language == own or self.language in prompt.translations else own
        lines = prompt.translations.get(language, prompt.lines)
        count = self._counts[key] = self._counts.get(key, 0) + 1
        due = [line for line in lines if line.when is None or line.when.evaluate(slots)]
        if not due:
            return []
        line = due[min(count, len(due)) - 1]
        barge_in = line.barge_in or prompt.barge_in
        if line.others:
            line = self._variant(line, f"{key}:{lines.index(line)}")
        if not line.pieces or whole or not self._voice:
            return [self._spoken(line, step, slots, identity(), barge_in, language)]
        # Rendered before any is emitted: a line that cannot be said is not begun.
        rendered = [self.render(piece, slots, language) for piece in line.pieces]
        says = []
        for piece, words in zip(line.pieces, rendered, strict=True):
            says.append(self._spoken(piece, step, slots, identity(), barge_in, language, words))
            barge_in = replace(barge_in, protected=0.0) if barge_in.protected else barge_in
        return says

    def _spoken(
        self,
        line: Line,
        step: str,
        slots: Scope,
        identity: str,
        barge_in: BargeIn,
        language: str,
        rendered: tuple[str, str] | None = None,
    ) -> Say:
        text, spoken = rendered or self.render(line, slots, language)
        return self._emit(
            Say(
                id=identity,
                text=text,
                spoken="" if spoken == text else spoken,
                language=language,
                audio=line.audio,
                voice=self._script.voice if language == self._script.language else None,
                barge_in=barge_in,
                step=step,
                fixed=len(line.parts) == 1 and isinstance(line.parts[0], str),
                rate=self.rate,
                parts=self._parts(line, slots, language) if line.spliced else (),
            )
        )

    def _parts(self, line: Line, slots: Scope, language: str) -> tuple[SpokenPart, ...]:
        texts = (spoken for _, spoken in self._rendered(line, slots, language))
        return tuple(SpokenPart(text, audio) for text, audio in zip(texts, line.spliced, strict=True))

    def _variant(self, line: Line, key: str) -> Line:
        """The next variant of a line. All of them come before one comes again, and none twice in a row: the seed says
        with which to begin and how far to step, and the step has no factor in common with their number."""
        variants, turn = line.variants, self._counts.get(key, 0)
        self._counts[key] = turn + 1
        first, step = 0, 1
        if self._seed:
            drawn, count = spread(self._seed, key), len(variants)
            strides = [stride for stride in range(1, count) if gcd(stride, count) == 1]
            first, step = drawn % count, strides[drawn // count % len(strides)]
        return variants[(first + turn * step) % len(variants)]

    def text(self, text: str, step: str, identity: Callable[[], str], language: str) -> list[Say]:
        """Words that no script wrote (an answer from the knowledge base); for the ear in pieces of one breath."""
        voice = self._script.voice if language == self._script.language else None
        most = self._script.settings.breath if self._voice else 0
        return [
            self._emit(Say(identity(), piece, language=language, voice=voice, step=step, rate=self.rate))
            for piece in breaths(text, most, chinese=is_chinese(language))
        ]

    def whole(self, text: str, spoken: str, step: str, identity: str) -> Say:
        """Words that no script wrote, in the language of the call and in one piece, with how they are read aloud."""
        voice = self._script.voice if self.language == self._script.language else None
        other = "" if spoken == text else spoken
        return self._emit(Say(identity, text, other, self.language, voice=voice, step=step, rate=self.rate))

    def again(self, say: Say, identity: str) -> Say:
        """A line once more, word for word."""
        return self._emit(replace(say, id=identity, rate=self.rate))

    def slow_down(self) -> None:
        """Speak one step slower from here on, down to the slowest."""
        self.rate = next((rate for rate in RATES if rate < self.rate), RATES[-1])

    @property
    def seconds(self) -> float:
        """The most that playing all that is outstanding may take."""
        seconds = sum(entry.characters / SLOWEST[entry.chinese] for entry, _ in self.outstanding.values())
        return PLAYBACK_MARGIN + seconds / self.rate

    def remember(self, actions: list[Action]) -> None:
        says = [action for action in actions if isinstance(action, Say)]
        if says:
            self.last = says

    def stop(self) -> list[str]:
        """Ids of what is still being said and has not been told to stop yet."""
        fresh = [say for say in self.outstanding if say not in self._stopped]
        self._stopped.update(fresh)
        return fresh

    def played(self, say: str, share: float) -> None:
        entry = self.outstanding.get(say)
        if entry is not None:
            entry[0].played = max(entry[0].played, min(1.0, share))

    def ended(self, say: str, share: float) -> Spoken | None:
        """Playback is over; None when this say was not playing."""
        entry = self.outstanding.pop(say, None)
        if entry is None:
            return None
        self._stopped.discard(say)
        entry[0].played = max(0.0, min(1.0, share))
        return entry[0]

    def _emit(self, say: Say) -> Say:
        chinese = is_chinese(say.language)
        entry = Spoken(say.id, say.step, len(say.text), 0.0 if self._marks else 1.0, chinese)
        self.ledger.append(entry)
        if len(self.ledger) > LEDGER_LENGTH:
            del self.ledger[0]
        if self._marks:
            self.outstanding[say.id] = (entry, say.barge_in)
        return say

    def render(self, line: Line, slots: Scope, language: str | None = None) -> tuple[str, str]:
        """A line as shown and as read aloud, in the language of the call unless another is given.

        Raises ExpressionError when a variable in it has no value.
        """
        language = language or self.language
        if len(line.parts) == 1 and isinstance(line.parts[0], str):
            return line.parts[0], line.parts[0]
        pieces = self._rendered(line, slots, language)
        return "".join([shown for shown, _ in pieces]), "".join([spoken for _, spoken in pieces])

    def _rendered(self, line: Line, slots: Scope, language: str) -> list[tuple[str, str]]:
        """Each part of a line as shown and as read aloud."""
        pieces, names = [], self._script.variables
        for part, following in zip(line.parts, (*line.parts[1:], ""), strict=True):
            if isinstance(part, str):
                pieces.append((part, part))
                continue
            value = slots(part.name)
            if value is None:
                raise ExpressionError(f"【{part.name}】 has no value")
            variable = names.get(part.name)
            if variable is None and isinstance(value, str):  # the title of an intent: words already
                pieces.append((value, value))
                continue
            variable = variable or _place(part.name, chinese=is_chinese(language))
            called = variable.spoken[language].get(value) if language in variable.spoken else None
            if called is not None:
                pieces.append((called, called))
                continue
            # a counter word belongs to the bot's own language; a line in another one writes its own
            foreign = part.name in names and language != self._script.language and variable.type in COUNTED
            unit = None if foreign else variable.unit
            written = unit if isinstance(following, str) and _starts_with(following, unit) else None
            shown, spoken = registry.rendered(variable.type, value, language=language, unit=unit)
            if written:
                shown, spoken = shown.removesuffix(written).rstrip(), spoken.removesuffix(written).rstrip()
            pieces.append((shown, spoken))
        return pieces


@cache
def _place(name: str, *, chinese: bool) -> Variable:
    """What stands in a line for a caller's place in a queue: two minutes are 两分钟, the second place 第二位."""
    return Variable(name, "integer", unit="分钟" if chinese and name == MINUTES else None)


def _starts_with(text: str, unit: str | None) -> bool:
    """The wording writes the unit itself: 分【期数】期 is not to become 分6期期."""
    return unit is not None and text.lstrip().startswith(unit)
