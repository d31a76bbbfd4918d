"""Values into variables: whether a question would take one, and values said beside the one that was asked for.

Several may be named at once ("后天下午送到快递柜"). Those of the flow's own questions are taken there and then; what is
left is offered to the flows that the same turn leads into ("订间房，住两晚": the booking no longer asks how long).
"""

from huashu.core.errors import UsageError
from huashu.core.events import Entity, Understood
from huashu.core.values import Scalar
from huashu.dialogue.meaning import REFUSALS, Answer, Global, Meaning, Value
from huashu.dialogue.state import Call
from huashu.flows.expressions import ExpressionError
from huashu.flows.script import Flow, Question, Reaction, Stay


def refusal(call: Call, question: Question, value: Scalar) -> Reaction | None:
    """None when the value may stand (the slot is then set); else what to say instead."""
    assert question.slot is not None
    before = call.slots.get(question.slot)
    if value is None:
        return Reaction(then=Stay())
    try:
        call.fill(question.slot, value)
        if question.one_of is not None and call.slots[question.slot] not in question.one_of.values:
            call.slots[question.slot] = before
            return Reaction(say=question.one_of.otherwise, then=Stay())
        if question.check is not None and not question.check.evaluate(call.scope):
            call.slots[question.slot] = before
            return Reaction(say=question.rejected, then=Stay())
    except (UsageError, ExpressionError):
        call.slots[question.slot] = before
        return Reaction(then=Stay())
    return None


def step_for(flow: Flow, slot: str) -> int | None:
    """The step that asks for a variable."""
    for number, step in enumerate(flow.steps):
        if step.question is not None and step.question.slot == slot:
            return number
    return None


def beside(call: Call, question: Question, heard: Understood, meaning: Meaning) -> None:
    """Values in an utterance that were not asked for: taken by the flow's own questions, kept to be offered further.

    Not from a refusal: "今天不方便" names a day in order to exclude it. From a detour only what it leads to takes any.
    """
    if all(entity.slot is None or entity.slot == question.slot for entity in heard.entities):
        return
    if not isinstance(meaning, (Answer, Value, Global)):
        return
    if not isinstance(meaning, Value) and meaning.intent in REFUSALS:
        return
    call.offered = tuple(
        entity
        for entity in heard.entities
        if entity.slot is not None and entity.slot != question.slot and entity.slot in call.script.variables
    )
    if not isinstance(meaning, Global):
        take(call)


def take(call: Call) -> None:
    """Fill what the flow on top would ask for and has not got, each value once.

    Not one that would have to be confirmed: its own question does that.
    """
    left = []
    for entity in call.offered:
        assert entity.slot is not None
        number = step_for(call.frame.flow, entity.slot)
        question = call.frame.flow.steps[number].question if number is not None else None
        if question is None or not _taken(call, question, entity):
            left.append(entity)
    call.offered = tuple(left)


def _taken(call: Call, question: Question, entity: Entity) -> bool:
    assert question.slot is not None
    if call.slots.get(question.slot) is not None or question.ask_before_filling:
        return False
    sure = min(entity.confidence, call.heard.confidence)
    if question.confirm is not None and sure < question.confirm.below:
        return False
    return refusal(call, question, entity.value) is None
