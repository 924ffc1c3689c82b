"""A real server and a real browser. Whatever a journey does, a console error or a request to elsewhere fails it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic",
]  # fmt: skip
SIZES = {"projector": (1920, 1080), "laptop": (1366, 768), "phone": (390, 844)}

# On a deep link Streamlit's browser code does not know yet where the app's root is. It asks beside the page first and gets a 404,
# then one level up. The browser logs that 404 and no code of ours can prevent it. Nothing else is let through.
ROOT_PROBE = re.compile(r"^/\w+/_stcore/(health|host-config)$")


COUNT_RUNS = """window.runs = 0;
new MutationObserver(changes => changes.forEach(change => {
  if (change.target.getAttribute("data-test-script-state") === "running") window.runs += 1;
})).observe(document, {subtree: true, attributes: true, attributeFilter: ["data-test-script-state"]});"""
"""Counts the runs of the app's script in a page, so that a journey can wait for the run that its own action sets off."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """The machine's own Chromium or Chrome. Without one the journeys fail: a skipped journey proves nothing."""
    found = [path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))]
    assert found, "No Chromium or Google Chrome found (Debian and Ubuntu: apt-get install chromium)"
    return found[0]


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@contextmanager
def serving() -> Iterator[str]:
    """A freshly started server of the app; its address."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.address", "localhost",
               "--server.headless", "true", "--server.fileWatcherType", "none"]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    address = f"http://localhost:{port}"
    try:
        _wait_until_healthy(process, address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_healthy(process: subprocess.Popen[bytes], address: str, seconds: float = 60) -> None:
    """Ask for health only: it does not run the app, so the server stays cold."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{address} is not healthy after {seconds} s")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server that the journeys of a module share."""
    with serving() as address:
        yield address


@pytest.fixture
def cold_server() -> Iterator[str]:
    """A server that no one has visited yet."""
    with serving() as address:
        yield address


class Watch:
    """What a browser must not do: log errors, throw, or speak to anyone but the app."""

    def __init__(self) -> None:
        self.troubles: list[str] = []

    def over(self, page: Page, address: str) -> None:
        self.home = urlparse(address).netloc
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"page error: {error}"))
        page.on("dialog", lambda dialog: (self.troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _request(self, request: Request) -> None:
        url = urlparse(request.url)
        if url.scheme not in ("data", "blob") and url.netloc != self.home:
            self.troubles.append(f"request to elsewhere: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        url = urlparse(message.location.get("url", ""))
        if message.type == "error" and not (url.netloc == self.home and ROOT_PROBE.match(url.path)):
            self.troubles.append(f"console: {message.text} ({message.location.get('url')})")


@pytest.fixture(scope="module")
def shared_context(browser: Browser) -> Iterator[BrowserContext]:
    """Keeps the app's own scripts between journeys, so that a page opens in half the time. Every page is a visitor of its own."""
    context = browser.new_context(device_scale_factor=1)
    yield context
    context.close()


@pytest.fixture
def visitor(browser: Browser, shared_context: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Opens pages and fails the journey for any trouble they had. With other options a page has a browser context of its own."""
    watch, contexts, pages = Watch(), [], []

    def visit(address: str, path: str = "", size: str = "laptop", dark: bool = False, **options: Any) -> Page:
        width, height = SIZES[size]
        context = shared_context
        if options:
            context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=1, **options)
            contexts.append(context)
        page = context.new_page()
        pages.append(page)
        watch.over(page, address)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.set_default_timeout(20_000)
        page.add_init_script(COUNT_RUNS)
        page.goto(f"{address}/{path}", wait_until="domcontentloaded")
        return page

    yield visit
    for opened in (*pages, *contexts):
        opened.close()
    assert watch.troubles == []
