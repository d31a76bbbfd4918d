"""What looks random in a conversation: numbers drawn from the call's seed, the same at every replay everywhere."""

from collections.abc import Mapping
from hashlib import blake2b

from huashu.core.errors import UsageError
from huashu.core.events import Started
from huashu.flows.script import Script


def spread(seed: int, name: str) -> int:
    """A number below 2^64, spread evenly over seeds, and independent from name to name.

    BLAKE2b (RFC 7693) rather than a checksum: a CRC of two names differs by a constant whatever the seed, so that two
    experiments would divide the calls alike.
    """
    return int.from_bytes(blake2b(f"{seed}:{name}".encode(), digest_size=8).digest(), "big")


def arms(script: Script, started: Started) -> Mapping[str, str]:
    """The arm of each experiment: as Started says, else by the seed (0: the first that has a share).

    The seed gives a point between 0 and 1, evenly over seeds and independent from experiment to experiment; the shares
    divide that line in the order of the arms. Another division moves only the calls between the old and the new marks.

    Raises:
        UsageError: Started names an experiment or an arm that the script does not have.
    """
    for name, arm in started.arms.items():
        known = script.experiments.get(name)
        if known is None:
            have = ", ".join(script.experiments) or "none"
            raise UsageError(f"the script {script.name!r} has no experiment {name!r}; it has: {have}")
        if arm not in known:
            raise UsageError(f"the experiment {name!r} has no arm {arm!r}; it has: {', '.join(known)}")
    if not script.experiments:
        return {}
    return {
        name: started.arms.get(name) or _drawn(shares, name, started.seed)
        for name, shares in script.experiments.items()
    }


def _drawn(shares: Mapping[str, float], name: str, seed: int) -> str:
    point = spread(seed, f"arm {name}") / 2**64 * sum(shares.values()) if seed else 0.0
    mark = 0.0
    for arm, share in shares.items():
        mark += share
        if point < mark:
            return arm
    return [arm for arm, share in shares.items() if share][-1]  # rounding at the very end of the line
