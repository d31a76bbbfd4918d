"""What one step of a script can cost, from entering to leaving it: seconds, and times the bot speaks.

Each step is weighed with everything that can happen in it: silence climbed to the top after every misunderstanding,
every noise, every value asked back. How steps add up to a call: huashu.flows.lengths.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from huashu.core.language import is_chinese
from huashu.flows.limits import (
    CALLER_TURN,
    MAX_CONFIRMS,
    MAX_NOISES,
    MAX_REPEATS,
    MAX_STAYS,
)
from huashu.flows.script import (
    Back,
    CallFlow,
    End,
    Flow,
    HandOff,
    Move,
    Question,
    Reaction,
    Script,
    Stay,
    Step,
)
from huashu.flows.sentences import text_in_pieces
from huashu.flows.speech import Pace
from huashu.flows.ways import Spot
from huashu.knowledge.composing import MOST_CHARACTERS


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float = 0.0
    turns: float = 0.0
    """Times the bot speaks."""

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.seconds + other.seconds, self.turns + other.turns)

    def __sub__(self, other: "Cost") -> "Cost":
        """Nothing less than nothing; endless less endless is endless."""
        if math.isinf(self.seconds):
            return ENDLESS
        return Cost(max(0.0, self.seconds - other.seconds), max(0.0, self.turns - other.turns))

    def times(self, count: int) -> "Cost":
        return Cost(self.seconds * count, self.turns * count) if count else NOTHING


NOTHING = Cost()
ENDLESS = Cost(math.inf, math.inf)


def most(costs: Iterable[Cost]) -> Cost:
    """The larger of each part: a bound on all of them."""
    seconds = turns = 0.0
    for cost in costs:
        seconds, turns = max(seconds, cost.seconds), max(turns, cost.turns)
    return Cost(seconds, turns)


def total(costs: Iterable[Cost]) -> Cost:
    result = NOTHING
    for cost in costs:
        result += cost
    return result


class Visits:
    """What one step can cost from entering to leaving it."""

    def __init__(self, script: Script, pace: Pace) -> None:
        self._script = script
        self._pace = pace
        self._ladders: dict[int, Cost] = {}
        self.longest = pace.longest
        self.longest_turn = 0.0
        """Seconds of what the bot says in one turn, at most: what "please repeat" repeats."""

    def spot(self, spot: Spot) -> Cost:
        flow = self._script.flows[spot.flow]
        if spot.at >= len(flow.steps):
            return self._move(flow, End(flow.ending), None)
        step = flow.steps[spot.at]
        if spot.kind == "over":
            return self._move(flow, step.after, None)
        return self._end(flow, step) if spot.kind == "more" else self._step(flow, step)

    def _step(self, flow: Flow, step: Step) -> Cost:
        cost = self._end(flow, step)
        if step.say is not None:
            said = Cost(self._pace.longest(step.say), 1)
            if step.must_hear is None:
                cost += said
            else:
                unheard = self._move(flow, step.must_hear.otherwise, None)
                cost += (said + Cost(CALLER_TURN)).times(1 + step.must_hear.replays) + unheard
        if step.question is not None:
            cost += self.question(flow, step.question)
        if step.do is not None:
            late = (Cost(self._pace.longest(rung.reaction.say), 1) for rung in step.do.late)
            cost += Cost(step.do.timeout) + total(late) + self.reaction(flow, step.do.failed, None)
        return cost

    def _end(self, flow: Flow, step: Step) -> Cost:
        return most(self._move(flow, move, None) for move in (*(branch.then for branch in step.branches), step.then))

    def _move(self, flow: Flow, move: Move, question: Question | None) -> Cost:
        if isinstance(move, End):
            ending = flow.endings.get(move.ending)
            return Cost(self._pace.longest(ending.say), 1) if ending is not None and ending.say else NOTHING
        if isinstance(move, HandOff):
            failed = self.reaction(flow, move.failed, question) if move.failed is not None else NOTHING
            return Cost(self._script.settings.human_within) + failed
        if isinstance(move, Back) and question is not None:
            return Cost(self._pace.longest(question.prompt), 1)
        if isinstance(move, CallFlow) and question is not None:
            return self.resumed(question)
        return NOTHING

    def resumed(self, question: Question) -> Cost:
        """Asked again, announced, after another flow or a hold."""
        confirmed = question.confirm.say if question.confirm is not None else None
        asked = max(self._pace.longest(question.prompt), self._pace.longest(confirmed))
        return Cost(self._pace.longest(question.resume) + asked, 1)

    def reaction(self, flow: Flow, reaction: Reaction, question: Question | None) -> Cost:
        cost = self._move(flow, reaction.then, question)
        if reaction.say is not None:
            cost += Cost(self._pace.longest(reaction.say), 1)
        return cost + self.knowledge(reaction)

    def knowledge(self, reaction: Reaction) -> Cost:
        base = self._script.knowledge.get(reaction.knowledge.base) if reaction.knowledge is not None else None
        if base is None:
            return NOTHING
        seconds = max((self._pace.text(item.voice or item.answer) for item in base.items), default=0.0)
        if base.compose:
            seconds = max(seconds, self._pace.text("言" * MOST_CHARACTERS))
        return Cost(seconds, 1)

    def listening(self, flow: Flow, reaction: Reaction) -> Cost:
        """A long answer read piece by piece: what the caller does between two pieces, at any question of the flow."""
        base = self._script.knowledge.get(reaction.knowledge.base) if reaction.knowledge is not None else None
        if base is None or not isinstance(reaction.then, Back | Stay):
            return NOTHING
        most_read, chinese = self._script.settings.long_answer, is_chinese(base.language)
        texts = [item.voice or item.answer for item in base.items]
        texts += [SENTENCE * (MOST_CHARACTERS // len(SENTENCE))] if base.compose else []
        pieces = max((len(text_in_pieces(text, most_read, chinese=chinese)) for text in texts), default=1)
        questions = (step.question for step in flow.steps if step.question is not None)
        between = most(self.again(flow, question) for question in questions)
        return (between + Cost(self._pace.longest(self._script.patterns.go_on), 1)).times(pieces - 1)

    # --- questions --------------------------------------------------------------------------------------------------

    def ladder(self, flow: Flow, question: Question) -> Cost:
        """All rungs of the silence ladder, one after the other."""
        if id(question) not in self._ladders:
            rungs = (Cost(rung.after) + self.reaction(flow, rung.reaction, question) for rung in question.silence)
            self._ladders[id(question)] = total(rungs)
        return self._ladders[id(question)]

    def again(self, flow: Flow, question: Question) -> Cost:
        """The caller takes a turn, has it repeated as often as possible, and each time climbs the silence ladder."""
        dtmf = question.expect.dtmf
        turn = Cost(CALLER_TURN + (dtmf.inter_digit if dtmf else 0.0)) + self.ladder(flow, question)
        return turn + (turn + Cost(self.longest_turn, 1)).times(MAX_REPEATS)

    def question(self, flow: Flow, question: Question) -> Cost:
        """Everything from the first wording to the move that leaves the question, that move included."""
        prompt, again = Cost(self._pace.longest(question.prompt), 1), self.again(flow, question)
        cost = prompt + again
        instead = [
            Cost(self._pace.longest(said), 1)
            for said in (question.one_of.otherwise if question.one_of else None, question.rejected)
        ]
        cost += self.clarified(flow, question)
        cost += ENGINE_ENDING + again  # behind the last rung of `unclear`
        if question.skip is None:
            instead.append(Cost(self._pace.longest(self._script.patterns.cannot_skip), 1) + prompt)
        for rung in question.unclear:
            cost += again + most([self.reaction(flow, rung.reaction, question), *instead])
        for answer in question.answers.values():
            if isinstance(answer.then, Back | Stay):
                cost += (again + self.reaction(flow, answer, question)).times(MAX_STAYS)
        if question.confirm is not None:
            asked = Cost(self._pace.longest(question.confirm.say), 1)
            cost += (again + asked + again + prompt).times(MAX_CONFIRMS)
        again_waited = max((rung.after for rung in question.silence), default=0.0)
        cost += Cost(CALLER_TURN + self._script.settings.words_within + again_waited).times(MAX_NOISES)
        answers = [*question.answers.values(), *([question.skip] if question.skip is not None else [])]
        return cost + most(self.reaction(flow, answer, question) for answer in answers)

    def clarified(self, flow: Flow, question: Question) -> Cost:
        """Asked once which of two intents was meant, where two have a title."""
        usable = [name for name in {**question.answers, **flow.anytime} if name in self._script.titles]
        if len(usable) < 2 or self._script.settings.clarify is None:
            return NOTHING
        return Cost(self.choice, 1) + self.again(flow, question)

    @property
    def choice(self) -> float:
        """Seconds of the question which of two intents was meant, at most."""
        titles = max(map(self._pace.longest, self._script.titles.values()), default=0.0)
        return self._pace.longest(self._script.patterns.clarify) + 2 * titles

    def hold(self, flow: Flow, question: Question) -> Cost:
        """The caller asks to wait, lets the hold's ladder run out, speaks at last and is asked again.

        Noise does not stop the ladder; but the last voice before a rung may still be going on when it is due.
        """
        hold = question.hold
        if hold is None:
            return NOTHING
        late = Cost(CALLER_TURN + self._script.settings.words_within)
        rungs = (Cost(rung.after) + late + self.reaction(flow, rung.reaction, question) for rung in hold.silence)
        asked = Cost(CALLER_TURN) + Cost(self._pace.longest(hold.say), 1) + total(rungs)
        return asked + Cost(CALLER_TURN) + self.resumed(question) + self.again(flow, question)

    def climbs(self, question: Question) -> int:
        """How often, at most, the silence ladder is climbed while the question is open."""
        staying = sum(isinstance(answer.then, Back | Stay) for answer in question.answers.values())
        turns = 2 + len(question.unclear) + staying * MAX_STAYS + (2 * MAX_CONFIRMS if question.confirm else 0)
        turns += 1  # asked which of two was meant
        turns += 2 * question.hold.times if question.hold is not None else 0
        return turns * (1 + MAX_REPEATS) + MAX_NOISES


SENTENCE = "一句话。"
"""The shortest sentence a composed answer may be made of."""
ENGINE_ENDING = Cost(5.0, 1)
"""The words of the built-in ending `no_match`, were it reached."""
