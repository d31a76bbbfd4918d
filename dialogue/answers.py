"""The caller's turn: words, noise, silence. huashu.dialogue.meaning decides what words mean; here is what follows."""

from huashu.core.events import Entity, Understood
from huashu.dialogue import asides, reading, tongue
from huashu.dialogue.asking import ask, close_question, drop_keys
from huashu.dialogue.correcting import correct, put_right
from huashu.dialogue.ending import opt_out
from huashu.dialogue.filling import beside, refusal
from huashu.dialogue.knowing import allowed
from huashu.dialogue.meaning import (
    Answer,
    Global,
    Known,
    Meaning,
    Request,
    Unclear,
    Value,
    interpret,
    polarity,
)
from huashu.dialogue.people import too_long
from huashu.dialogue.repair import (
    AGAIN,
    chosen,
    clarify,
    has_returned,
    hold_noise,
    hold_silent,
    requested,
    requests,
    skip,
    take_up,
)
from huashu.dialogue.state import Call, Holding
from huashu.dialogue.walk import abandon, await_late, react, run
from huashu.flows.limits import AFTER_TIMES, MAX_CONFIRMS, MAX_NOISES, MAX_STAYS
from huashu.flows.script import Back, End, HandOff, Link, Question, Reaction, Rung, Stay

LAST_RESORT = Reaction(then=End("no_match"))
"""After a ladder that the script left open at the end (the checker refuses such a script)."""


def understood(call: Call, heard: Understood) -> None:
    """A whole turn of the caller has been understood, or not."""
    if heard.backchannel and call.mouth.outstanding:
        return  # "嗯" while the bot speaks: listening, not answering
    heard = call.heard = allowed(call, heard)
    if call.script.settings.switch_language == "auto":
        tongue.follow(call, heard.text)
    call.turns += 1
    if call.turns > call.script.settings.max_turns and not call.overtime:
        call.interrupt()
        too_long(call)
        return
    if call.question is None:
        meanwhile(call, heard)
        return
    call.interrupt()
    call.frame.silence = 0
    if call.digits:
        drop_keys(call)
    held, call.holding = call.holding, None
    pair, call.clarifying = call.clarifying, None
    if call.reading is not None and reading.answered(call, call.question, heard):
        pass
    elif held is not None and has_returned(heard.text):
        take_up(call, call.question)
    elif call.confirming is not None:
        _confirmed(call, call.question, heard, held)
    else:
        picked = chosen(call, call.question, heard, pair) if pair is not None else None
        meaning, first = picked, None
        if meaning is None:
            meaning, first = asides.sorted_out(call, call.question, heard, _meaning(call, call.question, heard))
        if isinstance(meaning, Request) and meaning.kind in AGAIN:
            call.clarifying = pair  # it is that question which is said again
        if picked is None and first is None and clarify(call, call.question, heard, meaning):
            pass
        elif not correct(call, heard, meaning):
            if first is not None:
                asides.reply(call, first)
            beside(call, call.question, heard, meaning)
            _follow(call, call.question, heard, meaning, held)
    run(call)


def _meaning(call: Call, question: Question | None, heard: Understood) -> Meaning:
    """At the open question, or (None) at one that the engine itself asks."""
    assert call.question is not None
    settings, anytime = call.script.settings, call.frame.flow.anytime
    meaning = interpret(heard, question, anytime, settings.confidence, requests(call.question))
    if not (isinstance(meaning, Request) and meaning.kind in AGAIN):
        call.counts.pop("repeat", None)
    return meaning


def meanwhile(call: Call, heard: Understood, *, stop: bool = True) -> None:
    """Words that nobody asked for: an action runs, a disclosure plays, a person is being called, or (with `stop` False)
    a line plays that nothing interrupts.

    They answer no question, so values and answers in them are not taken. But who wants a person, or the end, or refuses
    further calls has said so: those detours are obeyed at once.
    """
    meaning = interpret(heard, None, call.frame.flow.anytime, call.script.settings.confidence)
    if not isinstance(meaning, Global):
        return
    entry = call.frame.flow.anytime[meaning.intent]
    if entry.reaction.language is not None and isinstance(entry.reaction.then, (Back, Stay)):
        call.speak(entry.reaction.language)  # of what comes; there is no question to come back to
        return
    if not isinstance(entry.reaction.then, End if call.phase == "calling_human" else End | HandOff | Link):
        return
    if call.bump(f"{call.frame.flow.name}:anytime:{meaning.intent}") > entry.times:
        return
    if stop:
        call.interrupt()
    call.reached.append(f"anytime:{call.frame.flow.name}.{meaning.intent}")
    if not isinstance(entry.reaction.then, HandOff):
        abandon(call)
    call.clock.cancel("human")
    call.phase = "talking"
    react(call, entry.reaction, f"anytime:{meaning.intent}")
    run(call)


