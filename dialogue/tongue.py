"""A caller who speaks another of the bot's languages is followed into it, where the script says so
(`switch_language: auto`)."""

from typing import Final

from huashu.core.language import primary
from huashu.dialogue.state import Call
from huashu.nlu.language import told_language

RUNNING: Final = 2
"""Utterances in another language, one after the other, after which the call goes on in it."""
_COUNT: Final = "tongue:"


def follow(call: Call, text: str) -> None:
    """Note the language of an utterance. One whose words tell none (OK, a number) neither counts nor breaks the row."""
    told = told_language(text)
    if told is None:
        return
    tags = (call.script.language, *call.script.languages)
    wanted = next((tag for tag in tags if primary(tag) == told), None)
    if wanted is None or told == primary(call.mouth.language):
        for tag in tags:
            call.counts.pop(_COUNT + tag, None)
    elif call.bump(_COUNT + wanted) >= RUNNING:
        del call.counts[_COUNT + wanted]
        call.speak(wanted)
