"""Chatwoot as the human side of text conversations: its agents take over in their own inbox.

To the centre this is one more person with many places; to Chatwoot it is an inbox of the kind "API". A conversation
that is offered here becomes one there, with the briefing as a private note; the caller's words go over as incoming
messages, the agent's words come back by webhook, and resolving it there closes it here or gives it back to the bot.

Built on what Chatwoot documents (developers.chatwoot.com: Client API for contacts, conversations and messages;
Application API for private notes and status; webhook events message_created and conversation_status_changed). Proven
against a server of the tests that follows these documents, not against a Chatwoot of one's own.
"""

import asyncio
import hmac
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from huashu.channels.desk_service import Seat, Seats
from huashu.core.errors import UsageError
from huashu.core.language import is_chinese
from huashu.handoff import commands, views
from huashu.handoff.plan import Profile

log = logging.getLogger(__name__)

AGENT = "chatwoot"
"""Who has the conversations that are in Chatwoot, to the centre."""
TRIES = 5
"""Of one request; the last comes some 15 s after the first."""
WITHIN = 10.0
"""Seconds one request may take."""
MOST_WAITING = 10_000
"""What the centre tells and has not been carried over yet."""
LARGEST = 1 << 20
"""Bytes of a webhook's body."""
OVER_KEPT = 10_000
"""Conversations that are over whose webhooks may still come."""


WHO = {"caller": "👤", "bot": "🤖", "agent": "🎧", "system": "·"}
"""Before a line of what was said before."""


@dataclass(frozen=True, slots=True)
class Settings:
    url: str
    """Of the Chatwoot, such as https://chat.example.com."""
    account: int
    inbox: str
    """The inbox identifier (of the channel, in its settings)."""
    token: str = field(repr=False)
    """An api_access_token that may write notes and set the status: an agent's, or a bot's."""
    secret: str = field(repr=False)
    """Part of the address that Chatwoot calls: POST /chatwoot/SECRET."""
    queues: tuple[str, ...] = ()
    """Those whose text conversations may go there; empty: all."""
    places: int = 50
    """Conversations there at once."""
    resolved: Literal["close", "give_back"] = "close"
    """What becomes of a conversation that is resolved there."""
    disposition: str = ""
    """How a closed one ended, one of the queue's dispositions."""
    step: str = ""
    """Step at which the bot goes on with one that is given back."""


class Links(Protocol):
    """Where conversations are over there, over a restart (huashu.handoff.links)."""

    def links(self, system: str) -> dict[str, str]:
        """Conversation → what was kept of it last, of those that this system has."""
        ...

    def link(self, call: str, system: str, text: str) -> None: ...


