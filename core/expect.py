"""What the open step expects to hear: the one piece of context that dialogue gives to ears and understanding.

Recognisers turn it into a grammar or hot words, NLU into priors, endpointing into patience. Built once per step when
a script is compiled, shared by all calls, never mutated.
"""

from dataclasses import dataclass
from typing import Literal

from huashu.core.values import Scalar

Kind = Literal["yes_no", "choice", "value", "free", "topic"]
"""A topic: somebody may talk about something or not, and `phrases` are samples of it, with choices in them ("the line
is (busy|in use) (now|)"). No question of a script is one: it is for listeners beside the conversation."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: Scalar
    spoken: tuple[str, ...]
    """Ways to say it, the usual one first ("6期", "六期", "半年")."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another question of the flow takes, so that its value is known when it is said here ("不对，是6期")."""

    slot: str
    type: str
    unit: str | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class DtmfRule:
    digits: int = 1
    """The entry is complete at this many digits; 0: until the terminator or the inter-digit timeout."""
    terminator: str = "#"
    inter_digit: float = 3.0
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Expectation:
    step: str
    """"flow.step"."""
    kind: Kind = "free"
    slot: str | None = None
    type: str | None = None
    """Name of a value type (huashu.values) when a slot is collected."""
    choices: tuple[Choice, ...] = ()
    unit: str | None = None
    """Counter word after a number ("期"), dropped when parsing, spoken when reading aloud."""
    intents: tuple[str, ...] = ()
    """Answers of this step: the likely intents."""
    anytime: tuple[str, ...] = ()
    """Intents that work from any step here: possible, less likely."""
    knowledge: tuple[str, ...] = ()
    """Knowledge bases that may answer from here."""
    slots: tuple[tuple[str, str], ...] = ()
    """All slots of the flow that one utterance may fill, as (slot, type): mixed initiative."""
    elsewhere: tuple[Elsewhere, ...] = ()
    """The questions of the flow that ask for a value, this one too; one tuple for all questions of the flow."""
    phrases: tuple[str, ...] = ()
    """Sentences likely here (examples of the intents above and spoken choices): grammar and hot-word material."""
    dtmf: DtmfRule | None = None
    language: str = "zh-CN"
    denies: Literal["", "not", "be", "have"] = ""
    """What the prompt puts in the negative: a verb ("您不需要，是吗？"), 是 or 有; "": it is a plain question. To agree
    is then 肯定 / affirm, with 嗯 as with 不用; 需要 and 不对 are 否定 / deny."""
    asks_more: bool = False
    """The prompt asks if there is anything else: thanks and goodbye mean no."""


NOTHING = Expectation(step="")
