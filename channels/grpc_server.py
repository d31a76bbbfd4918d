"""The gRPC server: conversations, bots, speech, health and reflection on one port, guarded by token or certificates."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.reflection import SERVICE_NAME as REFLECTION
from grpc_reflection.v1alpha.reflection import enable_server_reflection

from huashu.channels import metrics, rpc
from huashu.channels.bots import BotsService
from huashu.channels.conversations import ConversationsService, VoiceFactory
from huashu.channels.desk_service import DeskService
from huashu.channels.limits import Limits
from huashu.channels.security import Address, Gate, Tls, check_bind, is_loopback
from huashu.channels.stream import hear_out
from huashu.core.errors import UsageError
from huashu.flows.script import Script
from huashu.handoff.attended import Joins
from huashu.runtime.bot import Bot
from huashu.store.log import Store

if TYPE_CHECKING:  # servers of text alone load no sound
    from huashu.channels.speech_service import SpeechService

log = logging.getLogger(__name__)

HEALTH: str = health.SERVICE_NAME

KEEPALIVE = 30.0
"""Seconds between pings of a silent connection: below the 60 s after which common balancers forget it."""


class GrpcServer:
    def __init__(
        self,
        bots: Mapping[str, Bot],
        where: Address,
        *,
        store: Store | None = None,
        token: str | None = None,
        tls: Tls | None = None,
        limits: Limits | None = None,
        voice: VoiceFactory | None = None,
        speech: "SpeechService | None" = None,
        centre: Joins | None = None,
        desk: DeskService | None = None,
    ) -> None:
        """
        bots: by name; may grow while the server runs.
        store: the record; None: nothing can be resumed.
        voice: makes the edge of a call whose sound comes over the stream; None: text only.
        speech: ears and voice without a bot; None: there is no such service.
        desk: where people of other systems attend; None: there is no such service.
        centre: the people who take conversations over; None: whoever drives them answers handoffs.

        Raises:
            UsageError: `where` is open to other machines with neither token nor mTLS, or a PEM file is bad.
        """
        check_bind(where, token=token, tls=tls)
        if token is not None and tls is None and not is_loopback(where.host):
            log.warning("%s takes its token over an unencrypted connection; give a certificate and key", where)
        self._where = where
        self._started = False
        self._watching: asyncio.Task[None] | None = None
        self._limits = limits or Limits()
        self._credentials = _credentials(tls) if tls else None
        self._server = grpc.aio.server(interceptors=[_Guard(Gate(token))], options=_options(self._limits))
        self._health = health.aio.HealthServicer()  # type: ignore[attr-defined, unused-ignore]  # not in the stubs
        self._conversations = ConversationsService(bots, store=store, limits=self._limits, voice=voice, centre=centre)
        self._server.add_generic_rpc_handlers(_handlers(self._conversations, BotsService(_Scripts(bots), self._limits)))
        self._speech = speech
        if speech is not None:
            self._server.add_generic_rpc_handlers([_speech_handler(speech)])
        if desk is not None:
            self._server.add_generic_rpc_handlers([_desk_handler(desk)])
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        offered = {rpc.SPEECH: speech, rpc.DESK: desk}
        more = [name for name, service in offered.items() if service is not None]
        self._services = (rpc.CONVERSATIONS, rpc.BOTS, *more)
        enable_server_reflection((*self._services, HEALTH, REFLECTION), self._server)

    @property
    def ready(self) -> bool:
        """Takes new conversations."""
        return self._started and not self._conversations.draining

    @property
    def full(self) -> str:
        """Why a new spoken call would be refused now; "" when it would not."""
        return self._conversations.admission.full

    @property
    def live(self) -> int:
        """Conversations on open streams now."""
        return self._conversations.live

    async def start(self) -> Address:
        """Listens; the address with the port that was taken (when 0 was asked). Raises UsageError when it is in use."""
        try:
            if self._credentials is None:
                port = self._server.add_insecure_port(str(self._where))
            else:
                port = self._server.add_secure_port(str(self._where), self._credentials)
        except RuntimeError:
            port = 0
        if port == 0:
            raise UsageError(f"cannot listen on {self._where}: in use, or no address of this machine")
        await self._server.start()
        await self._report(health_pb2.HealthCheckResponse.SERVING)
        self._started = True
        self._watching = asyncio.create_task(self._conversations.admission.watch())
        where = Address(self._where.host, port)
        log.info("gRPC on %s", where)
        return where

    async def drain(self, within: float | None = None) -> None:
        """Stop taking conversations, let live ones finish for `within` seconds (default: Limits.drain), then stop.

        What is cut after that stays on record and may be resumed on another server.
        """
        await self._report(health_pb2.HealthCheckResponse.NOT_SERVING)
        within = self._limits.drain if within is None else within
        speech = self._speech.desk.drain(within) if self._speech is not None else asyncio.sleep(0, 0)
        cut, unheard = await asyncio.gather(self._conversations.drain(within), speech)
        if cut:
            log.warning("%d conversations were cut by the end of the drain; they can be resumed", cut)
        if unheard:
            log.warning("%d speech requests were cut by the end of the drain", unheard)
        await self._server.stop(1.0)
        if self._watching is not None:
            self._watching.cancel()

    async def _report(self, status: "health_pb2.HealthCheckResponse.ServingStatus.ValueType") -> None:
        for service in ("", *self._services):
            await self._health.set(service, status)


class _Scripts(Mapping[str, Script]):
    """The scripts of a growing mapping of bots."""

    def __init__(self, bots: Mapping[str, Bot]) -> None:
        self._bots = bots

    def __getitem__(self, name: str) -> Script:
        return self._bots[name].script

    def __iter__(self) -> Any:
        return iter(self._bots)

    def __len__(self) -> int:
        return len(self._bots)


def _credentials(tls: Tls) -> grpc.ServerCredentials:
    certificate, key, ca = tls.read()
    return grpc.ssl_server_credentials([(key, certificate)], ca, ca is not None)


def _options(limits: Limits) -> list[tuple[str, int]]:
    return [
        ("grpc.max_receive_message_length", limits.message_bytes),
        ("grpc.so_reuseport", 0),  # a second server on the port must fail, not share the calls
        ("grpc.keepalive_time_ms", int(KEEPALIVE * 1000)),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
    ]


def _handlers(conversations: ConversationsService, bots: BotsService) -> list["grpc.GenericRpcHandler[Any, Any]"]:
    def unary(method: rpc.Method, function: Callable[..., Awaitable[Any]]) -> "grpc.RpcMethodHandler[Any, Any]":
        return grpc.unary_unary_rpc_method_handler(function, method.request.FromString, method.reply.SerializeToString)

    converse = grpc.stream_stream_rpc_method_handler(
        conversations.converse, rpc.CONVERSE.request.FromString, rpc.CONVERSE.reply.SerializeToString
    )
    of_bots: dict[rpc.Method, Callable[..., Awaitable[Any]]] = {
        rpc.LIST: bots.list,
        rpc.DESCRIBE: bots.describe,
        rpc.CHECK: bots.check,
    }
    return [
        grpc.method_handlers_generic_handler(rpc.CONVERSATIONS, {rpc.CONVERSE.name: converse}),
        grpc.method_handlers_generic_handler(
            rpc.BOTS, {method.name: unary(method, function) for method, function in of_bots.items()}
        ),
    ]


def _speech_handler(speech: "SpeechService") -> "grpc.GenericRpcHandler[Any, Any]":
    recognise = grpc.stream_stream_rpc_method_handler(
        speech.recognise, rpc.RECOGNISE.request.FromString, rpc.RECOGNISE.reply.SerializeToString
    )
    synthesise = grpc.unary_stream_rpc_method_handler(
        speech.synthesise, rpc.SYNTHESISE.request.FromString, rpc.SYNTHESISE.reply.SerializeToString
    )
    methods = {rpc.RECOGNISE.name: recognise, rpc.SYNTHESISE.name: synthesise}
    return grpc.method_handlers_generic_handler(rpc.SPEECH, methods)


def _desk_handler(desk: DeskService) -> "grpc.GenericRpcHandler[Any, Any]":
    attend = grpc.stream_stream_rpc_method_handler(
        desk.attend, rpc.ATTEND.request.FromString, rpc.ATTEND.reply.SerializeToString
    )
    return grpc.method_handlers_generic_handler(rpc.DESK, {rpc.ATTEND.name: attend})


class _Guard(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]  # generic in the stubs, not when running
    """Lets in who has the token. Health is open: probes carry none, and it tells nothing else."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def intercept_service(
        self,
        continuation: "Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler[Any, Any]]]",
        handler_call_details: grpc.HandlerCallDetails,
    ) -> "grpc.RpcMethodHandler[Any, Any]":
        handler = await continuation(handler_call_details)
        if handler is None or not self._gate.closed or handler_call_details.method.startswith(f"/{HEALTH}/"):
            return handler
        given = next((value for key, value in handler_call_details.invocation_metadata if key == "authorization"), None)
        if self._gate.admits(given if isinstance(given, str) else None):
            return handler
        metrics.UNAUTHENTICATED.inc()
        return _refusing(handler)


def _refusing(handler: "grpc.RpcMethodHandler[Any, Any]") -> "grpc.RpcMethodHandler[Any, Any]":
    async def refuse(request: Any, context: "grpc.aio.ServicerContext[Any, Any]") -> None:
        wanted = "a bearer token is needed, in metadata `authorization: Bearer …`"
        await context.abort(grpc.StatusCode.UNAUTHENTICATED, wanted)

    async def refuse_stream(requests: Any, context: "grpc.aio.ServicerContext[Any, Any]") -> None:
        await hear_out(requests)
        await refuse(requests, context)

    if handler.request_streaming:
        return grpc.stream_stream_rpc_method_handler(refuse_stream)
    if handler.response_streaming:
        return grpc.unary_stream_rpc_method_handler(refuse)
    return grpc.unary_unary_rpc_method_handler(refuse)