class Chatwoot:
    """`run` it beside the server; `route` takes its webhooks.

    links: None: a restart forgets which conversation there is which here. transport: for tests; anything httpx accepts.
    wall: Unix seconds.
    """

    def __init__(
        self,
        settings: Settings,
        centre: Seats,
        *,
        links: Links | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        pause: Callable[[float], Any] = asyncio.sleep,
        wall: Callable[[], float] = time.time,
    ) -> None:
        if not settings.url.startswith(("https://", "http://")):
            raise UsageError(f"chatwoot.url: {settings.url!r}; expected https://…")
        if len(settings.secret) < 16:
            raise UsageError("chatwoot.secret: expected at least 16 characters")
        self._settings = settings
        self._pause = pause
        self._wall = wall
        self._waiting: asyncio.Queue[views.View] = asyncio.Queue(MOST_WAITING)
        self._there: dict[str, int] = {}
        """Conversation → its number in Chatwoot."""
        self._contact: dict[str, str] = {}
        """Conversation → its contact there."""
        self._here: dict[int, str] = {}
        self._over: OrderedDict[int, None] = OrderedDict()
        self._told: dict[str, int] = {}
        """Conversation → the last line that is there."""
        self._client = httpx.AsyncClient(base_url=settings.url.rstrip("/"), transport=transport, timeout=WITHIN)
        profile = Profile(AGENT, "Chatwoot", queues=settings.queues, capacity={"text": settings.places, "voice": 0})
        self._links = links
        self._again: set[str] = set()
        """Conversations that are there since before a restart, and of which nothing has been told yet since."""
        for call, text in links.links(AGENT).items() if links is not None else ():
            number, source = json.loads(text)
            self._there[call], self._contact[call], self._here[number] = number, source, call
            self._again.add(call)
        self._seat: Seat = centre.sign_in(profile, self._tell)

    async def run(self) -> None:
        """Until cancelled."""
        await self._seat.do(commands.SetPresence("available"))
        try:
            while True:
                view = await self._waiting.get()
                try:
                    await self._carry(view)
                except httpx.HTTPError as error:  # what could not be carried over is told, and the next is tried
                    log.error("chatwoot: %s (%s)", type(error).__name__, type(view).__name__)
        finally:
            self._seat.lost()
            await self._client.aclose()

    @property
    def route(self) -> Route:
        return Route("/chatwoot/{secret}", self._called, methods=["POST"])

    def _tell(self, view: views.View) -> None:
        try:
            self._waiting.put_nowait(view)
        except asyncio.QueueFull:
            log.error("chatwoot: %d things wait to be carried over; one is lost", MOST_WAITING)

    # --- from the centre ----------------------------------------------------------------------------------------------

    async def _carry(self, view: views.View) -> None:
        match view:
            case views.Offer():
                await self._offered(view)
            case views.Conversation(id=conversation) if conversation in self._again:
                await self._continued(conversation)
            case views.Said(conversation=conversation, by="caller", final=True):
                if view.n > self._told.get(conversation, -1) and conversation in self._there:
                    self._told[conversation] = view.n
                    await self._incoming(conversation, view.text, f"{conversation}/{view.n}")
            case views.Aside(conversation=conversation, agent=agent) if agent != AGENT and conversation in self._there:
                await self._note(self._there[conversation], f"💬 {agent}：{view.text}")
            case views.Gone(kind="conversation", id=conversation) if conversation in self._there:
                await self._left(conversation)
            case _:
                pass

    async def _offered(self, offer: views.Offer) -> None:
        """Make it there first: who accepts what then cannot be shown leaves the caller with nobody."""
        conversation = offer.conversation
        try:
            await self._make(conversation)
        except httpx.HTTPError as error:
            log.error("chatwoot: conversation %s could not be made there (%s)", conversation.id, type(error).__name__)
            await self._seat.do(commands.Decline(offer.id, "chatwoot"))
            return
        answer = await self._seat.do(commands.Accept(offer.id))
        if answer.ok:
            await self._past(conversation)
            answer = await self._seat.do(commands.Acknowledge(conversation.id))
        if not answer.ok:
            await self._left(conversation.id)

    def _lines(self, conversation: str) -> dict[int, views.Said]:
        """What has been told of the words of a conversation and waits to be carried over; it waits no more."""
        waiting = [self._waiting.get_nowait() for _ in range(self._waiting.qsize())]
        said: dict[int, views.Said] = {}
        for view in waiting:
            if isinstance(view, views.Said) and view.conversation == conversation:
                said[view.n] = view
            else:
                self._waiting.put_nowait(view)
        return said

    async def _continued(self, conversation: str) -> None:
        """After a restart everything is told anew. What the caller has said since the agent's last words goes over, if
        need be again: twice is better than not at all."""
        self._again.discard(conversation)
        said = self._lines(conversation)
        self._told[conversation] = max((n for n, line in said.items() if line.by == "agent"), default=-1)
        for _, line in sorted(said.items()):
            await self._carry(line)

    async def _past(self, conversation: views.Conversation) -> None:
        """What was said before comes with the acceptance: one note, not a message a line."""
        said = self._lines(conversation.id)
        lines = [f"{WHO[line.by]} {line.text}" for _, line in sorted(said.items()) if line.text]
        if lines:
            self._told[conversation.id] = max(said)
            await self._note(self._there[conversation.id], "\n".join(lines))

    async def _make(self, conversation: views.Conversation) -> None:
        settings = self._settings
        inbox = f"/public/api/v1/inboxes/{settings.inbox}/contacts"
        contact = await self._post(
            inbox, {"identifier": conversation.id, "name": conversation.caller or conversation.id}
        )
        source = str(contact["source_id"])
        made = await self._post(
            f"{inbox}/{source}/conversations",
            {"custom_attributes": {"huashu_call": conversation.id, "queue": conversation.queue}},
        )
        number = int(made["id"])
        self._there[conversation.id], self._contact[conversation.id] = number, source
        self._here[number] = conversation.id
        if self._links is not None:
            self._links.link(conversation.id, AGENT, json.dumps([number, source]))
        await self._note(number, briefing(conversation))
        await self._status(number, "open")

    async def _incoming(self, conversation: str, text: str, echo: str) -> None:
        inbox = f"/public/api/v1/inboxes/{self._settings.inbox}/contacts/{self._contact[conversation]}"
        path = f"{inbox}/conversations/{self._there[conversation]}/messages"
        await self._post(path, {"content": text, "echo_id": echo})

    async def _left(self, conversation: str) -> None:
        """It is here no more: said to the agent there, and resolved."""
        number = self._there.pop(conversation)
        self._contact.pop(conversation, None)
        self._told.pop(conversation, None)
        self._again.discard(conversation)
        del self._here[number]
        self._over[number] = None
        if len(self._over) > OVER_KEPT:
            self._over.popitem(last=False)
        await self._note(number, "— 会话已结束 · the conversation is over —")
        await self._status(number, "resolved")

    async def _note(self, number: int, text: str) -> None:
        path = f"/api/v1/accounts/{self._settings.account}/conversations/{number}/messages"
        await self._post(path, {"content": text, "message_type": "outgoing", "private": True}, signed=True)

    async def _status(self, number: int, status: str) -> None:
        path = f"/api/v1/accounts/{self._settings.account}/conversations/{number}/toggle_status"
        await self._post(path, {"status": status}, signed=True)

    async def _post(self, path: str, body: dict[str, Any], *, signed: bool = False) -> dict[str, Any]:
        """Again after 1, 2, 4, 8 s when the network or its load stood in the way. Raises httpx.HTTPError."""
        headers = {"api_access_token": self._settings.token} if signed else {}
        for turn in range(TRIES):
            if turn:
                await self._pause(2.0 ** (turn - 1))
            try:
                answer = await self._client.post(path, json=body, headers=headers)
            except httpx.TransportError:
                if turn == TRIES - 1:
                    raise
                continue
            if (answer.status_code == 429 or answer.status_code >= 500) and turn < TRIES - 1:
                continue
            answer.raise_for_status()
            found = answer.json() if answer.content else {}
            return found if isinstance(found, dict) else {}
        raise AssertionError("the last try returns or raises")

    # --- from Chatwoot ----------------------------------------------------------------------------------------------

    async def _called(self, request: Request) -> Response:
        given = str(request.path_params["secret"])
        if not hmac.compare_digest(given.encode(), self._settings.secret.encode()):
            return PlainTextResponse("not found\n", status_code=404)
        if int(request.headers.get("content-length") or 0) > LARGEST:
            return PlainTextResponse("too large\n", status_code=413)
        try:
            event = await request.json()
        except ValueError:
            return PlainTextResponse("expected JSON\n", status_code=400)
        if isinstance(event, dict):
            await self._happened(event)
        return PlainTextResponse("ok\n")

    async def _happened(self, event: dict[str, Any]) -> None:
        match event:
            case {
                "event": "message_created",
                "id": message,
                "message_type": "outgoing" | 1,
                "content": str(text),
                "conversation": {"id": int(number)},
            } if not event.get("private") and text.strip():
                await self._said(number, text, str(message))
            case {
                "event": "message_created",
                "message_type": "outgoing" | 1,
                "attachments": [_, *_],
                "conversation": {"id": int(number)},
            } if not event.get("private") and number in self._here:
                await self._note(number, "— 没有送到：这里只能发文字 · not delivered: only text goes over —")
            case {"event": "conversation_status_changed", "id": int(number), "status": "resolved"}:
                await self._resolved(number)
            case _:
                pass  # other events, private notes, and our own messages come back as well

    async def _said(self, number: int, text: str, message: str) -> None:
        conversation = self._here.get(number)
        if conversation is None:
            return
        answer = await self._seat.do(commands.Say(conversation, text), id=f"chatwoot/message/{message}")
        if not answer.ok:
            log.warning("chatwoot: what was said in conversation %s did not reach it (%s)", conversation, answer.code)
            await self._note(number, f"— 没有送到 · not delivered: {answer.text} —")

    async def _resolved(self, number: int) -> None:
        conversation, settings = self._here.get(number), self._settings
        if conversation is None or number in self._over:
            return
        wish: commands.Command = (
            commands.GiveBack(conversation, settings.step)
            if settings.resolved == "give_back"
            else commands.Close(conversation, settings.disposition)
        )
        answer = await self._seat.do(wish, id=f"chatwoot/resolved/{number}")
        if answer.ok:
            await self._seat.do(commands.WrapUpDone())
        else:
            log.warning("chatwoot: conversation %s could not be resolved (%s)", conversation, answer.code)
            await self._note(number, f"— 没能结束 · not resolved: {answer.text} —")


def briefing(conversation: views.Conversation) -> str:
    """What an agent reads first, in the language of the bot: why, what is known, what was asked, what is left open."""
    zh = is_chinese(conversation.language)
    lines = [
        *((slot.title, slot.masked) for slot in conversation.slots),
        ("机器人问到" if zh else "The bot was asking", conversation.question),
        ("已答应" if zh else "Promised", "；".join(conversation.promised)),
        ("客户拒绝过" if zh else "The caller said no to", "；".join(conversation.refused)),
        *(("经过" if zh else "Before", line) for line in conversation.history),
        *(("可以这样答" if zh else "You might say", item.text) for item in conversation.suggestions),
    ]
    colon = "：" if zh else ": "
    return "\n".join([conversation.wanted, *(f"{title}{colon}{text}" for title, text in lines if text)])
