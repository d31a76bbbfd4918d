"""All that a conversation knows between two events. Data and the few verbs every other module of the room needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Literal

from huashu.core.actions import Action, Listen, Say, Send, Stop
from huashu.core.events import AnsweredBy, Cause, Entity, Started, Understood
from huashu.core.expect import NOTHING, Expectation
from huashu.core.values import Scalar
from huashu.dialogue import choosing
from huashu.dialogue.audible import Asked, Audible
from huashu.dialogue.chance import arms
from huashu.dialogue.clock import Clock
from huashu.dialogue.meaning import confirmation
from huashu.dialogue.mouth import Mouth
from huashu.dialogue.opening import initial_slots, local_time
from huashu.flows.expressions import ExpressionError
from huashu.flows.script import (
    FIRST,
    SECOND,
    Do,
    Flow,
    HandOff,
    Message,
    Prompt,
    Question,
    Reaction,
    Script,
    Step,
)
from huashu.values.registry import canonical

Phase = Literal["ringing", "talking", "acting", "hearing", "greeting", "calling_human", "human", "closing", "closed"]
"""ringing: not answered yet · talking: walking or listening · acting: an action runs · hearing: a must-hear line
plays · greeting: a voicemail's greeting is waited out · calling_human: a handoff is pending · human: a person owns the
call · closing: last words play · closed."""

NO_WORDS = Understood(text="")

MAX_STACK = 16
"""Flows that may wait for each other's return; deeper is a runaway recursion."""


@dataclass(slots=True)
class Frame:
    """A flow in progress."""

    flow: Flow
    at: int = 0
    part: Literal["start", "said", "done", "returned", "failed"] = "start"
    """How far the step at `at` has run: nothing yet; its words are said; its question or action is over; the flow it
    called has come back; its action failed and a person was called, so that nothing after it may be taken as done."""
    digression: bool = False
    """Entered from an open question, which is asked again on return."""
    silence: int = 0
    """Rungs of the current question's silence ladder that have been climbed; likewise of the unclear ladder."""
    unclear: int = 0
    noises: int = 0
    """Since the question was opened: voice without words; likewise values asked back, and by intent the answers after
    which the question stayed open."""
    confirms: int = 0
    stays: dict[str, int] | None = None
    clarified: bool = False
    """Since the question was opened, the caller has been asked which of two things they meant."""
    replays: int = 0
    """Times the current step's must-hear line was said again."""
    covered: Mapping[str, Scalar] | None = None
    """What the flow's own variables were before this run."""
    keep: tuple[tuple[str, str], ...] = ()
    """As in CallFlow."""

    @property
    def step(self) -> Step:
        return self.flow.steps[self.at]


@dataclass(slots=True)
class Holding:
    """The caller has asked to wait."""

    rung: int = 0
    """Rungs of the hold's ladder that have been climbed."""
    voice_since: float | None = None
    """When the voice began that holds the clock now: if no words come of it, the clock will have run on."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A long answer that is being read piece by piece."""

    pieces: tuple[str, ...]
    """Still to be read."""
    language: str
    reaction: Reaction
    """Of the detour; its words and its move come when the reading is over."""
    key: str


@dataclass(slots=True)
class Running:
    """An action that has been asked for and is not over."""

    do: Do
    id: str
    """Of its RunAction."""
    result: tuple[bool, Mapping[str, Scalar]] | None = None
    """What it answered while a person was being called or had the call."""


Words = tuple[str, str]
"""As written, and as read aloud; "": the same."""


@dataclass(slots=True)
class Person:
    """Somebody who is asked to take the call, and what has come of it."""

    handoff: HandOff | None = None
    """The move that asked for them."""
    id: str = ""
    """Of the Handoff that is pending or has been answered; "": none."""
    place: tuple[int, int] = (0, 0)
    """Where the caller stands who waits for them: how many-eth, and minutes still; 0: not known."""
    announced: str = ""
    """Id of the line that told it last."""
    untold: bool = False
    """The newest place came while something was being said, and is told when that is over."""
    nobody: str = ""
    """Why the last handoff reached nobody."""
    served: bool = False
    """A person has had the call."""
    back: bool = False
    """They have given it back, and the bot has not asked anything since."""
    words: Words | None = None
    """Of the centre, to the caller whom nobody has: the newest that wait until what is being said is over."""
    telling: Words | None = None
    """Of the centre: told last."""
    settled: bool = False
    """A person has closed it: that is its outcome, whatever the caller answers to how it was."""


