"""Proof: workers holding text conversations are killed with SIGKILL, again and again; nothing is lost or done twice.

Each life of the worker resumes the open calls of the store, begins new ones, and is killed: at a counted fault point
(before or after a commit, before a turn is acknowledged, inside an action before and after its effect, before and
after its result is kept) or from outside after a random time. The last life is let live. Then, from the files:

- every turn acknowledged to a caller is in the log, every answer exactly once, every call ended as it should;
- every action of the bank had one effect, and ran once unless the kill fell between its start and its kept result
  (then again, under the same key: what the contract says);
- replaying each log gives exactly the actions the edges were given, under the same ids, none missing.

Usage: python bench/proof_kill.py [--kills 60] [--seed 1] [--commit turn|group]
"""

import argparse
import asyncio
import collections
import contextlib
import dataclasses
import hashlib
import json
import os
import random
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

from huashu.core.actions import Action, Listen, RunAction
from huashu.core.codec import to_data
from huashu.core.events import ActionResult, Answered, Entity, FaqHit, Heard, Started, Understood
from huashu.core.expect import Expectation
from huashu.core.ids import new_call_id
from huashu.flows.loader import load
from huashu.flows.script import Script
from huashu.nlu.engine import Capabilities
from huashu.runtime.actions import ActionContext, PythonActions, action
from huashu.runtime.bot import Bot
from huashu.runtime.host import Host
from huashu.runtime.replay import run
from huashu.store.log import Commit, Store

LIFE = 60.0
"""Seconds after which a worker that is not done holds a call that hangs."""
ABREAST = 12
"""Calls held at once."""
SLOTS = ("姓名", "人数", "电话")
BOT = """
bot: kill-form
title: 订位
language: zh-CN
variables: {姓名: {type: text}, 人数: {type: integer}, 电话: {type: digits}, 单号: {type: text}, 满意: {type: text}}
defaults:
  silence: [{after: 60s, end: 无应答}]
  unclear: [{end: 没听懂}]
endings:
  无应答: {result: no_input}
  没听懂: {result: no_match}
  失败: {result: error}
  完成: {say: 再见。, result: success}
"""
FLOW = """
flow: 订位
steps:
- 姓名: {collect: 姓名, prompt: 贵姓？}
- 人数: {collect: 人数, prompt: 几位？}
- 电话: {collect: 电话, prompt: 电话？}
- 预订: {do: book, args: {电话: =电话}, timeout: 30s, failed: {end: 失败}}
- 订好: {say: 单号【单号】。}
- 满意: {collect: 满意, prompt: 满意吗？}
- 结束: {end: 完成}
"""


def expected(call: str) -> dict[str, Any]:
    """What the caller of a call says, by slot: different for every call."""
    number = int(hashlib.sha256(call.encode()).hexdigest()[:8], 16)
    return {
        "姓名": f"客户{number}",
        "人数": number % 20 + 1,
        "电话": str(10_000_000 + number % 10_000_000),
        "满意": "很满意",
    }


class KnownWords:
    """Understands "slot=value"."""

    capabilities = Capabilities("known", ("zh-CN",))

    def understand(self, heard: Heard, expect: Expectation, *, at: object) -> Understood:
        slot, _, text = heard.text.partition("=")
        value = int(text) if slot == "人数" else text
        kind = {"人数": "integer", "电话": "digits"}.get(slot, "text")
        return Understood(heard.text, entities=(Entity(kind, value, text, 0, len(text), slot),))

    def search(self, text: str, bases: tuple[str, ...], *, most: int = 3) -> tuple[FaqHit, ...]:
        return ()


