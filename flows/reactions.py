"""Moves, reactions, ladders and anytime handlers: from what was read to the compiled form."""

from dataclasses import dataclass

from huashu.flows.findings import Findings
from huashu.flows.names import Names, Where
from huashu.flows.passing import Passing
from huashu.flows.script import (
    Anytime,
    Assign,
    Back,
    CallFlow,
    Continue,
    End,
    Go,
    HandOff,
    Hold,
    Knowledge,
    Link,
    Move,
    Prompt,
    Reaction,
    Rung,
    Stay,
)
from huashu.flows.shapes import At, Fields
from huashu.flows.wording import Wording

_THEN: dict[str, Move] = {"back": Back(), "stay": Stay(), "next": Continue()}
LONGEST_HOLD = 90.0
"""Seconds that a hold lasts which says how often and no more, where there is none to inherit from."""
LEAVING = (Go, Link, End, HandOff, Continue)
"""Moves after which the question is no longer open."""


@dataclass(slots=True)
class Reactions:
    names: Names
    wording: Wording
    passing: Passing

    @property
    def _findings(self) -> Findings:
        return self.names.findings

    def move(self, fields: Fields, where: Where, part: str, default: Move) -> Move:
        """The one move of a mapping; `default` when it has none."""
        given = [key for key in ("go", "link", "call", "end", "handoff", "then") if key in fields.places]
        if len(given) > 1:
            self._findings.add("two_moves", fields.at(given[1]), name=f"{given[0]}, {given[1]}")
        if not given or given[0] not in fields:
            return default
        if given[0] in ("link", "call"):
            return (self.passing.link if given[0] == "link" else self.passing.call)(fields.get(given[0]), default)
        at: At = fields.get(given[0])
        match given[0]:
            case "go":
                return Go(at.value) if self.names.step(at, where) else default
            case "end":
                return End(at.value) if self.names.ending(at, where) else default
            case "handoff":
                failed = fields.get("failed")
                return HandOff(at.value, self.reaction(failed, where, f"{part}.failed") if failed else None)
            case _:
                return _THEN[at.value]

    def assigns(self, pairs: list[tuple[At, At]] | None) -> tuple[Assign, ...]:
        """`set:`."""
        found = []
        for name, value in pairs or ():
            variable = self.names.variable(name)
            expression = self.names.assigned(value, variable)
            if variable is not None and expression is not None:
                found.append(Assign(name.value, expression))
        return tuple(found)

    def reaction(self, fields: Fields, where: Where, part: str, default: Move | None = None) -> Reaction:
        """`part` is its key in lines/<language>.yaml; `default` the move when it names none (the next step)."""
        base = fields.get("knowledge")
        if "failed" in fields and "handoff" not in fields:
            self._findings.add("failed_without", fields.at("failed"))
        return Reaction(
            set=self.assigns(fields.get("set")),
            language=self.names.tongue(fields.get("language")),
            send=self.wording.message(fields.get("send"), where),
            say=self.wording.prompt(fields.get("say"), where, part),
            knowledge=Knowledge(base.value) if base is not None and self.names.base(base) else None,
            then=self.move(fields, where, part, Continue() if default is None else default),
        )

    def ladder(self, rungs: list[Fields] | None, where: Where, part: str) -> tuple[Rung, ...]:
        """`silence`, `unclear` or that of `hold`: finite, and the last rung leaves the question."""
        built = []
        for number, fields in enumerate(rungs or (), 1):
            after = fields.get("after")
            if part != "unclear" and "after" not in fields.places:
                self._findings.add("rung_after", fields.place)
            if part == "unclear" and after is not None:
                self._findings.add("rung_no_after", fields.at("after"))
            reaction = self.reaction(fields, where, f"{part}.{number}", Stay())
            moves = any(key in fields.places for key in ("go", "link", "call", "end", "handoff", "then"))
            last = number == len(rungs or ())
            if last and not (moves and isinstance(reaction.then, LEAVING)):
                # A move that does not resolve has its own finding.
                if not moves or isinstance(reaction.then, (Back, CallFlow)) or "then" in fields.places:
                    self._findings.add("ladder_open", fields.place, name=part)
            elif not last and isinstance(reaction.then, LEAVING):
                self._findings.add("rung_unreachable", (rungs or [])[number].place, name=part)
            elif not moves and reaction.say is None and reaction.knowledge is None and not reaction.language:
                self._findings.add("rung_empty", fields.place)
            built.append(Rung(reaction, after.value if after is not None else 0.0))
        return tuple(built)

    def hold(self, fields: Fields, where: Where, inherited: Hold | None) -> Hold | None:
        """`hold` of a bot's defaults, a flow or a step; what it does not say is inherited. None: switched off."""
        given: Fields | None = fields.get("hold")
        if given is None or given.plain("always") is True:
            return inherited
        if given.plain("always") is False:
            return None
        base = inherited or Hold(None, (Rung(Reaction(then=End("no_input")), LONGEST_HOLD),))
        return Hold(
            say=self.wording.prompt(given.get("say"), where, "hold") or base.say,
            silence=self.ladder(given.get("silence"), where, "hold") or base.silence,
            times=given.plain("times", base.times),
            given=True,
        )

    def resume(self, fields: Fields, where: Where, inherited: Prompt | None) -> Prompt | None:
        """`resume` likewise."""
        lines = fields.get("resume")
        if lines is None:
            return inherited
        return None if isinstance(lines, At) else self.wording.prompt(lines, where, "resume")

    def late(self, rungs: list[Fields] | None, where: Where) -> tuple[Rung, ...]:
        """What is said while an action runs."""
        built = []
        for number, fields in enumerate(rungs or (), 1):
            if "after" not in fields.places:
                self._findings.add("rung_after", fields.place)
            after = fields.get("after")
            reaction = self.reaction(fields, where, f"late.{number}", Stay())
            built.append(Rung(reaction, after.value if after is not None else 0.0))
        return tuple(built)

    def anytime(self, pairs: list[tuple[At, Fields]] | None, where: Where) -> dict[str, Anytime]:
        found: dict[str, Anytime] = {}
        for name, fields in pairs or ():
            key = name.value
            if "knowledge" not in fields.places:
                self.names.intent(name, anytime=True)
            after = fields.get("after")
            found[key] = Anytime(
                self.reaction(fields, where, f"anytime.{key}", Back()),
                fields.plain("times", 3),
                None if after is None else self.reaction(after, where, f"anytime.{key}.after", Back()),
            )
        return found
