"""The names of Huashu's gRPC methods, once for server and client."""

from dataclasses import dataclass

from google.protobuf.message import Message

from huashu.channels import bots_pb2, conversations_pb2, desk_pb2, speech_pb2

CONVERSATIONS = "huashu.v1.Conversations"
BOTS = "huashu.v1.Bots"
SPEECH = "huashu.v1.Speech"
DESK = "huashu.desk.v1.Desk"


@dataclass(frozen=True, slots=True)
class Method:
    service: str
    name: str
    request: type[Message]
    reply: type[Message]

    @property
    def path(self) -> str:
        return f"/{self.service}/{self.name}"


CONVERSE = Method(CONVERSATIONS, "Converse", conversations_pb2.ClientMessage, conversations_pb2.ServerMessage)
LIST = Method(BOTS, "List", bots_pb2.ListBotsRequest, bots_pb2.ListBotsReply)
DESCRIBE = Method(BOTS, "Describe", bots_pb2.DescribeBotRequest, bots_pb2.Bot)
CHECK = Method(BOTS, "Check", bots_pb2.CheckBotRequest, bots_pb2.CheckBotReply)
RECOGNISE = Method(SPEECH, "Recognise", speech_pb2.RecogniseRequest, speech_pb2.RecogniseReply)
SYNTHESISE = Method(SPEECH, "Synthesise", speech_pb2.SynthesiseRequest, speech_pb2.SynthesiseReply)
ATTEND = Method(DESK, "Attend", desk_pb2.DeskRequest, desk_pb2.DeskReply)
