"""The synchronous heart of a conversation: event in, understanding between, commit, actions out.

`Turns` is what every shell shares: `Host` drives it from an event loop, huashu.lab in virtual time. It never performs
anything and knows no clock. One thread at a time.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from huashu.core.actions import Action, Disposition, Turn
from huashu.core.errors import LimitError, UsageError
from huashu.core.events import (
    Event,
    Heard,
    PlaybackMark,
    PlaybackStarted,
    Resumed,
    Started,
    Ticked,
    Understood,
)
from huashu.core.expect import Expectation
from huashu.core.values import Values
from huashu.dialogue.engine import Conversation
from huashu.runtime import metrics
from huashu.runtime.bot import Bot
from huashu.runtime.faults import where
from huashu.runtime.salvage import Salvage
from huashu.store.log import Closing, Entry, Opening, Store

logger = logging.getLogger(__name__)

MAX_UTTERANCE = 2000
"""Characters of one Heard: some six minutes of speech, more than any recogniser hands over as one turn."""

Observer = Callable[[Entry], None]


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be understood before the turn can go on."""

    heard: Heard
    expect: Expectation
    now: float


class Turns:
    """One conversation. `step` does a whole turn; shells that must not block use its parts:

    `question = hear(event)`, then if there is one `answer(understand(question))`, then `commit()` or
    `await commit_async()`. `understand` may run in another thread; nothing else may run meanwhile.
    """

    __slots__ = (
        "_actions",
        "_bot",
        "_engine",
        "_epoch",
        "_now",
        "_observe",
        "_pending",
        "_salvage",
        "_seq",
        "_started",
        "_store",
        "_turns",
        "_whole",
        "_zone",
        "disposition",
    )

    def __init__(self, bot: Bot, store: Store | None = None, *, observe: Observer | None = None) -> None:
        """observe: called with every event the engine has accepted, in order, partials and ticks included."""
        self._bot = bot
        self._store = store
        self._observe = observe
        self._engine = Conversation(bot.script)
        self._salvage: Salvage | None = None
        self._started: Started | None = None
        self._zone: ZoneInfo | None = None
        self._epoch = 0
        self._seq = 0
        self._now = 0.0
        self._turns = 0
        self._pending: list[Entry] = []
        self._whole = False
        self._actions: list[Action] = []
        self.disposition: Disposition | None = None
        """How it ended, once it has."""

    # --- what the shell sees --------------------------------------------------------------------------------------

    @property
    def call(self) -> str:
        """Empty before Started."""
        return self._started.call if self._started else ""

    @property
    def started(self) -> Started | None:
        return self._started

    @property
    def bot(self) -> Bot:
        return self._bot

    @property
    def now(self) -> float:
        """Of the last event, in seconds since Started."""
        return self._now

    @property
    def deadline(self) -> float | None:
        """When to give it Ticked, in seconds since Started."""
        return self._salvage.deadline if self._salvage else self._engine.deadline

    @property
    def closed(self) -> bool:
        return self._salvage.closed if self._salvage else self._engine.closed

    @property
    def expectation(self) -> Expectation:
        return self._engine.expectation

    @property
    def owner(self) -> str:
        return self._engine.owner

    @property
    def position(self) -> str:
        """ "flow.step"."""
        return self._engine.step

    @property
    def slots(self) -> Values:
        return self._engine.slots

    @property
    def engine(self) -> Conversation:
        """For inspection; events go through `step`."""
        return self._engine

    # --- a whole turn ---------------------------------------------------------------------------------------------

    def step(self, event: Event, *, now: float) -> Turn:
        """Everything that follows from one event, committed; the caller performs the actions.

        Raises:
            UsageError: the event is impossible (out of order, too long, unknown variable); nothing has changed.
            StoreError: the turn could not be recorded; its actions must not be performed.
        """
        question = self.hear(event, now=now)
        if question is not None:
            self.answer(self.understand(question), now=now)
        return self.commit()

    # --- its parts ------------------------------------------------------------------------------------------------

    def hear(self, event: Event, *, now: float) -> Question | None:
        """Give the engine an event; what has to be understood next, if anything. Raises UsageError as `step`."""
        if isinstance(event, Heard) and len(event.text) > MAX_UTTERANCE:
            raise LimitError(f"an utterance has {len(event.text)} characters; at most {MAX_UTTERANCE} are accepted")
        if self._started is not None and self.closed:
            return None  # the record of a closed call is closed
        self._receive(event, now)
        if isinstance(event, Started):
            self._started = event
            self._zone = ZoneInfo(event.zone)
        if (
            not isinstance(event, Heard)
            or not event.final
            or not event.text.strip()
            or self._salvage is not None
            or self.closed
            or self.owner == "human"
        ):
            return None
        return Question(event, self._engine.expectation, now)

    def understand(self, question: Question) -> Understood:
        """What was meant; nothing, when understanding itself fails. Thread-safe."""
        began = time.perf_counter()
        try:
            meant = self._bot.understand(question.heard, question.expect, at=self.local_time(question.now))
        except Exception as error:  # a plugged-in engine may raise anything; for the caller it was "not understood"
            logger.error("call %s: understanding failed with %s", self.call, where(error))
            metrics.NLU_FAILURES.inc()
            meant = Understood(question.heard.text, confidence=question.heard.confidence)
        metrics.NLU_SECONDS.observe(time.perf_counter() - began)
        return meant

    def answer(self, understood: Understood, *, now: float) -> None:
        """Give the engine what was meant by the question `hear` returned."""
        self._turns += 1
        self._receive(understood, now)

    def commit(self) -> Turn:
        """Record what happened since the last commit and hand out its actions. Raises StoreError."""
        if self._store is not None and self._due():
            entries, closing = self._taken()
            if self._epoch:
                self._store.append(self.call, entries, epoch=self._epoch, closing=closing)
            else:
                self._epoch = self._store.begin(self._opening(), entries, closing=closing)
        return self._turn()

    async def commit_async(self) -> Turn:
        """`commit` without blocking the event loop while a group of turns is collected."""
        if self._store is not None and self._due():
            entries, closing = self._taken()
            if self._epoch:
                await self._store.append_async(self.call, entries, epoch=self._epoch, closing=closing)
            else:
                self._epoch = await self._store.begin_async(self._opening(), entries, closing=closing)
        return self._turn()

    async def finished_async(self) -> None:
        """The actions of the last turn of a closed conversation have been performed: tell the store. Raises StoreError.

        A shell that never says so has its last turn performed again when somebody resumes the call.
        """
        if self._store is not None and self._epoch and self.closed:
            await self._store.finish_async(self.call, epoch=self._epoch)

    def restore(self, entries: Sequence[Entry], *, epoch: int) -> list[tuple[Entry, tuple[Action, ...]]]:
        """Rebuild the state from the log of an open call; what each event did. To be called once, first.

        epoch: from Store.claim; later commits are made under it.
        """
        history = []
        for entry in entries:
            self._seq = entry.seq - 1
            self._receive(entry.event, entry.now)
            if isinstance(entry.event, Started):
                self._started = entry.event
                self._zone = ZoneInfo(entry.event.zone)
            if isinstance(entry.event, Understood):
                self._turns += 1
            history.append((entry, tuple(self._actions)))
            self._actions = []
        self._pending = []
        self._whole = False
        self._epoch = epoch
        return history

    def local_time(self, now: float) -> datetime:
        """The caller's wall clock (aware) at an instant of the call."""
        if self._started is None:
            raise UsageError("the conversation has not been started")
        return (datetime.fromtimestamp(self._started.wall, UTC) + timedelta(seconds=now)).astimezone(self._zone)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _receive(self, event: Event, now: float) -> None:
        seq = self._seq + 1
        if self._salvage is not None:
            actions = self._salvage.receive(event, seq, now=now)
        else:
            try:
                actions = self._engine.receive(event, now=now)
            except UsageError:
                raise  # the shell's fault; by the engine's contract nothing has changed
            except Exception as error:  # a fault of ours must not leave a caller in silence
                if self._started is None:
                    raise
                logger.error("call %s: the engine failed at event %d with %s", self.call, seq, where(error))
                metrics.ENGINE_FAILURES.inc()
                person, over = self.owner == "human", self.disposition is not None
                self._salvage = Salvage(self._bot.script, seq, now=now, person=person, over=over)
                actions = self._salvage.actions
            if self._engine.trouble:
                logger.warning("call %s: the script's error pattern has it, from %s", self.call, self._engine.trouble)
        self._seq = seq
        self._now = now
        if self._store is not None or self._observe is not None:
            self._record(Entry(seq, now, event))
        if actions:
            self._actions.extend(actions)
            for action in actions:
                if isinstance(action, Disposition):
                    self.disposition = action

    def _record(self, entry: Entry) -> None:
        if self._store is not None:
            self._pending.append(entry)
            event = entry.event
            if isinstance(event, Heard):
                self._whole = self._whole or event.final
            elif not isinstance(event, (PlaybackMark, PlaybackStarted)):
                self._whole = True
        if self._observe is not None:
            self._observe(entry)

    def _due(self) -> bool:
        """Partial words and playback marks alone wait for the turn they belong to."""
        return bool(self._pending) and (self._whole or bool(self._actions) or self.closed)

    def _taken(self) -> tuple[list[Entry], Closing | None]:
        entries, self._pending = self._pending, []
        self._whole = False
        return entries, self._closing() if self.closed else None

    def _turn(self) -> Turn:
        actions, self._actions = self._actions, []
        return Turn(tuple(actions), self.deadline, self.closed)

    def _opening(self) -> Opening:
        started, script = self._started, self._bot.script
        assert started is not None
        return Opening(
            call=started.call,
            bot=script.name,
            digest=script.digest,
            flow_digest=script.flow_digest,
            model_digest=script.model_digest,
            direction=started.direction,
            medium=started.medium,
            started=started.wall,
            arms=self._engine.arms,
        )

    def _closing(self) -> Closing:
        assert self._started is not None
        ended = self._started.wall + self._now
        end = self.disposition
        if end is None:
            return Closing(ended, turns=self._turns)
        return Closing(ended, end.ending, end.result, end.label, self._turns)


__all__ = ["Observer", "Question", "Resumed", "Ticked", "Turns"]
