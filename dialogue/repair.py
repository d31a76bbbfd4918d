"""What callers ask of the conversation itself: say that again, say it slower, wait a moment, leave this question out.

And the way back to an open question after a wait, and the question which of two things was meant. Each function that
serves a request tells whether it could; one that is asked for too often, or where the script does not allow it, is not
understood.
"""

from collections.abc import Mapping

from huashu.core.events import Understood
from huashu.dialogue.asking import ask, close_question
from huashu.dialogue.choosing import Pair, choice, rivals
from huashu.dialogue.meaning import Answer, Global, Meaning, Unclear
from huashu.dialogue.state import Call, Holding
from huashu.dialogue.walk import react, run
from huashu.flows.builtins import KINDS, RequestKind
from huashu.flows.limits import MAX_REPEATS
from huashu.flows.script import Back, End, Question, Reaction, Stay
from huashu.nlu.builtin import RETURNS
from huashu.nlu.text import bare

_WITHOUT_HOLD: Mapping[str, RequestKind] = {name: kind for name, kind in KINDS.items() if kind != "wait"}
AGAIN = frozenset({"repeat", "slower"})
NOBODY_SPEAKS = Reaction(then=End("no_input"))
"""After a hold's ladder that the script left open at the end (the checker refuses such a script)."""


def requests(question: Question) -> Mapping[str, RequestKind]:
    """The intents by which something may be asked of the conversation at this question."""
    return KINDS if question.hold is not None else _WITHOUT_HOLD


def again(call: Call) -> bool:
    """The last lines once more, unless that has been asked for too often."""
    if call.bump("repeat") > MAX_REPEATS:
        return False
    call.repeat()
    return True


def requested(call: Call, question: Question, kind: RequestKind, held: Holding | None) -> bool:
    """Do what the caller asks, but for skipping; whether that was possible. `held`: they had asked to wait before."""
    if kind == "wait":
        return _wait(call, question)
    if kind not in AGAIN:
        return False
    if kind == "slower":
        call.mouth.slow_down()
    if held is None:
        return again(call)
    take_up(call, question)
    return True


# --- waiting ----------------------------------------------------------------------------------------------------------


def _wait(call: Call, question: Question) -> bool:
    """The question stays open and the hold's own ladder takes the place of its silence."""
    hold = question.hold
    if hold is None or call.bump("hold") > hold.times:
        return False
    call.holding = Holding()
    call.reached.append(f"hold:{call.step}")
    if hold.say is not None:
        call.say(hold.say, "hold")
    call.changed = True
    return True


def has_returned(text: str) -> bool:
    """ "好了", "喂", "I'm back": whoever was waited for is there again, and has said nothing else."""
    return bare(text) in RETURNS


def take_up(call: Call, question: Question) -> None:
    """Back after a hold: what was open is asked again, announced."""
    if question.resume is not None:
        call.say(question.resume, "resume")
    if call.confirming is not None and question.confirm is not None:
        call.put(question.confirm.say, "confirm")
        call.changed = True
    else:
        ask(call, question)


def hold_silent(call: Call, question: Question, holding: Holding) -> None:
    """The next rung of the hold."""
    ladder = question.hold.silence if question.hold is not None else ()
    holding.rung += 1
    reaction = ladder[holding.rung - 1].reaction if holding.rung <= len(ladder) else NOBODY_SPEAKS
    call.reached.append(f"hold:{call.step}.{holding.rung}")
    react(call, reaction, f"hold:{holding.rung}", digression=True)
    run(call)


def hold_noise(call: Call, holding: Holding) -> None:
    """Voice without words while the caller is away costs nothing and gains nothing: the clock has run on meanwhile."""
    since, left = holding.voice_since, call.clock.left
    holding.voice_since = None
    if since is not None and left is not None:
        call.clock.await_silence(max(0.0, left - (call.now - since)), call.now)


# --- leaving a question out -------------------------------------------------------------------------------------------


def skip(call: Call, question: Question, reaction: Reaction) -> None:
    """The question is closed with its slot empty, and the step goes on."""
    if question.slot is not None:
        call.slots[question.slot] = None
    call.reached.append(f"skip:{call.step}")
    if isinstance(reaction.then, (Back, Stay)):
        close_question(call)
    react(call, reaction, "skip")


# --- which of two -----------------------------------------------------------------------------------------------------


def clarify(call: Call, question: Question, heard: Understood, meaning: Meaning) -> bool:
    """Ask which of two close intents was meant, once while the question is open; whether that was done."""
    script, frame = call.script, call.frame
    limits, words = script.settings.clarify, script.patterns.clarify
    if limits is None or words is None or frame.clarified or not isinstance(meaning, (Answer, Global, Unclear)):
        return False
    pair = rivals(heard, question, frame.flow.anytime, script.titles, limits)
    if pair is None or (not isinstance(meaning, Unclear) and meaning.intent not in pair):
        return False
    frame.clarified = True
    call.clarifying = pair
    call.put(words, "clarify")
    call.changed = True
    call.reached.append(f"clarify:{call.step}")
    return True


def chosen(call: Call, question: Question, heard: Understood, pair: Pair) -> Meaning | None:
    """The one of the two that the caller names, or None when they have said something else."""
    titles = call.title(pair[0]), call.title(pair[1])
    name = choice(heard, pair, titles)
    if name is None:
        return None
    call.counts.pop("repeat", None)
    return Answer(name) if name in question.answers else Global(name)
