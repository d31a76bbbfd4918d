"""A small bot and an understander that needs no training, for tests of the edge."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import grpc

from huashu.channels import conversations_pb2 as pb
from huashu.channels.client import Client, Conversation, Received
from huashu.channels.conversations import VoiceFactory
from huashu.channels.grpc_server import GrpcServer
from huashu.channels.limits import Limits
from huashu.channels.security import Address, Tls
from huashu.channels.speech_service import SpeechService
from huashu.core.actions import Listen, Say
from huashu.core.events import Entity, FaqHit, Heard, IntentScore, Understood
from huashu.core.expect import Expectation
from huashu.core.values import Scalar, Values
from huashu.flows.loader import bundle, load
from huashu.handoff.attended import Joins
from huashu.nlu.engine import Capabilities
from huashu.runtime.actions import PythonActions
from huashu.runtime.bot import Bot
from huashu.store.log import Store
from huashu.values.registry import parse

WITHIN = 20.0
"""Seconds that anything in these tests may take on a busy machine before it counts as hanging."""

UNHURRIED = 3600.0
"""Seconds that a server of the tests may be late with sound before it refuses calls: on a busy machine it is late. The
refusal itself is tested with a clock of its own (test_admission)."""

FILES = {
    "bot.yaml": """
bot: canteen
title: 食堂
language: zh-CN
variables:
  姓名: {type: text, given: true, example: 老王}
  份数: {type: integer}
  单号: {type: text}
""",
    "flows/main.yaml": """
flow: 订餐
steps:
- 问候: {say: 您好，【姓名】，这里是食堂。}
- 几份:
    collect: 份数
    prompt: [您要几份？, 请说要几份。]
- 下单: {do: place_order, args: {份数: "=份数"}, failed: {end: 失败}}
- 报单: {say: 单号是【单号】。}
- 还要吗:
    ask: 还要别的吗？
    answers: {肯定: 几份再来, 否定: {end: 完成}}
- 几份再来:
    ask: 再说一次？
    answers: {肯定: 下单, 否定: {end: 完成}}
endings:
  完成: {say: 再见。, result: success, label: A}
  失败: {say: 下单失败。, result: error}
""",
}

ACTIONS = '''
"""Orders in a database of the canteen's own: one row an idempotency key, and how often it was asked for."""

import os
import sqlite3

from huashu.runtime.actions import ActionContext, action


@action
def place_order(份数: int, context: ActionContext) -> dict[str, object]:
    with sqlite3.connect(os.environ["CANTEEN_ORDERS"], timeout=30) as orders:
        orders.execute("create table if not exists orders (key primary key, portions, asked)")
        orders.execute(
            "insert into orders values (?, ?, 1) on conflict (key) do update set asked = asked + 1", (context.key, 份数)
        )
    return {"单号": f"K{份数}"}
'''
FILES["actions.py"] = ACTIONS


def write_bot(folder: Path, files: Mapping[str, str] = FILES) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return folder


_WORDS = {"否定": "不没", "肯定": "好是要"}


class Words:
    """Understands a handful of words and whatever value the open question wants."""

    capabilities = Capabilities("words", ("zh",), trainable=False)

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        text = heard.text
        intents = [
            name for name, words in (("肯定", "好是要"), ("否定", "不没")) if any(word in text for word in words)
        ]
        entities: tuple[Entity, ...] = ()
        if expect.slot and expect.type:
            found = parse(expect.type, text, language="zh-CN", at=at)
            entities = tuple(
                Entity(expect.type, item.value, item.text, item.start, item.end, expect.slot) for item in found[:1]
            )
        scores = tuple(IntentScore(name, 0.9) for name in intents[:1])
        return Understood(text, scores, entities)


class NoKnowledge:
    def search(self, text: str, bases: Iterable[str], *, on: date | None = None) -> tuple[FaqHit, ...]:
        return ()

    candidates = search


@dataclass
class Kitchen:
    """The bank's own system of this bot: every order it was given, by idempotency key."""

    orders: list[Scalar] = field(default_factory=list)

    def place_order(self, 份数: int) -> Values:  # the script's own word
        self.orders.append(份数)
        return {"单号": f"K{len(self.orders)}"}


def make_bot(folder: Path, kitchen: Kitchen | None = None) -> Bot:
    """`kitchen` None: the bot has no backend, its actions go to the client."""
    write_bot(folder)
    script = load(folder)
    actions = PythonActions({"place_order": kitchen.place_order}, script.variables) if kitchen else None
    return Bot(script, Words(), NoKnowledge(), actions, folder, bundle(folder))


class Running:
    """A server in this event loop."""

    def __init__(
        self,
        bot: Bot,
        *,
        store: Store | None = None,
        token: str | None = None,
        tls: Tls | None = None,
        limits: Limits | None = None,
        voice: VoiceFactory | None = None,
        speech: SpeechService | None = None,
        centre: Joins | None = None,
    ) -> None:
        self.server = GrpcServer(
            {bot.script.name: bot},
            Address("127.0.0.1", 0),
            store=store,
            token=token,
            tls=tls,
            limits=replace(limits or Limits(), late=UNHURRIED),
            voice=voice,
            speech=speech,
            centre=centre,
        )
        self.address = ""

    async def __aenter__(self) -> "Running":
        self.address = str(await self.server.start())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.drain(0.0)

    def client(self, token: str | None = None) -> Client:
        return Client(self.address, token=token)


async def until_listening(conversation: Conversation) -> list[Received]:
    """What comes until the bot listens, or until the conversation is over."""
    received: list[Received] = []
    async with asyncio.timeout(WITHIN):
        while (item := await conversation.receive()) is not None:
            received.append(item)
            if isinstance(item, Listen):
                break
    return received


async def until_over(conversation: Conversation) -> list[Received]:
    """Everything until the conversation is over."""
    async with asyncio.timeout(WITHIN):
        return [item async for item in conversation]


async def everything(stream: Any) -> list[pb.ServerMessage]:
    """Of a bare stream that the server ends."""
    received: list[pb.ServerMessage] = []
    async with asyncio.timeout(WITHIN):
        with suppress(grpc.aio.AioRpcError):
            async for message in stream:
                received.append(message)
    return received


def said(received: list[Received]) -> str:
    return "".join(item.text for item in received if isinstance(item, Say))
