"""The caller's turn: words, keys, silence. What they mean is decided in huashu.dialogue.meaning, what follows here."""

from collections.abc import Mapping

from huashu.core.actions import Stop
from huashu.core.errors import UsageError
from huashu.core.events import Entity, IntentScore, Understood
from huashu.core.values import Scalar
from huashu.dialogue.meaning import REFUSALS, Answer, Global, Known, Meaning, Unclear, Value, interpret, polarity
from huashu.dialogue.state import Call
from huashu.dialogue.walk import ask, close_question, conclude, fail, react, run
from huashu.flows.expressions import ExpressionError
from huashu.flows.script import Back, Continue, End, HandOff, Link, Question, Reaction, Rung, Stay

MAX_REPEATS = 3
"""Times in a row that "please repeat" is obeyed before it counts as unclear."""
MAX_STAYS = 3
"""Times that one answer may leave its question open (`then: stay` or `back`) before it counts as unclear; counted from
when the question was opened."""
MAX_CONFIRMS = 3
"""Times that a value is asked back, counted likewise; after that one not sure enough is unclear."""
MAX_NOISES = 4
"""Times that voice without words only starts the silence anew, counted likewise; after that it is unclear."""
AFTER_TIMES = 3
"""Times that the `after` of a detour works before it, too, counts as unclear; counted over the call."""
MAX_NOBODY = 3
"""Times in a call that a question is asked again because nobody took the handoff; after that the script has no way on.
These five keep every conversation finite without a limit on the call as a whole (huashu.flows.bounds)."""
LAST_RESORT = Reaction(then=End("no_match"))
"""After a ladder that the script left open at the end (the checker refuses such a script)."""


def understood(call: Call, heard: Understood) -> None:
    """A whole turn of the caller has been understood, or not."""
    if heard.backchannel and call.mouth.outstanding:
        return  # "嗯" while the bot speaks: listening, not answering
    call.heard = heard
    call.turns += 1
    if call.turns > call.script.settings.max_turns:
        interrupt(call)
        conclude(call, call.script.patterns.too_long, "too_long")
        run(call)
        return
    if call.question is None:
        _meanwhile(call, heard)
        run(call)
        return
    interrupt(call)
    if call.confirming is not None:
        _confirmed(call, call.question, heard)
    else:
        meaning = interpret(heard, call.question, call.frame.flow.anytime, call.script.settings.confidence)
        _mixed_initiative(call, call.question, heard, meaning)
        _follow(call, call.question, heard, meaning)
    run(call)


def interrupt(call: Call) -> None:
    """Accept the caller's turn: whatever is still being said stops."""
    for identity in call.mouth.stop():
        call.emit(Stop(identity))


def _meanwhile(call: Call, heard: Understood) -> None:
    """Words while an action runs or a disclosure plays: only what ends the conversation or calls a person is obeyed."""
    meaning = interpret(heard, None, call.frame.flow.anytime if call.stack else {}, call.script.settings.confidence)
    if isinstance(meaning, Global):
        entry = call.frame.flow.anytime[meaning.intent]
        if isinstance(entry.reaction.then, End | HandOff | Link):
            if call.bump(f"{call.frame.flow.name}:anytime:{meaning.intent}") > entry.times:
                return
            interrupt(call)
            call.reached.append(f"anytime:{call.frame.flow.name}.{meaning.intent}")
            call.clock.cancel("action", "late")
            call.acting = None
            call.action = ""
            call.phase = "talking"
            react(call, entry.reaction, f"anytime:{meaning.intent}")


def _follow(call: Call, question: Question, heard: Understood, meaning: Meaning) -> None:
    match meaning:
        case Value(entity):
            _take(call, question, entity, min(entity.confidence, heard.confidence))
        case Answer(intent):
            reaction = question.answers[intent]
            if isinstance(reaction.then, Back | Stay) and _stayed(call, intent) > MAX_STAYS:
                unclear(call, question)
                return
            call.reached.append(f"answer:{call.step}.{intent}")
            react(call, reaction, f"answer:{intent}")
        case Global(intent):
            _anytime(call, intent)
        case Known(name):
            _anytime(call, name)
        case Unclear():
            if _asks_to_repeat(call, heard) and call.bump("repeat") <= MAX_REPEATS:
                call.repeat()
            else:
                unclear(call, question)


