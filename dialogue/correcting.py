"""Values of earlier questions put right, or taken back, by what is said at a later one."""

from huashu.core.events import Entity, Understood
from huashu.dialogue.asking import close_question
from huashu.dialogue.filling import refusal, step_for
from huashu.dialogue.meaning import NO, YES, Answer, Meaning, Unclear, in_passing
from huashu.dialogue.state import Call
from huashu.flows.limits import MAX_CORRECTIONS
from huashu.flows.script import Question
from huashu.nlu.negation import corrects


def correct(call: Call, heard: Understood, meaning: Meaning) -> bool:
    """ "不，三期" at a later question: another value for a slot of an earlier one, or "不是六期", which takes it back.

    Where a yes comes with it, the value is what counts: "好，那就三期" is no consent to six. Where a no does, so it is,
    unless the value is mentioned in passing.

    The conversation goes on behind the earlier question with the new value, so that whatever was computed or said of
    the old one is computed and said anew. Not over an action: what the bank has done a rewinding does not undo.
    """
    match meaning:
        case Answer(intent):
            agreed = True if intent in YES else False if intent in NO else None
            return put_right(call, heard, agreed, meant=False)
        case Unclear():
            return put_right(call, heard, None, meant=True)
    return False


def put_right(call: Call, heard: Understood, agreed: bool | None, *, meant: bool) -> bool:
    """agreed: said yes or no beside it. meant: the values are all that the words can be about."""
    instead = {entity.slot for entity in heard.denied}
    for entity in heard.entities:
        step = _earlier(call, entity)
        if step is None:
            continue
        named = meant or agreed is True or (agreed is False and not in_passing(entity, heard.text))
        if not (named or entity.slot in instead or corrects(heard.text, entity.start)):
            continue
        question = call.frame.flow.steps[step].question
        if _replaced(call, question, entity, min(entity.confidence, heard.confidence)):
            _rewind(call, step)
            return True
    for entity in heard.denied if meant or agreed is not None else ():
        step = _earlier(call, entity)
        if step is not None and _taken_back(call, call.frame.flow.steps[step].question, entity):
            _rewind(call, step)
            return True
    return False


def _earlier(call: Call, entity: Entity) -> int | None:
    """The step before the open one that asked for this value, unless an action lies between."""
    frame = call.frame
    step = step_for(frame.flow, entity.slot) if entity.slot is not None else None
    if step is None or step >= frame.at:
        return None
    return None if any(between.do is not None for between in frame.flow.steps[step : frame.at]) else step


def _rewind(call: Call, step: int) -> None:
    close_question(call)
    call.frame.at, call.frame.part = step, "start"


def _taken_back(call: Call, earlier: Question | None, entity: Entity) -> bool:
    """ "不是6期" without another value: the slot is empty again, and its question is asked again."""
    if earlier is None or earlier.slot is None or earlier.ask_before_filling:
        return False
    before = call.slots.get(earlier.slot)
    if before is None or before != entity.value or call.bump("corrected") > MAX_CORRECTIONS:
        return False
    call.slots[earlier.slot] = None
    return True


def _replaced(call: Call, earlier: Question | None, entity: Entity, confidence: float) -> bool:
    if earlier is None or earlier.slot is None or earlier.ask_before_filling:
        return False
    before = call.slots.get(earlier.slot)
    unsure = earlier.confirm is not None and confidence < earlier.confirm.below
    if before is None or unsure or refusal(call, earlier, entity.value) is not None:
        return False
    if call.slots[earlier.slot] == before or call.bump("corrected") > MAX_CORRECTIONS:
        call.slots[earlier.slot] = before
        return False
    return True
