"""A centre in a process of its own, to be killed: `python -m tests.handoff.killed STORE` serves until then."""

import asyncio
import os
import signal
import sys

from huashu.handoff import commands
from huashu.handoff.plan import Plan, Queue
from huashu.store.log import Store
from tests.handoff.hall import Hall

PLAN = Plan(queues={"信用卡": Queue("信用卡", wait=300.0, form=())})
AFTER = 40.0
"""Seconds of virtual time at which it dies."""


async def serve(path: str) -> None:
    """One caller with an agent, who has noted and filled in something; one who waits; one with the bot."""
    hall = Hall(PLAN, Store.open(path))
    desk = hall.desk("1")
    await hall.call("talks", "姓名=张三", "!转人工")
    await desk.take()
    await hall.call("waits", "!转人工")
    await desk.do(commands.Decline(desk.offer.id))
    await hall.call("bot", "姓名=李四")
    await desk.do(commands.Note("talks", "要降低手续费"))
    await desk.do(commands.Fill("talks", {"期数": 12}))
    await desk.do(commands.Unmask("talks", "姓名"))
    hall.at = AFTER
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
