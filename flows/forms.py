"""The forms a person fills in for a conversation of this script: its fields, and for which handoffs each is."""

from collections.abc import Sequence
from dataclasses import dataclass

from huashu.flows.expressions import Expression


@dataclass(frozen=True, slots=True)
class FormField:
    name: str
    """Of a variable of the script: then it is that variable, and what the person fills in is its value."""
    title: str
    type: str
    """A type of values, or "choice"."""
    required: bool = False
    choices: tuple[str, ...] = ()
    default: Expression | None = None
    """What is filled in already, computed by the script's variables."""
    private: bool = False
    """Masked where it is only shown."""


@dataclass(frozen=True, slots=True)
class Form:
    """Of three lists each must hold; one that is empty always does."""

    name: str
    title: str
    fields: tuple[FormField, ...]
    queues: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    """ "flow" or "flow.step" at which the conversation stands."""
    reasons: tuple[str, ...] = ()

    def fits(self, queue: str, reason: str, step: str) -> bool:
        return (
            (not self.queues or queue in self.queues)
            and (not self.reasons or reason in self.reasons)
            and (not self.steps or step in self.steps or step.rpartition(".")[0] in self.steps)
        )

    def covers(self, other: "Form") -> bool:
        """Whatever fits the other fits this one."""
        return (
            _within(other.queues, self.queues)
            and _within(other.reasons, self.reasons)
            and (
                not self.steps
                or (
                    bool(other.steps)
                    and all(one in self.steps or one.partition(".")[0] in self.steps for one in other.steps)
                )
            )
        )


def form_of(forms: Sequence[Form], queue: str, reason: str, step: str) -> Form | None:
    """The first that fits a handoff: to this queue, for this reason (huashu.core.actions.Handoff, or the centre's), at
    "flow.step"."""
    return next((form for form in forms if form.fits(queue, reason, step)), None)


def _within(some: tuple[str, ...], all_: tuple[str, ...]) -> bool:
    return not all_ or (bool(some) and set(some) <= set(all_))
