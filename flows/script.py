"""A compiled script: what the loader builds from a bot's folder and the dialogue engine runs.

Frozen and shared by every call. Names are resolved, settings already inherited (bot → flow → step → prompt),
seconds are floats, every template and condition parsed. Positions for messages stay with the loader, not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from huashu.core.actions import BargeIn
from huashu.core.events import Direction
from huashu.core.expect import Expectation
from huashu.core.language import primary
from huashu.core.values import Scalar
from huashu.flows.expressions import Expression
from huashu.flows.forms import Form
from huashu.flows.hours import Hours
from huashu.knowledge.items import KnowledgeBase
from huashu.nlu.data import TrainingData

# --- wording ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """【name】 in a line: a variable, shown and read aloud by its type."""

    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One wording: literal text and references in order."""

    parts: tuple[str | Reference, ...]
    audio: str | None = None
    """Path of a recording inside the bot's folder; only for a line without references."""
    spliced: tuple[str | None, ...] = ()
    """For a line with references: of each part its recording, of a reference a folder of recorded words (with "/" at
    its end) or None: the voice reads it."""
    when: Expression | None = None
    """Of all variants; likewise `barge_in`."""
    barge_in: BargeIn | None = None
    """None: the prompt's."""
    others: tuple["Line", ...] = ()
    """Further variants (`any_of`): one of them and this is said each time, in turn, beginning with one by the seed."""
    pieces: tuple["Line", ...] = ()
    """For the ear, when it is longer than one breath: the same in pieces that end with a sentence."""

    @property
    def variants(self) -> tuple["Line", ...]:
        return (self, *self.others)


@dataclass(frozen=True, slots=True)
class Prompt:
    """Tapered wordings: the n-th time it is spoken, the n-th line whose `when` holds; the last one ever after."""

    lines: tuple[Line, ...]
    barge_in: BargeIn = BargeIn()
    translations: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    """Other languages, keyed by BCP-47."""


# --- where to go --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Go:
    """To a step of this flow."""

    step: str


@dataclass(frozen=True, slots=True)
class Link:
    """To the start of another flow, not to return."""

    flow: str
    give: tuple["Assign", ...] = ()
    """Values for that flow's own variables, computed by those of the flow that is left."""


@dataclass(frozen=True, slots=True)
class CallFlow:
    """To the start of another flow; when that flow runs out, on with the step after this one."""

    flow: str
    give: tuple["Assign", ...] = ()
    """Values for that flow's own variables, computed by the caller's."""
    keep: tuple[tuple[str, str], ...] = ()
    """(variable of the caller, variable of the called flow) pairs, copied when that flow is over."""


@dataclass(frozen=True, slots=True)
class End:
    ending: str


@dataclass(frozen=True, slots=True)
class HandOff:
    """To a person. `failed` says what to do when nobody comes."""

    queue: str
    failed: "Reaction | None" = None


@dataclass(frozen=True, slots=True)
class Back:
    """Back to the question that was open: it is asked again with its next wording."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Keep listening at the open question without asking again: the reaction's own line was the question."""


@dataclass(frozen=True, slots=True)
class Continue:
    """On with the next step; after the last one, back to the calling flow, or the flow's default ending."""


Move = Go | Link | CallFlow | End | HandOff | Back | Stay | Continue


@dataclass(frozen=True, slots=True)
class Assign:
    variable: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Answer from a knowledge base with the best hit of the utterance."""

    base: str


@dataclass(frozen=True, slots=True)
class Message:
    medium: Literal["sms", "wechat", "email"]
    text: Line


@dataclass(frozen=True, slots=True)
class Reaction:
    """What follows something the caller did or did not do: set, send, say, then move."""

    set: tuple[Assign, ...] = ()
    send: Message | None = None
    say: Prompt | None = None
    knowledge: Knowledge | None = None
    then: Move = Continue()
    language: str | None = None
    """From here on the call is in this language of the bot: its own words here included."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder. `after`: seconds of silence since the end of playback, or since the previous rung's."""

    reaction: Reaction
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Hold:
    """The caller asks to wait: what is said to that, and the ladder until the caller takes a turn again.

    The clock of the ladder runs on through noise: somebody who waits hears other people's voices.
    """

    say: Prompt | None
    silence: tuple[Rung, ...]
    times: int = 3
    """In a call; asking to wait once more is not understood."""
    given: bool = False
    """The script wrote some of it."""


