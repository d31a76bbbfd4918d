"""One simulated call from the first ring to the verdict: who calls, what they do, whether they got what they wanted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from huashu.core.events import HandoffFailed, HumanJoined, HungUp
from huashu.core.language import primary
from huashu.core.values import Scalar
from huashu.dialogue.chance import spread
from huashu.lab.bank import Bank
from huashu.lab.caller import Act, Caller, Scene
from huashu.lab.mishearing import Recogniser
from huashu.lab.paraphrase import Wordings, taught
from huashu.lab.persona import Persona
from huashu.lab.phrasebook import MARKS
from huashu.lab.prospects import Prospects
from huashu.lab.simulation import MORNING, REACTION, UnmetError
from huashu.lab.virtual_call import Sighting, VirtualCall, World
from huashu.lab.wishes import Known, Wishes
from huashu.runtime.bot import Bot

DAYS = 14
"""Days after `MORNING` over which calls are spread."""
HOURS = (8, 20)
"""Hours of the day in which people are called and call."""
TALK = (20.0, 90.0)
"""Seconds a person talks after a handoff."""

GREETING = (3.0, 15.0)
"""Seconds of a voicemail's greeting."""

Move = dict[str, Any]
"""A turn as tests/*.yaml writes it, in English keys; "#": what was really said."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What all calls of a run share."""

    seed: int
    personas: tuple[Persona, ...]
    rate: float
    world: World
    known: Known
    log: bool = False


@dataclass(frozen=True, slots=True)
class CallResult:
    number: int
    persona: str
    digest: str
    result: str
    ending: str
    label: str
    reached: bool
    why: tuple[tuple[str, Mapping[str, str]], ...]
    """Why the goal was missed: codes of huashu.lab.telling with their words."""
    seconds: float
    turns: int
    right: int
    path: Mapping[str, int]
    waits: tuple[tuple[float, str], ...] = ()
    unclear: tuple[Sighting, ...] = ()
    wrong: tuple[Sighting, ...] = ()
    at: str = ""
    moves: tuple[Move, ...] = ()
    """Only of calls that missed their goal."""
    expect: Mapping[str, Any] = field(default_factory=dict)
    arms: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    """Of the call itself: which variants it says."""
    log: str = ""


class Stage:
    """What one process needs to make calls: the bot, its words, its recogniser."""

    def __init__(self, bot: Bot, plan: Plan) -> None:
        self.bot = bot
        self.plan = plan
        self.prospects = Prospects(bot.script)
        script = bot.script
        tongues = [tag for tag in (script.language, *script.languages) if primary(tag) in MARKS] or [script.language]
        self.wordings = {tag: Wordings(script, tag) for tag in tongues}
        self.recognisers = {tag: Recogniser(tag, [text for _, text in taught(script, tag)]) for tag in tongues}
        self.bank = Bank(bot)

    def call(self, number: int) -> CallResult:
        return _OneCall(self, number).result()


