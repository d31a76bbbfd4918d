"""A centre in processes of their own that die at a commit: `python -m tests.handoff.crashed FOLDER POINT…`.

Each takes the same commands, in order, under the same ids, over a store of its own, and is killed before or after its
n-th commit: `3-` is killed before the third, `3+` behind it, with nobody answered.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huashu.handoff import commands
from huashu.handoff.plan import Plan, Queue
from huashu.store.log import Store
from tests.handoff.hall import Hall

PLAN = Plan(queues={"信用卡": Queue("信用卡", wait=300.0, wrap_up=0.0)}, dispositions=("已解决",))
COMMANDS: tuple[tuple[str, commands.Command], ...] = (
    ("say", commands.Say("talks", "请稍等")),
    ("note", commands.Note("talks", "客户要降手续费")),
    ("fill", commands.Fill("talks", {"期数": 12})),
    ("aside", commands.SayAside("talks", "能免吗")),
    ("ticket", commands.FileTicket("talks", "信用卡", "退费")),
    ("twice", commands.Say("talks", "已经为您登记")),
    ("close", commands.Close("talks", "已解决", "客户满意", {"期数": 6})),
)
AFTER = 40.0
"""Seconds of virtual time at which the last comes."""


async def serve(path: Path, point: str) -> None:
    store = Store.open(path)
    hall = Hall(PLAN, store)
    desk = hall.desk("1")
    await hall.call("talks", "姓名=张三", "!转人工")
    await desk.take()
    hall.at = AFTER
    die_at(store, int(point[:-1]), before=point.endswith("-"))
    for id_, command in COMMANDS:
        await desk.do(command, id_=id_)


def die_at(store: Store, number: int, *, before: bool) -> None:
    """At the n-th commit from now on."""
    real, depth, done = store._writer.transaction, 0, 0

    @contextmanager
    def transaction() -> Iterator[object]:
        nonlocal depth, done
        depth += 1
        try:
            with real() as connection:
                yield connection
                if depth == 1 and before and done + 1 == number:
                    os.kill(os.getpid(), signal.SIGKILL)
        finally:
            depth -= 1
        if depth == 0:
            done += 1
            if done == number:
                os.kill(os.getpid(), signal.SIGKILL)

    store._writer.transaction = transaction  # type: ignore[assignment, method-assign]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for place in sys.argv[2:]:
        child = os.fork()
        if child == 0:
            asyncio.run(serve(folder / f"{place}.db", place))
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        became = {-signal.SIGKILL: "killed", 0: "went through"}.get(ended, f"failed: {ended}")
        sys.stdout.write(f"{place} {became}\n")
        sys.stdout.flush()
