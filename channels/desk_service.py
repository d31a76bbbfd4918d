"""The `Desk` service: people of another system attend the conversations of this centre, one stream a person.

The stream is the person's seat: commands in, each answered; views out, whatever they may see; and the sound of voice
conversations both ways. A stream that breaks off leaves what the person has to the plan's grace; who connects again
is told everything anew, and commands sent again under their old ids are done once.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import Protocol, TypeAlias

import grpc
from google.protobuf.message import DecodeError

from huashu.channels import desk_pb2 as pb
from huashu.channels import wire
from huashu.channels.limits import Limits
from huashu.channels.stream import OVER, Ending, Messages, hear_out, supervise
from huashu.core.errors import StoreError, UsageError
from huashu.handoff.commands import Command
from huashu.handoff.exporting import Form
from huashu.handoff.line import Track
from huashu.handoff.plan import Profile
from huashu.handoff.track import SoundTrack
from huashu.handoff.views import Answer, View

log = logging.getLogger(__name__)

Context: TypeAlias = "grpc.aio.ServicerContext[pb.DeskRequest, pb.DeskReply]"
Requests = AsyncIterator[pb.DeskRequest]

ROLES = ("agent", "supervisor")
"""Those that another system may give its people; designers and admins belong to the desk's own accounts."""
LONGEST_NAME = 200
CHUNK = 1 << 18
"""Bytes of an export in one message."""
_WAITING = 4000
"""Replies that may wait for a client: a busy wall of some minutes."""


class Seat(Protocol):
    """One person's place at the centre (huashu.handoff.seat)."""

    async def do(self, command: Command, *, id: str = "") -> Answer: ...  # noqa: A002  as the contract names it

    async def export(self, form: Form, *, private: bool = False) -> str: ...

    def look(self) -> list[View]: ...

    def lost(self) -> None: ...

    def track(self, conversation: str, track: Track) -> int: ...

    def untrack(self, conversation: str, track: Track) -> None: ...


class Seats(Protocol):
    """The centre, as this service knows it (huashu.handoff.service)."""

    def sign_in(self, agent: Profile, tell: Callable[[View], None]) -> Seat: ...


class DeskService:
    def __init__(self, centre: Seats, limits: Limits, *, wall: Callable[[], float] = time.time) -> None:
        """wall: Unix seconds."""
        self._centre = centre
        self._limits = limits
        self._wall = wall
        self._open: dict[str, _Stream] = {}
        """By agent."""

    async def attend(self, requests: Requests, context: Context) -> None:
        try:
            profile = await self._signing_in(requests)
        except UsageError as error:
            await hear_out(requests)
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        before = self._open.get(profile.id)
        if before is not None:
            before.outbox.end(Ending(grpc.StatusCode.ABORTED, "this person has connected anew"))
        stream = self._open[profile.id] = _Stream(profile.id)
        stream.outbox.put(pb.DeskReply(signed_in=pb.SignedIn(agent=profile.id, now=self._wall())))
        seat = self._centre.sign_in(profile, stream.tell)
        for view in seat.look():
            stream.tell(view)
        reader = supervise(asyncio.create_task(stream.read(requests, seat)), stream.outbox, "reader")
        try:
            ending = await stream.outbox.write_to(context.write)
        finally:
            # before anything is awaited: a client that broke off has this task cancelled, here as well
            reader.cancel()
            stream.close(seat)
            if self._open.get(profile.id) is stream:  # else the person is here over another stream
                del self._open[profile.id]
                seat.lost()
            await asyncio.gather(reader, return_exceptions=True)
        if ending is not OVER:
            await context.abort(ending.code, ending.details)

    async def _signing_in(self, requests: Requests) -> Profile:
        try:
            async with asyncio.timeout(self._limits.start_within):
                first = await anext(requests, None)
        except TimeoutError:
            raise UsageError(f"no sign_in within {self._limits.start_within:g} s") from None
        except DecodeError:
            raise UsageError("the first message cannot be read") from None
        if first is None or first.WhichOneof("message") != "sign_in":
            raise UsageError("the first message must be sign_in")
        who = first.sign_in
        if not who.agent or len(who.agent) > LONGEST_NAME or len(who.name) > LONGEST_NAME:
            raise UsageError(f"sign_in.agent: expected an id (and a name) of 1 to {LONGEST_NAME} characters")
        if (who.role or "agent") not in ROLES:
            raise UsageError(f"sign_in.role: {who.role[:40]!r}; expected {' or '.join(ROLES)}")
        if unknown := set(who.capacity) - {"voice", "text"}:
            raise UsageError(f"sign_in.capacity: {sorted(unknown)[0][:40]!r}; expected voice or text")
        if any(not 0 <= most <= 100 for most in who.capacity.values()):
            raise UsageError("sign_in.capacity: expected 0 to 100 conversations at once")
        if any(not 1 <= level <= 9 for level in who.skills.values()):
            raise UsageError("sign_in.skills: expected levels from 1 to 9")
        return Profile(
            who.agent,
            who.name or who.agent,
            role="supervisor" if who.role == "supervisor" else "agent",
            language=who.language or "zh-CN",
            queues=tuple(who.queues),
            skills=dict(who.skills),
            capacity={"voice" if medium == "voice" else "text": most for medium, most in who.capacity.items()},
            areas=tuple(who.areas),
        )


