"""Long answers of the knowledge base, piece by piece: after each the caller says whether to go on.

While an answer is being read the question of the flow stays open behind it. Yes goes on; no, or silence, goes back to
the question; anything else is an ordinary turn at it. So what is read is bounded by the length of the answer.
"""

from dataclasses import replace

from huashu.core.events import Understood
from huashu.dialogue import knowing
from huashu.dialogue.asking import ask
from huashu.dialogue.meaning import NO, YES, Request, interpret
from huashu.dialogue.repair import AGAIN, again, requests
from huashu.dialogue.state import Call, Reading
from huashu.dialogue.walk import react
from huashu.flows.script import Back, Question, Reaction, Stay
from huashu.nlu.builtin import ENOUGH, GO_ON
from huashu.nlu.text import bare


def begin(call: Call, reaction: Reaction, key: str) -> bool:
    """Read the first piece of what a detour answers and ask whether to go on; False when the answer is not long, or the
    reaction does not come back to the open question. Nothing has been done then."""
    if reaction.knowledge is None or call.question is None or not isinstance(reaction.then, (Back, Stay)):
        return False
    answer = knowing.answer(call, reaction.knowledge)
    if answer is None or len(answer.pieces) < 2:
        return False
    react(call, replace(reaction, knowledge=None, say=None, then=Stay()), key)
    call.topic = answer.topic
    _on(call, Reading(answer.pieces, answer.language, reaction, key))
    return True


def answered(call: Call, question: Question, heard: Understood) -> bool:
    """The caller's turn while an answer is being read: whether it was about going on. Else the reading is over."""
    reading, call.reading = call.reading, None
    if reading is None:
        return False
    call.changed = True  # something else is expected now
    wish = _wish(call, question, heard)
    if wish is True:
        _on(call, reading)
    elif wish is False:
        over(call, reading)
    else:
        meaning = interpret(heard, None, call.frame.flow.anytime, call.script.settings.confidence, requests(question))
        if not isinstance(meaning, Request) or meaning.kind not in AGAIN:
            return False
        if meaning.kind == "slower":
            call.mouth.slow_down()
        call.reading = reading if again(call) else None
        return call.reading is not None
    call.counts.pop("repeat", None)
    return True


def over(call: Call, reading: Reading) -> None:
    """Back to the open question, by the words of the reaction where it has some."""
    call.reading = None
    reaction = reading.reaction
    if reaction.say is not None:
        call.say(reaction.say, reading.key)
    if call.question is not None and (reaction.say is None or isinstance(reaction.then, Back)):
        ask(call, call.question)


def _on(call: Call, reading: Reading) -> None:
    """The next piece; behind the last one back to the question."""
    call.tell(reading.pieces[0], reading.language)
    left = reading.pieces[1:]
    if not left:
        over(call, reading)
        return
    if call.script.patterns.go_on is not None:
        call.say(call.script.patterns.go_on, "go_on")
    call.reading = replace(reading, pieces=left)


def _wish(call: Call, question: Question, heard: Understood) -> bool | None:
    """Whether to go on; None when the caller speaks of something else."""
    said = bare(heard.text)
    if said in GO_ON or said in ENOUGH:
        return said in GO_ON
    if any(entity.slot is not None and entity.type != "yes_no" for entity in heard.entities):
        return None
    sure = next((score.name for score in heard.intents if score.confidence >= call.script.settings.confidence), "")
    if sure in YES or sure in NO:
        return sure in YES
    if sure or heard.faq:
        return None
    return next((bool(entity.value) for entity in heard.entities if isinstance(entity.value, bool)), None)
