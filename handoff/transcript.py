"""One conversation as it goes by, for those who may take it over: who said what, what came of it, the caller's mood.

Fed with what a line's watchers are told. Words are kept as they are shown: long numbers masked.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

from huashu.core.actions import Action, CallbackRequested, Listen, OptOut, RunAction, Say, Send, Transfer
from huashu.core.events import (
    ActionResult,
    Dtmf,
    Event,
    Heard,
    HumanJoined,
    HumanLeft,
    HumanSaid,
    PlaybackEnded,
    PlaybackMark,
    Started,
    Understood,
)
from huashu.core.language import is_chinese
from huashu.handoff.masking import masked_words
from huashu.handoff.views import By, Said
from huashu.handoff.wording import KEYS, PROMISES, words
from huashu.nlu.builtin import SAME
from huashu.nlu.mood import anger

Source = Literal["said", "keyed", "given", "action", "agent", "script"]
_NO = frozenset(name for zh in ("否定", "没兴趣", "别再打", "打错了") for name in (zh, SAME[zh]))
"""Intents that say no to what was asked."""
_ASKS = frozenset(("转人工", SAME["转人工"]))
"""Intents that ask for a person, and say nothing of what for."""
KEPT = 1000
"""Entries that are shown to who takes over: a chat that never ends has the rest on record only."""
LOOKED_BACK, TELLING, QUOTED = 3, 4, 80
"""Lines of the caller among which one is looked for that says why a person is wanted; its least and most characters."""
_KEYED = tuple(pattern.partition("{")[0] for pattern in KEYS)
MOOD_KEPT = 60
"""Points of the mood: the last utterances."""


@dataclass(slots=True)
class Transcript:
    call: str
    language: str = "zh-CN"
    """Of those who read it."""
    entries: dict[int, Said] = field(default_factory=dict)
    """By number, the last `KEPT`."""
    count: int = 0
    question: str = ""
    """The bot's last question."""
    sources: dict[str, tuple[Source, float]] = field(default_factory=dict)
    """Variable → where its value comes from, and how sure that is."""
    mood: list[tuple[float, float]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    promised: dict[str, str] = field(default_factory=dict)
    """By id of the action."""
    misses: int = 0
    """Utterances in a row that were not understood."""
    last: str = ""
    """What the caller said last."""
    marks: bool = True
    voice: bool = False
    """A call: what the centre says to the caller is a line of the bot's voice."""
    commands: dict[tuple[str, str], None] = field(default_factory=dict)
    """(agent, id) of the commands by which people said the last things."""
    human: bool = False
    """A person has it: nobody judges the words but `huashu.nlu.mood` here."""
    _asking: set[int] = field(default_factory=set)
    """Entries that do nothing but ask for a person."""
    _slot: str = ""
    _asked: str = ""
    """The step of the question."""
    _keys: int = -1
    """Entry of keys that is still growing."""
    _growing: int = -1
    """Entry of the caller's words that are no final ones yet."""
    _lines: dict[str, int] = field(default_factory=dict)
    """Say → its entry, while it plays."""
    _actions: dict[str, str] = field(default_factory=dict)

    def take(self, at: float, item: Event | Action) -> list[Said]:
        """What is to be shown, new or anew."""
        match item:
            case Started(variables=variables, marks=marks, medium=medium):
                self.marks = marks == "sent"
                self.voice = medium == "voice"
                for name in variables:
                    self.sources[name] = ("given", 1.0)
            case Heard():
                return self._heard(at, item)
            case Dtmf():
                return self._keyed(at)
            case Understood():
                self._understood(at, item)
            case Say(id=id_, text=text, expects_reply=asks):
                if asks and (item.step != self._asked or text.rstrip().endswith(("？", "?"))):
                    self.question = text  # what follows in the same step only says that it was not understood
                    self._asked = item.step
                entry = self._add(Said(self.call, 0, "bot", at, masked_words(text), heard=float(not self.marks)))
                if self.marks:
                    self._lines[id_] = entry.n
                return [entry]
            case PlaybackMark(say=id_, played=played):
                return self._played(id_, played)
            case PlaybackEnded(say=id_, played=played):
                shown = self._played(id_, played)
                self._lines.pop(id_, None)
                return shown
            case HumanSaid(centre=centre) if centre and self.voice:
                pass  # shown as it is spoken
            case HumanSaid(text=text, agent=agent, command=command):
                if command:
                    self.commands[(agent, command)] = None
                    if len(self.commands) > KEPT:
                        del self.commands[next(iter(self.commands))]
                by: By = "agent" if agent else "system"
                return [self._add(Said(self.call, 0, by, at, text, agent=agent, command=command))]
            case Listen(expect=expect):
                self._slot = expect.slot or ""
                self._keys = -1
            case HumanJoined():
                self.human = True
            case HumanLeft(values=values):
                self.human = False
                for name in values:
                    self.sources[name] = ("agent", 1.0)
            case _:
                self._acted(item)
        return []

    @property
    def said(self) -> list[Said]:
        """What is to be shown of it, in order."""
        return list(self.entries.values())

    @property
    def subject(self) -> str:
        """What it is about, for want of better words: what the caller said last that says something, numbers masked."""
        return (self.telling or masked_words(self.question))[:60]

    @property
    def telling(self) -> str:
        """The caller's last words that say something, long numbers masked: a bare 嗯, 好的 or 转人工 tells nobody why a
        person is wanted, what was said just before may."""
        finals = [item for item in self.entries.values() if item.by == "caller" and item.final][-LOOKED_BACK:]
        worded = [item for item in finals if not item.text.startswith(_KEYED)]
        said = [item.text for item in worded if item.n not in self._asking] or [item.text for item in worded]
        found = next((text for text in reversed(said) if len(text) >= TELLING), said[-1] if said else "")
        return found if len(found) <= QUOTED else found[: QUOTED - 1] + "…"

    def message(self, since: float) -> str:
        """What the caller has said since then (seconds since the conversation began), long numbers masked."""
        said = (item for item in self.entries.values() if item.by == "caller" and item.final and item.at >= since)
        return "\n".join(item.text for item in said if item.text and not item.text.startswith(_KEYED))

    # --- words ----------------------------------------------------------------------------------------------------

    def _add(self, entry: Said) -> Said:
        entry = replace(entry, n=self.count)
        self.entries[entry.n] = entry
        self.count += 1
        self.entries.pop(entry.n - KEPT, None)
        self._asking.discard(entry.n - KEPT)
        return entry

    def _put(self, n: int, **changes: object) -> Said:
        entry = replace(self.entries[n], **changes)  # type: ignore[arg-type]
        self.entries[n] = entry
        return entry

    def _heard(self, at: float, item: Heard) -> list[Said]:
        text = masked_words(item.text)
        if not text and self._growing not in self.entries:
            return []
        if item.final:
            self.last = item.text
            self._keys = -1
            if self.human:
                self._felt(at, anger(item.text))
        if self._growing in self.entries:
            entry = self._put(self._growing, text=text, final=item.final)
        else:
            entry = self._add(Said(self.call, 0, "caller", at, text, final=item.final))
        self._growing = -1 if item.final else entry.n
        return [entry]

    def _keyed(self, at: float) -> list[Said]:
        """How many keys, not which."""
        pattern = KEYS[0 if is_chinese(self.language) else 1]
        if self._slot:
            self.sources[self._slot] = ("keyed", 1.0)
        if self._keys in self.entries:
            grown = self.entries[self._keys].text.count("*") + 1
            return [self._put(self._keys, text=pattern.format(keys="*" * grown))]
        entry = self._add(Said(self.call, 0, "caller", at, pattern.format(keys="*")))
        self._keys = entry.n
        return [entry]

    def _played(self, id_: str, played: float) -> list[Said]:
        n = self._lines.get(id_, -1)
        return [] if n not in self.entries else [self._put(n, heard=min(1.0, max(0.0, played)))]

    # --- meaning --------------------------------------------------------------------------------------------------

    def _understood(self, at: float, item: Understood) -> None:
        self._felt(at, item.anger)
        if item.intents and item.intents[0].name in _ASKS and not (item.entities or item.also):
            last = next((n for n in reversed(self.entries) if self.entries[n].by == "caller"), -1)
            self._asking.add(last)
        if not item.backchannel:
            understood = item.intents or item.entities or item.faq
            self.misses = 0 if understood else self.misses + 1
        for entity in item.entities:
            if entity.slot:
                self.sources[entity.slot] = ("said", round(min(entity.confidence, item.confidence), 2))
        if item.intents and item.intents[0].name in _NO and self.question:
            question = masked_words(self.question)
            if question not in self.refused:
                self.refused.append(question)

    def _felt(self, at: float, angry: float) -> None:
        self.mood.append((round(at, 1), round(angry, 2)))
        del self.mood[:-MOOD_KEPT]

    def _acted(self, item: Event | Action) -> None:
        def told(code: str, **values: object) -> str:
            return words(PROMISES, code, self.language, **values)

        match item:
            case RunAction(id=id_, name=name):
                self._actions[id_] = name
                self.promised[id_] = told("doing", name=name)
            case ActionResult(action=id_, ok=ok, values=values):
                if id_ in self._actions:
                    self.promised[id_] = told("done" if ok else "undone", name=self._actions[id_])
                for name in values:
                    self.sources[name] = ("action", 1.0)
            case Send(id=id_, medium=medium):
                self.promised[id_] = told(medium)
            case CallbackRequested(id=id_, at=at):
                self.promised[id_] = told("callback_at", at=at) if at else told("callback")
            case Transfer(id=id_):
                self.promised[id_] = told("transfer")
            case OptOut():
                if told("opt_out") not in self.refused:
                    self.refused.append(told("opt_out"))
            case _:
                pass