class _Stream:
    """One stream of a person: what waits for them, and the calls they hear over it."""

    def __init__(self, agent: str) -> None:
        self.outbox: Messages[pb.DeskReply] = Messages(_WAITING)
        self._agent = agent
        self._tracks: dict[str, tuple[SoundTrack, asyncio.Task[None]]] = {}
        """By conversation."""

    def tell(self, view: View) -> None:
        self.outbox.put(pb.DeskReply(view=wire.carried(view, pb.View())))

    async def read(self, requests: Requests, seat: Seat) -> None:
        """Until the client sends no more."""
        try:
            async for message in requests:
                match message.WhichOneof("message"):
                    case "do":
                        await self._do(message.do, seat)
                    case "export_tickets":
                        await self._export(message.export_tickets, seat)
                    case "voice":
                        self._hear(message.voice, seat)
                    case "sign_in":
                        self._answer("", Answer(False, "state", "sign_in: you have signed in already"))
                    case _:
                        pass  # from a newer client: ignored, by the rule in conversations.proto
        except DecodeError:
            self.outbox.end(Ending(grpc.StatusCode.INVALID_ARGUMENT, "a message that cannot be read"))
            return
        self.outbox.end(OVER)

    def close(self, seat: Seat) -> None:
        for conversation in list(self._tracks):
            self._hang_up(conversation, seat)

    async def _do(self, wanted: pb.Do, seat: Seat) -> None:
        try:
            command: Command | None = wire.taken(wanted, "command", Command)
        except UsageError as error:
            self._answer(wanted.id, Answer(False, "invalid", str(error)))
            return
        if command is None:
            self._answer(wanted.id, Answer(False, "invalid", "do.command: none, or one this server does not know"))
            return
        self._answer(wanted.id, await seat.do(command, id=wanted.id))

    async def _export(self, wanted: pb.ExportTickets, seat: Seat) -> None:
        form: Form = "json" if wanted.form == "json" else "csv"
        if wanted.form not in ("", "csv", "json"):
            self._answer(wanted.id, Answer(False, "invalid", f"form: {wanted.form[:40]!r}; expected csv or json"))
            return
        try:
            data = (await seat.export(form, private=wanted.private)).encode()
        except UsageError as error:
            self._answer(wanted.id, Answer(False, error.code, str(error)))
            return
        except StoreError:
            self._answer(wanted.id, Answer(False, "unrecorded", "the export cannot be put on record: nothing is sent"))
            return
        for at in range(0, len(data), CHUNK):
            chunk = pb.ExportTicketsChunk(to=wanted.id, data=data[at : at + CHUNK])
            self.outbox.put(pb.DeskReply(export_tickets_chunk=chunk))
        self._answer(wanted.id, Answer())

    def _answer(self, to: str, answer: Answer) -> None:
        self.outbox.put(pb.DeskReply(answered=pb.Answered(to=to, answer=wire.filled(answer, pb.Answer()))))

    # --- sound ------------------------------------------------------------------------------------------------------

    def _hear(self, voice: pb.Voice, seat: Seat) -> None:
        """A frame of the person's; the first one of a conversation puts them on its line."""
        found = self._tracks.get(voice.conversation)
        if found is None:
            track = SoundTrack(self._agent, 8000)
            try:
                track.rate = seat.track(voice.conversation, track)
            except UsageError as error:
                self._answer("", Answer(False, error.code, f"voice: {error}"))
                return
            task = asyncio.create_task(self._speak(voice.conversation, track))
            found = self._tracks[voice.conversation] = track, supervise(task, self.outbox, "sound")
        found[0].put(voice.number, voice.data)

    async def _speak(self, conversation: str, track: SoundTrack) -> None:
        number = 0
        while (frame := await track.get()) is not None:
            voice = pb.Voice(conversation=conversation, number=number, data=frame, rate=track.rate)
            self.outbox.put(pb.DeskReply(voice=voice))
            number += 1

    def _hang_up(self, conversation: str, seat: Seat) -> None:
        track, task = self._tracks.pop(conversation)
        seat.untrack(conversation, track)
        task.cancel()