def _asks_to_repeat(call: Call, heard: Understood) -> bool:
    best = heard.intents[0] if heard.intents else None
    patterns, settings = call.script.patterns, call.script.settings
    return best is not None and best.name == patterns.repeat and best.confidence >= settings.confidence


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
    refusal = _refusal(call, question, entity.value)
    if refusal is not None:
        unclear(call, question, instead=refusal)
        return
    if question.confirm is not None and confidence < question.confirm.below:
        call.frame.confirms += 1
        if call.frame.confirms > MAX_CONFIRMS:
            call.slots[question.slot] = None  # not believed without a yes
            unclear(call, question)
            return
        call.confirming = call.slots[question.slot]
        call.say(question.confirm.say, "confirm")
        return
    _believe(call)


def _refusal(call: Call, question: Question, value: Scalar) -> Reaction | None:
    """None when the value may stand (the slot is then set); else what to say instead."""
    assert question.slot is not None
    before = call.slots.get(question.slot)
    try:
        call.fill(question.slot, value)
        if question.one_of is not None and call.slots[question.slot] not in question.one_of.values:
            call.slots[question.slot] = before
            return Reaction(say=question.one_of.otherwise, then=Stay())
        if question.check is not None and not question.check.evaluate(call.scope):
            call.slots[question.slot] = before
            return Reaction(say=question.rejected, then=Stay())
    except (UsageError, ExpressionError):
        call.slots[question.slot] = before
        return Reaction(then=Stay())
    return None


def _believe(call: Call) -> None:
    """The slot is set and stays: on with the step."""
    call.reached.append(f"value:{call.step}")
    close_question(call)


def _confirmed(call: Call, question: Question, heard: Understood) -> None:
    """The answer to "分6期，对吗？": a better value, yes, no, or something else."""
    assert question.slot is not None
    settings = call.script.settings
    corrected = next((entity for entity in heard.entities if entity.slot == question.slot), None)
    if corrected is not None and corrected.value != call.confirming:
        call.confirming = None
        _take(call, question, corrected, min(corrected.confidence, heard.confidence))
        return
    answer = polarity(heard, settings.confidence)
    if answer is None and corrected is not None:
        answer = True
    if answer is True:
        _believe(call)
        return
    call.slots[question.slot] = None  # not believed without a yes
    call.confirming = None
    if answer is False:
        ask(call, question)
    else:
        _follow(call, question, heard, interpret(heard, None, call.frame.flow.anytime, settings.confidence))


def _mixed_initiative(call: Call, question: Question, heard: Understood, meaning: Meaning) -> None:
    """Other slots of the flow named in the same utterance are filled too, when their own questions would take them.

    Not from a refusal: "今天不方便" names a day in order to exclude it.
    """
    if isinstance(meaning, Unclear | Global | Known) or (isinstance(meaning, Answer) and meaning.intent in REFUSALS):
        return
    for entity in heard.entities:
        if entity.slot is None or entity.slot == question.slot or entity.slot not in call.script.variables:
            continue
        other = _question_for(call, entity.slot)
        if other is not None and call.slots.get(entity.slot) is None and not other.ask_before_filling:
            _refusal(call, other, entity.value)


def _question_for(call: Call, slot: str) -> Question | None:
    for step in call.frame.flow.steps:
        if step.question is not None and step.question.slot == slot:
            return step.question
    return None


# --- ladders --------------------------------------------------------------------------------------------------------


def unclear(call: Call, question: Question, *, instead: Reaction | None = None) -> None:
    """Climb the unclear ladder. `instead` replaces the words of a rung that stays, not a rung that leaves."""
    call.confirming = None
    call.frame.unclear += 1
    rung = call.frame.unclear
    reaction = question.unclear[rung - 1].reaction if rung <= len(question.unclear) else LAST_RESORT
    if instead is not None and instead.say is not None and isinstance(reaction.then, Stay | Back):
        reaction = instead
    call.frame.silence = 0
    call.reached.append(f"unclear:{call.step}.{rung}")
    react(call, reaction, f"unclear:{rung}")


