"""Dialogue turns a second on one core without NLU, by durability, and the memory of live conversations.

A turn: words in (Heard), their meaning (Understood, given), the engine, the commit, rendered actions drained. The bot
is a form of six questions, one conversation after another (or many at once where turns share a commit).

Usage: python bench/turns.py [--seconds 2] [--live 20000]
"""

import argparse
import asyncio
import gc
import os
import statistics
import tempfile
import time
from datetime import datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

from sqlalchemy import insert

from huashu.core.actions import Action
from huashu.core.events import Answered, Entity, FaqHit, Heard, Started, Understood
from huashu.core.expect import Expectation
from huashu.core.values import Scalar
from huashu.flows.loader import load
from huashu.nlu.engine import Capabilities
from huashu.runtime.bot import Bot
from huashu.runtime.host import Host
from huashu.runtime.turn import Turns
from huashu.store import schema
from huashu.store.log import Store

BOT = """
bot: form
title: 订位
language: zh-CN
variables:
  日期: {type: date}
  时间: {type: time}
  人数: {type: integer, unit: 位}
  姓名: {type: text}
  电话: {type: phone}
  预算: {type: money}
defaults:
  silence: [{after: 5s, say: 您还在吗？}, {after: 5s, end: 无应答}]
  unclear: [{say: 不好意思，我没听清。}, {end: 没听懂}]
endings:
  无应答: {result: no_input}
  没听懂: {result: no_match}
  已预订: {say: 【姓名】您好，已为您预订【日期】【时间】【人数】。, result: success}
"""
FLOW = """
flow: 订位
steps:
- 日期: {collect: 日期, prompt: 请问您想订哪一天？}
- 时间: {collect: 时间, prompt: 【日期】几点呢？}
- 人数: {collect: 人数, prompt: 请问一共几位？}
- 姓名: {collect: 姓名, prompt: 请问怎么称呼您？}
- 电话: {collect: 电话, prompt: 请留一个手机号。}
- 预算: {collect: 预算, prompt: 大概预算多少？}
- 完成: {end: 已预订}
"""
ANSWERS: list[tuple[str, str, Scalar, str]] = [
    ("日期", "date", "2026-05-01", "五月一号"),
    ("时间", "time", "18:30", "晚上六点半"),
    ("人数", "integer", 4, "四个人"),
    ("姓名", "text", "李雷", "李雷"),
    ("电话", "phone", "13900001111", "139 0000 1111"),
    ("预算", "money", Decimal("800.00"), "八百块"),
]
TURNS = [
    (Heard(text), Understood(text, entities=(Entity(kind, value, text, 0, len(text), slot),)))
    for slot, kind, value, text in ANSWERS
]
MEANINGS = {heard.text: understood for heard, understood in TURNS}


class Given:
    """The meaning of each sentence is known beforehand."""

    capabilities = Capabilities("given", ("zh-CN",))

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        return MEANINGS[heard.text]

    def search(self, text: str, bases: tuple[str, ...], *, most: int = 3) -> tuple[FaqHit, ...]:
        return ()


class Drain:
    """An edge that counts."""

    def __init__(self) -> None:
        self.actions = 0

    def perform(self, action: Action) -> None:
        self.actions += 1


_ids = count()


def started() -> Started:
    return Started(f"bench{next(_ids):011d}", wall=1_770_000_000.0, marks="none")


def form_bot() -> Bot:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "flows").mkdir()
        (folder / "bot.yaml").write_text(BOT, encoding="utf-8")
        (folder / "flows" / "form.yaml").write_text(FLOW, encoding="utf-8")
        given = Given()
        return Bot(load(folder), given, given)


def conversation(bot: Bot, store: Store | None, delays: list[float]) -> int:
    """Six turns through `Turns`; the number of actions drained."""
    turns = Turns(bot, store)
    turns.hear(started(), now=0.0)
    turns.hear(Answered(), now=0.0)
    turns.commit()
    drained = 0
    for number, (heard, understood) in enumerate(TURNS):
        now = 3.0 * (number + 1)
        began = time.perf_counter()
        turns.hear(heard, now=now)
        turns.answer(understood, now=now)
        drained += len(turns.commit().actions)
        delays.append(time.perf_counter() - began)
    assert turns.closed
    assert turns.disposition is not None
    assert turns.disposition.ending == "已预订"
    return drained


def one_after_another(bot: Bot, store: Store | None, seconds: float) -> tuple[float, float, list[float]]:
    """(turns a second of wall time, turns a second of processor time, delays)."""
    delays: list[float] = []
    wall, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < seconds:
        conversation(bot, store, delays)
    return len(delays) / (time.perf_counter() - wall), len(delays) / (time.process_time() - cpu), delays


