"""What the centre does at the lines: tells the conversation, puts people's sound on it, learns whether they joined."""

from collections import OrderedDict
from collections.abc import Callable, Mapping

from huashu.core.events import HandoffFailed, HandoffQueued, HumanJoined, HumanLeft, HumanSaid, HungUp
from huashu.handoff import effects, signals
from huashu.handoff.line import Audience
from huashu.handoff.live import Live
from huashu.handoff.machine import Case, Centre
from huashu.handoff.opening import counted, opening
from huashu.handoff.wording import TO_CALLER, words

KNOWN_CALLERS = 10_000
"""Callers of whom it is remembered which agent they had."""
EARS: Mapping[effects.Part, tuple[Audience, Audience]] = {
    "owner": ("all", "all"),
    "conference": ("all", "all"),
    "barge": ("all", "all"),
    "hold": ("people", "people"),
    "consult": ("people", "people"),
    "whisper": ("all", "people"),
    "listen": ("all", "nobody"),
}
"""Part on a call → whom they hear, who hears them."""
NOBODY: Mapping[str, str] = {
    "no_answer": "nobody", "queue_full": "nobody", "closed": "nobody", "callback": "callback", "ticket": "filed",
    "voicemail": "nobody",
}  # fmt: skip
"""Why nobody has taken over a caller who had been with a person → what they hear or read before the bot goes on."""
Told = effects.Announce | effects.Bridge | effects.Fail | effects.Return | effects.HangUp


class Lines:
    """tell: the machine; began: called when a person has a conversation."""

    def __init__(
        self, centre: Centre, tell: Callable[[signals.Signal], None], began: Callable[[Live, Case], None]
    ) -> None:
        self.lives: dict[str, Live] = {}
        """By call. One that is over stays while its agent has to say how it went or the caller is to be called back."""
        self._centre = centre
        self._tell = tell
        self._began = began
        self._known: OrderedDict[str, str] = OrderedDict()
        """Caller → the agent they had last."""
        self._opening: set[tuple[str, str]] = set()
        """Call and agent of whom the conversation is being told who answers: not heard before it knows."""

    def perform(self, effect: Told) -> None:
        """What the conversation itself is told. Without a line it is told nothing: it learns by joining."""
        live = self.lives.get(effect.call)
        if live is None:
            return
        match effect:
            case effects.Announce():
                self._announce(live, effect)
            case effects.Bridge(agent=agent, handoff=handoff, heard=heard):
                future = live.post(HumanJoined(agent, handoff))
                if not heard:
                    self._open(live, agent)
                future.add_done_callback(lambda _: self._joined(live, agent, handoff))
            case effects.Fail(handoff=handoff, cause=cause):
                live.post(HandoffFailed(cause, handoff))
            case effects.Return(step=step, why=why):
                if why in NOBODY:
                    self._say(live, NOBODY[why])
                self._give_back(live, step)
            case effects.HangUp() if (survey := live.line.script.satisfaction) is not None:
                self._give_back(live, f"{survey.flow}.{live.line.script.flows[survey.flow].steps[0].id}")
            case effects.HangUp():
                live.post(HungUp("human"))

    def _give_back(self, live: Live, step: str) -> None:
        """To the bot, with what has been filled in for its variables. At the flow that asks how it was: the person has
        closed the conversation (huashu.dialogue.people)."""
        variables = live.line.script.variables
        values = {name: value for name, value in live.stages.filled.items() if name in variables}
        for name in values:
            del live.stages.filled[name]
        live.post(HumanLeft(step or None, values))

    def _announce(self, live: Live, effect: effects.Announce) -> None:
        """By the script's words; one who has been with a person already hears or reads the centre's."""
        if effect.handoff:
            live.post(HandoffQueued(effect.position, effect.wait or 0.0, effect.handoff))
            return
        if effect.position > 1:
            self._say(live, "place", effect.position - 1)
        else:
            self._say(live, "waiting")

    def _say(self, live: Live, code: str, ahead: int = 0) -> None:
        """The centre's own words to somebody whom the bot does not have: read where words are text, else spoken by its
        voice. ahead: how many stand before them."""
        language = live.line.expectation.language
        text = words(TO_CALLER, code, language, ahead=ahead)
        spoken = words(TO_CALLER, code, language, ahead=counted(ahead, language)) if ahead else ""
        live.post(HumanSaid(text, centre="waiting", spoken=spoken))

    def _open(self, live: Live, agent: str) -> None:
        """Who answers, where the queue has that said."""
        case = self._centre.cases.get(live.call)
        person = self._centre.people.get(agent)
        template = self._centre.plan.queue(case.queue).opening if case is not None else ""
        if template and person is not None:
            text, spoken = opening(template, person.profile, live.line.expectation.language)
            self._opening.add((live.call, agent))
            future = live.post(HumanSaid(text, centre="opening", spoken=spoken))
            future.add_done_callback(lambda _: self._opened(live, agent))

    def _opened(self, live: Live, agent: str) -> None:
        """Now the line holds them back by itself, until it has been said."""
        self._opening.discard((live.call, agent))
        case = self._centre.cases.get(live.call)
        part = self.part(case, agent) if case is not None and self.lives.get(live.call) is live else None
        if part is not None:
            self.connect(live.call, agent, part)

    def _joined(self, live: Live, agent: str, handoff: str) -> None:
        """Whether the conversation has accepted the person."""
        if self.lives.get(live.call) is not live:
            return
        if live.line.owner != "human":
            self._tell(signals.WentOn(live.call, handoff) if handoff else signals.BridgeFailed(live.call, agent))
            return
        self._tell(signals.Bridged(live.call, agent))
        case = self._centre.cases.get(live.call)
        if case is not None and case.state == "bridged":
            self.remember(live.number, case.agent)
            self._began(live, case)

    def remember(self, number: str, agent: str) -> None:
        """Whom a caller had last."""
        if number:
            self._known[number] = agent
            self._known.move_to_end(number)
            if len(self._known) > KNOWN_CALLERS:
                self._known.popitem(last=False)

    def knows(self, live: Live) -> str:
        """The agent whom the caller had last; empty when there is none."""
        return self._known.get(live.number, "")

    # --- sound ----------------------------------------------------------------------------------------------------

    def part(self, case: Case, agent: str) -> effects.Part | None:
        """What the agent is on the line of a conversation; None: nothing."""
        if case.state == "bridged" and case.agent == agent:
            return "hold" if case.on_hold else "owner"
        leg = self._centre.cases.get(case.consult)
        if leg is not None and leg.agent == agent and leg.state == "bridged":
            return "consult"
        return case.parties.get(agent)

    def connect(self, call: str, agent: str, part: effects.Part) -> None:
        """With the ears of their part, if their sound is there."""
        live = self.lives.get(call)
        track = live.tracks.get(agent) if live is not None else None
        if live is not None and track is not None:
            hears, heard_by = EARS[part]
            if (call, agent) in self._opening:
                heard_by = "nobody"
            live.line.bridge(track, hears=hears, heard_by=heard_by)

    def disconnect(self, call: str, agent: str) -> None:
        live = self.lives.get(call)
        track = live.tracks.pop(agent, None) if live is not None else None
        if live is not None and track is not None:
            live.line.unbridge(track)
