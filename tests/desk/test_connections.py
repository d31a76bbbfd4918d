"""connections.yaml: other systems that are told, or attend; and a server with them."""

import base64
from pathlib import Path

import pytest

from huashu.core.errors import UsageError
from huashu.desk.connections import read_connections

pytestmark = pytest.mark.server

KEY = "whsec_" + base64.b64encode(bytes(range(32))).decode()
GOOD = """\
webhooks:
- {url: https://crm.example.com/hook, secret_file: hook.key, kinds: [handoff, ticket]}
- {url: http://127.0.0.1:9/x, secret_file: hook.key}
chatwoot:
  url: https://chat.example.com
  account: 3
  inbox: abc
  token_file: token.key
  secret_file: way.key
  queues: [客服]
  resolved: give_back
  step: 选期数
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("hook.key", KEY), ("token.key", "tok\n"), ("way.key", "w" * 20), ("empty.key", "\n")):
        (tmp_path / name).write_text(text)
    return tmp_path


def read(folder: Path, text: str) -> object:
    (folder / "connections.yaml").write_text(text, "utf-8")
    return read_connections(folder / "connections.yaml")


def test_a_whole_file(folder: Path) -> None:
    (folder / "connections.yaml").write_text(GOOD, "utf-8")
    found = read_connections(folder / "connections.yaml")
    assert [(target.url, target.kinds) for target in found.webhooks] == [
        ("https://crm.example.com/hook", ("handoff", "ticket")),
        ("http://127.0.0.1:9/x", ()),
    ]
    assert found.chatwoot is not None
    assert (found.chatwoot.account, found.chatwoot.token, found.chatwoot.queues) == (3, "tok", ("客服",))
    assert (found.chatwoot.resolved, found.chatwoot.step, found.chatwoot.places) == ("give_back", "选期数", 50)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hooks: []", "connections.yaml:1: connections.yaml has no key 'hooks'; it has: webhooks, chatwoot"),
        ("webhooks: {url: https://x}", ":1: webhooks: expected a list"),
        ("webhooks:\n- {url: https://x}", ":2: a webhook needs 'secret_file'"),
        ("webhooks:\n- {url: http://x, secret_file: hook.key}", ":2: 'http://x': expected https://"),
        ("webhooks:\n- {url: https://x, secret_file: token.key}", ":2: webhook 'https://x': its secret is whsec_"),
        ("webhooks:\n- {url: https://x, secret_file: none.key}", "none.key: cannot be read"),
        ("webhooks:\n- {url: https://x, secret_file: empty.key}", "empty.key: is empty"),
        (GOOD.replace("give_back", "delete"), ":11: 'delete' is none of: close, give_back"),
        (GOOD.replace("account: 3", "account: none"), ":6: expected a number"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(folder: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        read(folder, text)
    assert words in str(error.value)
    assert "whsec_AAEC" not in str(error.value)
