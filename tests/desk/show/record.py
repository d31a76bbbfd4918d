"""What is left of a call when it is over: who said what and when, the ledger, and the sound of both sides."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from huashu.core.actions import Say
from huashu.core.events import (
    Dtmf,
    Event,
    Heard,
    HumanJoined,
    HumanLeft,
    HumanSaid,
    PlaybackEnded,
    PlaybackStarted,
    Resumed,
)
from huashu.flows.loader import load
from huashu.runtime.replay import replayed
from huashu.store.log import Store
from tests.desk.show.served import HERE
from tests.desk.show.sounds import cut, find, find_all, loud_seconds, seconds, sides


@dataclass(frozen=True, slots=True)
class Part:
    """A recording of one stretch of the call: from `begins` (seconds of the call) on."""

    begins: float
    caller: bytes
    given: bytes
    """What the caller was given to hear."""

    def heard(self, begins: float, ends: float) -> bytes:
        return cut(self.given, begins - self.begins, ends - self.begins)

    def said(self, begins: float, ends: float) -> bytes:
        return cut(self.caller, begins - self.begins, ends - self.begins)

    @property
    def ends(self) -> float:
        return self.begins + seconds(self.given)


@dataclass(slots=True)
class Line:
    at: float
    who: str
    """bot, caller or agent."""
    text: str
    heard: float = 1.0
    """Of a line of the bot: the share that was played."""


@dataclass
class Record:
    """Seconds are those of the call."""

    lines: list[Line] = field(default_factory=list)
    joined: list[float] = field(default_factory=list)
    """When a person had the call …"""
    left: list[float] = field(default_factory=list)
    """… and when they gave it back."""
    resumed: list[float] = field(default_factory=list)
    unplayed: list[str] = field(default_factory=list)
    """Lines of the bot whose end is not in the ledger."""
    spoken: dict[str, tuple[float, float]] = field(default_factory=dict)
    """When the bot's lines were played, by id."""
    result: str = ""
    parts: list[Part] = field(default_factory=list)

    @property
    def speakers(self) -> list[str]:
        """Who spoke after whom."""
        found: list[str] = []
        for line in self.lines:
            if found[-1:] != [line.who]:
                found.append(line.who)
        return found

    def bot_between(self, begins: float, ends: float) -> list[Line]:
        return [line for line in self.lines if line.who == "bot" and begins <= line.at < ends]


def read(store: Path, call: str, recordings: Path) -> Record:
    record = Record()
    with Store.open(store) as opened:
        about = opened.call(call)
        entries = opened.read(call)
    record.result = about.result or ""
    lines: dict[str, Line] = {}
    begun: dict[str, float] = {}
    for entry, actions in replayed(entries, load(HERE / "bot")):
        _event(record, lines, begun, entry.now, entry.event)
        for action in actions:
            if isinstance(action, Say):
                lines[action.id] = line = Line(entry.now, "bot", action.text, -1.0)
                record.lines.append(line)
    record.lines.sort(key=lambda line: line.at)
    record.unplayed = [line.text for line in lines.values() if line.heard < 0]
    record.parts = parts(call, recordings, record.resumed)
    return record


def _event(record: Record, lines: dict[str, Line], begun: dict[str, float], now: float, event: Event) -> None:
    match event:
        case Heard(text=text, final=True) if text:
            record.lines.append(Line(now, "caller", text))
        case Dtmf():
            record.lines.append(Line(now, "caller", "(key)"))
        case HumanSaid(text=text, agent=agent) if agent:
            record.lines.append(Line(now, "agent", text))
        case HumanJoined():
            record.joined.append(now)
        case HumanLeft():
            record.left.append(now)
        case Resumed():
            record.resumed.append(now)
        case PlaybackStarted(say=say):
            begun[say] = now
        case PlaybackEnded(say=say, played=played):
            lines[say].heard = played
            if say in begun:
                record.spoken[say] = (begun[say], now)
        case _:
            pass


def parts(call: str, recordings: Path, resumed: Sequence[float]) -> list[Part]:
    """A call that was resumed has a further recording for each time."""
    found = []
    for number, begins in enumerate([0.0, *resumed], start=1):
        path = recordings / (f"{call}.wav" if number == 1 else f"{call}.{number}.wav")
        found.append(Part(begins, *sides(path)))
    return found


def bot_in(record: Record, begins: float, ends: float) -> float:
    """How like one of the bot's own lines, as they sounded on this call, anything is that the caller was given to hear
    between two seconds."""
    samples = [
        part.heard(start, end)
        for start, end in record.spoken.values()
        for part in record.parts
        if part.begins <= start and end <= part.ends and end - start > 0.8
    ]
    heard = [part.heard(begins, ends) for part in record.parts if part.begins < ends and part.ends > begins]
    return max((find(sample, sound).score for sample in samples for sound in heard), default=0.0)


def beside(record: Record, known: bytes, begins: float, ends: float) -> float:
    """Seconds of anything else than this sentence of the agent that the caller was given to hear between two seconds,
    from the sentence on. (Before it, and after a break until the agent is back, notes sound for those who wait.)"""
    total = 0.0
    for part in record.parts:
        sound = part.heard(max(begins, part.begins), ends)
        places = find_all(known, sound)
        if places:
            first = min(place.begins for place in places)
            total += loud_seconds(sound, since=first, apart_from=places)
    return total
