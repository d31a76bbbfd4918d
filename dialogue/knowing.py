"""Answers from the knowledge base: which of them may be given now, and giving them."""

from dataclasses import dataclass, replace

from huashu.core.events import FaqHit, Understood
from huashu.core.language import is_chinese
from huashu.dialogue.state import Call
from huashu.flows.builtins import also_asked
from huashu.flows.script import Knowledge
from huashu.flows.sentences import text_in_pieces
from huashu.knowledge.items import FaqItem


def allowed(call: Call, heard: Understood) -> Understood:
    """`heard` without the answers that this caller is not given now: follow-ups of what was not answered last, and
    items whose `needs` do not hold."""
    hits = tuple(hit for hit in heard.faq if _given(call, _item(call, hit)))
    return heard if len(hits) == len(heard.faq) else replace(heard, faq=hits)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as this caller is given it."""

    pieces: tuple[str, ...]
    """Several when it is long and for the ear."""
    language: str
    topic: str
    """Item that follow-ups may refer to from now on."""
    also: str = ""
    """What a chat is told beside it."""


def answer(call: Call, knowledge: Knowledge) -> Told | None:
    """What the utterance is answered with, briefly by voice; None when the base has nothing."""
    hit = next((hit for hit in call.heard.faq if hit.base == knowledge.base), None)
    if hit is None:
        return None
    item = _item(call, hit)
    voice = call.started.medium == "voice"
    language = call.script.knowledge[hit.base].language  # a base has one, whatever the call is in
    text = hit.answer or (item.voice if voice else "") or item.answer
    most = call.script.settings.long_answer if voice else 0
    pieces = text_in_pieces(text, most, chinese=is_chinese(language))
    also = also_asked(item.related, language) if item.related and not voice else ""
    return Told(pieces, language, item.parent or item.id, also)


def tell(call: Call, knowledge: Knowledge) -> None:
    """Answer the utterance, all of it; a chat is told what else is asked about it."""
    told = answer(call, knowledge)
    if told is None:
        return
    call.topic = told.topic
    for text in filter(None, (*told.pieces, told.also)):
        call.tell(text, told.language)


def _item(call: Call, hit: FaqHit) -> FaqItem:
    return call.script.knowledge[hit.base].item(hit.item)


def _given(call: Call, item: FaqItem) -> bool:
    if item.parent and item.parent != call.topic:
        return False
    return all(call.slots.get(name) == value for name, value in item.needs)
