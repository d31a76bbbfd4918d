"""The proof as findings: which loops have no bound, told at the step that should count them."""

from huashu.flows.bounds import Bounds, Loop, prove
from huashu.flows.findings import Findings, Place
from huashu.flows.lint import lint
from huashu.flows.parse import Parsed
from huashu.flows.paths import Paths
from huashu.flows.script import Script
from huashu.flows.ways import Spot, Ways


def prove_script(script: Script, parsed: Parsed, findings: Findings) -> Bounds:
    """The bounds of a script; what is wrong with its paths becomes findings. No error but `private_spoken` is there."""
    proof = prove(script)
    paths = Paths(script, parsed, proof.ways, findings)
    _guarded(paths, findings)
    for loop in proof.loops:
        names = [_name(proof.ways, spot) for spot in loop.spots]
        findings.add(
            "endless_loop" if loop.idle else "unbounded_loop",
            _place(parsed, loop),
            name=" → ".join([*names, names[0]]),
            step=_name(proof.ways, loop.at),
        )
    paths.check()
    lint(script, parsed, findings)
    return proof.bounds


def _guarded(paths: Paths, findings: Findings) -> None:
    """A private value may be spoken without `needs` of the step's own where every path has passed such `needs`."""
    for place, words in findings.of("private_spoken"):
        flow, _, step = str(words.get("owner", "")).partition(".")
        spot = paths.spot(flow, step)
        if spot is not None and paths.proven(spot):
            findings.withdraw("private_spoken", place)


def _name(ways: Ways, spot: Spot) -> str:
    step = ways.step(spot)
    return step.id if step is not None else spot.flow


def _place(parsed: Parsed, loop: Loop) -> Place:
    steps = parsed.flows[loop.at.flow].get("steps")
    place: Place = steps[min(loop.at.at, len(steps) - 1)][0].place
    return place
