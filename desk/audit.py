"""Who saw and did what, and when. Names of people, commands, conversations and fields; never what anybody said."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, insert, select

from huashu.desk.sessions import Session
from huashu.desk.tables import Tables, audit

SIGNED_IN: Final = "sign-in"
SIGNED_OUT: Final = "sign-out"
SAW: Final = "saw"
LOCKED: Final = "lock"
UNLOCKED: Final = "unlock"
READ: Final = "audit"
_LONGEST = 200


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
        """Keep it; returns after the commit."""
        row = {
            "at": at,
            "user": session.user.id if session else user[:_LONGEST],
            "role": session.user.role if session else "",
            "session": session.short if session else "",
            "where": where[:_LONGEST],
            "what": what,
            "about": about[:_LONGEST],
            "detail": detail[:_LONGEST],
            "outcome": outcome,
        }
        with self._tables.begin() as connection:
            connection.execute(insert(audit).values(**row))

    def read(
        self, *, since: float = 0.0, user: str | None = None, about: str | None = None, limit: int = 200
    ) -> list[Act]:
        """Newest first."""
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