class Files:
    """What outlives a worker beside the store: lines appended with one system call each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "effects").mkdir(exist_ok=True)

    def note(self, name: str, *words: str) -> None:
        file = os.open(self.folder / name, os.O_APPEND | os.O_CREAT | os.O_WRONLY)
        os.write(file, (" ".join(words) + "\n").encode())
        os.close(file)

    def lines(self, name: str) -> list[list[str]]:
        path = self.folder / name
        return [line.split(" ") for line in path.read_text().splitlines()] if path.exists() else []

    def effect(self, key: str) -> bool:
        """The bank's ledger: an entry by key is made once, as every system must that honours idempotency keys."""
        try:
            os.close(os.open(self.folder / "effects" / key.replace("/", "_"), os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True


POINTS = (
    "call before its commit",
    "call after its commit",
    "turn before its commit",
    "turn after its commit",
    "turn half performed",
    "turn before its acknowledgement",
    "action before its effect",
    "action after its effect",
    "result before it is kept",
    "result after it is kept",
    "end before it is marked as done",
    "end after it is marked as done",
)


class Fuse:
    """Kills the process when it passes a fault point for the n-th time."""

    def __init__(self, files: Files, point: str | None, left: int) -> None:
        self._files = files
        self._point = point
        self._left = left

    def passes(self, point: str) -> None:
        if point != self._point:
            return
        self._left -= 1
        if self._left <= 0:
            self._files.note("kills", point)
            os.kill(os.getpid(), signal.SIGKILL)


def bot(script: Script, files: Files, fuse: Fuse) -> Bot:
    @action
    def book(电话: str, context: ActionContext) -> dict[str, str]:
        files.note("runs", context.key)
        fuse.passes("action before its effect")
        time.sleep(0.001)
        files.effect(context.key)
        fuse.passes("action after its effect")
        return {"单号": f"N{电话}"}

    words = KnownWords()
    return Bot(script, words, words, PythonActions({"book": book}, script.variables))


class Caller:
    """An edge and the person behind it: answers the question that is open, and acknowledges what was taken."""

    def __init__(self, files: Files, fuse: Fuse) -> None:
        self.files = files
        self.fuse = fuse
        self.call = ""
        self.asked: asyncio.Queue[str] = asyncio.Queue()

    def perform(self, action: Action) -> None:
        content = json.dumps(to_data(action), sort_keys=True).encode()
        self.files.note("performed", self.call, action.id, hashlib.sha256(content).hexdigest()[:16])
        self.fuse.passes("turn half performed")
        if isinstance(action, Listen):
            self.asked.put_nowait(action.expect.slot or "")

    async def talk(self, host: Host) -> None:
        words = expected(self.call)
        while not host.closed:
            try:
                slot = await asyncio.wait_for(self.asked.get(), 0.02)
            except TimeoutError:
                continue  # an action runs, or the call is over
            if slot != host.expectation.slot or not self.asked.empty():
                continue  # asked again after a restart: only the latest counts
            await host.receive(Heard(f"{slot}={words[slot]}"))
            self.fuse.passes("turn before its acknowledgement")
            self.files.note("acknowledged", self.call, slot)
        await host.settle()


class FusedStore:
    """A store whose every commit passes fault points on both sides."""

    def __init__(self, store: Store, fuse: Fuse) -> None:
        self._store = store
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def append_async(self, *args: Any, **options: Any) -> None:
        self._fuse.passes("turn before its commit")
        await self._store.append_async(*args, **options)
        self._fuse.passes("turn after its commit")

    async def finish_async(self, *args: Any, **options: Any) -> None:
        self._fuse.passes("end before it is marked as done")
        await self._store.finish_async(*args, **options)
        self._fuse.passes("end after it is marked as done")

    async def begin_async(self, *args: Any, **options: Any) -> int:
        self._fuse.passes("call before its commit")
        epoch = await self._store.begin_async(*args, **options)
        self._fuse.passes("call after its commit")
        return epoch

    def put_result(self, call: str, result: ActionResult) -> None:
        self._fuse.passes("result before it is kept")
        self._store.put_result(call, result)
        self.kept(call, result)
        self._fuse.passes("result after it is kept")

    def kept(self, call: str, result: ActionResult) -> None:
        self._fuse._files.note("kept", f"{call}/{result.action}")


async def live(folder: Path, script: Script, commit: Commit, total: int, point: str | None, left: int) -> None:
    """One life of the worker: resume what is open, begin what is still to begin, hold all to the end."""
    files = Files(folder)
    fuse = Fuse(files, point, left)
    with Store.open(folder / "calls.db", commit=commit) as real:
        store: Any = FusedStore(real, fuse)
        ready = bot(script, files, fuse)
        places = asyncio.Semaphore(ABREAST)

        async def hold(call: str, *, again: bool) -> None:
            async with places:
                caller = Caller(files, fuse)
                caller.call = call
                host = Host(ready, caller, store=store)
                if again:
                    await host.resume(call)
                else:
                    await host.start(Started(call, marks="none"))
                if not host.closed and not host.step:  # killed between Started and Answered
                    await host.receive(Answered())
                await caller.talk(host)

        opened = [record.call for record in real.calls(state="open", limit=10_000)]
        begun = len(real.calls(limit=10_000))
        work = [hold(call, again=True) for call in opened]
        work += [hold(new_call_id(), again=False) for _ in range(total - begun)]
        await asyncio.gather(*work)


def one_life(
    folder: Path, script: Script, commit: Commit, total: int, *, point: str | None, left: int, after: float | None
) -> int:
    """Fork a worker, perhaps kill it after so many seconds; its exit status (-9 when killed)."""
    child = os.fork()
    if child == 0:
        code = 1
        with contextlib.suppress(BaseException):
            asyncio.run(asyncio.wait_for(live(folder, script, commit, total, point, left), LIFE))
            code = 0
        os._exit(code)
    if after is not None:
        time.sleep(after)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def check(folder: Path, script: Script, total: int) -> dict[str, int]:
    """Everything the module docstring promises, from the files; counts for the summary. Raises AssertionError."""
    files = Files(folder)
    acknowledged = collections.Counter((call, slot) for call, slot in files.lines("acknowledged"))
    assert max(acknowledged.values()) == 1, "a turn was acknowledged twice"
    performed: dict[str, dict[str, set[str]]] = collections.defaultdict(lambda: collections.defaultdict(set))
    for call, identity, digest in files.lines("performed"):
        performed[call][identity].add(digest)
    runs = collections.Counter(key for (key,) in files.lines("runs"))
    keys = set()
    turns = 0
    with Store.open(folder / "calls.db") as store:
        records = store.calls(limit=10 * total)
        assert len(records) == total, f"{len(records)} calls, {total} wanted"
        for record in records:
            assert (record.state, record.result) == ("closed", "success"), f"{record.call}: {record}"
            entries = store.read(record.call)
            assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
            said = [entry.event.text for entry in entries if isinstance(entry.event, Heard)]
            assert said == [f"{slot}={value}" for slot, value in expected(record.call).items()], record.call
            turns += len(said)
            history = run(entries, script)
            again = {action.id: action for turn in history for action in turn.actions}
            given = {key for key, made in again.items() if not isinstance(made, RunAction)}
            missing, extra = given - set(performed[record.call]), set(performed[record.call]) - given
            assert not missing | extra, f"{record.call}: never performed {missing}, performed beside the log {extra}"
            for identity in given:
                content = json.dumps(to_data(again[identity]), sort_keys=True).encode()
                assert performed[record.call][identity] == {hashlib.sha256(content).hexdigest()[:16]}
            keys |= {f"{record.call}/{key}" for key in again if isinstance(again[key], RunAction)}
    assert {(call, slot) for call, slot in acknowledged} <= {
        (record.call, slot) for record in records for slot in expected(record.call)
    }
    assert set(runs) == keys, "an action ran that no log asks for, or never ran"
    assert {path.name for path in (folder / "effects").iterdir()} == {key.replace("/", "_") for key in keys}
    kept = collections.Counter(key for (key,) in files.lines("kept"))
    assert max(kept.values()) == 1, "an action was run again although its result was kept"
    return {
        "calls": len(records),
        "turns": turns,
        "turns acknowledged": len(acknowledged),
        "actions": len(keys),
        "actions run again under their key (killed inside)": sum(count - 1 for count in runs.values()),
    }


def prove(folder: Path, kills: int, seed: int, commit: Commit) -> dict[str, int]:
    """Kill `kills` workers, let one finish, check."""
    (folder / "bot" / "flows").mkdir(parents=True)
    (folder / "bot" / "bot.yaml").write_text(BOT, encoding="utf-8")
    (folder / "bot" / "flows" / "form.yaml").write_text(FLOW, encoding="utf-8")
    (folder / "bot" / "actions.py").write_text(
        "from huashu import action\n\n@action\ndef book(电话): ...\n", encoding="utf-8"
    )
    script = dataclasses.replace(load(folder / "bot"), actions=None)
    chance = random.Random(seed)
    total = kills * 4
    done = from_outside = 0
    while done < kills:
        outside = chance.random() < 0.3
        status = one_life(
            folder,
            script,
            commit,
            total,
            point=None if outside else chance.choice(POINTS),
            left=chance.randint(1, 12),
            after=chance.uniform(0.005, 0.12) if outside else None,
        )
        if status == 0:
            total += 40  # everything was done before the kill came: more to do
            continue
        assert status == -signal.SIGKILL, f"a worker failed by itself with {status}"
        done += 1
        from_outside += outside
    status = one_life(folder, script, commit, total, point=None, left=0, after=None)
    assert status == 0, f"the last worker failed with {status}"
    points = collections.Counter(" ".join(line) for line in Files(folder).lines("kills"))
    result = {"kills": done, "of them from outside": from_outside}
    result |= {f"of them at: {point}": count for point, count in sorted(points.items())}
    return result | check(folder, script, total)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--commit", choices=["turn", "group"], default="turn")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        summary = prove(Path(folder), arguments.kills, arguments.seed, arguments.commit)
    if arguments.json:
        print(json.dumps(summary))
        return
    for name, count in summary.items():
        print(f"{name:55} {count:7,}")
    print("no turn lost or doubled, no result lost, no effect twice")


if __name__ == "__main__":
    main()
