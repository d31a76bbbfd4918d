"""Who saw and did what, and when. Names of people, commands, conversations and fields; never what anybody said.

What pages ask and see is kept before it is answered or shown; the acts of some milliseconds share one commit.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

from sqlalchemy import delete, insert, select

from huashu.core.errors import StoreError
from huashu.desk.sessions import Session
from huashu.desk.tables import Tables, audit
from huashu.handoff.views import Role

log = logging.getLogger(__name__)

GATHERED: Final = 0.01
"""Seconds that acts wait for others: a commit costs as much as what a page asks."""
SIGNED_IN: Final = "sign-in"
SIGNED_OUT: Final = "sign-out"
SAW: Final = "saw"
LOCKED: Final = "lock"
UNLOCKED: Final = "unlock"
READ: Final = "audit"
EXPORTED: Final = "export"
HEARD: Final = "recording"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody at a desk, as the audit keeps them."""

    user: str
    role: Role | Literal[""] = ""
    """Empty: not known to be who they say."""
    language: str = ""
    """Of what they are told; not kept."""
    session: str = ""
    where: str = ""
    """Address they come from."""

    @classmethod
    def of(cls, session: Session, where: str) -> Self:
        """Who is signed in at a page."""
        user = session.user
        return cls(user.id, user.role, user.language, session.short, where)


@dataclass(frozen=True, slots=True)
class Act:
    n: int
    at: float
    """Unix seconds."""
    user: str
    role: str
    session: str
    where: str
    """Address it came from."""
    what: str
    """A command's name, or one of the constants above."""
    about: str
    """Conversation, offer, ticket …"""
    detail: str
    """Which slot was unmasked, which fields were filled, whither it was transferred."""
    outcome: str
    """ "ok", or the code of the answer."""


class Audit:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._waiting: list[dict[str, Any]] = []
        self._kept: asyncio.Future[bool] | None = None
        """Of what waits: whether it could be kept."""

    def note(
        self,
        at: float,
        what: str,
        *,
        session: Session | None = None,
        user: str = "",
        where: str = "",
        about: str = "",
        detail: str = "",
        outcome: str = "ok",
    ) -> None:
        """Keep it; returns after the commit. Raises StoreError."""
        self.flush()
        who = Who.of(session, where) if session is not None else Who(user, where=where)
        self._write([_row(at, what, who, about, detail, outcome)])

    def later(
        self, at: float, what: str, who: Who, *, about: str = "", detail: str = "", outcome: str = "ok"
    ) -> "asyncio.Future[bool]":
        """Keep it with what else happens now. Many wait for the same future (shield it): done after the commit, False
        when it could not be kept."""
        self._waiting.append(_row(at, what, who, about, detail, outcome))
        if self._kept is None:
            loop = asyncio.get_running_loop()
            self._kept = loop.create_future()
            loop.call_later(GATHERED, self.flush)
        return self._kept

    def flush(self) -> None:
        """Commit what waits."""
        kept, self._kept = self._kept, None
        rows, self._waiting = self._waiting, []
        if kept is None:
            return
        well = True
        try:
            self._write(rows)
        except StoreError as error:
            log.error("the audit of the desk failed (%s): %d acts are not on record", error.code, len(rows))
            well = False
        if not kept.done() and not kept.get_loop().is_closed():
            kept.set_result(well)

    def _write(self, rows: list[dict[str, Any]]) -> None:
        with self._tables.begin() as connection:
            connection.execute(insert(audit), rows)

    def read(
        self, *, since: float = 0.0, user: str | None = None, about: str | None = None, limit: int = 200
    ) -> list[Act]:
        """Newest first."""
        self.flush()
        statement = select(audit).where(audit.c.at >= since).order_by(audit.c.n.desc()).limit(limit)
        if user is not None:
            statement = statement.where(audit.c.user == user)
        if about is not None:
            statement = statement.where(audit.c.about == about)
        with self._tables.begin() as connection:
            return [Act(**row._mapping) for row in connection.execute(statement)]

    def sweep(self, older_than: float) -> int:
        """Forget acts of before `older_than` (Unix seconds); how many."""
        with self._tables.begin() as connection:
            return connection.execute(delete(audit).where(audit.c.at < older_than)).rowcount


def _row(at: float, what: str, who: Who, about: str, detail: str, outcome: str) -> dict[str, Any]:
    return {
        "at": at,
        "user": who.user[:_LONGEST],
        "role": who.role,
        "session": who.session,
        "where": who.where[:_LONGEST],
        "what": what,
        "about": about[:_LONGEST],
        "detail": detail[:_LONGEST],
        "outcome": outcome,
    }
