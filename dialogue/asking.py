"""The open question: asked, asked again, closed, and what is given up with it."""

from huashu.core.actions import Say
from huashu.dialogue.state import Call
from huashu.flows.script import Question


def open_question(call: Call, question: Question) -> bool:
    """Ask, unless the slot is filled already; True when the answer is waited for."""
    if _answered(call, question):
        return False
    frame = call.frame
    frame.unclear = frame.noises = frame.confirms = 0
    frame.silence = 0
    frame.stays = None
    frame.clarified = False
    ask(call, question)
    return True


def _answered(call: Call, question: Question) -> bool:
    slot = question.slot
    return slot is not None and not question.ask_before_filling and call.slots.get(slot) is not None


def reask(call: Call, *, announced: bool = False) -> bool:
    """Back at the current step: ask its question again, unless it has been answered meanwhile; True when it waits.

    `announced`: after talk of something else the question's `resume` goes before it.
    """
    frame = call.frame
    question = frame.step.question if frame.at < len(frame.flow.steps) else None
    if question is None or _answered(call, question):
        return False
    frame.part = "done"
    if announced and question.resume is not None:
        call.say(question.resume, "resume")
    ask(call, question)
    return True


def ask(call: Call, question: Question) -> None:
    """Speak the due wording and listen. The silence ladder goes on where it was: else it would have no end."""
    call.ask_nothing_back()
    if call.person.back:
        call.person.back = False
        if question.resume is not None and not any(isinstance(action, Say) for action in call.out):
            call.say(question.resume, "resume")
    call.put(question.prompt, "ask")
    call.question = question
    call.changed = True


def close_question(call: Call) -> None:
    call.question = None
    call.ask_nothing_back()
    call.topic = ""
    call.clock.await_silence(None, call.now)
    if call.digits:
        drop_keys(call)


def drop_keys(call: Call) -> None:
    """Keys typed so far answer nothing any more."""
    call.digits = ""
    call.clock.cancel("digits")
    call.clock.release_all("digits", call.now)


def drop_words(call: Call) -> None:
    """Words that are being understood are no longer awaited."""
    call.answering = "question"
    call.clock.cancel("meaning")
    call.clock.release_all("meaning", call.now)