class _OneCall:
    def __init__(self, stage: Stage, number: int) -> None:
        plan = stage.plan
        self._rng = Random(f"{plan.seed}:{number}")
        self._number = number
        self._world = plan.world
        weights = [persona.share for persona in plan.personas]
        self._persona = self._rng.choices(plan.personas, weights)[0]
        day, hour = self._rng.randrange(DAYS), self._rng.randint(*HOURS)
        self._at = MORNING.replace(hour=hour) + timedelta(days=day, minutes=self._rng.randrange(60))
        wishes = Wishes(stage.bot.script, self._persona, plan.known, self._rng)
        self._caller = Caller(stage.bot.script, self._persona, stage.wordings, stage.prospects, wishes, self._rng)
        self._script = stage.bot.script
        self._seed = 1 + spread(plan.seed, f"call {number}") % (2**31 - 1)
        self._sim = VirtualCall(
            stage.bot,
            self._persona,
            stage.recognisers,
            plan.world,
            self._rng,
            at=self._at,
            rate=plan.rate,
            backend=stage.bank.fresh(),
            seed=self._seed,
            log=plan.log,
        )
        self._moves: list[Move] = []
        self._told = 0
        """Lines of the bot that the moves have told already."""
        self._turns = 0
        self._why: list[tuple[str, Mapping[str, str]]] = []

    # --- the call ---------------------------------------------------------------------------------------------------

    def result(self) -> CallResult:
        try:
            self._hold()
        except UnmetError:
            self._why.append(("why_endless", {}))
        return self._verdict()

    def _hold(self) -> None:
        sim, persona = self._sim, self._persona
        machine = persona.machine if self._script.direction == "outbound" else None
        if machine is not None:
            self._moves.append({"answered_by": machine})
        sim.start(by=machine)
        if machine == "voicemail" and self._script.patterns.after_beep is not None:
            greeting = round(self._rng.uniform(*GREETING), 1)
            self._moves.append({"beep": greeting})
            sim.beep(greeting)
        while True:
            if self._turns < persona.patience and self._rng.random() < persona.barge_in:
                self._interrupt()
            sim.settle()
            if sim.closed:
                return
            if sim.turns.owner == "human":
                self._silence(round(self._rng.uniform(*TALK), 1))
                self._person("ends", HungUp("human"))
            elif sim.calling:
                self._called()
            elif self._turns >= persona.patience:
                self._why.append(("why_hung_up", {}))
                self._hang_up()
                return
            else:
                self._turns += 1
                self._act(self._caller.act(self._scene(), persona.turn))

    def _scene(self) -> Scene:
        turns = self._sim.turns
        last = self._sim.said[-1].text if self._sim.said else ""
        return Scene(turns.expectation, turns.slots, last, self._now(), bool(self._sim.outcome.called))

    def _now(self) -> datetime:
        return self._at + timedelta(seconds=int(self._sim.now))

    def _act(self, act: Act) -> None:
        if act.kind in ("say", "keys"):
            wait = round(self._rng.uniform(*self._persona.reaction) - REACTION, 1)
            if wait > 0:
                self._silence(wait)
                self._sim.settle()
                if self._sim.closed:
                    return
        match act.kind:
            case "silence":
                self._silence(act.seconds)
            case "hang_up":
                self._why.append(("why_hung_up_self", {}))
                self._hang_up()
            case _:
                self._told_so_far()
                self._sim.turn()
                if not self._sim.closed:
                    self._moves.append(self._done(act))

    def _done(self, act: Act) -> Move:
        """Do it now; the move that records it."""
        sim = self._sim
        self._told = len(sim.said)
        if act.kind == "noise":
            sim.cough(act.seconds)
            return {"noise": act.seconds}
        if act.kind == "keys":
            sim.press(act.text)
            return {"dtmf": act.text}
        before = dict(sim.notes.reached)
        heard = sim.utter(act.text, act.meaning)
        menu = self._caller.menu
        if menu and not self._caller.asked:
            new = [one for one, count in sim.notes.reached.items() if count > before.get(one, 0)]
            self._caller.asked = any(one.startswith("answer:") and one.endswith(f".{menu}") for one in new)
        if not heard.text.strip():
            return {"noise": 0.3, "#": act.text}
        move: Move = {"caller": heard.text, "confidence": heard.confidence}
        if heard.alternatives:
            move["alternatives"] = {one.text: one.confidence for one in heard.alternatives}
        if heard.text != act.text:
            move["#"] = act.text
        return move

    def _interrupt(self) -> None:
        """Speak over the line that plays, if there is enough of it left."""
        sim, persona = self._sim, self._persona
        if sim.closed or not sim.speaking or sim.speaks_since is None or self._caller.plan:
            return
        ahead = round(min(self._rng.uniform(*persona.barge_after), sim.speaking - 0.2), 3)
        after = round(sim.now - sim.speaks_since + ahead, 3)
        act = self._caller.act(self._scene(), persona.barge_with)
        if ahead < 0.2 or act.kind not in ("say", "keys", "noise") or sim.speaks_since + after < sim.now:
            return
        self._turns += 1
        sim.interrupt(after)
        if not sim.closed:
            self._moves.append({"interrupt": {"after": after, **self._done(act)}})

    def _silence(self, seconds: float) -> None:
        if seconds <= 0:
            return
        self._told_so_far()
        self._told = len(self._sim.said)
        self._moves.append({"silence": seconds})
        self._sim.wait(seconds)

    def _hang_up(self) -> None:
        self._told_so_far()
        self._sim.turn()
        if not self._sim.closed:
            self._told = len(self._sim.said)
            self._moves.append({"hangs_up": None})
            self._sim.hang_up()

    def _called(self) -> None:
        """A person has been called."""
        luck = self._rng.random()
        if luck < self._world.joined:
            self._silence(round(self._rng.uniform(1, 25), 1))
            if self._sim.calling and not self._sim.closed:
                self._person("joins", HumanJoined())
        elif luck < (1 + self._world.joined) / 2:
            self._person("fails", HandoffFailed())
        else:
            called = self._sim.calling
            self._silence(self._script.settings.human_within + 1)
            if self._sim.calling == called:
                self._sim.calling = ""

    def _person(self, does: str, event: HumanJoined | HandoffFailed | HungUp) -> None:
        self._told_so_far()
        self._sim.settle()
        if self._sim.closed:
            return
        self._told = len(self._sim.said)
        self._moves.append({"human": does})
        self._sim.calling = ""
        self._sim.send(event)

    def _told_so_far(self) -> None:
        """The bot's lines since the last move, before the next one."""
        said = [say.text for say in self._sim.said[self._told :] if say.text]
        if said:
            self._moves.append({"bot": said})
        self._told = len(self._sim.said)

    # --- the verdict ------------------------------------------------------------------------------------------------

    def _verdict(self) -> CallResult:
        sim, notes = self._sim, self._sim.notes
        end = sim.outcome.disposition
        ending, result, label = (end.ending, end.result, end.label) if end else ("", "", "")
        reached = self._reached(result, ending, end.values if end else {})
        if not reached and sim.closed:
            self._told_so_far()
        digest = sim.digest
        digest.update(f"{self._persona.name} {result} {ending} {label} {reached} {self._moves}\n".encode())
        return CallResult(
            number=self._number,
            persona=self._persona.name,
            digest=digest.hexdigest(),
            result=result,
            ending=ending,
            label=label,
            reached=reached,
            why=() if reached else tuple(self._why),
            seconds=round(sim.now, 1),
            turns=self._turns,
            right=notes.right,
            path=notes.reached,
            waits=tuple(notes.waits),
            unclear=tuple(notes.unclear),
            wrong=tuple(notes.wrong),
            at=self._at.isoformat(timespec="minutes"),
            moves=() if reached else (*self._mocks(), *self._moves),
            expect={} if reached else self._expect(ending, result, label),
            arms=sim.turns.engine.arms,
            seed=self._seed,
            log="".join(sim.lines),
        )

    def _reached(self, result: str, ending: str, values: Mapping[str, Scalar]) -> bool:
        persona = self._persona
        for pattern in ("error", "too_long"):
            if f"pattern:{pattern}" in self._sim.notes.reached:
                self._why.append(("why_fault", {"name": pattern}))
        if result not in persona.reached and not self._why:
            self._why.append(("why_result", {"ending": ending, "result": result, "wants": persona.wants}))
        elif persona.wants == "service" and not self._why:
            wrong = {name: values[name] for name in self._caller.wishes.mismatched(values)}
            for name, found in wrong.items():
                words = {"name": name, "found": str(found), "wanted": str(self._caller.wishes.wanted[name])}
                self._why.append(("why_slot", words))
            filled = any(values.get(name) is not None for name in self._caller.wishes.wanted)
            # An ending with the result `success` is the designer's word that what was wanted has been done.
            if result == "completed" and not filled and not self._sim.notes.done and not self._caller.asked:
                self._why.append(("why_idle", {}))
        return not self._why

    def _mocks(self) -> list[Move]:
        """What the actions answered, as a test's first turn."""
        found: Move = {}
        for name, answers in self._sim.answers.items():
            told = []
            for answer in answers:
                one: Move = {"ok": answer.ok, "after": answer.after, **answer.values}
                if answer.error:
                    one["error"] = answer.error
                told.append(one)
            found[name] = told
        return [{"action": found}] if found else []

    def _expect(self, ending: str, result: str, label: str) -> dict[str, Any]:
        found: dict[str, Any] = {"ending": ending, "result": result}
        if label:
            found["label"] = label
        return found