# --- steps --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OneOf:
    """The legal values of a slot. Expectation.choices has their spoken forms."""

    values: tuple[Scalar, ...]
    otherwise: Prompt | None = None
    """Spoken when a well-formed value is none of these; then the question stays open and counts as unclear."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """Ask back before believing a value heard with confidence under `below` (1.01: always, 0: never)."""

    below: float
    say: Prompt


@dataclass(frozen=True, slots=True)
class Question:
    prompt: Prompt
    expect: Expectation
    answers: Mapping[str, Reaction] = field(default_factory=dict)
    """By intent name."""
    slot: str | None = None
    one_of: OneOf | None = None
    confirm: Confirm | None = None
    check: Expression | None = None
    """A condition the value must satisfy (`valid:`), with `rejected` spoken if not."""
    rejected: Prompt | None = None
    keys: Mapping[str, Scalar] = field(default_factory=dict)
    """Keypad entry → intent name (an `ask`, or an intent in `answers`) or slot value."""
    ask_before_filling: bool = False
    """Do not take a value said earlier."""
    silence: tuple[Rung, ...] = ()
    unclear: tuple[Rung, ...] = ()
    others: Mapping[str, Expectation] = field(default_factory=dict)
    """`expect` in the bot's other languages, keyed by BCP-47."""
    hold: Hold | None = None
    """None: asking to wait is not understood."""
    resume: Prompt | None = None
    """Said before the question is asked again after another flow or a hold."""
    skip: Reaction | None = None
    """What follows when the caller wants to pass it over (its slot is then empty); None: it must be answered."""

    @property
    def replies(self) -> tuple[Reaction, ...]:
        """To what the caller may say: its answers, and to be left out."""
        return (*self.answers.values(), *((self.skip,) if self.skip is not None else ()))

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """Of all its ladders."""
        return (*self.silence, *self.unclear, *(self.hold.silence if self.hold is not None else ()))


@dataclass(frozen=True, slots=True)
class MustHear:
    replays: int
    otherwise: Move


UNFORESEEN = Reaction(then=End("error"))
"""An action for whose failure the script says nothing: the error pattern runs. Told by identity, for a script may well
say `failed: {end: error}` and mean that ending."""


@dataclass(frozen=True, slots=True)
class Do:
    action: str
    args: Mapping[str, Expression] = field(default_factory=dict)
    """Empty: every declared variable that has a value is passed, private ones only when named here."""
    timeout: float = 8.0
    late: tuple[Rung, ...] = ()
    """Said while waiting; `after` counts from the start of the action, then from the previous rung."""
    failed: Reaction = UNFORESEEN


