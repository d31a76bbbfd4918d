"""The detectors of one call, side by side: who answered, and how the line is. They look on; nothing waits for them.

A recogniser that hears only what the open question expects would make a machine's greeting into an answer: such a one
is asked a second time, for what machines and people begin calls with, as long as it is open who answered. One that
takes topics says how sure it is; of one that takes lists only the surest readings count, beside free words if any.
"""

import logging
from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from huashu.asr.engine import Capabilities, Recogniser
from huashu.core.audio import FRAME_SECONDS
from huashu.core.events import AnsweredBy, Beep, Heard, MachineDetected, NotAnswered
from huashu.core.expect import Expectation
from huashu.voice import announcements, likeness, metrics
from huashu.voice.answer import AnswerDetector, Verdict
from huashu.voice.cues import evidence
from huashu.voice.ears import Ears
from huashu.voice.health import Health, LineHealth
from huashu.voice.progress import Progress
from huashu.voice.repetition import Repetition

_log = logging.getLogger(__name__)

_BEEP_WITHIN = 60.0
"""Seconds after a voicemail was recognised in which its beep is listened for."""
_BEHIND = 0.3
"""Seconds of voice behind a beep after which it was not the one before the recording: greetings are made of parts."""


def listened_for(abilities: Capabilities, language: str) -> tuple[Expectation, ...]:
    """What a recogniser of these abilities is asked for beside the conversation while it is open who answered, first
    what machines say; nothing where it hears anything at all in any case. Give it to `Recogniser.warm`."""
    if not abilities.grammar:
        return ()
    topic = likeness.topic(language) if abilities.topics else None
    if topic is not None:
        return (topic,)
    anything = announcements.free(language)
    listed = announcements.expectation(language)
    return (listed,) if anything is None else (listed, anything)