def parting(call: Call, heard: Understood) -> None:
    """Words over the last words. Nothing is answered any more, and the outcome stands; but a refusal of further calls
    counts whenever it is said."""
    if not call.stack:
        return
    flow = call.frame.flow
    meaning = interpret(heard, None, flow.anytime, call.script.settings.confidence)
    then = flow.anytime[meaning.intent].reaction.then if isinstance(meaning, Global) else None
    if isinstance(then, End) and then.ending in flow.endings and flow.endings[then.ending].result == "opt_out":
        opt_out(call)


def early(call: Call, heard: Understood) -> None:
    """Words that had begun before what is asked now was asked: a yes in them answers something else. They may put an
    earlier value right; otherwise they are words nobody asked for."""
    question = call.question
    if question is not None and call.confirming is None:
        meaning = interpret(heard, question, call.frame.flow.anytime, call.script.settings.confidence)
        if correct(call, heard, meaning):
            call.interrupt()
            run(call)
            return
    meanwhile(call, heard)


def _follow(call: Call, question: Question, heard: Understood, meaning: Meaning, held: Holding | None = None) -> None:
    match meaning:
        case Value(entity):
            _take(call, question, entity, min(entity.confidence, heard.confidence))
        case Answer(intent):
            reaction = question.answers[intent]
            if isinstance(reaction.then, (Back, Stay)) and _stayed(call, intent) > MAX_STAYS:
                unclear(call, question)
                return
            call.reached.append(f"answer:{call.step}.{intent}")
            react(call, reaction, f"answer:{intent}")
        case Global(intent):
            _anytime(call, intent)
        case Known(name):
            _anytime(call, name)
        case Request("skip") if question.skip is not None:
            skip(call, question, question.skip)
        case Request("skip"):
            unclear(call, question, instead=Reaction(say=call.script.patterns.cannot_skip, then=Back()))
        case Request(kind):
            if not requested(call, question, kind, held):
                unclear(call, question)
        case Unclear() if held is not None:
            take_up(call, question)
        case Unclear():
            unclear(call, question)


def _stayed(call: Call, intent: str) -> int:
    frame = call.frame
    frame.stays = frame.stays or {}
    count = frame.stays[intent] = frame.stays.get(intent, 0) + 1
    return count


def _anytime(call: Call, name: str) -> None:
    """A detour, counted; when it is one too many, what the script says of that instead."""
    entry = call.frame.flow.anytime[name]
    count = call.bump(f"{call.frame.flow.name}:anytime:{name}")
    if count <= entry.times:
        call.reached.append(f"anytime:{call.frame.flow.name}.{name}")
        if not reading.begin(call, entry.reaction, f"anytime:{name}"):
            react(call, entry.reaction, f"anytime:{name}", digression=True)
    elif entry.after is not None and count <= entry.times + AFTER_TIMES:
        call.reached.append(f"anytime:{call.frame.flow.name}.{name}.after")
        react(call, entry.after, f"anytime:{name}:after", digression=True)
    elif call.question is not None:
        unclear(call, call.question)


# --- values ---------------------------------------------------------------------------------------------------------


def _take(call: Call, question: Question, entity: Entity, confidence: float) -> None:
    """A value for the asked slot: legal? sure enough? then it is believed."""
    assert question.slot is not None
    refused = refusal(call, question, entity.value)
    if refused is not None:
        unclear(call, question, instead=refused)
        return
    if question.confirm is not None and confidence < question.confirm.below:
        call.frame.confirms += 1
        value = call.slots[question.slot]
        call.slots[question.slot] = None  # not believed without a yes
        if call.frame.confirms > MAX_CONFIRMS:
            unclear(call, question)
        else:
            call.confirming = value
            call.put(question.confirm.say, "confirm")
        return
    _believe(call)


