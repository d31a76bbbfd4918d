"""The gRPC service of a Rasa action server: `action_server_webhook.ActionService/Webhook`.

The few messages it needs stand here as a table of names and field numbers (rasa-sdk 3.21,
`rasa_sdk/grpc_py/action_webhook.proto`) in a descriptor pool of their own: generated code would clash with rasa-sdk's
in a process that has both.
"""

import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import grpc
from google.protobuf import json_format, message_factory, struct_pb2
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError, Message

from huashu.core.errors import RemoteError
from huashu.runtime.loops import PerLoop
from huashu.runtime.rasa_actions import MAX_ANSWER, MAX_REQUEST, decoded, too_large
from huashu.runtime.rasa_mapping import malformed

METHOD = "/action_server_webhook.ActionService/Webhook"

_PACKAGE = "action_server_webhook"
_STRUCT = ".google.protobuf.Struct"
_MESSAGES = {
    "Tracker": (
        ("sender_id", 1, "string"),
        ("slots", 2, _STRUCT),
        ("latest_message", 3, _STRUCT),
        ("events", 4, f"many {_STRUCT}"),
        ("paused", 5, "bool"),
        ("stack", 9, f"many {_STRUCT}"),
    ),
    "Text": (("string_value", 1, "string"),),  # Intent and Action of the service: either of them a name or a Struct
    "Domain": (
        ("intents", 3, f"many .{_PACKAGE}.Text"),
        ("slots", 5, _STRUCT),
        ("responses", 6, _STRUCT),
        ("actions", 7, f"many .{_PACKAGE}.Text"),
        ("forms", 8, _STRUCT),
    ),
    "WebhookRequest": (
        ("next_action", 1, "string"),
        ("sender_id", 2, "string"),
        ("tracker", 3, f".{_PACKAGE}.Tracker"),
        ("domain", 4, f".{_PACKAGE}.Domain"),
        ("version", 5, "string"),
    ),
    "WebhookResponse": (("events", 1, f"many {_STRUCT}"), ("responses", 2, f"many {_STRUCT}")),
}


class RasaGrpc:
    """target: host:port. tls: verify the server by the system's authorities."""

    def __init__(self, target: str, *, tls: bool = False) -> None:
        self._target = target
        self._tls = tls
        self._channels = PerLoop(self._channel)

    async def ask(self, request: Mapping[str, Any], key: str) -> object:
        """See `huashu.runtime.rasa_actions.Transport.ask`."""
        body = _encoded(request)
        if len(body) > MAX_REQUEST:
            raise too_large(len(body), MAX_REQUEST)
        channel = self._channels.get()
        # connected first, so that UNAVAILABLE afterwards means: the request may have arrived
        if not await _ready(channel):
            # a channel that has failed waits before it tries again, a fresh one does not; whoever else uses it may
            self._channels.forget()
            raise RemoteError("no connection", code="unreachable")
        # bytes in, bytes out: what cannot be parsed is told apart from what the network did
        method: Any = channel.unary_unary(METHOD, None, None)
        try:
            answer = await method(body, metadata=(("idempotency-key", quote(key, safe="/")),))
        except grpc.aio.AioRpcError as error:
            raise _refusal(error.code(), error.details() or "") from None
        return _decoded(answer)

    def _channel(self) -> grpc.aio.Channel:
        options = (
            ("grpc.max_receive_message_length", MAX_ANSWER),
            ("grpc.enable_http_proxy", 0),  # no proxies from the environment
            ("grpc.enable_retries", 0),  # whoever asks decides what may be asked again
            ("grpc.use_local_subchannel_pool", 1),  # or a fresh channel inherits the waiting of a failed one
        )
        if self._tls:
            return grpc.aio.secure_channel(self._target, grpc.ssl_channel_credentials(_authorities()), options)
        return grpc.aio.insecure_channel(self._target, options)


def _authorities() -> bytes | None:
    """The system's, or those of SSL_CERT_FILE, as OpenSSL finds them; None (gRPC's own list) where it finds none."""
    found = ssl.create_default_context().get_ca_certs(binary_form=True)
    return "".join(ssl.DER_cert_to_PEM_cert(certificate) for certificate in found).encode() or None


async def _ready(channel: grpc.aio.Channel) -> bool:
    """Connected, or the attempt has failed."""
    while (state := channel.get_state(try_to_connect=True)) is not grpc.ChannelConnectivity.READY:
        if state is grpc.ChannelConnectivity.TRANSIENT_FAILURE:
            return False
        await channel.wait_for_state_change(state)
    return True


def _encoded(request: Mapping[str, Any]) -> bytes:
    domain = dict(request["domain"])
    for names in ("intents", "actions"):
        domain[names] = [{"string_value": name} for name in domain[names]]
    try:
        # what the service has no field for (or only null) is left out
        message = json_format.ParseDict({**request, "domain": domain}, REQUEST(), ignore_unknown_fields=True)
    except (ValueError, json_format.ParseError):  # half of a surrogate pair, typed on some keyboard
        raise RemoteError("an argument is no Unicode text", code="bad_arguments", retryable=False) from None
    return message.SerializeToString()


def _decoded(answer: bytes) -> object:
    try:
        return json_format.MessageToDict(RESPONSE.FromString(answer))
    except (DecodeError, json_format.SerializeToJsonError):
        raise malformed("the answer is no WebhookResponse") from None


def _refusal(status: grpc.StatusCode, details: str) -> RemoteError:
    """What a status other than OK means. Details are looked at, never kept: they may quote the caller."""
    codes = {
        grpc.StatusCode.UNKNOWN: "exception",
        grpc.StatusCode.UNAVAILABLE: "unreachable",
        grpc.StatusCode.DEADLINE_EXCEEDED: "timeout",
    }
    try:
        told = decoded(details.encode(errors="replace"))
    except RemoteError:
        told = None
    if isinstance(told, Mapping) and "action_name" in told:
        codes[grpc.StatusCode.INTERNAL] = "rejected"
        if told.get("resource_type") == "ACTION":
            codes[grpc.StatusCode.NOT_FOUND] = "unknown_action"
    if "larger than max" in details:  # the client's own words when an answer is over max_receive_message_length
        codes[grpc.StatusCode.RESOURCE_EXHAUSTED] = "too_large"
    return RemoteError(f"gRPC {status.name}", code=codes.get(status, "refused"), retryable=False)


def _messages() -> DescriptorPool:
    pool = DescriptorPool()
    pool.Add(FileDescriptorProto.FromString(struct_pb2.DESCRIPTOR.serialized_pb))
    file = FileDescriptorProto(
        name="huashu/action_webhook.proto", package=_PACKAGE, syntax="proto3", dependency=[struct_pb2.DESCRIPTOR.name]
    )
    types = {"string": FieldDescriptorProto.TYPE_STRING, "bool": FieldDescriptorProto.TYPE_BOOL}
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            inner = kind.removeprefix("many ")
            message.field.add(
                name=field,
                number=number,
                label=FieldDescriptorProto.LABEL_OPTIONAL if inner == kind else FieldDescriptorProto.LABEL_REPEATED,
                type=types.get(inner, FieldDescriptorProto.TYPE_MESSAGE),
                type_name=None if inner in types else inner,
            )
    pool.Add(file)
    return pool


_POOL = _messages()
REQUEST: type[Message] = message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{_PACKAGE}.WebhookRequest"))
RESPONSE: type[Message] = message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{_PACKAGE}.WebhookResponse"))
