"""The proof as findings: which loops have no bound, told at the step that should count them."""

from huashu.flows.bounds import MAX_TOLD, Bounds, Loop, prove
from huashu.flows.findings import Findings, Place
from huashu.flows.parse import Parsed
from huashu.flows.script import Script
from huashu.flows.ways import Spot, Ways


def prove_script(script: Script, parsed: Parsed, findings: Findings) -> Bounds:
    """The bounds of a script without errors; loops without one become findings."""
    proof = prove(script)
    for loop in proof.loops[:MAX_TOLD]:
        names = [_name(proof.ways, spot) for spot in loop.spots]
        findings.add(
            "endless_loop" if loop.idle else "unbounded_loop",
            _place(parsed, loop),
            name=" → ".join([*names, names[0]]),
            step=_name(proof.ways, loop.at),
        )
    return proof.bounds


def _name(ways: Ways, spot: Spot) -> str:
    step = ways.step(spot)
    return step.id if step is not None else spot.flow


def _place(parsed: Parsed, loop: Loop) -> Place:
    steps = parsed.flows[loop.at.flow].get("steps")
    place: Place = steps[min(loop.at.at, len(steps) - 1)][0].place
    return place
