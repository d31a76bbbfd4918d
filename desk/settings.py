"""desk.yaml: where the desk is reached, how long a session lasts, whom to ask who somebody is (OIDC)."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from huashu.core.errors import UsageError
from huashu.desk.accounts import LANGUAGES, ROLES
from huashu.flows.document import TooMuchError, bounded_yaml
from huashu.handoff.views import Role


@dataclass(frozen=True, slots=True)
class Oidc:
    """An OpenID Connect provider: authorization code with PKCE (OpenID Connect Core 1.0, RFC 7636)."""

    issuer: str
    client_id: str
    secret_file: Path | None = None
    """Holds the client's secret; None: a public client."""
    title: str = "单点登录 SSO"
    """On the button."""
    scopes: tuple[str, ...] = ("openid", "profile")
    id_claim: str = "preferred_username"
    role_claim: str = "roles"
    roles: tuple[tuple[str, Role], ...] = ()
    """What the provider calls a role → ours; the first that the person has counts, who has none is not let in."""
    language: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class Settings:
    url: str = ""
    """Where people reach the desk from outside, such as https://desk.example.com, when a proxy stands before it."""
    proxies: tuple[str, ...] = ()
    """Addresses or networks of proxies on other machines that say for whom they ask (X-Forwarded-For); those on this
    machine are believed anyway. Without it all who come through one share its count of wrong passwords."""
    session: float = 12 * 3600.0
    """Seconds from sign-in until one has to sign in again."""
    idle: float = 900.0
    """Seconds without a touch after which the page locks itself; not during a call. 0: never."""
    passwords: bool = True
    """Whether names and passwords are accepted here."""
    phrases: tuple[tuple[str, str], ...] = ()
    """(name, text): canned phrases for everybody."""
    oidc: Oidc | None = None


def read_settings(path: Path) -> Settings:
    """Raises UsageError: file, line and key that are wrong, and what would be right."""
    root = composed(path)
    return Settings() if root is None else Reader(path).settings(root)


def composed(path: Path) -> Node | None:
    """A YAML file as nodes with their lines; None: an empty one. Raises UsageError as `read_settings`."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from None
    try:
        root: Node | None = bounded_yaml().compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UsageError(f"{path}:{line}: {error.problem}") from None
    except (YAMLError, TooMuchError, ValueError) as error:
        raise UsageError(f"{path}: {error}") from None
    return root


_KEYS = ("url", "proxies", "session_hours", "idle_minutes", "passwords", "phrases", "oidc")


@dataclass(slots=True)
class Reader:
    """Nodes to values; every method raises UsageError with file, line, what is wrong and what would be right."""

    path: Path

    def settings(self, root: Node) -> Settings:
        keys = self.table(root, "desk.yaml", _KEYS)
        read: dict[str, Any] = {}
        if "url" in keys:
            read["url"] = self.url(keys["url"]).rstrip("/")
        if "proxies" in keys:
            read["proxies"] = tuple(self.network(item) for item in self.items(keys["proxies"]))
        if "session_hours" in keys:
            read["session"] = self.number(keys["session_hours"], 0.1, 168) * 3600
        if "idle_minutes" in keys:
            read["idle"] = self.number(keys["idle_minutes"], 0, 1440) * 60
        if "passwords" in keys:
            read["passwords"] = self.flag(keys["passwords"])
        if "phrases" in keys:
            table = self.table(keys["phrases"], "phrases", None)
            read["phrases"] = tuple((name, self.text(node)) for name, node in table.items())
        if "oidc" in keys:
            read["oidc"] = self.oidc(keys["oidc"])
        elif read.get("passwords") is False:
            raise self.wrong(keys["passwords"], "without passwords nobody could sign in: set oidc")
        return Settings(**read)

    def oidc(self, node: Node) -> Oidc:
        known = ("issuer", "client_id", "secret_file", "title", "scopes", "id_claim", "role_claim", "roles", "language")
        keys = self.table(node, "oidc", known)
        for name in ("issuer", "client_id", "roles"):
            if name not in keys:
                raise self.wrong(node, f"oidc needs {name!r}")
        read: dict[str, Any] = {"issuer": self.url(keys["issuer"]).rstrip("/")}
        for name in ("client_id", "title", "id_claim", "role_claim"):
            if name in keys:
                read[name] = self.text(keys[name])
        if "secret_file" in keys:
            read["secret_file"] = self.path.parent / self.text(keys["secret_file"])
        if "scopes" in keys:
            read["scopes"] = self.texts(keys["scopes"])
            if "openid" not in read["scopes"]:
                raise self.wrong(keys["scopes"], "the scopes must hold openid")
        if "language" in keys:
            read["language"] = self.one_of(keys["language"], LANGUAGES)
        roles = self.table(keys["roles"], "roles", None)
        read["roles"] = tuple((name, self.one_of(item, ROLES)) for name, item in roles.items())
        return Oidc(**read)

    def table(self, node: Node, name: str, known: tuple[str, ...] | None) -> dict[str, Node]:
        if not isinstance(node, MappingNode):
            raise self.wrong(node, f"{name}: expected keys and values")
        found: dict[str, Node] = {}
        for key, value in node.value:
            text = self.text(key)
            if known is not None and text not in known:
                raise self.wrong(key, f"{name} has no key {text!r}; it has: {', '.join(known)}")
            if text in found:
                raise self.wrong(key, f"{text!r} stands here twice")
            found[text] = value
        return found

    def text(self, node: Node) -> str:
        if not isinstance(node, ScalarNode) or not node.value:
            raise self.wrong(node, "expected a text")
        return str(node.value)

    def texts(self, node: Node) -> tuple[str, ...]:
        return tuple(self.text(item) for item in self.items(node))

    def items(self, node: Node) -> list[Node]:
        if not isinstance(node, SequenceNode):
            raise self.wrong(node, "expected a list")
        return list(node.value)

    def network(self, node: Node) -> str:
        text = self.text(node)
        try:
            return str(ipaddress.ip_network(text))
        except ValueError:
            raise self.wrong(
                node, f"{text!r}: expected an address or network, such as 10.0.0.5 or 10.0.0.0/24"
            ) from None

    def one_of(self, node: Node, known: tuple[str, ...]) -> str:
        text = self.text(node)
        if text not in known:
            raise self.wrong(node, f"{text!r} is none of: {', '.join(known)}")
        return text

    def number(self, node: Node, least: float, most: float) -> float:
        try:
            value = float(self.text(node))
        except ValueError:
            value = float("nan")
        if not least <= value <= most:
            raise self.wrong(node, f"expected a number from {least:g} to {most:g}")
        return value

    def flag(self, node: Node) -> bool:
        return self.one_of(node, ("true", "false")) == "true"

    def url(self, node: Node) -> str:
        text = self.text(node)
        parts = urlsplit(text)
        local = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise self.wrong(node, f"{text!r}: expected https://… (http only for this machine itself)")
        return text

    def wrong(self, node: Node, what: str) -> UsageError:
        return UsageError(f"{self.path}:{node.start_mark.line + 1}: {what}")
