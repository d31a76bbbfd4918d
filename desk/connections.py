"""connections.yaml: which other systems are told what happens at the centre, and who else attends.

    webhooks:
    - {url: https://crm.example.com/hook, secret_file: hook.key, kinds: [handoff, ticket]}
    chatwoot: {url: https://chat.example.com, account: 1, inbox: abc123, token_file: token.key, secret_file: secret.key,
               queues: [客服], places: 50, resolved: close, disposition: 已解决}

Secrets stand in files of their own, beside this one unless the path is absolute.
"""

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.nodes import Node, SequenceNode

from huashu.channels.chatwoot import Settings as ChatwootSettings
from huashu.channels.webhooks import Target
from huashu.core.errors import UsageError
from huashu.desk.settings import Reader, composed

_WEBHOOK = ("url", "secret_file", "kinds")
_CHATWOOT = (
    "url", "account", "inbox", "token_file", "secret_file", "queues", "places", "resolved", "disposition", "step",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Connections:
    webhooks: tuple[Target, ...] = ()
    chatwoot: ChatwootSettings | None = None


def read_connections(path: Path) -> Connections:
    """Raises UsageError: file, line and key that are wrong, and what would be right."""
    root = composed(path)
    return Connections() if root is None else _Reader(path).connections(root)


class _Reader(Reader):
    def connections(self, root: Node) -> Connections:
        keys = self.table(root, "connections.yaml", ("webhooks", "chatwoot"))
        chatwoot = self.chatwoot(keys["chatwoot"]) if "chatwoot" in keys else None
        return Connections(self.webhooks(keys["webhooks"]) if "webhooks" in keys else (), chatwoot)

    def webhooks(self, node: Node) -> tuple[Target, ...]:
        if not isinstance(node, SequenceNode):
            raise self.wrong(node, "webhooks: expected a list, - {url: …, secret_file: …}")
        return tuple(self.webhook(item) for item in node.value)

    def webhook(self, node: Node) -> Target:
        keys = self.needed(node, "a webhook", _WEBHOOK, ("url", "secret_file"))
        kinds = self.texts(keys["kinds"]) if "kinds" in keys else ()
        target = Target(self.url(keys["url"]), self.secret(keys["secret_file"]), kinds)
        try:
            target.key()
        except UsageError as error:
            raise self.wrong(keys["secret_file"], str(error)) from None
        return target

    def chatwoot(self, node: Node) -> ChatwootSettings:
        keys = self.needed(node, "chatwoot", _CHATWOOT, ("url", "account", "inbox", "token_file", "secret_file"))
        closes = "resolved" not in keys or self.one_of(keys["resolved"], ("close", "give_back")) == "close"
        return ChatwootSettings(
            self.url(keys["url"]),
            round(self.number(keys["account"], 1, 2**31)),
            self.text(keys["inbox"]),
            self.secret(keys["token_file"]),
            self.secret(keys["secret_file"]),
            queues=self.texts(keys["queues"]) if "queues" in keys else (),
            places=round(self.number(keys["places"], 1, 10_000)) if "places" in keys else 50,
            resolved="close" if closes else "give_back",
            disposition=self.text(keys["disposition"]) if "disposition" in keys else "",
            step=self.text(keys["step"]) if "step" in keys else "",
        )

    def needed(self, node: Node, name: str, known: tuple[str, ...], needs: tuple[str, ...]) -> dict[str, Node]:
        keys = self.table(node, name, known)
        for key in needs:
            if key not in keys:
                raise self.wrong(node, f"{name} needs {key!r}")
        return keys

    def secret(self, node: Node) -> str:
        path = self.path.parent / self.text(node)
        try:
            secret = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise self.wrong(node, f"{path}: cannot be read ({error})") from None
        if not secret:
            raise self.wrong(node, f"{path}: is empty; expected a secret in its first line")
        return secret