def silent(call: Call) -> None:
    """Nobody spoke for as long as the open question allows."""
    question = call.question
    if question is None:
        return
    call.frame.silence += 1
    rung = call.frame.silence
    reaction = question.silence[rung - 1].reaction if rung <= len(question.silence) else LAST_RESORT
    call.reached.append(f"silence:{call.step}.{rung}")
    react(call, reaction, f"silence:{rung}")
    if call.question is question:
        call.frame.silence = rung  # asking again does not begin the ladder anew: it would have no end
    run(call)


def noise(call: Call) -> None:
    """Voice without words. The same rung is waited for afresh, a few times; then it is no answer."""
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
    rung = call.frame.silence
    after = question.silence[rung].after if rung < len(question.silence) else 0.0
    patience = call.script.settings.text_patience if call.started.medium == "text" else 1.0
    call.clock.await_silence(after * patience, call.now)


def late(call: Call) -> None:
    """The bot itself keeps the caller waiting."""
    do = call.acting
    if do is None:
        return
    rung = call.bump("late")
    ladder: tuple[Rung, ...] = do.late
    say = ladder[rung - 1].reaction.say
    call.reached.append(f"late:{call.step}.{rung}")
    if say is not None:
        call.say(say, f"late:{rung}")
    if rung < len(ladder):
        call.clock.set("late", call.now + ladder[rung].after)


# --- keypad ---------------------------------------------------------------------------------------------------------


def key(call: Call, digit: str) -> None:
    """One key. An entry is complete by its length, its terminator, or a pause."""
    question = call.question
    if question is None or question.expect.dtmf is None:
        return
    interrupt(call)
    rule = question.expect.dtmf
    if not call.digits:
        call.clock.hold("digits", call.now)
    if digit == rule.terminator:
        typed(call)
        return
    call.digits += digit
    if rule.digits and len(call.digits) >= rule.digits:
        typed(call)
    else:
        call.clock.set("digits", call.now + rule.inter_digit)


def typed(call: Call) -> None:
    """The entry is over: a menu choice, a value, or neither."""
    entry, call.digits = call.digits, ""
    call.clock.cancel("digits")
    call.clock.release_all("digits", call.now)
    question = call.question
    if question is None:
        return
    complete = entry in question.keys or len(entry) >= question.expect.dtmf.digits if question.expect.dtmf else False
    meant: Scalar = question.keys.get(entry)
    if isinstance(meant, str) and (meant in question.answers or meant in call.frame.flow.anytime):
        understood(call, Understood(text=entry, intents=(IntentScore(meant, 1.0),)))
        return
    entities: tuple[Entity, ...] = ()
    if complete and question.slot is not None and (entry in question.keys or not question.keys):
        value = meant if entry in question.keys else entry
        kind = call.script.variables[question.slot].type
        entities = (Entity(kind, value, entry, 0, len(entry), question.slot),)
    understood(call, Understood(text=entry, entities=entities))


def returned(call: Call, step: str | None, values: Mapping[str, Scalar]) -> None:
    """A person gives the conversation back: to a named step of this flow if it exists, else where it was."""
    call.phase = "talking"
    call.handoff = None
    for name, value in values.items():
        if name in call.script.variables:
            try:
                call.fill(name, value)
            except UsageError:
                continue  # an agent's slip must not cost the caller the conversation; the slot keeps its value
    frame = call.frame
    if step is not None and step in frame.flow.index:
        frame.at, frame.part = frame.flow.index[step], "start"
    elif frame.at < len(frame.flow.steps) and frame.step.question is not None:
        frame.part = "done"
        ask(call, frame.step.question)
    run(call)


def nobody_came(call: Call) -> None:
    """The handoff failed: what the script says of that, else its error pattern."""
    target, call.handoff = call.handoff, None
    call.clock.cancel("human")
    call.phase = "talking"
    if target is not None and target.failed is not None:
        question = call.frame.step.question if call.frame.at < len(call.frame.flow.steps) else None
        if isinstance(target.failed.then, Back) and question is not None:
            if call.bump("nobody") > MAX_NOBODY:
                fail(call)
            else:
                again = Reaction(target.failed.set, target.failed.send, target.failed.say, then=Continue())
                react(call, again, "nobody")
                call.frame.part = "done"
                ask(call, question)
        else:
            react(call, target.failed, "nobody")
    else:
        fail(call)
    run(call)