@dataclass(slots=True, eq=False, repr=False)
class Call:
    """The state of one conversation."""

    script: Script
    started: Started
    now: float = 0.0
    phase: Phase = "ringing"
    clock: Clock = field(default_factory=Clock)
    mouth: Mouth = field(init=False)
    slots: dict[str, Scalar] = field(init=False)
    arms: Mapping[str, str] = field(init=False)
    """Experiment → the arm of this call."""
    stack: list[Frame] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    """Detours taken, repeats asked for, late rungs climbed, by name."""
    turns: int = 0
    failures: int = 0
    trouble: str = ""
    """Why the script had no way on at the last event, and where: never with a caller's words or values."""

    question: Question | None = None
    """The open question. What follows is of it, and gone when it is closed."""
    confirming: Scalar = None
    """The value being confirmed. It is in no slot before the yes, but lines may speak it."""
    clarifying: choosing.Pair | None = None
    """The caller has been asked which of these two they meant."""
    reading: Reading | None = None
    """A long answer is being read out before the question is asked again."""
    holding: Holding | None = None
    """The caller is being waited for."""
    topic: str = ""
    """Knowledge item answered last: what its follow-ups follow."""
    digits: str = ""
    """Keys typed so far."""

    audible: Audible = field(default_factory=Audible)
    answering: Literal["question", "earlier", "nothing"] = "question"
    """What the words being understood answer: what is asked; something that had been asked before; nothing, for they
    came over a line that nothing may interrupt."""
    heard: Understood = NO_WORDS
    """The utterance being answered."""
    offered: tuple[Entity, ...] = ()
    """Values of this turn that nobody has taken yet."""
    silent_since: float = 0.0
    """When the bot's last line or the caller's last voice was over."""

    running: Running | None = None
    disclosure: str = ""
    """Id of the must-hear line not yet heard out."""
    person: Person = field(default_factory=Person)
    answered_by: tuple[AnsweredBy, Cause | None] | None = None
    """Who has answered and, of an announcement, what it says; None while nobody has told."""
    overtime: bool = False
    """The call has reached its greatest length and is being wound up."""
    survey: Literal["", "asked", "rated"] = ""
    """How far the caller has been asked how it was."""
    disposed: bool = False

    changed: bool = False
    """Something was said or asked in this event: the turn ends with a Listen."""
    out: list[Action] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    """What of the script this event has run, for coverage: "step:账单分期.开场", "answer:…", "ending:…"."""
    _event: int = 0
    _ordinal: int = 0

    def __post_init__(self) -> None:
        script, started = self.script, self.started
        self.mouth = Mouth(
            script,
            script.tongue(started.language),
            marks=started.marks == "sent",
            voice=started.medium == "voice",
            seed=started.seed,
        )
        self.slots = initial_slots(script, started)
        self.arms = arms(script, started)

    def begin(self, now: float) -> None:
        """A new event: its actions are numbered from here."""
        self.now = now
        self._event += 1
        self._ordinal = 0
        self.changed = False
        self.out = []
        self.reached = []
        self.trouble = ""
        self.offered = ()

    def next_id(self) -> str:
        self._ordinal += 1
        return f"{self._event}.{self._ordinal}"

    def emit(self, action: Action) -> None:
        self.out.append(action)

    # --- where we are -----------------------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        return self.stack[-1]

    @property
    def step(self) -> str:
        """ "flow.step", or empty before the first."""
        if not self.stack:
            return ""
        frame = self.stack[-1]
        return f"{frame.flow.name}.{frame.step.id}" if frame.at < len(frame.flow.steps) else frame.flow.name

    @property
    def expectation(self) -> Expectation:
        """In the language of the call."""
        language, question = self.mouth.language, self.question
        if question is None:
            return nothing(language)
        own = language == self.script.language
        expect = question.expect if own else question.others.get(language, question.expect)
        if self.clarifying is not None:
            titles = self.title(self.clarifying[0]), self.title(self.clarifying[1])
            return choosing.expectation(expect, self.clarifying, titles)
        return confirmation(expect) if self.confirming is not None or self.reading is not None else expect

    def speak(self, language: str | None) -> None:
        """Go on in a language of the bot; None: in the same."""
        if language is not None and language != self.mouth.language:
            self.mouth.language = language
            self.changed = self.changed or self.question is not None  # the edge listens in it from now on

    @property
    def asks_back(self) -> bool:
        """The bot has put a question of its own at the open one: whether a value is right, which of two, to go on."""
        return self.confirming is not None or self.clarifying is not None or self.reading is not None

    @property
    def asked(self) -> Asked:
        return self.question, self.asks_back

    @property
    def answered_now(self) -> Asked:
        """What words that begin now would answer."""
        return self.audible.answered_now(self.asked, self.now, playing=bool(self.mouth.outstanding))

    def sounds(self, say: str) -> None:
        """A line has begun to sound."""
        self.audible.began(self.asked, self.now, current=any(line.id == say for line in self.mouth.last))

    def ask_nothing_back(self) -> None:
        """What the bot has asked back at the open question, or is waited for at it, is over."""
        self.confirming = self.clarifying = self.reading = self.holding = None

    def bump(self, name: str) -> int:
        """Count one more of `name`; how many it is now."""
        count = self.counts[name] = self.counts.get(name, 0) + 1
        return count

    # --- speaking ---------------------------------------------------------------------------------------------------

    def say(self, prompt: Prompt, key: str, *, whole: bool = False) -> str:
        """Speak the due wording of a prompt; the id of the last Say.

        whole: in one piece, however long. Empty when nothing is said: before the call is answered, and when no
        wording's condition holds.
        """
        if self.phase == "ringing":
            return ""
        step, identity = self.step, ""
        for say in self.mouth.say(prompt, f"{step}:{key}", step, self.scope, self.next_id, whole=whole):
            identity = self._speak(say)
        return identity

    def put(self, prompt: Prompt, key: str) -> None:
        """Speak a question. Raises ExpressionError when no wording's condition holds: silence is no question."""
        if not self.say(prompt, key):
            raise ExpressionError(f"{self.step}: no wording of the question has a condition that holds")

    def tell(self, text: str, language: str) -> None:
        """An answer that no script wrote."""
        for say in self.mouth.text(text, self.step, self.next_id, language):
            self._speak(say)

    def relay(self, text: str, spoken: str) -> None:
        """Words of the centre. spoken: as read aloud, where that is other."""
        if spoken:
            self._speak(self.mouth.whole(text, spoken, self.step, self.next_id()))
        else:
            self.tell(text, self.mouth.language)

    def send(self, message: Message) -> None:
        """A message beside the conversation, in the bot's own language."""
        text, _ = self.mouth.render(message.text, self.scope, self.script.language)
        self.emit(Send(self.next_id(), message.medium, text))

    def repeat(self) -> None:
        for say in self.mouth.last:
            self._speak(self.mouth.again(say, self.next_id()))

    def interrupt(self) -> None:
        """Accept the caller's turn: whatever is still being said stops."""
        for identity in self.mouth.stop():
            self.emit(Stop(identity))

    def watch(self) -> None:
        """Playback that nobody reports counts as over some time after it should be."""
        if self.mouth.outstanding:
            self.clock.set("playback", self.now + self.mouth.seconds)

    def _speak(self, say: Say) -> str:
        self.emit(say)
        self.changed = True
        if self.mouth.outstanding and "speaking" not in self.clock.held:
            self.clock.hold("speaking", self.now)
        return say.id

    def listen(self) -> None:
        """End the turn: the last line expects a reply, and the edge learns what is expected."""
        self.emit(Listen(self.next_id(), self.expectation))

    # --- names in expressions and lines -------------------------------------------------------------------------------

    def scope(self, name: str) -> Scalar:
        if self.clarifying is not None and name in (FIRST, SECOND):
            return self.title(self.clarifying[name == SECOND])
        if "." in name:
            return self._around(name)
        if self.confirming is not None and self.question is not None and name == self.question.slot:
            return self.confirming
        return self.slots.get(name)

    def _around(self, name: str) -> Scalar:
        """The clock on the caller's wall, opening hours by it, the arm of an experiment, the caller's mood, a queue."""
        head, _, rest = name.partition(".")
        if head == "arm":
            return self.arms.get(rest)
        if head == "caller":
            return Decimal(str(self.heard.anger))
        if head == "queue":
            return self.person.place[rest == "minutes"]
        if head == "human":
            return self.person.nobody
        if head == "machine":
            return None if self.answered_by is None else self.answered_by[rest == "cause"]
        local = local_time(self.started, self.now)
        if head == "open":
            return self.script.hours[rest].open_at(local)
        match rest:
            case "hour":
                return local.hour
            case "weekday":
                return local.isoweekday()
            case "time":
                return f"{local:%H:%M}"
            case _:
                return local.date().isoformat()

    def title(self, intent: str) -> str:
        """The words for an intent that has a title, in the language of the call."""
        prompt = self.script.titles[intent]
        return self.mouth.render(prompt.translations.get(self.mouth.language, prompt.lines)[0], self.scope)[0]

    def fill(self, name: str, value: Scalar) -> None:
        """Set a variable to its canonical form. Raises UsageError when the value is not of its type."""
        variable = self.script.variables[name]
        self.slots[name] = value if value is None else canonical(variable.type, value)


@cache
def nothing(language: str) -> Expectation:
    """No question is open."""
    return NOTHING if language == NOTHING.language else replace(NOTHING, language=language)
