"""A centre with a script instead of a mind, for tests of the desk: it keeps the contract of `Seat` and nothing more."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from huashu.core.errors import UsageError
from huashu.desk.accounts import User
from huashu.handoff import commands
from huashu.handoff.commands import Command
from huashu.handoff.exporting import Form
from huashu.handoff.line import Track
from huashu.handoff.once import Once
from huashu.handoff.record import Record
from huashu.handoff.views import (
    Agent,
    Answer,
    Conversation,
    Field,
    Gone,
    Hint,
    Offer,
    Queue,
    Said,
    Slot,
    Suggestion,
    Ticket,
    View,
    Withdrawn,
)

NOW = 1_800_000_000.0

BRIEF = Conversation(
    id="c1",
    state="offered",
    bot="信用卡分期",
    medium="text",
    direction="inbound",
    language="zh-CN",
    queue="信用卡",
    reason="requested",
    wanted="客户要求转人工：想分六期，但觉得手续费太高。",
    caller="138••••8000",
    since=NOW - 12,
    began=NOW - 95,
    step="选期数",
    steps=(("分期.选期数", "选期数"), ("分期.确认", "确认办理")),
    question="您想分几期？",
    slots=(
        Slot("姓名", "客户姓名", "张•", "given", private=True),
        Slot("期数", "分期期数", "6", "said", 0.72),
        Slot("账单金额", "账单金额", "••••.00 元", "given", private=True),
        Slot("身份", "身份核实", "已核实", "script"),
    ),
    promised=("已发送短信：分期说明",),
    refused=("3 期",),
    mood=((4.0, 0.1), (30.0, 0.2), (62.0, 0.7), (80.0, 0.4)),
    suggestions=(
        Suggestion("六期每期手续费率 0.6%，首期可以减免一半。", "手续费怎么收"),
        Suggestion("提前还清的话，剩余手续费不再收取。", "能不能提前还"),
    ),
    form=(
        Field("意向", "办理意向", "choice", True, ("有意向", "再考虑", "拒绝")),
        Field("回访时间", "回访时间", "text"),
        Field("备注电话", "备用电话", "phone"),
    ),
    dispositions=("办理成功", "客户考虑", "拒绝", "转后台"),
    history=("昨天 15:20 王芳：咨询过提前还款，已解答",),
)

WORDS = (
    Said("c1", 1, "bot", 1.0, "您好，这里是银行智能客服小艾，本次通话会录音。"),
    Said("c1", 2, "caller", 6.0, "你好，我想把这期账单分一下期。"),
    Said("c1", 3, "bot", 9.0, "您这期账单可以分三期、六期或者十二期，您想分几期？", heard=0.6),
    Said("c1", 4, "caller", 30.0, "六期吧，手续费多少？"),
    Said("c1", 5, "bot", 33.0, "六期每期手续费率是百分之零点六。"),
    Said("c1", 6, "caller", 62.0, "这也太高了吧，我要找人工！"),
)
PRIVATE = {"姓名": "张三丰", "账单金额": "4321.00", "caller": "13900001111"}
QUEUES = (
    Queue("信用卡", "信用卡", 3, 48.0, 35.0, 120, 4, 0.86, True, 2),
    Queue("贷款", "贷款咨询", 0, 0.0, None, 12, 0, 1.0, True, 1),
    Queue("投诉", "投诉", 1, 130.0, 200.0, 9, 2, 0.55, True, 0),
)


class Centre:
    """`rings` decides whether signing in is followed by an offer."""

    def __init__(self, *, rings: bool = True, voice: bool = False, clock: Callable[[], float] = lambda: NOW) -> None:
        self.rings = rings
        self.clock = clock
        self.done: list[tuple[str, Command, str]] = []
        self.seats: dict[str, ScriptedSeat] = {}
        self.conversation = replace(BRIEF, medium="voice") if voice else BRIEF
        self.said = list(WORDS)
        self.hints: list[Hint] = []
        self.state = "offered" if rings else "bot"
        self.owner = ""
        self.presence: dict[str, str] = {}
        self.lost: list[str] = []
        self.tracks: list[Track] = []
        self.recordings: list[Path] = []
        self.onces: dict[str, Once] = {}
        """By person: what they were answered."""
        self.refused: type | None = None
        """A command that cannot be done."""
        self.seat: type[ScriptedSeat] = ScriptedSeat
        """What a place is made of."""

    def sign_in(self, user: User, tell: Callable[[View], None]) -> "ScriptedSeat":
        seat = self.seat(self, user, tell)
        self.seats[user.id] = seat
        self.presence.setdefault(user.id, "available")
        return seat

    def everyone(self) -> None:
        for seat in list(self.seats.values()):
            for view in seat.look():
                seat.tell(view)

    def whole(self) -> Conversation:
        at = "queued" if self.state == "offered" else self.state
        return replace(self.conversation, state=at, agent=self.owner)  # type: ignore[arg-type]

    def speak(self, said: Said) -> None:
        self.said = [item for item in self.said if item.n != said.n] + [said]
        for seat in list(self.seats.values()):
            if seat.user.id == self.owner or seat.watches:
                seat.tell(said)


class ScriptedSeat:
    def __init__(self, centre: Centre, user: User, tell: Callable[[View], None]) -> None:
        self.centre = centre
        self.user = user
        self.tell = tell
        self.watches = user.role in ("supervisor", "admin")

    def look(self) -> list[View]:
        centre = self.centre
        views: list[View] = [*QUEUES]
        for name, presence in centre.presence.items():
            if name == self.user.id or self.watches:
                load = {"text": int(centre.owner == name), "voice": 0}
                held = (centre.conversation.id,) if centre.owner == name else ()
                views.append(
                    Agent(name, name, presence, NOW - 300, {"信用卡": 5}, load, {"text": 3, "voice": 1}, held)  # type: ignore[arg-type]
                )
        if centre.state == "offered" and self.user.role == "agent":
            views.append(Offer("o1", centre.whole(), centre.clock() + 20))
        if centre.owner == self.user.id or self.watches:
            views += [centre.whole(), *centre.said, *centre.hints]
        views.append(Ticket("t1", "open", "信用卡", "退款未到账", "c0", "", NOW + 3600, caller="139••••1111"))
        return views

    @property
    def once(self) -> Once:
        return self.centre.onces.setdefault(self.user.id, Once(Record(None), self.user.id, now=NOW))

    async def perform(self, command: Command, id_: str) -> Answer:
        centre = self.centre
        centre.done.append((self.user.id, command, id_))
        refused = centre.refused is not None and isinstance(command, centre.refused)
        return Answer(False, "state", "不行") if refused else self._done(command, id_)

    def _done(self, command: Command, id_: str) -> Answer:
        centre = self.centre
        match command:
            case commands.SetPresence(presence=presence):
                centre.presence[self.user.id] = presence
                centre.everyone()
            case commands.Accept():
                if centre.state != "offered":
                    return Answer(False, "taken", "已被其他坐席接听")
                centre.state, centre.owner = "accepted", self.user.id
                self.tell(Withdrawn("o1", "accepted"))
                centre.everyone()
            case commands.Acknowledge():
                centre.state = "bridged"
                centre.everyone()
            case commands.Say(text=text):
                centre.speak(Said("c1", len(centre.said) + 1, "agent", 90.0, text, agent=self.user.id, command=id_))
            case commands.Note(text=text):
                centre.conversation = replace(centre.conversation, note=f"{centre.conversation.note}\n{text}".strip())
                centre.everyone()
            case commands.Fill(values=values):
                form = tuple(
                    replace(item, value=str(values[item.name])) if item.name in values else item
                    for item in centre.conversation.form
                )
                centre.conversation = replace(centre.conversation, form=form)
                centre.everyone()
            case commands.Hold(on=on):
                centre.conversation = replace(centre.conversation, on_hold=on)
                centre.everyone()
            case commands.Unmask(slot=slot):
                return Answer(values={slot: PRIVATE[slot]})
            case commands.Find():
                return Answer(values={"提前还款": "可以随时提前还清，剩余手续费不再收取。"})
            case commands.GiveBack() | commands.Close() | commands.Transfer(kind="cold"):
                centre.state = {"GiveBack": "returned", "Close": "closed"}.get(type(command).__name__, "queued")
                centre.owner = ""
                self.tell(Gone("conversation", "c1"))
                centre.everyone()
            case commands.Supervise(mode="takeover"):
                centre.state, centre.owner = "bridged", self.user.id
                centre.everyone()
            case _:
                pass
        return Answer()

    async def export(self, form: Form, *, private: bool = False) -> str:
        if not self.watches:
            raise UsageError("no supervisor", code="forbidden")
        return f"{form} 张三丰" if private else f"{form} 张••"

    def recording(self, id_: str, number: int) -> Path:
        if not self.watches:
            raise UsageError("no supervisor", code="forbidden")
        if number > len(self.centre.recordings):
            raise UsageError("none", code="unknown")
        return self.centre.recordings[number - 1]

    def sign_out(self) -> None:
        self.centre.seats.pop(self.user.id, None)
        self.centre.presence[self.user.id] = "offline"

    def lost(self) -> None:
        self.centre.lost.append(self.user.id)

    def track(self, conversation: str, track: Track) -> int:
        if conversation != self.centre.conversation.id or self.centre.conversation.medium != "voice":
            raise UsageError("no sound here")
        self.centre.tracks.append(track)
        return 8000

    def untrack(self, conversation: str, track: Track) -> None:
        self.centre.tracks.remove(track)
