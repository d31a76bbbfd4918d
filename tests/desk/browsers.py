"""A real browser for tests of the page: the system's Chromium under Playwright, or a skip that says why."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desk.kit import PASSWORD

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "desk" / "web" / "node_modules" / "axe-core" / "axe.min.js"
WIDE, PHONE = (1366, 820), (390, 780)
MOST = 15_000
"""Milliseconds for anything to show."""


@asynccontextmanager
async def chromium(*arguments: str) -> AsyncIterator["Browser"]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium on this machine")
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        pytest.skip("the Python package playwright is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *arguments])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def window(
    browser: "Browser", *, size: tuple[int, int] = WIDE, scheme: Any = "light", language: str = "zh-CN", **options: Any
) -> AsyncIterator["Page"]:
    """A page that fails the test when a script of it fails, or its policy is broken."""
    context: BrowserContext = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale=language, **options
    )
    context.set_default_timeout(MOST)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda told: wrong.append(told.text) if "Content Security Policy" in told.text else None)
    try:
        yield page
    finally:
        await context.close()
    assert not wrong, wrong


async def sign_in(page: "Page", url: str, user: str) -> None:
    await page.goto(f"{url}/desk/")
    await page.fill("input[name=user]", user)
    await page.fill("input[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".top")


async def painted(page: "Page") -> None:
    """Until what has changed has been laid out, seen by whoever watches sizes, and drawn."""
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def working(page: "Page") -> Callable[[], Awaitable[float]]:
    """Tells from now on the seconds of processor time that the page's own thread has had, whatever else goes on."""
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable", {"timeDomain": "threadTicks"})

    async def so_far() -> float:
        told = await session.send("Performance.getMetrics")
        return float(next(item["value"] for item in told["metrics"] if item["name"] == "TaskDuration"))

    return so_far


async def findings(page: "Page") -> list[str]:
    """What axe-core has against the page as it is (WCAG 2.2 A and AA, and axe's best practices)."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in desk/web")
    await page.evaluate(AXE.read_text("utf-8"))
    told = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{item['id']}: {node['html'][:160]} {node['any'][0]['message'][:160] if node['any'] else ''}"
        for item in told["violations"]
        for node in item["nodes"]
    ]
