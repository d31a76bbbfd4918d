"""Signing in through an OpenID Connect provider: one on loopback that can be told to lie."""

import base64
import functools
import hashlib
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from huashu.channels.http_server import HttpServer
from huashu.channels.security import Address
from huashu.core.errors import UsageError
from huashu.desk.settings import Oidc, Settings, read_settings
from tests.desk.kit import PASSWORD, Browser, Running, running
from tests.desk.scripted import NOW

pytestmark = pytest.mark.server


@functools.cache
def key_of(owner: str) -> RSAKey:
    """Made once: a key costs more than the test it is for."""
    del owner
    return RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})


@dataclass
class Provider:
    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: key_of("the provider"))
    claims: dict[str, Any] = field(default_factory=dict)
    signs_with: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    shown: list[tuple[str | None, str | None]] = field(default_factory=list)
    """(authorization, client_id) of those who asked for a token."""
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "k1"})

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._configuration),
                Route("/keys", self._keys),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    def allow(self, url: str) -> str:
        """The person signs in at `url`: where the browser is sent back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert query["code_challenge_method"] == "S256"
        assert query["response_type"] == "code"
        code = f"code{len(self.codes)}"
        self.codes[code] = query
        return f"{query['redirect_uri']}?code={code}&state={query['state']}"

    async def _configuration(self, request: Request) -> Response:
        at = self.issuer
        return JSONResponse(
            {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "jwks_uri": f"{at}/keys",
            }
        )

    async def _keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        self.shown.append((request.headers.get("authorization"), form.get("client_id")))
        query = self.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if query is None or query["code_challenge"] != challenge or query["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        claims = {
            "iss": self.issuer,
            "aud": "desk",
            "sub": "1234",
            "exp": int(NOW) + 300,
            "iat": int(NOW),
            "nonce": query["nonce"],
            "preferred_username": "li.na",
            "name": "李娜",
            "roles": ["cc-agents"],
        } | self.claims
        token = jwt.encode(self.header, claims, self.signs_with or self.key)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})


@asynccontextmanager
async def provided() -> AsyncIterator[tuple[Provider, Settings]]:
    provider = Provider()
    server = HttpServer(Address("127.0.0.1", 0), provider.app())
    provider.issuer = f"http://{await server.start()}"
    oidc = Oidc(provider.issuer, "desk", roles=(("cc-leads", "supervisor"), ("cc-agents", "agent")))
    try:
        yield provider, Settings(oidc=oidc)
    finally:
        await server.stop()


@asynccontextmanager
async def asking(folder: Path) -> AsyncIterator[tuple[Provider, Running, Browser]]:
    """A provider, a desk that asks it, and a browser there."""
    async with provided() as (provider, settings), running(folder, settings=settings) as at, Browser.opened(at) as one:
        yield provider, at, one


async def came_back(provider: Provider, browser: Browser) -> str:
    """Sign in there; where the desk sends the browser then."""
    begun = await browser.client.get("/desk/api/oidc/start")
    assert begun.status_code == 303
    ended = await browser.client.get(provider.allow(begun.headers["location"]))
    assert ended.status_code == 303
    return str(ended.headers["location"])


async def test_a_person_of_the_provider_is_let_in_with_their_role(tmp_path: Path) -> None:
    async with provided() as (provider, settings), running(tmp_path, settings=settings) as at:
        async with Browser.opened(at) as browser:
            assert await came_back(provider, browser) == "/desk/"
            me = (await browser.client.get("/desk/api/me")).json()["me"]
            assert (me["id"], me["name"], me["role"], me["outside"]) == ("li.na", "李娜", "agent", True)
            assert (await browser.sign_in("li.na", PASSWORD)).status_code == 401
        provider.claims = {"roles": ["cc-leads"]}
        async with Browser.opened(at) as browser:
            at.clock.now += 1
            await came_back(provider, browser)
            assert (await browser.client.get("/desk/api/me")).json()["me"]["role"] == "supervisor"
        assert ("sign-in", "li.na", "oidc") in [(act.what, act.user, act.detail) for act in at.desk.audit.read()]


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"aud": "another"}, "token"),
        ({"iss": "https://evil.example"}, "token"),
        ({"exp": int(NOW) - 3600}, "token"),
        ({"nonce": "old"}, "token"),
        ({"azp": "another"}, "token"),
        ({"roles": ["guests"]}, "role"),
        ({"roles": None}, "role"),
        ({"preferred_username": "wang"}, "taken"),
        ({"preferred_username": "li na; drop"}, "usage"),
    ],
)
async def test_a_token_that_does_not_hold_lets_nobody_in(claims: dict[str, Any], code: str, tmp_path: Path) -> None:
    async with asking(tmp_path) as (provider, _, browser):
        provider.claims = claims
        assert await came_back(provider, browser) == f"/desk/?sso={code}"
        assert (await browser.client.get("/desk/api/me")).status_code == 401


async def test_a_token_somebody_else_has_signed_lets_nobody_in(tmp_path: Path) -> None:
    async with asking(tmp_path) as (provider, _, browser):
        provider.signs_with = key_of("somebody else")
        assert await came_back(provider, browser) == "/desk/?sso=token"


async def test_an_attempt_counts_once_and_in_its_own_browser(tmp_path: Path) -> None:
    async with asking(tmp_path) as (provider, at, mine), Browser.opened(at) as other:
        begun = await mine.client.get("/desk/api/oidc/start")
        back = provider.allow(begun.headers["location"])
        assert (await other.client.get(back)).headers["location"] == "/desk/?sso=attempt"
        assert (await mine.client.get(back)).headers["location"] == "/desk/?sso=attempt"
        begun = await mine.client.get("/desk/api/oidc/start")
        back = provider.allow(begun.headers["location"])
        at.clock.now += 601
        assert (await mine.client.get(back)).headers["location"] == "/desk/?sso=attempt"


async def test_a_provider_that_is_away_or_another_is_told(tmp_path: Path) -> None:
    async with provided() as (provider, settings):
        assert settings.oidc is not None
        async with running(tmp_path, settings=settings) as at, Browser.opened(at) as browser:
            provider.issuer = "http://127.0.0.1:1"
            assert (await browser.client.get("/desk/api/oidc/start")).headers["location"] == "/desk/?sso=failed"
        away = replace(settings, oidc=replace(settings.oidc, issuer="http://127.0.0.1:1"))
    (tmp_path / "two").mkdir()
    async with running(tmp_path / "two", settings=away) as at, Browser.opened(at) as browser:
        assert (await browser.client.get("/desk/api/oidc/start")).headers["location"] == "/desk/?sso=failed"


async def test_a_provider_that_refuses_or_goes_away_in_between_is_told(tmp_path: Path) -> None:
    async with asking(tmp_path) as (provider, at, browser):
        begun = await browser.client.get("/desk/api/oidc/start")
        back = provider.allow(begun.headers["location"])
        provider.codes.clear()
        assert (await browser.client.get(back)).headers["location"] == "/desk/?sso=provider"
        begun = await browser.client.get("/desk/api/oidc/start")
        back = provider.allow(begun.headers["location"])
        ours = at.desk.provider
        assert ours is not None
        assert ours._metadata is not None
        ours._metadata = {**ours._metadata, "token_endpoint": "http://127.0.0.1:1/token"}
        assert (await browser.client.get(back)).headers["location"] == "/desk/?sso=provider"


async def test_who_has_a_secret_shows_it_and_who_has_none_names_itself(tmp_path: Path) -> None:
    async with provided() as (provider, settings):
        async with running(tmp_path, settings=settings) as at, Browser.opened(at) as browser:
            assert await came_back(provider, browser) == "/desk/"
        assert settings.oidc is not None
        secret = tmp_path / "secret"
        secret.write_text("s3cret\n")
        kept = replace(settings, oidc=replace(settings.oidc, secret_file=secret))
        (tmp_path / "two").mkdir()
        async with running(tmp_path / "two", settings=kept) as at, Browser.opened(at) as browser:
            assert await came_back(provider, browser) == "/desk/"
    basic = base64.b64encode(b"desk:s3cret").decode()
    assert provider.shown == [(None, "desk"), (f"Basic {basic}", None)]


def test_signing_in_warns_of_nothing() -> None:
    """Whatever other clients of HTTP are installed or not."""
    code = "import sys; sys.modules['httpx2'] = None; import huashu.desk.oidc"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=120)


def test_the_settings_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(
        """
