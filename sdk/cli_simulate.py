"""`huashu simulate`: many callers of many kinds, without sound, in virtual time."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from huashu.cli_script import AsJson, BotFolder, Trust


def simulate(
    folder: BotFolder,
    callers: Annotated[int, typer.Option(help="Calls to hold.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed gives the same calls, word for word.")] = 0,
    persona: Annotated[
        list[Path] | None, typer.Option(help="File or folder of personas instead of the stock ones.")
    ] = None,
    goal: Annotated[
        list[str] | None, typer.Option(help="name=value or name=value,value: what callers want of a variable.")
    ] = None,
    cer: Annotated[float, typer.Option(help="Share of characters the recogniser gets wrong, 0 to 0.5.")] = 0.05,
    delay: Annotated[float, typer.Option(help="Median seconds that an action takes.")] = 0.6,
    failing: Annotated[float, typer.Option(help="Share of actions that fail.")] = 0.03,
    hanging: Annotated[float, typer.Option(help="Share of actions that never answer.")] = 0.01,
    joined: Annotated[float, typer.Option(help="Share of handoffs that a person takes.")] = 0.8,
    jobs: Annotated[int | None, typer.Option(help="Processes; the result is the same with any number.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Write failed calls as tests into this folder.")] = None,
    log: Annotated[Path | None, typer.Option(help="Write every event of every call into this file.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Every part of the script with its count.")] = False,
    as_json: AsJson = False,
    trust: Trust = True,
) -> None:
    """Let simulated callers talk to the bot and tell what became of them. Exit status 0 unless something is wrong."""
    from huashu.core.errors import UsageError
    from huashu.lab.campaign import simulate as hold
    from huashu.lab.keeping import keep as keep_calls
    from huashu.lab.telling import Telling
    from huashu.lab.virtual_call import World
    from huashu.runtime.bot import load_bot

    for name, share in (("failing", failing), ("hanging", hanging), ("joined", joined)):
        if not 0 <= share <= 1:
            raise UsageError(f"--{name} {share:g} is out of range; a share is 0 to 1")
    if not 0 <= delay <= 60:
        raise UsageError(f"--delay {delay:g} is out of range; 0 to 60 seconds")
    goals: dict[str, list[object]] = {}
    for one in goal or ():
        name, mark, values = one.partition("=")
        if not mark or not values:
            raise UsageError(f"--goal {one!r} is no name=value")
        goals.setdefault(name, []).extend(values.split(","))
    world = World(delay=delay, failing=failing, hanging=hanging, joined=joined)
    began = time.perf_counter()
    tally = hold(
        folder,
        callers=callers,
        seed=seed,
        personas=persona or (),
        rate=cer,
        world=world,
        jobs=jobs,
        trust=trust,
        log=log,
        goals=goals,
    )
    wall = time.perf_counter() - began
    tell = Telling(tally.language)
    kept: list[Path] = []
    lost = 0
    if keep:
        bot = load_bot(folder, trust=trust)
        kept, lost = keep_calls(bot, tally.failed, keep, seed=seed, titles=tally.titles)
    if as_json:
        speed = {"wall_seconds": round(wall, 2), "times_real_time": round(tally.seconds / wall), "jobs": tally.jobs}
        print(
            json.dumps({**tally.data(), "kept": [p.name for p in kept], "speed": speed}, ensure_ascii=False, indent=2)
        )
        return
    print("\n".join(tally.lines(verbose=verbose)))
    if keep:
        print(tell("kept", count=len(kept), folder=keep))
        if lost:
            print(tell("not_kept", count=lost))
    print(tell("speed", wall=wall, times=tally.seconds / wall, jobs=tally.jobs))