class Watch:
    """Args:
    rate: of the line, 8000 or 16000.
    detect: whether to find out who answers.
    recogniser, pool: as the session's own ears have them.
    """

    def __init__(self, recogniser: Recogniser, *, rate: int, detect: bool, pool: Executor | None = None) -> None:
        self._answer = AnswerDetector() if detect else None
        self._progress = Progress(rate) if detect else None
        """None: nothing is looked for (any more)."""
        self._repetition = Repetition(rate) if detect else None
        self._ears: Ears | None = None
        """For what machines say …"""
        self._free_ears: Ears | None = None
        """… and, where the recogniser takes dictation, for whatever is said."""
        self._abilities = recogniser.capabilities
        if detect and self._abilities.grammar:
            self._ears = Ears(recogniser, rate=rate, partial=self._listed_words, final=self._listed_words, pool=pool)
            self._free_ears = Ears(recogniser, rate=rate, partial=self._free_words, final=self._free_words, pool=pool)
        self._listed = ""
        """Sure readings from the list so far: a greeting comes in parts."""
        self._rate = rate
        self._beep_by: float | None = None
        """A voicemail has answered: until then its beep is listened for."""
        self._beeped = False
        """It has beeped, and next to no voice has come since …"""
        self._behind = 0.0
        """… seconds of it."""
        self._outstanding = 0
        """Turns whose free words are not final."""
        self._health = LineHealth()
        self._frames = 0
        self._answered = False
        self._told = False
        """That nothing comes has been logged."""

    @property
    def verdict(self) -> Verdict | None:
        """The latest; None: not known yet, or not looked for."""
        return self._answer.verdict if self._answer is not None else None

    @property
    def odds(self) -> float:
        """Log odds of a machine by how it has talked (huashu.voice.likeness), 0 where that is not looked at."""
        return self._answer.odds if self._answer is not None else 0.0

    @property
    def health(self) -> Health:
        """Of the line since the answer."""
        return self._health.report()

    def answered(self, now: float) -> None:
        """Media flows both ways from here."""
        if not self._answered:
            self._answered = True
            self._health.begin()
        if self._answer is not None:
            self._answer.answered(now)
        if self._repetition is not None:
            self._repetition = Repetition(self._rate)  # what was heard before was the network's

    def known(self, by: AnsweredBy | None, now: float) -> None:
        """The edge has said itself who answered; None: nobody that a message could be left to."""
        self._rest()
        if by == "voicemail":
            self._progress = Progress(self._rate)
            self._await_beep(now)

    def open(self, language: str) -> None:
        """The caller's turn begins."""
        if self._ears is not None:
            for ears, expect in zip(
                (self._ears, self._free_ears), listened_for(self._abilities, language), strict=False
            ):
                if ears is not None:
                    self._outstanding += 1
                    ears.open(expect)

    def close(self) -> None:
        """The caller's turn is over."""
        for ears in (self._ears, self._free_ears):
            if ears is not None:
                ears.close()

    def hear(self, heard: Heard) -> None:
        """Words, partial or final, from the session's own ears."""
        if self._ears is None and self._progress is not None and self._answer is not None:
            self._answer.hear(heard.text, final=heard.final)

    def stop(self) -> None:
        """The call is over."""
        self._rest()
        if not self._answered:
            return
        self._answered = False
        if self.verdict is not None:
            metrics.ANSWERED_BY.labels(self.verdict.by).inc()
        health = self.health
        for fault in health.faults:
            metrics.LINE_FAULTS.labels(fault).inc()
        if health.talk is not None:
            metrics.TALK_LEVEL.observe(health.talk)

    @property
    def looking(self) -> bool:
        """It is open who answered: `feed` as well."""
        return self._progress is not None

    def add(self, frame: NDArray[np.int16], call: str) -> None:
        """The next 20 ms of the caller. `call`: its id, for the log."""
        self._health.add(frame)
        self._frames += 1
        if self._frames % 50 == 0:
            self._look_at_line(call)

    def feed(
        self, frame: NDArray[np.int16], call: str, *, now: float, voice: bool, settled: bool, own: bool = False
    ) -> tuple[NotAnswered | MachineDetected | Beep, ...]:
        """The same frame again, while `looking`, and what has come of it for the dialogue.

        voice: by the voice activity detector. settled: no words are outstanding. own: the bot speaks, or its last sound
        may still come back.
        """
        if self._progress is None:
            return ()
        signal = self._progress.feed(frame)
        self._listen_for_beep(beep=signal == "beep", voice=voice)
        if self._beep_by is not None:
            return self._beep(now)
        if self._answer is None:
            return ()
        for ears in (self._ears, self._free_ears):
            if ears is not None:
                ears.feed(frame.tobytes())
        quiet = settled and not self._outstanding
        again = self._repetition is not None and self._repetition.feed(frame, voice=voice, own=own)
        verdict = self._answer.advance(now, voice=voice, settled=quiet, own=own, signal=signal, again=again)
        progress = self._progress
        if self._answer.over:
            self._rest()
        if verdict is None:
            return ()
        _log.info("call %s: answered by %s, by %s", call, verdict.by, verdict.why)
        if verdict.early and verdict.cause is not None:
            return (NotAnswered(verdict.cause),)
        found = MachineDetected(verdict.by, verdict.confidence, verdict.cause)
        if verdict.by != "voicemail":
            return (found,)
        self._progress = progress
        self._await_beep(now)
        return (found, *self._beep(now))

    def _listen_for_beep(self, *, beep: bool, voice: bool) -> None:
        if beep:
            self._beeped, self._behind = True, 0.0
        elif voice and self._beeped:
            self._behind += FRAME_SECONDS
            self._beeped = self._behind <= _BEHIND

    def _await_beep(self, now: float) -> None:
        self._beep_by = now + _BEEP_WITHIN

    def _beep(self, now: float) -> tuple[Beep, ...]:
        """A voicemail has answered: whether it has beeped."""
        if not self._beeped and self._beep_by is not None and now < self._beep_by:
            return ()
        self._rest()
        return (Beep(),) if self._beeped else ()

    def _free_words(self, heard: Heard) -> None:
        if heard.final:
            self._outstanding = max(0, self._outstanding - 1)
        if self._answer is not None:
            self._answer.hear(heard.text, final=heard.final)

    def _listed_words(self, heard: Heard) -> None:
        if heard.final:
            self._outstanding = max(0, self._outstanding - 1)
        text = heard.text
        if heard.alternatives and self._answer is not None:  # of a topic
            freely = heard.alternatives[0].text
            odds = likeness.log_odds(text, heard.confidence, freely)
            self._answer.hear(freely, final=heard.final, odds=odds, topic=text)
            return
        if announcements.listed(text):  # heard from the list, in which all that is said comes out as some of it
            if heard.final and heard.confidence >= announcements.SURE:
                self._listed = f"{self._listed} {text}".strip()
            text = self._listed if announcements.convincing(self._listed, evidence(self._listed).machine) else ""
        if self._answer is not None:
            self._answer.hear(text, final=heard.final)

    def _rest(self) -> None:
        """Nothing more is to be found out."""
        self._progress = self._beep_by = self._repetition = None
        for ears in (self._ears, self._free_ears):
            if ears is not None:
                ears.abandon()
        self._ears = self._free_ears = None

    def _look_at_line(self, call: str) -> None:
        fault = self._health.fault()
        if fault is not None and not self._told:
            _log.warning("call %s: no sound at all from the far side (%s)", call, fault)
        self._told = fault is not None