url: https://desk.example.com
session_hours: 8
idle_minutes: 10
proxies: [10.0.0.5, 10.1.0.0/16]
phrases: {问候: 您好，请讲。}
oidc:
  issuer: https://id.example.com
  client_id: desk
  roles: {cc-agents: agent}
""",
        "utf-8",
    )
    settings = read_settings(path)
    assert (settings.url, settings.session, settings.idle) == ("https://desk.example.com", 8 * 3600, 600)
    assert settings.proxies == ("10.0.0.5/32", "10.1.0.0/16")
    assert settings.phrases == (("问候", "您好，请讲。"),)
    assert settings.oidc == Oidc("https://id.example.com", "desk", roles=(("cc-agents", "agent"),))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("colour: red", "1: desk.yaml has no key 'colour'"),
        ("url: http://desk.example.com", "1: 'http://desk.example.com': expected https"),
        ("\nsession_hours: soon", "2: expected a number"),
        ("passwords: false", "1: without passwords nobody"),
        ("oidc: {issuer: https://a.example}", "1: oidc needs 'client_id'"),
        ("oidc: {issuer: https://a.example, client_id: x, roles: {a: boss}}", "1: 'boss' is none of"),
        ("idle_minutes: 1\nidle_minutes: 2", "2: 'idle_minutes' stands here twice"),
        ("proxies: [proxy.example]", "1: 'proxy.example': expected an address"),
        ("a: [", "1"),
    ],
)
def test_wrong_settings_are_told_with_their_line(text: str, wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=wrong.replace("(", r"\(")) as error:
        read_settings(path)
    assert str(error.value).startswith(f"{path}:")
