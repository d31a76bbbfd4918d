"""One engine through the scenarios, in the environment it is installed in; prints one JSON object.

Started by __main__ with a JSON object on the command line. Needs numpy and the engine.
"""

import asyncio
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import caller as common  # noqa: E402 (beside this file)

sys.modules["common"] = common  # by that name the harness's engines import their other half


class Null:
    """What the caller's side costs by itself."""

    def __init__(self) -> None:
        self.bot, self.log, self.reply_secs = common.BotOut(), [], 1.0

    async def start(self) -> None:
        pass

    def push(self, pcm: bytes) -> None:
        pass

    def stt(self, kind: str, text: str) -> None:
        pass

    def words(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return words


def maker(options: dict[str, Any]) -> Any:
    if options["engine"] == "null":
        return Null
    sys.path.append(str(options["harness"]))
    module = importlib.import_module(f"{options['engine']}_engine")

    def make() -> Any:
        engine = module.Engine(options["mode"], options["delay"] + common.SOFT_END, 0.0, 0.0)
        engine.sd = 0.0  # the frameworks are told how late words come; the caller has the delay in them already
        if not hasattr(engine, "words"):
            engine.words = lambda words: words
        return engine

    return make


async def run(options: dict[str, Any]) -> dict[str, Any]:
    data = Path(options["clips"])
    clips = common.load_clips(data, "speech")
    make = maker(options)
    if options["scenario"] == "load":
        return {"load": await common.load(make, clips, options["calls"], options["seconds"], options["delay"])}
    engine = make()
    await engine.start()
    caller = common.Caller(engine, options["delay"])
    asyncio.get_running_loop().create_task(caller.run())
    await asyncio.sleep(2.0)
    found: dict[str, list[common.Row]] = {"turns": [], "interruptions": [], "noises": []}
    todo = {
        "turns": common.turns(engine, caller, clips, options["turns"], found["turns"]),
        "interruptions": common.interruptions(engine, caller, clips, options["interruptions"], found["interruptions"]),
        "noises": common.noises(engine, caller, data, clips[20], options["noises"], found["noises"]),
    }
    for name, scenario in todo.items():
        try:
            await asyncio.wait_for(scenario, options["limit"])
        except TimeoutError:
            print(f"{options['engine']}: {name} cut off after {options['limit']:g} s", file=sys.stderr)
    caller.running = False
    late = sorted(caller.late)
    return {**found, "late p99": late[round(0.99 * (len(late) - 1))]}


async def main() -> None:
    print(json.dumps(await run(json.loads(sys.argv[1]))), flush=True)
    os._exit(0)  # the frameworks' own tasks and threads do not end by themselves


if __name__ == "__main__":
    asyncio.run(main())
