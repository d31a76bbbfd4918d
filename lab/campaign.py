"""Many simulated calls, spread over processes. The result depends on the seed and the number of callers alone."""

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

from huashu.core.errors import UsageError
from huashu.core.values import Scalar
from huashu.flows.script import Script
from huashu.lab.one_call import CallResult, Plan, Stage
from huashu.lab.persona import Persona, load_personas
from huashu.lab.places import places
from huashu.lab.script import CallerSays, Expected
from huashu.lab.tally import Tally
from huashu.lab.transcript import read_tests
from huashu.lab.virtual_call import World
from huashu.nlu.builtin import SWITCHES
from huashu.runtime.bot import Bot, load_bot
from huashu.values.registry import canonical

CHUNK = 20
"""Calls handed to a process at once."""
WORTH = 150
"""Calls that make a further process worth its start."""


def simulate(
    folder: Path | str,
    *,
    callers: int,
    seed: int = 0,
    personas: Sequence[Path] = (),
    rate: float = 0.05,
    world: World | None = None,
    jobs: int | None = None,
    trust: bool = False,
    log: Path | None = None,
    bot: Bot | None = None,
    goals: Mapping[str, Sequence[object]] | None = None,
) -> Tally:
    """Hold `callers` calls with a bot.

    personas: files of personas; without any, the stock ones that fit the bot's direction.
    rate: share of characters the recogniser gets wrong, 0 to 1.
    jobs: processes; default: as many as there are processors and the number of calls is worth.
    trust: run the folder's `actions.py`; without it every action fails.
    log: a file for every event of every call.
    bot: the bot when it has been loaded already (then one process makes all calls).
    goals: values that callers want, by variable, for a back end that knows only some; before those of the bot's tests.

    Raises:
        ScriptError: the bot or a persona cannot be read; the message holds every finding.
        UsageError: a number out of range, a missing file, or no persona for this bot.
    """
    folder = Path(folder)
    if callers < 1:
        raise UsageError(f"callers={callers}; at least 1 is wanted")
    if not 0 <= rate <= 0.5:
        raise UsageError(f"an error rate of {rate:g} is out of range; 0 to 0.5 (half of all characters wrong)")
    if jobs is not None and jobs < 1:
        raise UsageError(f"jobs={jobs}; at least 1 is wanted")
    people = load_personas(*personas)
    loaded = bot or load_bot(folder, trust=trust)
    known = _known(folder, loaded.script) | _chosen(goals or {}, loaded.script)
    plan = Plan(seed, _fitting(people, loaded.script), rate, world or World(), known, log is not None)
    count = 1 if bot else jobs or min(os.cpu_count() or 1, 1 + callers // WORTH)
    tally = Tally(loaded.script, plan, places(folder))
    opened = log.open("w", encoding="utf-8") if log else None
    try:
        for result in _calls(folder, trust, loaded, plan, callers, count):
            tally.add(result)
            if opened:
                opened.write(f"# call {result.number} {result.persona}\n{result.log}")
    finally:
        if opened:
            opened.close()
    tally.jobs = count
    return tally


def _fitting(people: Sequence[Persona], script: Script) -> tuple[Persona, ...]:
    fitting = tuple(p for p in people if p.direction in (None, script.direction) and p.share > 0)
    if not script.languages:  # who would talk another language has nothing to ask for
        fitting = tuple(p for p in fitting if p.turn.keys().isdisjoint(SWITCHES.values())) or fitting
    if not fitting:
        raise UsageError(f"no persona with a share above 0 fits a bot that is {script.direction}")
    for persona in fitting:
        for name in persona.goal:
            if name not in script.variables:
                known = ", ".join(script.variables)
                raise UsageError(f"persona {persona.name}: no variable {name!r} in {script.name}; it has: {known}")
    return fitting


def _chosen(goals: Mapping[str, Sequence[object]], script: Script) -> dict[str, list[Scalar]]:
    for name in goals:
        if name not in script.variables:
            raise UsageError(f"no variable {name!r} in {script.name}; it has: {', '.join(script.variables)}")
    return {name: [canonical(script.variables[name].type, value) for value in values] for name, values in goals.items()}


def _known(folder: Path, script: Script) -> dict[str, list[Scalar]]:
    """Values of variables that the bot's tests end with: those that its back end knows. Free text counts when a
    caller has said it: what the script fills in by itself nobody says."""
    found: dict[str, list[Scalar]] = {}
    for test in read_tests(folder)[0]:
        words = " ".join(turn.what.text for turn in test.turns if isinstance(turn.what, CallerSays))
        for turn in test.turns:
            for name, value in turn.what.slots.items() if isinstance(turn.what, Expected) else ():
                variable = script.variables.get(name)
                if variable is None or value is None or variable.type not in ("digits", "phone", "text"):
                    continue
                right = canonical(variable.type, value)
                if variable.type == "text" and str(right) not in words:
                    continue
                if right not in found.setdefault(name, []):
                    found[name].append(right)
    return found


# --- processes ------------------------------------------------------------------------------------------------------


def _calls(folder: Path, trust: bool, bot: Bot, plan: Plan, callers: int, jobs: int) -> Iterator[CallResult]:
    if jobs == 1:
        stage = Stage(bot, plan)
        try:
            for number in range(callers):
                yield stage.call(number)
        finally:
            stage.bank.close()
        return
    # spawn: what a fork would inherit of threads and event loops is nobody's to say
    context = multiprocessing.get_context("spawn")
    chunks = [range(first, min(first + CHUNK, callers)) for first in range(0, callers, CHUNK)]
    pool: Executor = ProcessPoolExecutor(jobs, context, initializer=_prepare, initargs=(folder, trust, plan))
    with pool:
        for results in pool.map(_chunk, chunks):
            yield from results


_stage: Stage | None = None
"""Of a worker process."""


def _prepare(folder: Path, trust: bool, plan: Plan) -> None:
    global _stage
    _stage = Stage(load_bot(folder, trust=trust), plan)


def _chunk(numbers: range) -> list[CallResult]:
    assert _stage is not None
    return [_stage.call(number) for number in numbers]
