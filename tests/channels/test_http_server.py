"""Health and metrics over HTTP."""

from pathlib import Path

import httpx
import pytest

from huashu.channels import metrics as counted
from huashu.channels.http_server import HttpServer, app
from huashu.channels.security import Address, Tls
from huashu.core.errors import UsageError

pytestmark = pytest.mark.server

LOOPBACK = Address("127.0.0.1", 0)
TOKEN = "correct-horse-battery"


async def test_health_readiness_and_metrics() -> None:
    ready = True
    server = HttpServer(LOOPBACK, app(lambda: ready))
    where = await server.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://{where}", trust_env=False) as client:
            assert (await client.get("/healthz")).text == "ok\n"
            assert (await client.get("/readyz")).status_code == 200
            ready = False
            drained = await client.get("/readyz")
            assert (drained.status_code, drained.text) == (503, "draining\n")
            assert (await client.get("/healthz")).status_code == 200
            metrics = (await client.get("/metrics")).text
            assert f"huashu_grpc_streams {counted.STREAMS._value.get()}" in metrics
            assert (await client.get("/docs")).status_code == 404
    finally:
        await server.stop()


async def test_metrics_want_the_token_and_health_does_not() -> None:
    server = HttpServer(LOOPBACK, app(lambda: True, token=TOKEN), token=TOKEN)
    where = await server.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://{where}", trust_env=False) as client:
            assert (await client.get("/metrics")).status_code == 401
            assert (await client.get("/metrics", headers={"authorization": "Bearer wrong"})).status_code == 401
            assert (await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})).status_code == 200
            assert (await client.get("/healthz")).status_code == 200
    finally:
        await server.stop()


async def test_a_taken_port_is_refused() -> None:
    first = HttpServer(LOOPBACK, app(lambda: True))
    where = await first.start()
    try:
        with pytest.raises(UsageError, match="cannot listen on"):
            await HttpServer(where, app(lambda: True)).start()
    finally:
        await first.stop()


def test_the_bind_rule_is_the_same(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="set a token"):
        HttpServer(Address("0.0.0.0", 0), app(lambda: True))
    with pytest.raises(UsageError, match="set a token"):
        HttpServer(Address("0.0.0.0", 0), app(lambda: True), tls=Tls(tmp_path / "c", tmp_path / "k"))
