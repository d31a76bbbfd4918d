"""The caller's voice, its words and their meaning as they come, one after the other or overlapping.

Here it is settled whether silence may run, and which question words belong to; what follows from them is answered
elsewhere (huashu.dialogue.answers, huashu.dialogue.keypad).
"""

from typing import assert_never

from huashu.core.events import Dtmf, Heard, SpeechStarted, SpeechStopped, Understood
from huashu.dialogue import answers, keypad
from huashu.dialogue.asking import drop_words
from huashu.dialogue.audible import Asked
from huashu.dialogue.state import Call

SPEECH_WITHIN = 60.0
"""Seconds of uninterrupted voice after which its end is no longer waited for: a radio, a dead detector."""
MOST_VOICES = 8
"""Voices whose words are awaited at once; an edge that tells of more has lost count."""
MEANING_WITHIN = 10.0
"""Seconds that understanding may take; then the turn is unclear."""


def caller(call: Call, event: SpeechStarted | SpeechStopped | Heard | Dtmf | Understood) -> None:
    match event:  # what comes most often stands first
        case Understood():
            understood(call, event)
        case Heard(final=False):
            pass  # the voice room and SpeechStarted already hold the clock; partial words decide nothing here
        case Heard(text=text):
            _heard(call, text)
        case SpeechStarted():
            call.clock.cancel("words")
            if "speech" not in call.clock.held:
                if call.holding is not None and not call.clock.held:
                    call.holding.voice_since = call.now
                call.clock.hold("speech", call.now)
                call.audible.voices = [*call.audible.voices[1 - MOST_VOICES :], call.answered_now]
            call.clock.set("speech", call.now + SPEECH_WITHIN)
        case SpeechStopped():
            call.silent_since = call.now
            if "speech" in call.clock.held:
                call.clock.hold("words", call.now)
                call.clock.release("speech", call.now)
                call.clock.cancel("speech")
                call.clock.set("words", call.now + call.script.settings.words_within)
        case Dtmf(digit=digit):
            if not _guarded(call):
                keypad.key(call, digit)
        case _:
            assert_never(event)


def overheard(call: Call, event: SpeechStarted | SpeechStopped | Heard | Dtmf | Understood) -> None:
    """The caller and a person talk. Only whose words are still to come is kept in mind, for when the bot is back."""
    match event:
        case SpeechStarted() | SpeechStopped():
            caller(call, event)
        case Heard(final=True):
            _settled(call)
        case _:
            pass


def greeted(call: Call, event: SpeechStarted | SpeechStopped | Heard | Dtmf | Understood) -> None:
    """The greeting goes on, or stops: a silence that is long enough ends it."""
    spoke = "speech" in call.clock.held
    overheard(call, event)
    wait = call.script.patterns.after_beep
    if isinstance(event, SpeechStarted):
        call.clock.cancel("quiet")
    elif spoke and "speech" not in call.clock.held and wait is not None:
        call.clock.set("quiet", call.now + wait.quiet)


def _heard(call: Call, text: str) -> None:
    if not text.strip():
        _no_words(call)
        return
    began = _settled(call)
    if _guarded(call):
        call.answering = "nothing"
    else:
        call.answering = "earlier" if began is not None and began != call.asked else "question"
    call.clock.hold("meaning", call.now)
    call.clock.set("meaning", call.now + MEANING_WITHIN)


def understood(call: Call, heard: Understood) -> None:
    answering = call.answering
    drop_words(call)
    match answering:
        case "question":
            answers.understood(call, heard)
        case "earlier":
            answers.early(call, heard)
        case "nothing":
            answers.meanwhile(call, heard, stop=False)
        case _:
            assert_never(answering)


def _no_words(call: Call) -> None:
    """Voice without words: a cough, a noise."""
    _settled(call)
    call.watch()
    if not {"speech", "words"} & call.clock.held:
        answers.noise(call)


def no_end(call: Call) -> None:
    """Nobody has told the end of a voice, or its words, in due time."""
    for reason in ("speech", "words"):
        call.clock.release_all(reason, call.now)
    call.clock.cancel("speech", "words")
    call.audible.voices.clear()
    call.watch()
    answers.noise(call)


def _settled(call: Call) -> Asked | None:
    """The words of the oldest voice have come, or that it had none; what was asked when it began, if it was told of.

    Another voice may have begun meanwhile: it goes on holding silence.
    """
    if "words" in call.clock.held:
        call.clock.release("words", call.now)
    else:
        call.clock.release_all("speech", call.now)
        call.clock.cancel("speech")
    if not {"speech", "words"} & call.clock.held:
        call.clock.cancel("words")
    voices = call.audible.voices
    return voices.pop(0) if voices else None


def _guarded(call: Call) -> bool:
    """Something plays that the caller may not interrupt."""
    return any(barge_in.kind == "off" for _, barge_in in call.mouth.outstanding.values())
