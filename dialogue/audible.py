"""What a caller's words can be about: what had been asked aloud when their voice began.

Who speaks before a question has begun to sound answers the one before it, however late the words arrive ("Words answer
what had been asked" in docs/architecture.md).
"""

from dataclasses import dataclass, field

from huashu.flows.script import Question

Asked = tuple[Question | None, bool]
"""The open question, and whether the bot has asked back at it."""

REACTION = 0.3
"""Seconds of a line before a voice can answer it. People take 0.2 s to begin at the very least, and a detector 0.06 s
to notice: who is heard sooner had begun before ("喂？" into the first breath of a greeting)."""


@dataclass(slots=True)
class Audible:
    """Which of the questions asked so far the caller has heard being asked."""

    voices: list[Asked] = field(default_factory=list)
    """What each voice answers whose words have not come yet, oldest first."""
    told: bool = False
    """The edge tells when lines begin to sound."""
    mute: bool = False
    """Nothing of the bot's last turn has begun to sound."""
    newest: Asked = (None, False)
    """What was asked when a line last began to sound."""
    earlier: Asked = (None, False)
    """What was audible before that."""
    since: float = 0.0
    """When the first line of the bot's last turn has begun to sound."""

    def said(self) -> None:
        """The bot has said something, which is about to be played."""
        self.mute = True

    def began(self, asked: Asked, now: float, *, current: bool) -> None:
        """A line has begun to sound. current: it is of the bot's last turn."""
        self.told = True
        if not current:
            return
        if self.mute:
            self.earlier, self.since = self.newest, now
        self.mute = False
        self.newest = asked

    def answered_now(self, asked: Asked, now: float, *, playing: bool) -> Asked:
        """What words that begin now would answer: what was asked before, as long as nothing of the bot's last turn has
        sounded. Edges that do not tell when a line begins to sound are taken to be quick."""
        if not (self.told and playing):
            return asked
        if self.mute:
            return self.newest
        return self.earlier if now - self.since < REACTION - 1e-6 else asked
