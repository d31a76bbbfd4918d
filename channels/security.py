"""Who may connect: tokens, certificates, and where a server may listen. The same rules for gRPC and HTTP."""

import hashlib
import hmac
import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from huashu.core.errors import UsageError

TOKEN_ENV = "HUASHU_TOKEN"
TOKEN_FILE_ENV = "HUASHU_TOKEN_FILE"
SHORTEST_TOKEN = 16
"""Characters. Drawn at random that is beyond guessing over a network."""


class Address(NamedTuple):
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address(text: str) -> Address:
    """ "127.0.0.1:50051", "[::1]:50051", "localhost:0", or ":50051", which means loopback.

    Raises:
        UsageError: no port, or none from 0 to 65535.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise UsageError(f"address {text!r}: expected host:port, such as 127.0.0.1:50051")
    return Address(host.removeprefix("[").removesuffix("]") or "127.0.0.1", int(port))


def is_loopback(host: str) -> bool:
    """Only what certainly never leaves the machine: a name other than localhost might resolve to anything."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Tls:
    """Paths of PEM files."""

    certificate: Path
    key: Path
    ca: Path | None = None
    """When given, clients need a certificate signed by this authority (mTLS)."""

    def read(self) -> tuple[bytes, bytes, bytes | None]:
        """Certificate chain, private key, authority. Raises UsageError naming the file that cannot be read."""
        return _pem(self.certificate), _pem(self.key), _pem(self.ca) if self.ca else None


def _pem(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; expected a PEM file") from None
    if b"-----BEGIN " not in content:
        raise UsageError(f"{path}: no PEM file (it holds no -----BEGIN … line)")
    return content


def find_token(token: str | None = None) -> str | None:
    """The token given, or the one in HUASHU_TOKEN, or in the file named by HUASHU_TOKEN_FILE; None without any.

    Raises:
        UsageError: shorter than 16 characters, not printable ASCII, or the file cannot be read.
    """
    found = token if token is not None else os.environ.get(TOKEN_ENV)
    if found is None and TOKEN_FILE_ENV in os.environ:
        path = Path(os.environ[TOKEN_FILE_ENV])
        try:
            found = path.read_text("utf-8").strip()
        except OSError as error:
            raise UsageError(f"{TOKEN_FILE_ENV}={path}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise UsageError(f"{TOKEN_FILE_ENV}={path}: not text") from None
    if found is None:
        return None
    if len(found) < SHORTEST_TOKEN or not all("!" <= letter <= "~" for letter in found):
        raise UsageError(
            f"the token needs at least {SHORTEST_TOKEN} printable ASCII characters without spaces; "
            "for instance: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return found


def check_bind(where: Address, *, token: str | None, tls: Tls | None) -> None:
    """Raises UsageError when `where` can be reached from other machines and nothing says who may come in."""
    if is_loopback(where.host) or token is not None or (tls is not None and tls.ca is not None):
        return
    raise UsageError(
        f"{where} can be reached from other machines: set a token ({TOKEN_ENV} or {TOKEN_FILE_ENV}) or mTLS "
        "(certificate, key and client authority), or listen on 127.0.0.1"
    )


class Gate:
    """Checks bearer tokens in constant time. Without a token everything passes."""

    def __init__(self, token: str | None) -> None:
        self._digest = hashlib.sha256(token.encode()).digest() if token is not None else None

    @property
    def closed(self) -> bool:
        return self._digest is not None

    def admits(self, authorization: str | None) -> bool:
        """`authorization`: the header's value, "Bearer …"."""
        if self._digest is None:
            return True
        scheme, _, token = (authorization or "").partition(" ")
        given = hashlib.sha256(token.strip().encode()).digest()
        return hmac.compare_digest(given, self._digest) and scheme.lower() == "bearer"
