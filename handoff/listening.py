"""What goes by on the lines: to the transcripts and desks, and to the rules that give hints or take a conversation from
the bot.
"""

from collections.abc import Callable

from huashu.core.actions import Action, CallbackRequested
from huashu.core.events import Event, Heard, Understood
from huashu.handoff import rules, signals, views
from huashu.handoff.board import Board
from huashu.handoff.live import Live
from huashu.handoff.machine import Case, Centre
from huashu.handoff.plan import Rule
from huashu.handoff.ranks import Timers


class Listening:
    def __init__(
        self, centre: Centre, board: Board, timers: Timers, tell: Callable[[signals.Signal], None],
        promised: Callable[[Live], None],
    ) -> None:  # fmt: skip
        """timers: gets ("watch", call) for when the rules of a conversation are to be looked at. promised: called when
        a bot that waits for nobody has promised a call back."""
        self._promised = promised
        self._centre = centre
        self._board = board
        self._timers = timers
        self._tell = tell

    def heard(self, live: Live, at: float, item: Event | Action, now: float) -> None:
        """Of a line, as it happens."""
        entries = live.transcript.take(at, item)
        case = self._centre.cases.get(live.call)
        if case is None:
            return
        if entries:
            self._board.said(case, entries)
        if live.watch is not None:
            struck = [rule for entry in entries for rule in live.watch.said(entry, now)]
            if live.transcript.mood and isinstance(item, Heard) and item.final:
                struck += live.watch.felt(live.transcript.mood[-1][1])
            self._struck(live, struck)
        if isinstance(item, Heard) and not item.final:
            return
        if isinstance(item, CallbackRequested):
            self._called_back(live, case)
        elif isinstance(item, Understood) and case.state in ("bot", "returned", "failed"):
            self._demand(live)
        self._board.later(live.call)

    def _called_back(self, live: Live, case: Case) -> None:
        if case.state == "queued":
            self._tell(signals.CallbackWanted(live.call))
        else:
            self._promised(live)

    def _demand(self, live: Live) -> None:
        """The centre's own rules take a conversation from the bot."""
        found = rules.demanded(self._centre.plan, live.transcript, live.known, live.struck)
        if found is not None:
            if found.kind == "variable":
                live.struck.add(found.name)
            reason = rules.REASONS[found.kind]
            live.stages.asked = live.transcript.telling
            self._tell(signals.Requested(live.call, found.queue, reason, priority=found.priority))

    # --- hints ----------------------------------------------------------------------------------------------------

    def changed(self, live: Live, now: float) -> None:
        """Rules watch exactly while a person has the conversation."""
        case = self._centre.cases.get(live.call)
        if case is None or case.state != "bridged":
            live.watch = None
        else:
            if live.watch is None:
                live.watch = rules.Watch(self._centre.plan.rules, case.queue)
                live.watch.begin(now)
            live.watch.held(case.on_hold, now)
        self._arm(live)

    def due(self, live: Live, now: float) -> None:
        """Something may have been missing for too long."""
        if live.watch is not None:
            self._struck(live, live.watch.tick(now))

    def _arm(self, live: Live) -> None:
        deadline = live.watch.deadline if live.watch is not None else None
        if deadline is None:
            self._timers.cancel(("watch", live.call))
        elif self._timers.get(("watch", live.call)) != deadline:
            self._timers.set(("watch", live.call), deadline)

    def _struck(self, live: Live, struck: list[Rule]) -> None:
        """Hints to who has it; alerts to supervisors as well."""
        self._arm(live)
        case = self._centre.cases.get(live.call)
        if case is None:
            return
        for rule in struck:
            hint = views.Hint(live.call, round(live.line.now, 1), rule.name, rule.say or rule.name, rule.level)
            seen = self._board.holders(case)
            more = [agent for agent in self._board.wall() if agent not in seen] if rule.level == "alert" else []
            for agent in [*seen, *more]:
                self._board.tell(agent, hint)
