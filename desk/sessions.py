"""Who is signed in. A session is a random cookie; kept is its digest, with when it began, was last used, and ends."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import sqlite

from huashu.desk.accounts import User, user_of
from huashu.desk.tables import Tables, sessions, users

MOST_SESSIONS = 5
"""Of one person at the same time; a sixth ends the oldest."""


@dataclass(frozen=True, slots=True)
class Session:
    digest: str
    user: User
    csrf: str
    """What a request that changes something must carry besides the cookie."""
    created: float
    touched: float
    """When somebody last touched the page."""
    expires: float
    locked: bool = False

    @property
    def short(self) -> str:
        """For the audit: tells sessions apart, opens none."""
        return self.digest[:12]


class Sessions:
    def __init__(self, tables: Tables, *, lasts: float) -> None:
        """lasts: seconds from sign-in to its end, whatever happens."""
        self._tables = tables
        self._lasts = lasts

    def begin(self, user: User, *, now: float) -> tuple[str, Session]:
        """The cookie's value and the session."""
        token = secrets.token_urlsafe(32)
        session = Session(_digest(token), user, secrets.token_urlsafe(24), now, now, now + self._lasts)
        row = {"digest": session.digest, "user": user.id, "csrf": session.csrf, "created": now, "touched": now}
        with self._tables.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires <= now))
            connection.execute(insert(sessions).values(**row, expires=session.expires, locked=0))
            newest = select(sessions.c.digest).where(sessions.c.user == user.id)
            kept = newest.order_by(sessions.c.created.desc(), sessions.c.digest).limit(MOST_SESSIONS)
            connection.execute(
                delete(sessions).where(sessions.c.user == user.id, sessions.c.digest.not_in(kept.scalar_subquery()))
            )
        return token, session

    def find(self, token: str, *, now: float) -> Session | None:
        """The session of a cookie; None when it is over, or the person's account has been changed or switched off."""
        return self.of(_digest(token), now=now)

    def of(self, digest: str, *, now: float) -> Session | None:
        """The same by its digest."""
        row = self._tables.row(_OF, (digest,))
        return _session(SimpleNamespace(**dict(zip(_COLUMNS, row, strict=True))), now) if row is not None else None

    def going(self, *, now: float) -> dict[str, Session]:
        """All that are not over, by digest."""
        with self._tables.begin() as connection:
            rows = connection.execute(_JOINED.where(sessions.c.expires > now)).all()
        return {found.digest: found for row in rows if (found := _session(row, now)) is not None}

    def touch(self, session: Session, *, now: float) -> Session:
        self._set(session, touched=now)
        return replace(session, touched=now)

    def lock(self, session: Session) -> Session:
        self._set(session, locked=1)
        return replace(session, locked=True)

    def unlock(self, session: Session, *, now: float) -> Session:
        self._set(session, locked=0, touched=now)
        return replace(session, locked=False, touched=now)

    def end(self, session: Session) -> None:
        with self._tables.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == session.digest))

    def _set(self, session: Session, **values: float) -> None:
        with self._tables.begin() as connection:
            connection.execute(update(sessions).where(sessions.c.digest == session.digest).values(**values))


_JOINED = (
    select(sessions.c.digest, sessions.c.csrf, sessions.c.created.label("begun"), sessions.c.touched)
    .add_columns(sessions.c.expires, sessions.c.locked, users)
    .join_from(sessions, users, sessions.c.user == users.c.id)
)


# with every message of every page: as plain SQL, which costs a fifth
_OF = str(_JOINED.where(sessions.c.digest == bindparam("digest")).compile(dialect=sqlite.dialect()))
_COLUMNS = _JOINED.selected_columns.keys()


def _session(row: Any, now: float) -> Session | None:
    if row.expires <= now or row.disabled or row.changed > row.begun:
        return None
    return Session(row.digest, user_of(row), row.csrf, row.begun, row.touched, row.expires, bool(row.locked))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
