"""How long nobody may speak: every stretch in which neither the bot says a word nor the caller has just done something.

A stretch begins when the bot's words or the caller's turn are over and ends with the bot's next word. It is the sum of
what is waited for meanwhile: a rung of silence, keys that may still come, an action, a person. Steps without words add
up (an action that fails quietly, then a handoff: both waits are one stretch); a line said just before a wait takes its
own length off it, because the wait begins when the line is begun. Placeholders count one character there.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from huashu.flows.script import Do, Question, Reaction, Script, Stay
from huashu.flows.speech import Pace
from huashu.flows.ways import Spot, Way, Ways

Kind = Literal["silence", "keys", "action", "handoff", "quiet", "hold", "beep"]
QUIETLY = ("", "known", "over")
"""Causes that are no wait: what was being said goes on."""
_TURNS = ("answer", "value", "skip", "unclear", "anytime")
"""Causes that are a turn of the caller."""
SETTLED = 50
"""Rounds after which stretches that still grow are known to come from a circle."""


@dataclass(frozen=True, slots=True)
class Pause:
    """One stretch of silence."""

    seconds: float
    kind: Kind
    """What it begins with: a rung of silence, keys being typed, an action, a handoff, a step without words, the end of
    a voicemail's greeting; a rung of a hold, which the caller has asked for."""
    spot: Spot
    """Where it begins."""
    way: Way | None = None
    """For a handoff: the way that leads to it."""
    rung: int = 0
    """Of `silence` or `late`, from 1; 0: before the first."""
    step: str = ""
    """Name of the step."""


