"""Answers from the knowledge base: which of them may be given now, and giving them."""

from dataclasses import replace

from huashu.core.events import FaqHit, Understood
from huashu.dialogue.state import Call
from huashu.flows.builtins import also_asked
from huashu.flows.script import Knowledge
from huashu.knowledge.items import FaqItem


def allowed(call: Call, heard: Understood) -> Understood:
    """`heard` without the answers that this caller is not given now: follow-ups of what was not answered last, and
    items whose `needs` do not hold."""
    hits = tuple(hit for hit in heard.faq if _given(call, _item(call, hit)))
    return heard if len(hits) == len(heard.faq) else replace(heard, faq=hits)


def tell(call: Call, knowledge: Knowledge) -> None:
    """Answer the utterance, briefly by voice; a chat is told what else is asked about it."""
    hit = next((hit for hit in call.heard.faq if hit.base == knowledge.base), None)
    if hit is None:
        return
    item = _item(call, hit)
    call.topic = item.parent or item.id
    voice = call.started.medium == "voice"
    language = call.script.knowledge[hit.base].language  # a base has one, whatever the call is in
    call.tell(hit.answer or (item.voice if voice else "") or item.answer, language)
    if item.related and not voice:
        call.tell(also_asked(item.related, language), language)


def _item(call: Call, hit: FaqHit) -> FaqItem:
    return call.script.knowledge[hit.base].item(hit.item)


def _given(call: Call, item: FaqItem) -> bool:
    if item.parent and item.parent != call.topic:
        return False
    return all(call.slots.get(name) == value for name, value in item.needs)
