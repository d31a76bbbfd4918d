"""One call in virtual time: a caller, a loudspeaker and a bank that behave as a test says, around runtime's `Turns`.

Time moves only when something is due: the end of a line, an action's answer, the engine's deadline, the caller. Nothing
here reads a clock or waits, so the same test gives the same call, event for event.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from huashu.core.actions import (
    Action,
    CallbackRequested,
    Disposition,
    Handoff,
    Hangup,
    Listen,
    OptOut,
    Rated,
    RunAction,
    Say,
    Send,
    Stop,
)
from huashu.core.errors import HuashuError
from huashu.core.events import (
    ActionResult,
    Alternative,
    Answered,
    AnsweredBy,
    Beep,
    Cause,
    Dtmf,
    Event,
    Heard,
    HungUp,
    MachineDetected,
    Medium,
    NotAnswered,
    SpeechStarted,
    SpeechStopped,
    Started,
    Ticked,
)
from huashu.core.values import Scalar
from huashu.flows.forms import form_of
from huashu.lab.answering import Answering
from huashu.lab.loudspeaker import Loudspeaker, reaches, seconds_of, takes_the_turn
from huashu.lab.wording import Wording
from huashu.runtime.bot import Bot
from huashu.runtime.turn import Turns

REACTION = 0.4
"""Seconds between the end of the bot's words and the caller's."""
KEY_GAP = 0.3
"""Seconds between two keys."""
MORNING = datetime(2026, 3, 2, 10, 0)
"""When a test's call takes place if it does not say: a Monday morning, inside business hours."""
ZONE = "Asia/Shanghai"
MAX_SECONDS = 4 * 3600.0
"""Virtual; a call that is still talking then is a loop."""


Partials = Sequence[tuple[float, str]]
"""(share of the speaking time, words recognised so far)."""


def uncapped(bot: Bot) -> Bot:
    """Without `max_length` and `max_turns`, which the bounds do not count either."""
    settings = replace(bot.script.settings, max_seconds=1e9, max_turns=10**9)
    return replace(bot, script=replace(bot.script, settings=settings))


