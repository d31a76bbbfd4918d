"""Signing in through somebody else: OpenID Connect, authorization code with PKCE, the ID token verified.

The requests are put together by Authlib and sent by our own client of HTTP, the token's verification is joserfc's; here
is which claims must hold and what is kept between the two halves. (Authlib's client sends by whichever of httpx and
httpx2 it finds, and fails with the errors of that one.) Sources: OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3.7;
RFC 7636; RFC 9207.
"""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from huashu.core.errors import UsageError
from huashu.desk.settings import Oidc
from huashu.handoff.views import Role

_LASTS: Final = 600.0
_MOST: Final = 1000
_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]
_LEEWAY: Final = 60
"""Seconds that two clocks may differ."""
_PATIENCE: Final = 10.0
"""Seconds for each answer of the provider."""


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    subject: str
    name: str
    role: Role
    language: str


@dataclass(frozen=True, slots=True)
class _Attempt:
    browser: str
    verifier: str
    nonce: str
    expires: float


class Provider:
    def __init__(self, oidc: Oidc, wall: Callable[[], float]) -> None:
        self._oidc = oidc
        self._wall = wall
        self._secret = oidc.secret_file.read_text("utf-8").strip() if oidc.secret_file else None
        self._attempts: OrderedDict[str, _Attempt] = OrderedDict()
        self._metadata: Mapping[str, Any] | None = None

    async def start(self, callback: str) -> tuple[str, str]:
        """Where to send the browser, and what it is to keep in a cookie meanwhile.

        Raises:
            UsageError: the provider cannot be reached or is not the one it should be (code "provider").
        """
        metadata = await self._discovered()
        browser, state, verifier, nonce = (secrets.token_urlsafe(32) for _ in range(4))
        url = prepare_grant_uri(
            metadata["authorization_endpoint"],
            self._oidc.client_id,
            "code",
            redirect_uri=callback,
            scope=self._oidc.scopes,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),  # type: ignore[no-untyped-call]
            code_challenge_method="S256",
        )
        self._attempts[state] = _Attempt(_digest(browser), verifier, nonce, self._wall() + _LASTS)
        while len(self._attempts) > _MOST:
            self._attempts.popitem(last=False)
        return str(url), browser

    async def finish(self, callback: str, query: Mapping[str, str], browser: str) -> Person:
        """Who came back. An attempt counts once, within ten minutes, in the browser that began it.

        Raises:
            UsageError: code "attempt" (not begun here, over), "provider" (it refused or cannot be reached), "token"
                (the ID token does not hold), "role" (none of ours).
        """
        attempt = self._attempts.pop(query.get("state", ""), None)
        if (
            attempt is None
            or attempt.expires < self._wall()
            or not hmac.compare_digest(attempt.browser, _digest(browser))
        ):
            raise UsageError("this sign-in was not begun here, or too long ago", code="attempt")
        if query.get("iss", self._oidc.issuer) != self._oidc.issuer or "code" not in query:
            raise UsageError("the provider refused", code="provider")
        metadata = await self._discovered()
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE) as client:
                token = await self._token(client, metadata, callback, query["code"], attempt.verifier)
                keys = (await client.get(metadata["jwks_uri"])).raise_for_status().json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
            raise UsageError("the provider did not give a token", code="provider") from error
        return self._person(self._verified(token, keys, attempt.nonce))

    async def _token(
        self, client: httpx.AsyncClient, metadata: Mapping[str, Any], callback: str, code: str, verifier: str
    ) -> str:
        """The ID token for a code. Without a secret we are a public client and name ourselves (RFC 6749, 3.2.1)."""
        named = {"client_id": self._oidc.client_id} if self._secret is None else {}
        auth = httpx.USE_CLIENT_DEFAULT if self._secret is None else httpx.BasicAuth(self._oidc.client_id, self._secret)
        body = prepare_token_request(
            "authorization_code", redirect_uri=callback, code=code, code_verifier=verifier, **named
        )
        answer = await client.post(
            metadata["token_endpoint"],
            content=body,
            headers={"content-type": "application/x-www-form-urlencoded", "accept": "application/json"},
            auth=auth,
        )
        return str(answer.raise_for_status().json()["id_token"])

    def _verified(self, token: str, keys: Any, nonce: str) -> Mapping[str, Any]:
        oidc = self._oidc
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                now=int(self._wall()),
                leeway=_LEEWAY,
                iss={"essential": True, "value": oidc.issuer},
                aud={"essential": True, "value": oidc.client_id},
                exp={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise UsageError("the ID token does not hold", code="token") from error
        if claims.get("azp", oidc.client_id) != oidc.client_id:
            raise UsageError("the ID token is for somebody else", code="token")
        return claims

    def _person(self, claims: Mapping[str, Any]) -> Person:
        oidc = self._oidc
        found = claims.get(oidc.role_claim)
        theirs = {found} if isinstance(found, str) else set(found) if isinstance(found, list) else set()
        role = next((ours for name, ours in oidc.roles if name in theirs), None)
        if role is None:
            raise UsageError("the provider gives this person no role here", code="role")
        name = str(claims.get(oidc.id_claim) or claims["sub"])
        shown = str(claims.get("name") or name)[:64]
        return Person(name, f"{oidc.issuer} {claims['sub']}", shown, role, oidc.language)

    async def _discovered(self) -> Mapping[str, Any]:
        if self._metadata is None:
            url = f"{self._oidc.issuer}/.well-known/openid-configuration"
            try:
                async with httpx.AsyncClient(timeout=_PATIENCE) as client:
                    found = (await client.get(url)).raise_for_status().json()
            except (httpx.HTTPError, ValueError) as error:
                raise UsageError("the provider cannot be reached", code="provider") from error
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if (
                not isinstance(found, dict)
                or found.get("issuer") != self._oidc.issuer
                or not all(isinstance(found.get(name), str) for name in needed)
            ):
                raise UsageError("the provider describes itself wrongly", code="provider")
            self._metadata = found
        return self._metadata


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
