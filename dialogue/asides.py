"""Several things said in one turn: an answer or a value, and beside it a question or a wish that works from anywhere.

What is only answered (a detour that says its line and comes back: "手续费怎么收") is answered first, and then the
answer to the open question, or the value ("六期吧，手续费多少"), is taken, so that nobody has to say it again. A wish
for a person, or for no more calls, is obeyed instead of the answer: "可以，帮我转人工". It is counted as any other
detour, so the bounds hold: it costs its line, without the question asked anew.
"""

from huashu.core.events import Understood
from huashu.dialogue.meaning import Answer, Global, Meaning, Value, asked_value
from huashu.dialogue.state import Call
from huashu.flows.script import Anytime, Back, End, HandOff, Question, Reaction, Stay

PARTING = frozenset({"再见", "goodbye", "谢谢", "thanks"})
"""Manners beside an answer, which alone counts."""


def sorted_out(call: Call, question: Question, heard: Understood, meaning: Meaning) -> tuple[Meaning, str | None]:
    """The meaning to follow, and the detour to answer first, if there is one."""
    if not heard.also or not isinstance(meaning, (Answer, Global, Value)):
        return meaning, None
    flow, threshold = call.frame.flow, call.script.settings.confidence
    said = [score.name for score in heard.also if score.confidence >= threshold]
    if isinstance(meaning, Global):
        answer: Answer | Value | None = next((Answer(name) for name in said if name in question.answers), None)
        value = asked_value(heard, question)
        if value is not None and meaning.intent in said:
            answer = Value(value)  # the words that mean the detour stand beside the value, not around it
        if answer is None or _leaves(call, flow.anytime[meaning.intent]):
            return meaning, None
        if meaning.intent in PARTING:
            return answer, None
        return (answer, meaning.intent) if _only_says(call, meaning.intent) else (meaning, None)
    wishes = [name for name in said if name in flow.anytime and name not in question.answers]
    leaving = next((name for name in wishes if _leaves(call, flow.anytime[name])), None)
    if leaving is not None:
        return Global(leaving), None
    replies = (name for name in wishes if name not in PARTING and _only_says(call, name))
    return meaning, next(replies, None)


def reply(call: Call, name: str) -> None:
    """Say a detour's line, counted as its use."""
    entry = call.frame.flow.anytime[name]
    assert entry.reaction.say is not None
    call.bump(f"{call.frame.flow.name}:anytime:{name}")
    call.reached.append(f"anytime:{call.frame.flow.name}.{name}")
    call.say(entry.reaction.say, f"anytime:{name}")


def _leaves(call: Call, entry: Anytime) -> bool:
    """To a person, or never to be called again."""
    match entry.reaction.then:
        case HandOff():
            return True
        case End(ending):
            endings = call.frame.flow.endings
            return ending in endings and endings[ending].result == "opt_out"
    return False


def _only_says(call: Call, name: str) -> bool:
    """A line and nothing else, and the detour has uses left."""
    entry = call.frame.flow.anytime[name]
    used = call.counts.get(f"{call.frame.flow.name}:anytime:{name}", 0)
    reaction = entry.reaction
    plain = reaction == Reaction(say=reaction.say, then=reaction.then)
    return plain and reaction.say is not None and isinstance(reaction.then, (Back, Stay)) and used < entry.times