class Pauses:
    """The longest stretches of one script."""

    def __init__(self, script: Script, ways: Ways, pace: Pace) -> None:
        self._script, self._ways, self._pace = script, ways, pace
        self._homes = self._returns()
        self.quiet: dict[Spot, float] = dict.fromkeys(ways.leaving, 0.0)
        """From entering a spot to the bot's next word, with a caller who says nothing."""
        self.lead: dict[Spot, float] = dict.fromkeys(ways.leaving, math.inf)
        """Seconds of words already being said when the spot is entered, at least."""
        self._settle_quiet()
        self._settle_lead()

    def all(self) -> Iterator[Pause]:
        """Every stretch, in the order of the script; behind them those that a lost engine makes."""
        every = list(self._all())
        for pause in (*every, *self._lost(every)):
            step = self._ways.step(pause.spot)
            yield pause if step is None else replace(pause, step=step.id)

    def _all(self) -> Iterator[Pause]:
        for spot in (*self._ways.entries, *self._ways.corrected()):
            yield Pause(self.quiet[spot], "quiet", spot)
        if self._script.patterns.after_beep is not None:
            yield Pause(self._script.patterns.after_beep.quiet, "beep", self._ways.start)
        for spot in self._ways.leaving:
            step = self._ways.step(spot)
            if math.isinf(self.lead[spot]):
                continue  # nothing leads here
            if step is not None and not spot.kind:
                if step.question is not None:
                    yield from self._question(spot, step.question)
                if step.do is not None:
                    yield Pause(max(0.0, self._action(spot, step.do) - self._carried(spot)), "action", spot)
                    yield from self._late(spot, step.do)
            for way in self._ways.onward(spot):
                if None in way.beats:
                    yield Pause(self._inside(way), "handoff", spot, way)

    def _lost(self, every: list[Pause]) -> Iterator[Pause]:
        """An engine may be lost at any instant (EngineFailed): what the error pattern then leaves quiet comes on top of
        the stretch in which it happens."""
        for flow in self._script.flows:
            spot = Spot(flow, 0)
            way = self._ways.error(spot)
            if None in way.beats:
                yield Pause(self._inside(way), "handoff", spot, way)
            silent = self._after(way)
            for held in (False, True) if silent else ():
                before = (pause.seconds for pause in every if (pause.kind == "hold") == held)
                yield Pause(max(before, default=0.0) + silent, "hold" if held else "handoff", spot, way)

    # --- stretches of one step --------------------------------------------------------------------------------------

    def _question(self, spot: Spot, question: Question) -> Iterator[Pause]:
        latest = 0.0
        for number, rung in reversed(list(enumerate(question.silence, 1))):
            idle = isinstance(rung.reaction.then, Stay) and rung.reaction.say is None  # an answer nobody may have asked
            seconds = rung.after + (latest if idle else self._behind(spot, ("silence", str(number)), rung.reaction))
            latest = seconds
            yield Pause(seconds, "silence", spot, rung=number)
        for number, rung in enumerate(question.hold.silence if question.hold is not None else (), 1):
            seconds = rung.after + self._behind(spot, ("hold", str(number)), rung.reaction)
            yield Pause(seconds, "hold", spot, rung=number)
        if question.expect.dtmf is not None:
            # One key that is the whole entry is taken at once.
            wait = 0.0 if question.expect.dtmf.digits == 1 else question.expect.dtmf.inter_digit
            yield Pause(wait + self._longest(spot, *_TURNS), "keys", spot)
        else:
            yield Pause(self._longest(spot, *_TURNS), "quiet", spot)

    def _behind(self, spot: Spot, cause: tuple[str, str], reaction: Reaction) -> float:
        if reaction.say is not None:
            return 0.0
        ways = (way for way in self._ways.onward(spot) if (way.cause, way.name) == cause)
        return max((self._after(way) for way in ways), default=0.0)

    def _action(self, spot: Spot, do: Do) -> float:
        """From the start of an action to the next word."""
        return self._gap(do, 0, 0.0) + self._done(spot)

    def _done(self, spot: Spot) -> float:
        return self._longest(spot, "done", "failed")

    def _longest(self, spot: Spot, *causes: str) -> float:
        return max((self._after(way) for way in self._ways.onward(spot) if way.cause in causes), default=0.0)

    def _gap(self, do: Do, rung: int, at: float) -> float:
        """From `at` seconds into the action to the next line behind the first `rung` rungs, or to its end."""
        coming = sum(earlier.after for earlier in do.late[:rung])
        for later in do.late[rung:]:
            coming += later.after
            if later.reaction.say is not None:
                return max(0.0, min(coming, do.timeout) - at)
        return max(0.0, do.timeout - at)

    def _late(self, spot: Spot, do: Do) -> Iterator[Pause]:
        """Between the lines said while an action runs, and behind the last of them."""
        at = 0.0
        for number, rung in enumerate(do.late, 1):
            at += rung.after
            if at < do.timeout and rung.reaction.say is not None:
                said = at + self._pace.shortest(rung.reaction.say)
                yield Pause(self._gap(do, number, said) + self._done(spot), "action", spot, rung=number)

    # --- along a way ------------------------------------------------------------------------------------------------

    def _after(self, way: Way) -> float:
        """From the cause of a way to the next word."""
        quiet = 0.0
        for beat in way.beats:
            if beat is not None:
                return quiet
            quiet += self._script.settings.human_within
        return quiet + self._onward(way)

    def _onward(self, way: Way) -> float:
        if way.called is not None:
            return self.quiet[way.called]
        return self.quiet[way.target] if way.target is not None else 0.0

    def _inside(self, way: Way) -> float:
        """The longest stretch that begins on a way, with a person being called in it."""
        waits = self._script.settings.human_within
        longest, said = 0.0, self._carried(way.source) if way.cause in QUIETLY else 0.0
        quiet = 0.0
        for beat in way.beats:
            if beat is None:
                quiet += waits
            elif quiet:
                longest, quiet, said = max(longest, quiet - said), 0.0, self._pace.shortest(beat)
            else:
                said += self._pace.shortest(beat)
        return max(longest, quiet + self._onward(way) - said if quiet else 0.0)

    def _carried(self, spot: Spot) -> float:
        """Seconds still being said when the words of the step have been begun, at least."""
        step = self._ways.step(spot) if not spot.kind else None
        if step is None:
            return self.lead[spot]
        return 0.0 if step.must_hear is not None else self.lead[spot] + self._pace.shortest(step.say)

    # --- fixed points -----------------------------------------------------------------------------------------------

    def _settle_quiet(self) -> None:
        growing: set[Spot] = set()
        for _ in range(SETTLED):
            growing.clear()
            for spot in reversed(self.quiet):
                seconds = self._quiet(spot)
                if seconds > self.quiet[spot]:
                    self.quiet[spot] = seconds
                    growing.add(spot)
            if not growing:
                return
        # Steps that wait in a circle without a word, as often as something counts them; without a count the script is
        # refused (endless_loop). Between two counted steps each other one is waited in once.
        rounds = 1 + sum(counter.rounds for counter in self._ways.counters.values())
        rounds += sum(step.times or 0 for flow in self._script.flows.values() for step in flow.steps)
        waits = sum(self._waits(spot) for spot in growing)
        still = max((seconds for spot, seconds in self.quiet.items() if spot not in growing), default=0.0)
        for spot in growing:
            self.quiet[spot] = rounds * waits + still

    def _waits(self, spot: Spot) -> float:
        """All that can be waited for in a step."""
        step = self._ways.step(spot) if not spot.kind else None
        people = sum(way.beats.count(None) for way in self._ways.leaving[spot])
        return people * self._script.settings.human_within + (step.do.timeout if step and step.do else 0.0)

    def _quiet(self, spot: Spot) -> float:
        step = self._ways.step(spot)
        if step is None:
            return max((self.quiet[home] for home in self._homes.get(spot.flow, ())), default=0.0)
        ways = self._ways.leaving[spot]
        if spot.kind:
            return max((self._after(way) for way in ways), default=0.0)
        error = max((self._after(way) for way in ways if way.cause == "error"), default=0.0)
        if step.say is not None:
            return error
        if step.do is not None:
            return max(error, self._action(spot, step.do))
        return max((self._after(way) for way in ways if way.cause in ("", "known", "error")), default=0.0)

    def _settle_lead(self) -> None:
        self.lead |= dict.fromkeys(self._ways.entries, 0.0)
        self.lead |= dict.fromkeys(self._ways.corrected(), 0.0)
        for _ in range(len(self.lead) + 1):
            changed = False
            for spot in self._ways.leaving:
                for way in self._ways.onward(spot):
                    lead = self._leads(way)
                    for target in (way.called, None if way.called else way.target):
                        if target is not None and lead < self.lead[target]:
                            self.lead[target], changed = lead, True
                if self._ways.step(spot) is None:
                    for home in self._homes.get(spot.flow, ()):
                        if self.lead[spot] < self.lead[home]:
                            self.lead[home], changed = self.lead[spot], True
            if not changed:
                return

    def _leads(self, way: Way) -> float:
        """Seconds of words under way when the target of a way is entered, at least."""
        if math.isinf(self.lead[way.source]):
            return math.inf
        said = self._carried(way.source) if way.cause in QUIETLY else 0.0
        for beat in way.beats:
            said = 0.0 if beat is None else said + self._pace.shortest(beat)
        return said

    def _returns(self) -> dict[str, set[Spot]]:
        """Flow → where a call of it comes back to, links followed."""
        homes: dict[str, set[Spot]] = {}
        links: dict[str, set[str]] = {}
        for ways in self._ways.leaving.values():
            for way in ways:
                if way.called is not None and way.target is not None:
                    homes.setdefault(way.called.flow, set()).add(way.target)
                elif way.called is None and way.target is not None and way.target.flow != way.source.flow:
                    links.setdefault(way.source.flow, set()).add(way.target.flow)
        for flow, found in list(homes.items()):
            todo, seen = [flow], {flow}
            while todo:
                for other in links.get(todo.pop(), ()):
                    if other not in seen:
                        seen.add(other)
                        todo.append(other)
            for other in seen:
                homes.setdefault(other, set()).update(found)
        return homes
