"""Moving committed pages from the write-ahead log into the database file, off the threads that hold conversations.

SQLite does this by itself within some commit, with two fsyncs that a whole event loop then waits for. Here a thread
does it on a connection of its own; writers go on meanwhile (sqlite.org/wal.html, "Checkpointing").
"""

import logging
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

logger = logging.getLogger(__name__)

EVERY = 256
"""Commits between checkpoints: about a megabyte of log."""
MOST_LOG = 16 * 2**20
"""Bytes of log from which writers are held for a moment: under unbroken load the log never comes to its end, and only
a log that does is begun anew."""


class Checkpoints:
    """alone: holds back this process's writers. The thread starts with the first checkpoint that is due."""

    def __init__(self, path: Path, alone: Callable[[], AbstractContextManager[None]]) -> None:
        self._path = path
        self._log = path.with_name(path.name + "-wal")
        self._alone = alone
        self._commits = 0
        self._due = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def committed(self) -> None:
        """Count a commit. Called by writers one at a time."""
        self._commits += 1
        if self._commits < EVERY:
            return
        self._commits = 0
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="huashu-checkpoints", daemon=True)
            self._thread.start()
        self._due.set()

    def close(self) -> None:
        self._stopping = True
        self._due.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=0.0)
        try:
            while True:
                self._due.wait()
                self._due.clear()
                if self._stopping:
                    return
                try:
                    self._checkpoint(connection)
                except (sqlite3.Error, OSError) as error:
                    # nothing is lost, the log only grows; the commits that meet the same trouble report it
                    logger.warning("a checkpoint failed: %s", error)
        finally:
            connection.close()

    def _checkpoint(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if os.path.getsize(self._log) > MOST_LOG:
            with self._alone():
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
