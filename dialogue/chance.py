"""What looks random in a conversation: numbers drawn from the call's seed, the same at every replay everywhere."""

from hashlib import blake2b


def spread(seed: int, name: str) -> int:
    """A number below 2^64, spread evenly over seeds, and independent from name to name.

    BLAKE2b (RFC 7693) rather than a checksum: a CRC of two names differs by a constant whatever the seed, so that two
    experiments would divide the calls alike.
    """
    return int.from_bytes(blake2b(f"{seed}:{name}".encode(), digest_size=8).digest(), "big")