def _believe(call: Call) -> None:
    """On with the step."""
    call.reached.append(f"value:{call.step}")
    close_question(call)


def _confirmed(call: Call, question: Question, heard: Understood, held: Holding | None) -> None:
    """The answer to "分6期，对吗？": a better value, yes, no, or something else."""
    assert question.slot is not None
    settings = call.script.settings
    corrected = next((entity for entity in heard.entities if entity.slot == question.slot), None)
    if corrected is not None and corrected.value != call.confirming:
        call.confirming = None
        call.counts.pop("repeat", None)
        _take(call, question, corrected, min(corrected.confidence, heard.confidence))
        return
    answer = polarity(heard, settings.confidence)
    if answer is None and corrected is not None:
        answer = True
    meaning, believed = _meaning(call, None, heard), call.confirming
    if put_right(call, heard, answer, meant=answer is None and isinstance(meaning, Unclear)):
        if answer is True:  # "对，不过是六月": of both values the caller has said how it is
            call.slots[question.slot] = believed
        return
    if answer is True:
        call.slots[question.slot] = call.confirming
        call.counts.pop("repeat", None)
        _believe(call)
        return
    if answer is None and isinstance(meaning, Request) and requested(call, question, meaning.kind, held):
        return
    if answer is None and isinstance(meaning, Unclear) and held is not None:
        take_up(call, question)
        return
    call.confirming = None
    call.changed = True  # something else is expected now
    if answer is False:
        ask(call, question)
    else:
        _follow(call, question, heard, meaning)


# --- ladders --------------------------------------------------------------------------------------------------------


def unclear(call: Call, question: Question, *, instead: Reaction | None = None) -> None:
    """Climb the unclear ladder. `instead` replaces the words of a rung that stays, not a rung that leaves."""
    call.changed = call.changed or call.asks_back
    call.ask_nothing_back()
    call.frame.unclear += 1
    rung = call.frame.unclear
    reaction = question.unclear[rung - 1].reaction if rung <= len(question.unclear) else LAST_RESORT
    if instead is not None and instead.say is not None and isinstance(reaction.then, (Stay, Back)):
        reaction = instead
    call.frame.silence = 0
    call.reached.append(f"unclear:{call.step}.{rung}")
    react(call, reaction, f"unclear:{rung}", digression=True)


def silent(call: Call) -> None:
    """Nobody spoke for as long as the open question allows."""
    question = call.question
    if question is None:
        return
    if call.holding is not None:
        hold_silent(call, question, call.holding)
        return
    if call.reading is not None:
        reading.over(call, call.reading)
        return
    call.frame.silence += 1
    rung = call.frame.silence
    reaction = question.silence[rung - 1].reaction if rung <= len(question.silence) else LAST_RESORT
    call.reached.append(f"silence:{call.step}.{rung}")
    react(call, reaction, f"silence:{rung}", digression=True)
    run(call)


def noise(call: Call) -> None:
    """Voice without words. The same rung is waited for afresh, a few times; then it is no answer."""
    if call.holding is not None:
        hold_noise(call, call.holding)
        return
    if call.question is not None and not call.mouth.outstanding:
        call.frame.noises += 1
        if call.frame.noises > MAX_NOISES:
            unclear(call, call.question)
            run(call)
            return
    await_silence(call)


def await_silence(call: Call) -> None:
    """Arm the next rung of the open question, counted from the end of playback."""
    question = call.question
    if question is None:
        return
    rung, ladder = call.frame.silence, question.silence
    if call.holding is not None and question.hold is not None:
        rung, ladder = call.holding.rung, question.hold.silence
    after = ladder[rung].after if rung < len(ladder) else 0.0
    patience = call.script.settings.text_patience if call.started.medium == "text" else 1.0
    call.clock.await_silence(after * patience, call.now)


def late(call: Call) -> None:
    """The bot itself keeps the caller waiting."""
    if call.running is None:
        return
    do, rung = call.running.do, call.bump("late")
    ladder: tuple[Rung, ...] = do.late
    say = ladder[rung - 1].reaction.say
    call.reached.append(f"late:{call.step}.{rung}")
    if say is not None:
        call.say(say, f"late:{rung}")
    await_late(call, do)
