"""What became of a call after an event, in the words of docs/turn-rules.md."""

from dataclasses import dataclass

from huashu.core.actions import Action, Disposition, Handoff, Hangup, Listen, OptOut, RunAction, Say, Stop
from huashu.dialogue.engine import Conversation

DOWNTIME = 100.0
WORDS = {
    "想分几期？": "asks", "您说几期？": "asks again", "分6期，对吗？": "asks back", "您还在吗？": "rung 1",
    "喂？": "rung 2", "没听清，几期？": "did not understand", "请再说一遍。": "did not understand",
    "正在办理。": "working on it", "请稍等。": "please wait", "还在办。": "please wait", "没办成。": "it failed",
    "还有什么事吗？": "next question",
    "打几分？": "asks how it was", "不贵的。": "detour", "为您转接。": "connecting", "人工忙。": "nobody is free",
    "再见。": "goodbye", "不再打扰。": "goodbye", "下次再聊。": "goodbye", "本次通话会录音。": "disclosure",
    "还在吗？": "rung 1", "您先忙。": "waits", "我还在。": "still here", "我们继续。": "let us go on",
    "抱歉，系统出了点问题，请稍后再联系我们，再见。": "something is wrong",
    "还要听吗？": "go on?", "三期每月收一点。": "a part", "六期每月收两点。": "the rest",
    "您现在排在第2位，大约还要等2分钟，请您稍等。": "place in the queue",
    "正在为您转接。": "the centre's words",
    "这个还得麻烦您。": "cannot be left out", "是觉得贵，还是找人工？": "asks which",
    "请您回电。": "the message", "从哪个月起？": "asks the month",
    "How many instalments?": "asks", "How many would you like?": "asks again",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """What the rules speak of, of a call at one instant."""

    owner: str
    now: float
    awaited: bool
    """Silence is being counted, or will be when nothing holds it any more."""
    rings: float | None
    """When silence runs: the instant of the next rung."""
    left: float | None
    whole: float | None
    """Seconds of the rung that is due at the open question."""
    voice: float | None
    """In a hold: since when a voice has paused it."""
    held: frozenset[str]
    playing: frozenset[str]
    """Lines on the air or waiting."""
    stopped: frozenset[str]
    """Those of them that have been told to stop."""
    language: str = ""
    """Of the call; empty: it is over."""
    put_right: int | None = None
    """The earlier value."""

    @classmethod
    def of(cls, engine: Conversation) -> "View":
        call = engine._call
        assert call is not None
        if engine.closed:
            return cls("nobody", call.now, False, None, None, None, None, frozenset(), frozenset(), frozenset())
        rings = call.clock._alarms.get("silence")
        question = call.question
        whole = None
        if question is not None:
            ladder, rung = question.silence, call.frame.silence
            if call.holding is not None and question.hold is not None:
                ladder, rung = question.hold.silence, call.holding.rung
            whole = ladder[rung].after if rung < len(ladder) else 0.0
        owner = OWNERS[call.phase]
        return cls(
            owner if owner != "the caller" or question is not None else "NOBODY",
            call.now,
            call.clock.awaiting,
            rings,
            call.clock._left,
            whole,
            call.holding.voice_since if call.holding is not None else None,
            call.clock.held,
            frozenset(call.mouth.outstanding),
            frozenset(call.mouth._stopped),
            call.mouth.language,
            call.slots.get("月份"),  # type: ignore[arg-type]
        )

    def remaining(self, now: float) -> float | None:
        return self.left if self.rings is None else self.rings - now


OWNERS = {
    "ringing": "the far end", "talking": "the caller", "acting": "the action", "hearing": "the bot",
    "greeting": "the machine",
    "calling_human": "whoever is called", "human": "the person", "closing": "the bot", "closed": "nobody",
}  # fmt: skip


def deeds(actions: list[Action], before: View, after: View) -> set[str]:
    """What the bot did, in the words of the rules; every phrase that would be true of it."""
    words: list[str] = []
    if after.language and after.language != before.language:
        words.append("in the other language")
    if after.language and after.put_right != before.put_right:
        words.append("puts it right")
    for action in actions:
        match action:
            case Stop() | Listen():
                pass
            case Say(text=text):
                words.append(WORDS[text])
            case RunAction():
                words.append("runs the action")
            case Handoff():
                words.append("calls a person")
            case OptOut():
                words.append("notes the refusal")
            case Disposition(result=result):
                words.append(f"result {result}")
            case Hangup():
                words.append("hangs up")
            case _:
                raise AssertionError(action)
    said = ", ".join(words)
    stopped = any(isinstance(action, Stop) for action in actions)
    true = set() if stopped else {said or "nothing"}
    if before.playing & after.playing <= after.stopped:
        true.add(f"stops, {said}" if said else "stops")
    return true


def silence(before: View, after: View) -> set[str]:
    """What became of the silence clock; every phrase that would be true of it."""
    if not after.awaited:
        return {"as it was", "ends"} if not before.awaited else {"ends"}
    true = set()
    left, whole = after.remaining(after.now), after.whole
    assert left is not None
    assert (after.rings is None) == bool(after.held), "silence runs exactly when nothing holds it"
    if whole is not None and abs(left - whole) < 1e-6:
        true.add("anew")
    if before.awaited and before.rings is not None and after.rings is not None:
        if abs(before.rings - after.rings) < 1e-6:
            true.add("as it was")
    elif before.awaited and abs((before.remaining(after.now) or 0.0) - left) < 1e-6:
        true |= {"pauses"} if after.rings is None else {"goes on"}
        if before.rings is None and after.rings is None:
            true |= {"as it was", "goes on"}
    if before.voice is not None and abs((before.left or 0.0) - (after.now - before.voice) - left) < 1e-6:
        true.add("had gone on")
    if before.rings is not None and after.rings is not None and abs(after.rings - before.rings - DOWNTIME) < 1e-6:
        true.add("waits as long")
    return true


def owners(before: View, after: View) -> set[str]:
    return {after.owner, "—"} if after.owner == before.owner else {after.owner}
