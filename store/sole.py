"""One at a time: a lock beside the record for what two processes must not do at once.

The operating system holds it, so that a process that is killed has let go of it, however it ends.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huashu.core.errors import StoreError
from huashu.store.place import make_private


@contextmanager
def alone(path: Path, what: str) -> Iterator[None]:
    """Inside, no other process is inside with the same path. what: who is alone here, for whoever comes second.

    Raises:
        StoreError: another is inside (code "taken"), or the file beside the record cannot be made.
    """
    lock = path.with_name(f"{path.name}.{what}")
    try:
        make_private(lock)
        file = os.open(lock, os.O_RDWR)
    except OSError as error:
        raise StoreError(f"{lock}: cannot be made ({error.strerror})") from None
    try:
        if not _locked(file):
            raise StoreError(
                f"{path}: another process has the {what} of this record; stop it first, or give this one a record of "
                "its own",
                code="taken",
            )
        yield
    finally:
        os.close(file)  # and the lock with it


def _locked(file: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
