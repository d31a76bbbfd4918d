"""People who may sign in: names, roles, passwords (argon2id, RFC 9106's second recommendation), switched off or not."""

import re
from dataclasses import dataclass
from typing import Any, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Row, delete, insert, select, update

from huashu.core.errors import UsageError
from huashu.desk.tables import Tables, sessions, users
from huashu.handoff.views import Role

SHORTEST_PASSWORD = 10
"""Characters. NIST SP 800-63B asks for eight; a desk shows callers' data."""
LONGEST_PASSWORD = 256
ROLES: tuple[Role, ...] = get_args(Role)
LANGUAGES = ("zh-CN", "en")

_ID = re.compile(r"[\w.@+-]{1,64}")
HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
_UNUSED = "nobody's password"


@dataclass(frozen=True, slots=True)
class User:
    id: str
    name: str
    role: Role
    language: str
    disabled: bool = False
    outside: bool = False
    """Signs in through OIDC: there is no password here."""
    changed: float = 0.0

    @property
    def told(self) -> dict[str, str | bool]:
        """What their page is told of them."""
        shown = {"id": self.id, "name": self.name, "role": self.role, "language": self.language}
        return {**shown, "outside": self.outside}


class Accounts:
    def __init__(self, tables: Tables, hasher: PasswordHasher = HASHER) -> None:
        """hasher: how slow it is to check a password; each hash remembers its own."""
        self._tables = tables
        self._hasher = hasher
        self._nobody = hasher.hash(_UNUSED)  # checked for names that do not exist: they take as long as others

    def add(
        self, user: str, password: str, *, name: str = "", role: str = "agent", language: str = "zh-CN", now: float
    ) -> User:
        """Raises UsageError: a name that is taken or cannot be one, an unknown role, a password too short."""
        user = checked_id(user)
        _check(role, language)
        hashed = self._hash(password)
        with self._tables.begin() as connection:
            if connection.execute(select(users.c.id).where(users.c.id == user)).first():
                raise UsageError(f"there is a user {user!r} already")
            row = {"id": user, "name": name or user, "role": role, "language": language, "password": hashed}
            connection.execute(insert(users).values(**row, subject="", disabled=0, created=now, changed=now))
        return self.get(user)

    def admit(self, user: str, *, subject: str, name: str, role: str, language: str, now: float) -> User:
        """Somebody whom an OIDC provider has vouched for; made or brought up to date.

        Raises:
            UsageError: the name belongs to somebody with a password or another identity (code "taken"), or is
                switched off (code "disabled").
        """
        user = checked_id(user)
        _check(role, language)
        with self._tables.begin() as connection:
            row = connection.execute(select(users).where(users.c.id == user)).one_or_none()
            if row is None:
                fields = {"id": user, "name": name, "role": role, "language": language, "subject": subject}
                connection.execute(insert(users).values(**fields, password="", disabled=0, created=now, changed=now))
            elif row.subject != subject:
                raise UsageError(f"the name {user!r} belongs to another account", code="taken")
            elif row.disabled:
                raise UsageError(f"{user!r} is switched off", code="disabled")
            else:
                changed = now if row.role != role else row.changed
                brought = {"name": name, "role": role, "language": language, "changed": changed}
                connection.execute(update(users).where(users.c.id == user).values(**brought))
        return self.get(user)

    def get(self, user: str) -> User:
        """Raises UsageError (code "unknown")."""
        with self._tables.begin() as connection:
            row = connection.execute(select(users).where(users.c.id == user.casefold())).one_or_none()
        if row is None:
            raise UsageError(f"there is no user {user!r}", code="unknown")
        return user_of(row)

    def all(self) -> list[User]:
        with self._tables.begin() as connection:
            return [user_of(row) for row in connection.execute(select(users).order_by(users.c.id))]

    def change(
        self,
        user: str,
        *,
        password: str | None = None,
        role: str | None = None,
        name: str | None = None,
        disabled: bool | None = None,
        now: float,
    ) -> User:
        """Change what is given. Of a password, a role or being switched off, whoever is signed in feels it at once."""
        found = self.get(user)
        _check(role or found.role, found.language)
        values: dict[str, Any] = {}
        if password is not None:
            values["password"] = self._hash(password)
        if role is not None:
            values["role"] = role
        if disabled is not None:
            values["disabled"] = int(disabled)
        if values:
            values["changed"] = now
        if name is not None:
            values["name"] = name
        with self._tables.begin() as connection:
            if values:
                connection.execute(update(users).where(users.c.id == found.id).values(**values))
            if "changed" in values:
                connection.execute(delete(sessions).where(sessions.c.user == found.id))
        return self.get(user)

    def remove(self, user: str) -> None:
        found = self.get(user)
        with self._tables.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.user == found.id))
            connection.execute(delete(users).where(users.c.id == found.id))

    def _hash(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or password == _UNUSED:
            raise UsageError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
        return self._hasher.hash(password)

    def hash_of(self, user: str) -> str:
        """The hash to check a password against with `matches`: somebody's, or one that no password matches."""
        with self._tables.begin() as connection:
            row = connection.execute(
                select(users.c.password, users.c.disabled).where(users.c.id == user.casefold())
            ).one_or_none()
        return str(row.password) if row is not None and row.password and not row.disabled else self._nobody


def matches(hashed: str, password: str) -> bool:
    """Whether `password` is that of `hashed`. Slow on purpose (tens of milliseconds, 64 MiB): not on the event loop."""
    try:
        HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
    return SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD and password != _UNUSED


def checked_id(user: str) -> str:
    if not _ID.fullmatch(user):
        raise UsageError(f"{user!r} cannot be a user's name: 1 to 64 letters, digits and . @ + - _")
    return user.casefold()


def user_of(row: Row[Any]) -> User:
    """From a row that has the columns of `users`."""
    role: Role = row.role
    return User(row.id, row.name, role, row.language, bool(row.disabled), not row.password, row.changed)


def _check(role: str, language: str) -> None:
    if role not in ROLES:
        raise UsageError(f"no role {role!r}; there are: {', '.join(ROLES)}")
    if language not in LANGUAGES:
        raise UsageError(f"the desk does not speak {language!r}; it speaks: {', '.join(LANGUAGES)}")