async def many_at_once(bot: Bot, store: Store, seconds: float, abreast: int) -> tuple[float, float, list[float]]:
    """The same with `abreast` conversations waiting for the same commits."""
    delays: list[float] = []
    wall, cpu = time.perf_counter(), time.process_time()

    async def hold() -> None:
        while time.perf_counter() - wall < seconds:
            turns = Turns(bot, store)
            turns.hear(started(), now=0.0)
            turns.hear(Answered(), now=0.0)
            await turns.commit_async()
            for number, (heard, understood) in enumerate(TURNS):
                began = time.perf_counter()
                turns.hear(heard, now=3.0 * number)
                turns.answer(understood, now=3.0 * number)
                await turns.commit_async()
                delays.append(time.perf_counter() - began)

    await asyncio.gather(*(hold() for _ in range(abreast)))
    return len(delays) / (time.perf_counter() - wall), len(delays) / (time.process_time() - cpu), delays


async def hosted(bot: Bot, store: Store | None, seconds: float) -> tuple[float, float, list[float]]:
    """One conversation after another through the whole `Host`: lock, timer, metrics and all."""
    delays: list[float] = []
    wall, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < seconds:
        host = Host(bot, Drain(), store=store)
        await host.start(started())
        await host.receive(Answered())
        for heard, _ in TURNS:
            began = time.perf_counter()
            await host.receive(heard)
            delays.append(time.perf_counter() - began)
    return len(delays) / (time.perf_counter() - wall), len(delays) / (time.process_time() - cpu), delays


def resident() -> int:
    """Bytes of memory the process holds (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def memory(bot: Bot, store: Store, live: int, kept: list[Host]) -> float:
    """Bytes a live hosted text conversation holds after turn 5, the sixth question open; history in the store.

    kept: where the conversations go, so that later ones do not live in the memory of earlier ones.
    """
    gc.collect()
    before = resident()
    for _ in range(live):
        host = Host(bot, Drain(), store=store)
        await host.start(started())
        await host.receive(Answered())
        for heard, _ in TURNS[:5]:
            # a heard text of its own for each call, as from a wire
            await host.receive(Heard("".join(list(heard.text))))
        kept.append(host)
    gc.collect()
    used = (resident() - before) / live
    assert all(not host.closed for host in kept)
    return used


def through_sqlalchemy(store: Store, seconds: float) -> float:
    """Commits a second when the two rows of a turn are inserted by SQLAlchemy Core, for comparison."""
    rows = insert(schema.log)
    done = 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        values = [
            {"call": "core", "seq": 2 * done + n, "now": 1.0, "payload": "{}" * 60, "sealed": b"x" * 40} for n in (0, 1)
        ]
        with store._writer.transaction():
            store._connection.execute(rows, values)
        done += 1
    return done / (time.perf_counter() - began)


def report(name: str, result: tuple[float, float, list[float]]) -> None:
    rate, busy, delays = result
    middle, worst = statistics.median(delays), sorted(delays)[int(len(delays) * 0.99)]
    print(
        f"{name:42} {rate:8,.0f}/s wall {busy:8,.0f}/s cpu   p50 {middle * 1e6:6,.0f} µs  p99 {worst * 1e6:6,.0f} µs  "
        f"max {max(delays) * 1e3:5.1f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--live", type=int, default=20_000)
    parser.add_argument("--abreast", type=int, default=100)
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    bot = form_bot()
    seconds = arguments.seconds
    one_after_another(bot, None, 0.2)
    report("no store", one_after_another(bot, None, seconds))
    with tempfile.TemporaryDirectory() as folder:
        with Store.open(f"{folder}/turn.db") as store:
            report("commit per turn", one_after_another(bot, store, seconds))
            print(f"{'  (the same rows by SQLAlchemy Core)':42} {through_sqlalchemy(store, 0.5):8,.0f}/s wall")
        with Store.open(f"{folder}/group.db", commit="group") as store:
            result = asyncio.run(many_at_once(bot, store, seconds, arguments.abreast))
            report(f"group commit, {arguments.abreast} conversations", result)
        report("host, no store", asyncio.run(hosted(bot, None, seconds)))
        with Store.open(f"{folder}/host.db") as store:
            report("host, commit per turn", asyncio.run(hosted(bot, store, seconds)))
        with Store.open(f"{folder}/memory.db") as store:
            kept: list[Host] = []
            asyncio.run(memory(bot, store, 2000, kept))  # one-time costs: page cache, allocator
            used = asyncio.run(memory(bot, store, arguments.live, kept))
            print(f"memory of a live conversation at turn 6: {used / 1024:.1f} KiB ({arguments.live:,} of them)")


if __name__ == "__main__":
    main()
