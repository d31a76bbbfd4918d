"""Who may connect to a server, and where it may listen."""

import asyncio
import datetime
import ipaddress
import stat
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from huashu.channels.client import Client
from huashu.channels.security import Address, Gate, Tls, address, check_bind, find_token, is_loopback
from huashu.core.errors import RemoteError, UsageError
from huashu.core.events import Started
from tests.channels.kit import Running, make_bot, said, until_listening

pytestmark = pytest.mark.server

TOKEN = "correct-horse-battery"
OPEN = Started("", marks="none", variables={"姓名": "老王"})


# --- where ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_loopback_needs_no_guard(host: str) -> None:
    assert is_loopback(host)
    check_bind(Address(host, 1), token=None, tls=None)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "bots.example", ""])
def test_open_addresses_need_a_token_or_client_certificates(host: str, tmp_path: Path) -> None:
    where = Address(host, 50051)
    server_only = Tls(tmp_path / "c.pem", tmp_path / "k.pem")
    mutual = Tls(tmp_path / "c.pem", tmp_path / "k.pem", tmp_path / "ca.pem")
    for tls in (None, server_only):
        with pytest.raises(UsageError, match="set a token"):
            check_bind(where, token=None, tls=tls)
    check_bind(where, token=TOKEN, tls=None)
    check_bind(where, token=None, tls=mutual)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:50051", ("127.0.0.1", 50051)),
        ("[::1]:0", ("::1", 0)),
        (":8080", ("127.0.0.1", 8080)),
    ],
)
def test_addresses(text: str, expected: tuple[str, int]) -> None:
    assert address(text) == expected


@pytest.mark.parametrize("text", ["127.0.0.1", "host:", "host:http", "host:70000", "host:-1"])
def test_a_bad_address_says_what_is_right(text: str) -> None:
    with pytest.raises(UsageError, match="host:port"):
        address(text)


async def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    async with Running(make_bot(tmp_path)) as first:
        second = Running(make_bot(tmp_path))
        second.server._where = address(first.address)
        with pytest.raises(UsageError, match="cannot listen"):
            await second.server.start()


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_the_gate_admits_the_token_and_nothing_else() -> None:
    gate = Gate(TOKEN)
    assert gate.admits(f"Bearer {TOKEN}")
    assert gate.admits(f"bearer {TOKEN}")
    for wrong in (None, "", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer 话"):
        assert not gate.admits(wrong)
    assert Gate(None).admits(None)


def test_the_token_is_found_in_environment_or_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUASHU_TOKEN", raising=False)
    monkeypatch.delenv("HUASHU_TOKEN_FILE", raising=False)
    assert find_token() is None
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    file.chmod(stat.S_IRUSR)
    monkeypatch.setenv("HUASHU_TOKEN_FILE", str(file))
    assert find_token() == TOKEN
    monkeypatch.setenv("HUASHU_TOKEN", TOKEN + "2")
    assert find_token() == TOKEN + "2"
    assert find_token(TOKEN) == TOKEN
    for short in ("", "secret", "has a space in it, long", "中文中文中文中文中文中文中文中文"):
        with pytest.raises(UsageError, match="at least 16"):
            find_token(short)


async def test_without_the_token_nothing_is_served(tmp_path: Path) -> None:
    async with Running(make_bot(tmp_path), token=TOKEN) as server:
        for wrong in (None, "wrong" * 5):
            async with server.client(wrong) as client:
                for attempt in (client.converse("canteen", OPEN), client.bots(), client.check({})):
                    with pytest.raises(RemoteError, match="bearer token") as refused:
                        await attempt
                    assert refused.value.code == "unauthenticated"
        async with server.client(TOKEN) as client:
            assert "您要几份" in said(await until_listening(await client.converse("canteen", OPEN)))
            assert [bot.name for bot in await client.bots()] == ["canteen"]


# --- certificates -----------------------------------------------------------------------------------------------------


class Authority:
    """A certificate authority for one test."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(self._name, self._key.public_key(), ca=True)
        self.ca = folder / f"{name}-ca.pem"
        self.ca.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str) -> tuple[Path, Path]:
        """Paths of a certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate, private = self._folder / f"{name}.pem", self._folder / f"{name}-key.pem"
        signed = self._sign(subject, key.public_key(), ca=False)
        certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        private.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return certificate, private

    def _sign(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, *, ca: bool) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        local = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(local), critical=False)
            .sign(self._key, hashes.SHA256())
        )


async def test_mutual_tls(tmp_path: Path) -> None:
    ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path, "theirs")
    tls = Tls(*ours.issue("server"), ours.ca)
    async with Running(make_bot(tmp_path / "bot"), tls=tls) as server:
        certificate, key = ours.issue("client")
        async with Client(server.address, ca=ours.ca, certificate=certificate, key=key) as client:
            assert "您要几份" in said(await until_listening(await client.converse("canteen", OPEN)))
        stranger, strange_key = theirs.issue("stranger")
        refused = [
            Client(server.address, ca=ours.ca),
            Client(server.address, ca=ours.ca, certificate=stranger, key=strange_key),
            Client(server.address, ca=theirs.ca, certificate=certificate, key=key),
            Client(server.address),
        ]
        for one in refused:
            async with one as client, asyncio.timeout(20):
                with pytest.raises(RemoteError) as error:
                    await client.bots()
                assert error.value.code == grpc.StatusCode.UNAVAILABLE.name.lower()


def test_a_bad_pem_file_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing.pem"
    with pytest.raises(UsageError, match=r"missing\.pem"):
        Tls(missing, missing).read()
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    with pytest.raises(UsageError, match="no PEM file"):
        Tls(empty, empty).read()
