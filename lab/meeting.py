"""What an `expect` asks for, held against what a call has led to."""

from collections.abc import Iterator
from dataclasses import dataclass

from huashu.core.values import Scalar
from huashu.flows.keys import BUILT_IN_ENDINGS
from huashu.flows.script import Script
from huashu.lab.script import Expected
from huashu.lab.simulation import Simulation
from huashu.lab.wording import Wording
from huashu.values.registry import canonical, display


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not as expected."""

    key: str
    """Of `expect`, in English; "slots.name" for a variable."""
    found: Scalar
    """What stands in its place; an empty text: there is none."""
    told: str


def differences(wanted: Expected, sim: Simulation, script: Script, tell: Wording) -> tuple[Gap, ...]:
    """Everything that is not as expected."""
    return (*_outcome(wanted, sim, tell), *_slots(wanted, sim, script, tell))


def _outcome(wanted: Expected, sim: Simulation, tell: Wording) -> Iterator[Gap]:
    outcome, ended, step = sim.outcome, sim.outcome.disposition, sim.turns.position
    found: dict[str, Scalar] = {
        "ending": ended.ending if ended else "",
        "label": ended.label if ended else "",
        "result": ended.result if ended else "",
        "handoff": outcome.queue or "",
        "form": outcome.form,
        "rated": outcome.rated or "",
        "opt_out": outcome.opt_out,
        "callback": outcome.callback,
        "closed": sim.closed,
    }
    for name, value in found.items():
        asked = getattr(wanted, name)
        if asked is not None and _same(asked) != _same(value):
            yield Gap(name, value, _should(tell.name(name), asked, value, tell))
    if wanted.step is not None and step != wanted.step and not step.endswith("." + wanted.step):
        shown = step if "." in wanted.step else step.partition(".")[2]
        yield Gap("step", shown or step, tell("step_should_be", wanted=wanted.step, found=step))
    for name, asked, happened, code in (
        ("sent", wanted.sent, outcome.sent, "not_sent"),
        ("called", wanted.called, outcome.called, "not_called"),
    ):
        met = asked is None or (any(asked in one for one in happened) if asked else not happened)
        if name == "called" and asked:
            met = asked in happened
        if not met:
            listed = ", ".join(map(tell.value, happened)) or tell("nothing")
            told = tell(code, wanted=asked, found=listed) if asked else tell(f"{code}_none", found=listed)
            yield Gap(name, happened[-1] if happened else "", told)


def _slots(wanted: Expected, sim: Simulation, script: Script, tell: Wording) -> Iterator[Gap]:
    for name, value in wanted.slots.items():
        variable, found = script.variables.get(name), sim.turns.slots.get(name)
        if variable is None:
            yield Gap("", "", tell("no_variable", name=name, names=", ".join(script.variables)))
            continue
        right = None if value is None else canonical(variable.type, value)
        if found == right:
            continue
        shown = [
            item if item is None else display(variable.type, item, language=script.language, unit=variable.unit)
            for item in (right, found)
        ]
        yield Gap(f"slots.{name}", found, _should(name, shown[0], shown[1], tell))


def _should(name: str, wanted: Scalar, found: Scalar, tell: Wording) -> str:
    shown = [tell.value(None if value == "" else value) for value in (wanted, found)]
    return tell("should_be", name=name, wanted=shown[0], found=shown[1])


def _same(value: Scalar) -> Scalar:
    """An ending that is always there has two names."""
    return next((en for en, zh in BUILT_IN_ENDINGS.items() if zh == value), value)