@dataclass(frozen=True, slots=True)
class Branch:
    when: Expression | None
    """None: otherwise."""
    then: Move
    set: tuple[Assign, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Parts run in this order: needs, set, language, send, say, then at most one of question | do, then branches,
    then `then`."""

    id: str
    needs: tuple[tuple[str, Scalar], ...] = ()
    """(variable, value) pairs that must hold; reached without them, the script's error pattern runs."""
    set: tuple[Assign, ...] = ()
    language: str | None = None
    """As in a Reaction."""
    send: Message | None = None
    say: Prompt | None = None
    must_hear: MustHear | None = None
    question: Question | None = None
    do: Do | None = None
    branches: tuple[Branch, ...] = ()
    then: Move = Continue()
    times: int | None = None
    """How often a call may enter the step; entered once more, it does nothing but `after`."""
    after: Move = End("completed")


@dataclass(frozen=True, slots=True)
class Anytime:
    """Works from any step. After `times` uses, `after` instead."""

    reaction: Reaction
    times: int = 3
    after: Reaction | None = None
    built_in: bool = False
    """Nobody wrote it: every bot has it (huashu.flows.builtins.switches)."""


@dataclass(frozen=True, slots=True)
class Ending:
    name: str
    say: Prompt | None = None
    label: str = ""
    result: str = "completed"
    """"opt_out" also emits OptOut, "callback" CallbackRequested."""
    send: Message | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    name: str
    steps: tuple[Step, ...]
    index: Mapping[str, int]
    """Step id → position."""
    anytime: Mapping[str, Anytime]
    """The flow's own over the bot's."""
    endings: Mapping[str, Ending]
    """The flow's own over the bot's."""
    ending: str = "completed"
    """Ending reached by running past the last step with no caller to return to."""
    local: tuple[str, ...] = ()
    """Variables that belong to one run of the flow: empty (or the default, or what the caller gives) on entry; what
    they were before comes back when the run is over."""


COUNTED = frozenset({"integer", "number", "percent"})
"""Types whose unit is a counter word, a word of the bot's own language."""

# --- the bot ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    type: str
    """Name of a value type of huashu.values."""
    private: bool = False
    default: Scalar = None
    unit: str | None = None
    values: tuple[Scalar, ...] = ()
    given: bool = False
    """Comes with the call (roster, CRM), not from the caller."""
    spoken: Mapping[str, Mapping[Scalar, str]] = field(default_factory=dict)
    """What its values are called in the bot's other languages, keyed by BCP-47, then by value."""
    example: Scalar = None
    """What tests, `huashu chat` and `huashu call` use for a `given` variable that is not set."""


POSITION, MINUTES = "queue.position", "queue.minutes"
"""References in Patterns.queued."""
FIRST, SECOND = "clarify.1", "clarify.2"
"""References in Patterns.clarify; names of variables have no dot."""


@dataclass(frozen=True, slots=True)
class AfterBeep:
    """A message is left on a voicemail: said at the beep, or when its greeting is over without one."""

    within: float = 30.0
    """Seconds after which it is said whatever is heard. Greetings take 5 to 20 s; mailboxes cut off at 30 or more."""
    quiet: float = 2.0
    """Seconds of silence that end a greeting without a beep: people who record one pause for less."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """What happens when the flow itself has no answer; each a script may override."""

    error: Reaction
    """An action without a `failed`, needs not met, an expression that cannot be computed."""
    too_long: Reaction
    """The call reached `max_seconds` or `max_turns`."""
    machine: Reaction
    """Voicemail, IVR or announcement answered."""
    not_answered: Reaction
    after_beep: AfterBeep | None = None
    """What `machine` says is a message for a voicemail, and nothing else hears it."""
    repeat: str = "请重复"
    """Intent that asks the bot to say its last line again, when the script declares it."""
    clarify: Prompt | None = None
    """Asks which of two intents was meant; FIRST and SECOND in it stand for their titles."""
    cannot_skip: Prompt | None = None
    """Said to a caller who wants to pass over a question that must be answered, before it is asked again."""
    queued: Prompt | None = None
    """Said to a caller who waits for a person, when it is known where they stand; POSITION and MINUTES in it."""
    go_on: Prompt | None = None
    """Asks between two pieces of a long answer whether to go on."""


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The flow that asks the caller how it was. It runs once in a call: where it is called or linked to, and when a
    person closes the conversation; entered again, it is over at once."""

    flow: str
    slot: str
    """What the caller's answer fills: a whole number."""
    kind: Literal["nps", "csat"]
    human_only: bool = False
    """Only a caller whom a person has served is asked."""


SCORES: Mapping[str, tuple[int, int]] = {"nps": (0, 10), "csat": (1, 5)}
"""Least and greatest answer. NPS: how likely they would recommend; CSAT: how satisfied they are."""

Switching = Literal["ask", "auto", "off"]


@dataclass(frozen=True, slots=True)
class Clarify:
    """When two intents are so close that the caller is asked which was meant.

    Measured on two stock scripts with three tenths of the examples held out (bench/clarify.py): asks at 28 of 1000
    utterances, 9 of which would have been understood; of the others the pair has the right one in three of five.
    """

    margin: float = 0.15
    """The second is at most so much less sure than the first."""
    below: float = 0.9
    """The first is less sure than this."""


@dataclass(frozen=True, slots=True)
class Settings:
    max_seconds: float = 600.0
    max_turns: int = 100
    confidence: float = 0.5
    """An intent under this is not understood."""
    words_within: float = 3.0
    """After the caller's voice stops, seconds to wait for words before it counts as noise."""
    text_patience: float = 10.0
    """In text chats every silence is this many times longer."""
    switch_language: Switching = "ask"
    """Whether a caller can change the language of the call: by asking, also by speaking another one, not at all."""
    human_within: float = 60.0
    """Seconds a handoff may wait for HumanJoined before it has failed."""
    clarify: Clarify | None = Clarify()
    """None: the likelier intent is followed however close the other is."""
    breath: int = 45
    """Chinese characters, or words of another language, beyond which a line is spoken in pieces; 0: never."""
    long_answer: int = 120
    """Likewise of an answer from a knowledge base, beyond which the bot asks whether to go on; 0: never."""


@dataclass(frozen=True, slots=True)
class Script:
    """One bot."""

    name: str
    """Identity: lower-case letters, digits, hyphens."""
    title: str
    language: str
    flows: Mapping[str, Flow]
    start: str
    """Flow that opens a conversation."""
    variables: Mapping[str, Variable]
    patterns: Patterns
    settings: Settings
    nlu: TrainingData
    knowledge: Mapping[str, KnowledgeBase]
    titles: Mapping[str, Prompt] = field(default_factory=dict)
    """Intent → the words by which a caller can be asked whether it was meant."""
    direction: Direction = "inbound"
    voice: str | None = None
    actions: str | None = None
    """"actions.py" when the folder has one, or the address of a server (http, rasa+http, rasa+grpc), or None."""
    languages: tuple[str, ...] = ()
    pronounce: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language → word → how it is said (huashu.values.pronouncing): for the ear alone, whoever speaks lays it over."""
    experiments: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Experiment → arm → its share, in any unit."""
    hours: Mapping[str, Hours] = field(default_factory=dict)
    satisfaction: Satisfaction | None = None
    forms: tuple[Form, ...] = ()
    """What a person fills in for a conversation that is handed over; `form_of` chooses."""
    flow_digest: str = ""
    """SHA-256 of the structure: what an event log replays against."""
    wording_digest: str = ""
    model_digest: str = ""
    """SHA-256 of everything the trained model depends on: a wording edit never retrains."""

    def tongue(self, language: str | None) -> str:
        """The bot's language that is meant by a tag: that very one, else one of the same primary tag, else its own."""
        tags = (self.language, *self.languages)
        if language is None or language in tags:
            return language or self.language
        return next((tag for tag in tags if primary(tag) == primary(language)), self.language)

    @property
    def digest(self) -> str:
        """Digest of the bot as a whole: its flow and wording, the key of the script's bytes in the store."""
        return f"{self.flow_digest[:16]}{self.wording_digest[:16]}"