class UnmetError(HuashuError):
    """The test cannot go on: the bot is not where the test says."""

    code = "unmet"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record, for a person to read."""

    now: float
    who: str
    """bot, caller, or the name of what happened."""
    text: str


@dataclass(slots=True)
class Outcome:
    """What the call has led to."""

    disposition: Disposition | None = None
    queue: str | None = None
    form: str = ""
    """Which the person who was asked for last fills in."""
    rated: str | None = None
    """The score; "": asked without an answer; None: not asked."""
    sent: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    opt_out: bool = False
    callback: bool = False


class Simulation:
    """Raises UnmetError where the caller cannot do what was asked of them."""

    def __init__(
        self,
        bot: Bot,
        *,
        medium: Medium = "voice",
        at: datetime | None = None,
        language: str | None = None,
        variables: Mapping[str, Scalar] | None = None,
        arms: Mapping[str, str] | None = None,
        seed: int = 0,
        backend: Callable[[RunAction], ActionResult] | None = None,
        watch: Callable[[Iterable[str]], None] | None = None,
        most: float = MAX_SECONDS,
    ) -> None:
        """`backend` answers the actions no mock answers; `watch` is told what the engine performed; `most`: seconds
        after which a call that is still talking is taken for a loop."""
        self.now = 0.0
        self.said: list[Say] = []
        self.record: list[Entry] = []
        self.outcome = Outcome()
        self.actions = Answering(backend)
        self.begun: dict[str, float] = {}
        """By id of a line: when it began to be spoken."""
        self.quiet_since = 0.0
        """When the caller has last fallen silent."""
        self.turns = Turns(bot, observe=self._observe)
        self._forms = bot.script.forms
        self._tell = Wording(bot.script.language)
        self._voice = medium == "voice"
        self._watch = watch
        self._most = most
        self._deadline: float | None = None
        self._speaker = Loudspeaker()
        self._queue: deque[Event] = deque()
        self._hanging_up = False
        self._ended = False
        self._spoke_at: float | None = None
        """When the first line since the caller's last turn began to play."""
        self._inter_digit = 0.0
        given = {v.name: v.example for v in bot.script.variables.values() if v.given and v.example is not None}
        self._started = Started(
            call="test",
            direction=bot.script.direction,
            medium=medium,
            language=language,
            wall=(at or MORNING).replace(tzinfo=ZoneInfo(ZONE)).timestamp(),
            zone=ZONE,
            marks="sent" if self._voice else "none",
            variables={**given, **(variables or {})},
            arms=arms or {},
            seed=seed,
        )

    # --- the beginning of a call ------------------------------------------------------------------------------------

    def start(self, *, by: AnsweredBy | None = None, saying: Cause | None = None, nobody: Cause | None = None) -> None:
        """The call is made: answered by a person, by something else (`by`, an announcement `saying` why), or not at
        all (`nobody`)."""
        self.send(self._started)
        if nobody is not None:
            self._note("not answered", nobody)
            self.send(NotAnswered(nobody))
            return
        self.send(Answered())
        if by is not None:
            self._note("answered by", by)
            self.send(MachineDetected(by, cause=saying))

    # --- time -------------------------------------------------------------------------------------------------------

    @property
    def closed(self) -> bool:
        return self._ended or self.turns.closed

    @property
    def busy(self) -> bool:
        """The bot speaks or waits for an action: something will happen without the caller."""
        return bool(self._speaker or self.actions.due is not None) and not self._ended

    def advance(self) -> bool:
        """On to the next thing that happens by itself; False when the bot waits for the caller."""
        if not self.busy:
            return False
        self._next(None)
        return True

    def settle(self) -> None:
        """Until the bot has said and done everything it will without the caller."""
        while self.advance():
            pass

    def wait(self, seconds: float) -> None:
        """Nobody does anything for so long."""
        until = self.now + seconds
        while not self._ended and self._next(until):
            pass
        self.now = max(self.now, until)

    def _next(self, until: float | None) -> bool:
        """Let the earliest due thing happen; False when nothing is due by `until`."""
        due: list[tuple[float, int]] = []
        ends = self._speaker.due(self.now)
        if ends is not None:
            due.append((ends, 0))
        answers = self.actions.due
        if answers is not None:
            due.append((answers, 1))
        if self._deadline is not None:
            due.append((self._deadline, 2))
        if not due:
            return False
        at, kind = min(due)
        if until is not None and at > until + 1e-6:
            return False
        self.now = max(self.now, at)
        if self.now > self._most:
            raise UnmetError(self._tell("endless", seconds=self._most))
        if kind == 0:
            self._queue.append(self._speaker.finish())
            self._play()
            self._pump()
        elif kind == 1:
            result = self.actions.take()
            if result is not None:
                self.send(result)
        else:
            self.send(Ticked())
        return True

    # --- the caller -------------------------------------------------------------------------------------------------

    def speak(
        self,
        text: str,
        confidence: float = 1.0,
        alternatives: tuple[Alternative, ...] = (),
        partial: Sequence[str] = (),
    ) -> None:
        """`partial`: what is recognised meanwhile, spread evenly over the time it takes to say the words."""
        self._note("caller", text)
        heard = Heard(text, confidence=confidence, alternatives=alternatives)
        self._voiced(seconds_of(text), heard, _spread(partial))

    def cough(self, seconds: float, partial: Sequence[str] = ()) -> None:
        self._note("caller", self._tell("noise", seconds=seconds))
        self._voiced(seconds, Heard(""), _spread(partial))

    def beep(self, seconds: float) -> None:
        """A voicemail's greeting for so long, and its beep."""
        self._note("caller", self._tell("beep", seconds=seconds))
        if seconds:
            self.send(SpeechStarted())
            self.wait(seconds)
            self.send(SpeechStopped())
            self.send(Heard(""))
        self.quiet_since = self.now
        self.send(Beep())

    def press(self, digits: str, gap: Sequence[float] = ()) -> None:
        """Keys, so many seconds apart (the last of `gap` ever after), then as long as the bot may still wait for
        another one."""
        self._note("caller", self._tell("keys", digits=digits))
        before = len(self.record)
        gaps = gap or (KEY_GAP,)
        for number, digit in enumerate(digits):
            if number:
                self.wait(gaps[min(number, len(gaps)) - 1])
            self._spoke_at = None
            self.quiet_since = self.now
            track = self._speaker.playing
            if track is not None and track.position(self.now) < track.say.barge_in.protected:
                continue
            if track is not None and track.say.barge_in.kind != "off":
                self._stop(track.say.id)
            self.send(Dtmf(digit))
        if len(self.record) == before and self._inter_digit:
            self.wait(self._inter_digit)

    def hang_up(self) -> None:
        self._note("caller", self._tell("hangs_up"))
        self.send(HungUp("caller"))
        self._ended = True

    def turn(self) -> None:
        """The caller is about to act: not before the bot has finished, and not after the end."""
        self.settle()
        self.alive()
        self.wait(REACTION)
        self._spoke_at = None

    def interrupt(self, after: float) -> None:
        """Go to `after` seconds past the bot's first word since the caller's last turn; it must still be speaking."""
        while self._spoke_at is None and self.advance():
            pass
        if self._spoke_at is None:
            raise UnmetError(self._tell("no_words_to_cut"))
        self.wait(self._spoke_at + after - self.now)
        if not self._speaker:
            raise UnmetError(self._tell("not_speaking", seconds=after))

    def alive(self) -> None:
        if self.closed:
            raise UnmetError(self._tell("over"))

    def _voiced(self, seconds: float, heard: Heard, partials: Partials = ()) -> None:
        """Voice for so long, then its words, as huashu.voice does it: a line that may be interrupted pauses when voice
        begins; words that take the turn end it, everything else lets it go on."""
        if not self._voice:
            self.quiet_since = self.now
            self.send(heard)
            return
        paused = self._speaker.pause(self.now)
        self._speaker.voice = True
        self._spoke_at = None
        self.send(SpeechStarted())
        self._talk(seconds, partials, heard.confidence)
        self.quiet_since = self.now
        self.send(SpeechStopped())
        line = paused if paused is not None and self._speaker.plays(paused) else self._speaker.playing
        if line is not None and heard.text:
            expect = self.turns.expectation
            guarded = line.position(self.now) < line.say.barge_in.protected
            if not guarded and takes_the_turn(heard.text, line.say, expect):
                self._speaker.held = True  # what waits behind it is not begun before the words have been dealt with
                self._stop(line.say.id)
                self._pump()
            elif not reaches(heard.text, line, self.now, expect):
                heard = Heard("", confidence=heard.confidence)
        if paused is not None and self._speaker.plays(paused):
            self._speaker.resume(paused, self.now)
        self.send(heard)
        self._speaker.held = self._speaker.voice = False
        self._play()
        self._pump()

    def _talk(self, seconds: float, partials: Partials, confidence: float) -> None:
        """The time a voice takes, its words coming in bit by bit."""
        spent = 0.0
        for share, text in partials:
            self.wait(round(seconds * share, 3) - spent)
            spent = round(seconds * share, 3)
            if not self.turns.closed:
                self.send(Heard(text, final=False, confidence=confidence))
        self.wait(seconds - spent)

    # --- events in, actions out -------------------------------------------------------------------------------------

    def send(self, event: Event) -> None:
        """An event, and whatever events its actions cause at the same instant."""
        self._queue.append(event)
        self._pump()

    def _pump(self) -> None:
        while self._queue:
            turn = self.turns.step(self._queue.popleft(), now=self.now)
            self._deadline = turn.deadline
            for action in turn.actions:
                self._perform(action)
            self._play()  # after all actions: a line that waited behind a stopped one may have been stopped too
            if self._hanging_up and not self._speaker and not self._queue and not self._ended:
                self._ended = True
                self._queue.append(HungUp("bot"))

    def _observe(self, _: object) -> None:
        if self._watch is not None:
            self._watch(self.turns.engine.reached)

    def _perform(self, action: Action) -> None:
        match action:
            case Say():
                self._say(action)
            case Stop(id=identity):
                self._stop(identity)
            case Listen(expect=expect):
                self._inter_digit = expect.dtmf.inter_digit if expect.dtmf else 0.0
            case RunAction():
                self._run(action)
            case Handoff(queue=queue, reason=reason):
                self.outcome.queue = queue
                form = form_of(self._forms, queue, reason, self.turns.position)
                self.outcome.form = form.name if form is not None else ""
                self._note("handoff", queue)
            case Send(medium=medium, text=text):
                self.outcome.sent.append(text)
                self._note(medium, text)
            case Disposition():
                self.outcome.disposition = action
                self._note("ending", " ".join(filter(None, (action.ending, action.label, action.result))))
            case OptOut():
                self.outcome.opt_out = True
            case Rated(kind=kind, score=score):
                self.outcome.rated = "" if score is None else str(score)
                self._note(kind, self.outcome.rated or "-")
            case CallbackRequested():
                self.outcome.callback = True
            case Hangup():
                self._hanging_up = True
            case _:
                self._note("transfer", "")

    def _say(self, say: Say) -> None:
        self.said.append(say)
        self._note("bot", say.text)
        if not self._voice:
            self._spoke_at = self.begun[say.id] = self.now
            return
        self._speaker.add(say)

    def _play(self) -> None:
        """Begin the first line of the queue, if it has not begun."""
        started = self._speaker.begin(self.now)
        if started is not None:
            if self._spoke_at is None:
                self._spoke_at = self.now
            self.begun.setdefault(started.say, self.now)
            self._queue.append(started)

    def _stop(self, identity: str) -> None:
        ended = self._speaker.stop(identity, self.now)
        if ended is not None:
            if ended.played > 0:
                self._note("stop", self._tell("stopped", played=ended.played))
            self._queue.append(ended)

    def _run(self, action: RunAction) -> None:
        self.outcome.called.append(action.name)
        result, after = self.actions.run(action, self.now)
        outcome = self._tell("ok") if result.ok else result.error
        self._note("action", self._tell("action_ran", name=action.name, outcome=outcome, seconds=after))

    def _note(self, who: str, text: str) -> None:
        self.record.append(Entry(self.now, who, text))


def _spread(partial: Sequence[str]) -> Partials:
    return [(number / (len(partial) + 1), text) for number, text in enumerate(partial, 1)]
