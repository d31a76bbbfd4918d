"""Servers on loopback that speak what a Rasa action server speaks, as told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from huashu.flows.loader import load
from huashu.flows.script import Script

BOT = Path(__file__).parent / "rasa" / "bot"


def script() -> Script:
    return load(BOT)


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def said(text: str | None = None, **more: Any) -> dict[str, Any]:
    """A response with all its keys, as rasa-sdk's dispatcher makes it."""
    keys: dict[str, Any] = dict.fromkeys(("template", "response", "image", "attachment"))
    return {"text": text, "buttons": [], "elements": [], "custom": {}, **keys, **more}


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Webhook:
    """Answers in turn: (status, JSON or bytes), or "drop" to hang up without one, or "wait" to say nothing."""

    answers: list[Any]
    asked: list[Asked] = field(default_factory=list)
    url: str = ""


@contextmanager
def webhook(*answers: Any) -> Iterator[Webhook]:
    told = Webhook(list(answers))
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            told.asked.append(Asked(self.path, headers, json.loads(body)))
            answer = told.answers.pop(0)
            if isinstance(answer, str):
                if answer == "wait":
                    over.wait(10)
                self.close_connection = True
                return
            status, content = answer
            content = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """A client that hung up is part of the test."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    told.url = f"rasa+http://127.0.0.1:{server.server_port}"
    try:
        yield told
    finally:
        over.set()
        server.shutdown()
        server.server_close()
