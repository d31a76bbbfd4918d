"""Rasa action servers behind TLS: known authorities only."""

import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from huashu.core.actions import RunAction
from huashu.runtime.rasa_actions import rasa_actions
from huashu.runtime.rasa_grpc import METHOD
from tests.runtime.rasa_fakes import script

pytestmark = pytest.mark.server

SCRIPT = script()
RUN = RunAction("7.1", "action_quote")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(certificate, key) of 127.0.0.1, its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bank.example")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    plain = serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def secure(pair: tuple[Path, Path]) -> Iterator[str]:
    """The address of a webhook over https that has nothing to say."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused handshake is part of the test
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"rasa+https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("known", "error"), [(True, ""), (False, "unreachable")])
async def test_https(
    secure: str, pair: tuple[Path, Path], known: bool, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(pair[0]))
    assert (await rasa_actions(secure, SCRIPT).run("call1", RUN)).error == error


@pytest.mark.parametrize(("known", "error"), [(True, ""), (False, "unreachable")])
async def test_grpcs(pair: tuple[Path, Path], known: bool, error: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(pair[0]))

    async def respond(request: bytes, context: Any) -> bytes:
        return b""

    server = grpc.aio.server()
    name, _, method = METHOD.strip("/").partition("/")
    handlers = {method: grpc.unary_unary_rpc_method_handler(respond)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, handlers),))
    credentials = grpc.ssl_server_credentials([(pair[1].read_bytes(), pair[0].read_bytes())])
    port = server.add_secure_port("127.0.0.1:0", credentials)
    await server.start()
    try:
        assert (await rasa_actions(f"rasa+grpcs://127.0.0.1:{port}", SCRIPT).run("call1", RUN)).error == error
    finally:
        await server.stop(None)
