"""A centre in a process of its own, to be killed: `python -m tests.handoff.killed STORE` serves until then."""

import asyncio
import os
import signal
import sys

from huashu.core.events import HungUp
from huashu.handoff import commands, signals
from huashu.handoff.plan import Plan, Queue
from huashu.store.log import Store
from tests.handoff.hall import Hall

PLAN = Plan(
    queues={
        "信用卡": Queue("信用卡", wait=300.0),
        "专家": Queue("专家", skills=(("专家", 1),), wait=300.0, callback=600.0),
    }
)
AFTER = 40.0
"""Seconds of virtual time at which it dies."""


async def serve(path: str) -> None:
    """One caller with an agent, who has noted and filled in something; one who waits; one with the bot; one who has
    hung up and is to be called back."""
    hall = Hall(PLAN, Store.open(path))
    desk = hall.desk("1")
    await hall.call("talks", "姓名=张三", "!转人工")
    await desk.take()
    await hall.call("waits", "!转人工")
    await desk.do(commands.Decline(desk.offer.id))
    await hall.call("bot", "姓名=李四")
    back = await hall.call("back", "姓名=王五", "!肯定", "期数=6")
    await hall.desk("s", role="supervisor").do(commands.Pull("back", queue="专家"))
    hall.service.tell(signals.CallbackWanted("back"))
    await hall.settle()
    await back.host.receive(HungUp())
    back.line.leave()
    await desk.do(commands.Note("talks", "要降低手续费"))
    await desk.do(commands.Fill("talks", {"期数": 12}))
    await desk.do(commands.Unmask("talks", "姓名"))
    hall.at = AFTER
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
