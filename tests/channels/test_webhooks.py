"""Events for other systems: what is told, how it is signed, and that it arrives in spite of everything."""

import asyncio
import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from huashu.channels.webhooks import PAUSES, Target, Webhooks, signature
from huashu.core.errors import UsageError
from huashu.handoff import views
from huashu.store.log import Store
from huashu.store.outgoing import Outgoing

pytestmark = pytest.mark.server

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
URL = "https://crm.example.com/hook"
TARGET = Target(URL, SECRET)


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Receiver:
    """Answers as it is told, 200 when not, and keeps what came."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.came: list[httpx.Request] = []
        self.headers: dict[str, str] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.came.append(request)
        status = self.answers.pop(0) if self.answers else 200
        if status == 0:
            raise httpx.ConnectError("refused")
        return httpx.Response(status, headers=self.headers)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self))

    @property
    def kinds(self) -> list[str]:
        return [json.loads(request.content)["type"] for request in self.came]


@pytest.fixture
def outgoing(tmp_path: Path) -> Iterator[Outgoing]:
    with Store.open(tmp_path / "calls.db") as store:
        yield Outgoing(store)


def hooks(outgoing: Outgoing, clock: Clock, *targets: Target) -> Webhooks:
    return Webhooks(targets or (TARGET,), outgoing, wall=clock, chance=lambda: 0.0)


def conversation(state: views.State, agent: str = "", **parts: Any) -> views.Conversation:
    return views.Conversation(
        "c1", state, "bank", "voice", "inbound", "zh-CN", "客服", "anger", "客户很生气", "138••••8000", 1.8e9, 1.7e9,
        agent=agent, note="他住解放路", history=("10:02 坐席：他住解放路",),
        slots=(views.Slot("期数", "期数", "6期", "said"),), **parts,
    )  # fmt: skip


async def test_what_becomes_of_a_handoff_is_told_and_only_that(outgoing: Outgoing) -> None:
    clock, receiver = Clock(), Receiver()
    webhooks = hooks(outgoing, clock)
    shown: list[views.View] = [
        conversation("bot"), conversation("queued"), conversation("queued", on_hold=True),
        conversation("bridged", "a1"), conversation("bridged", "a2"), conversation("returned"),
        views.Queue("客服", "客服", 1, 0.0, None, 0, 0, 1.0, True, 1),
        views.Ticket("t1", "open", "客服", "要发票", "c1", "", 1.9e9, note="地址是……"),
        views.Gone("conversation", "c1"), conversation("bridged", "a1"), views.Gone("conversation", "c1"),
    ]  # fmt: skip
    for view in shown:
        webhooks._shown(view)
        clock.now += 0.004
    assert {waiting.call for waiting in outgoing.due(clock.now, 99)} == {"c1"}, "so that they go when it is erased"
    async with receiver.client() as client:
        await webhooks.deliver(client)
    assert receiver.kinds == [
        "handoff.queued", "handoff.bridged", "handoff.bridged", "handoff.returned", "ticket.open", "handoff.bridged",
        "handoff.closed",
    ]  # fmt: skip
    told = "".join(request.content.decode() for request in receiver.came)
    assert "138••••8000" in told
    assert "解放路" not in told
    assert "地址是" not in told
    assert "6期" not in told
    assert outgoing.count() == 0


async def test_the_signature_is_what_standard_webhooks_says(outgoing: Outgoing) -> None:
    clock, receiver = Clock(), Receiver()
    webhooks = hooks(outgoing, clock)
    webhooks.send("handoff.queued", {"id": "c1"})
    async with receiver.client() as client:
        await webhooks.deliver(client)
    (request,) = receiver.came
    assert request.headers["webhook-timestamp"] == "1800000000"
    assert json.loads(request.content) == {
        "type": "handoff.queued", "timestamp": "2027-01-15T08:00:00.000Z", "data": {"id": "c1"},
    }  # fmt: skip
    expected = signature(KEY, request.headers["webhook-id"], "1800000000", request.content.decode())
    assert request.headers["webhook-signature"] == expected
    # the example of the specification's own libraries
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", '{"test": 2432232314}') == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


async def test_an_event_is_tried_again_under_the_same_id_until_it_arrives(outgoing: Outgoing) -> None:
    clock, receiver = Clock(), Receiver(500, 0, 302)
    webhooks = hooks(outgoing, clock)
    webhooks.send("handoff.queued", {})
    times = []
    async with receiver.client() as client:
        while outgoing.count():
            await webhooks.deliver(client)
            times.append(clock.now)
            clock.now = outgoing.next() or clock.now
    assert [later - earlier for earlier, later in pairwise(times)] == list(PAUSES[:3])
    assert len({request.headers["webhook-id"] for request in receiver.came}) == 1
    assert len({request.headers["webhook-timestamp"] for request in receiver.came}) == 4


async def test_nobody_answers_for_days_and_it_is_given_up_and_counted(outgoing: Outgoing) -> None:
    clock, receiver = Clock(), Receiver(*[503] * 50)
    webhooks = hooks(outgoing, clock)
    webhooks.send("handoff.queued", {})
    async with receiver.client() as client:
        while outgoing.count():
            await webhooks.deliver(client)
            clock.now = outgoing.next() or clock.now
    assert len(receiver.came) == len(PAUSES) + 1
    assert webhooks.lost == 1


async def test_a_receiver_that_asks_for_time_gets_it(outgoing: Outgoing) -> None:
    clock, receiver = Clock(), Receiver(429)
    receiver.headers = {"retry-after": "120"}
    webhooks = hooks(outgoing, clock)
    webhooks.send("handoff.queued", {})
    async with receiver.client() as client:
        await webhooks.deliver(client)
    assert outgoing.next() == clock.now + 120


async def test_one_that_is_gone_is_left_alone(outgoing: Outgoing) -> None:
    clock, receiver = Clock(), Receiver(410)
    webhooks = hooks(outgoing, clock)
    webhooks.send("handoff.queued", {})
    webhooks.send("handoff.bridged", {})
    async with receiver.client() as client:
        await webhooks.deliver(client)
        webhooks.send("handoff.closed", {})
        await webhooks.deliver(client)
    assert len(receiver.came) <= 2
    assert outgoing.count() == 0


async def test_what_was_not_delivered_outlives_the_process(outgoing: Outgoing) -> None:
    clock = Clock()
    hooks(outgoing, clock).send("handoff.queued", {"id": "c1"})
    receiver = Receiver()
    async with receiver.client() as client:
        await hooks(outgoing, clock).deliver(client)
    assert receiver.kinds == ["handoff.queued"]


async def test_after_a_restart_nothing_is_told_twice_and_the_end_is_told(outgoing: Outgoing) -> None:
    class Board:
        def onlooker(self, name: str, tell: Callable[[views.View], None]) -> None:
            self.tell = tell

    clock, receiver, board = Clock(), Receiver(), Board()
    webhooks = hooks(outgoing, clock)
    webhooks.watch(board, {"c1": ("bridged", "a1")})
    board.tell(conversation("bridged", "a1"))
    board.tell(views.Gone("conversation", "c1"))
    async with receiver.client() as client:
        await webhooks.deliver(client)
    assert receiver.kinds == ["handoff.closed"]


async def test_what_a_ticket_becomes_is_told_once_and_that_it_was_given_away_or_opened_again(
    outgoing: Outgoing,
) -> None:
    class Board:
        def onlooker(self, name: str, tell: Callable[[views.View], None]) -> None:
            self.tell = tell

    clock, receiver, board = Clock(), Receiver(), Board()
    filed = views.Ticket("t1", "assigned", "客服", "要发票", "c1", "a1", 1.9e9)
    webhooks = hooks(outgoing, clock)
    webhooks.watch(board, tickets=[filed])
    closed = replace(filed, state="closed", agent="a2")
    for view in (
        filed, replace(filed, note="已联系"), replace(filed, agent="a2", assigned_by="boss"), closed,
        replace(closed, state="assigned", reopened=1), replace(closed, state="closed", reopened=1),
    ):  # fmt: skip
        board.tell(view)
    async with receiver.client() as client:
        await webhooks.deliver(client)
    assert receiver.kinds == ["ticket.assigned", "ticket.closed", "ticket.reopened", "ticket.closed"]
    first, _, again, _ = (json.loads(request.content)["data"] for request in receiver.came)
    assert (first["agent"], first["assigned_by"]) == ("a2", "boss")
    assert (again["state"], again["agent"], again["reopened"]) == ("assigned", "a2", 1)


async def test_a_slow_receiver_does_not_keep_the_others_waiting_and_each_gets_what_it_wants(outgoing: Outgoing) -> None:
    clock, receiver = Clock(), Receiver()
    other = Target("https://bi.example.com/x", SECRET, kinds=("ticket", "handoff.closed"))
    webhooks = hooks(outgoing, clock, TARGET, other)
    for kind in ("handoff.queued", "ticket.open", "handoff.closed"):
        webhooks.send(kind, {})
    async with receiver.client() as client:
        await webhooks.deliver(client)
    where = [(str(request.url), kind) for request, kind in zip(receiver.came, receiver.kinds, strict=True)]
    assert {kind for url, kind in where if url == other.url} == {"ticket.open", "handoff.closed"}
    assert {kind for url, kind in where if url == URL} == {"handoff.queued", "ticket.open", "handoff.closed"}


class Held:
    """A receiver that answers when it is let: of the calls in `slow` nothing, until then."""

    def __init__(self, *slow: str) -> None:
        self.slow = {call: asyncio.Event() for call in slow}
        self.came: list[tuple[str, int]] = []
        self.most: Counter[str] = Counter()
        self.under_way: Counter[str] = Counter()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        call = body["data"]["id"]
        self.came.append((call, body["sequence"]))
        self.under_way[call] += 1
        self.most[call] = max(self.most[call], self.under_way[call])
        if call in self.slow:
            await self.slow[call].wait()
        self.under_way[call] -= 1
        return httpx.Response(200)


async def test_events_of_one_call_arrive_one_after_the_other_and_others_do_not_wait_for_it(outgoing: Outgoing) -> None:
    clock, held = Clock(), Held("c1")
    webhooks = hooks(outgoing, clock)
    for kind in ("queued", "offered", "bridged", "closed"):
        for call in ("c1", "c2", "c3"):
            webhooks.send(f"handoff.{kind}", {"id": call}, call=call)
        clock.now += 0.001
    async with httpx.AsyncClient(transport=httpx.MockTransport(held)) as client:
        delivery = asyncio.ensure_future(webhooks.deliver(client))
        while len(held.came) < 9:
            await asyncio.sleep(0)
        assert [n for call, n in held.came if call == "c1"] == [1], "the second is not sent before the first is there"
        assert [n for call, n in held.came if call == "c2"] == [1, 2, 3, 4]
        held.slow["c1"].set()
        await delivery
    assert [n for call, n in held.came if call == "c1"] == [1, 2, 3, 4]
    assert max(held.most.values()) == 1
    assert outgoing.count() == 0


async def test_one_that_fails_keeps_its_call_waiting_there_alone_and_not_for_ever(outgoing: Outgoing) -> None:
    clock, receiver = Clock(), Receiver()
    other = Target("https://bi.example.com/x", SECRET)
    webhooks = hooks(outgoing, clock, TARGET, other)

    def answer(request: httpx.Request) -> httpx.Response:
        refused = str(request.url) == URL and json.loads(request.content)["data"]["id"] == "c1"
        receiver.answers = [500 if refused else 200]
        return receiver(request)

    for n in range(3):
        for call in ("c1", "c2"):
            webhooks.send(f"handoff.{n}", {"id": call}, call=call)
    began = clock.now
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        await webhooks.deliver(client)
        told = Counter((str(request.url), json.loads(request.content)["data"]["id"]) for request in receiver.came)
        assert told == {(URL, "c1"): 1, (URL, "c2"): 3, (other.url, "c1"): 3, (other.url, "c2"): 3}
        while (due := outgoing.next()) is not None:
            clock.now = max(clock.now, due)
            await webhooks.deliver(client)
    assert (outgoing.count(), webhooks.lost) == (0, 3)
    assert clock.now - began <= sum(PAUSES) * 1.01, "the ones behind it are not tried for three days more each"
    failed = [json.loads(request.content)["sequence"] for request in receiver.came
              if str(request.url) == URL and json.loads(request.content)["data"]["id"] == "c1"]  # fmt: skip
    assert failed == sorted(failed)


async def test_the_numbers_of_a_call_s_events_go_on_after_a_restart_and_with_each_receiver(outgoing: Outgoing) -> None:
    clock, receiver = Clock(), Receiver()
    other = Target("https://bi.example.com/x", SECRET, kinds=("ticket",))
    for kind in ("handoff.queued", "ticket.open"):
        hooks(outgoing, clock, TARGET, other).send(kind, {}, call="c1")
    async with receiver.client() as client:
        await hooks(outgoing, clock, TARGET, other).deliver(client)
        again = hooks(outgoing, clock, TARGET, other)
        again.send("ticket.solved", {}, call="c1")
        again.send("ticket.open", {}, call="c2")
        again.send("note", {})
        await again.deliver(client)
    told: dict[tuple[str, str], int | None] = {}
    for request in receiver.came:
        body = json.loads(request.content)
        told.setdefault((str(request.url), body["type"]), body.get("sequence"))
    assert told == {
        (URL, "handoff.queued"): 1, (URL, "ticket.open"): 2, (URL, "ticket.solved"): 3, (URL, "note"): None,
        (other.url, "ticket.open"): 1, (other.url, "ticket.solved"): 2,
    }  # fmt: skip


async def test_a_receiver_that_is_none_any_more_is_told_nothing(outgoing: Outgoing) -> None:
    clock, receiver = Clock(), Receiver()
    hooks(outgoing, clock, Target("https://old.example.com/x", SECRET)).send("ticket.open", {}, call="c1")
    async with receiver.client() as client:
        await hooks(outgoing, clock).deliver(client)
    assert (receiver.came, outgoing.count()) == ([], 0)


@pytest.mark.parametrize(
    ("target", "word"),
    [
        (Target("http://crm.example.com", SECRET), "https://"),
        (Target(URL, "whsec_c2hvcnQ="), "at least 24 bytes"),
        (Target(URL, "secretsecretsecretsecretsecret"), "whsec_"),
        (Target(URL, "whsec_***"), "base64"),
    ],
)
def test_targets_that_cannot_be_are_named(outgoing: Outgoing, target: Target, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        Webhooks((target,), outgoing)
    assert target.secret not in repr(target)


async def test_what_a_caller_answers_to_how_it_was_is_told(outgoing: Outgoing) -> None:
    receiver = Receiver()
    webhooks = hooks(outgoing, Clock(), Target(URL, SECRET, ("rating",)))
    webhooks._shown(views.Rating("c1", "csat", 4, 1.8e9, "客服", "lisi", ("zhangsan", "lisi")))
    webhooks._shown(views.Rating("c2", "nps", None, 1.8e9))
    async with receiver.client() as client:
        await webhooks.deliver(client)
    bodies = sorted((json.loads(request.content) for request in receiver.came), key=lambda body: body["type"])
    assert [body["type"] for body in bodies] == ["rating.csat", "rating.nps"]
    rated, unrated = (body["data"] for body in bodies)
    assert (rated["conversation"], rated["score"], rated["served"]) == ("c1", 4, ["zhangsan", "lisi"])
    assert unrated.get("score") is None
