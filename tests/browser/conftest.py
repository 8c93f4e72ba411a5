"""Fixtures: Chromium and a live server. A missing browser fails in CI and skips elsewhere."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from playwright.sync_api import Error as BrowserError
from werkzeug.serving import make_server

from biobank.bootstrap import Services
from tests.browser.request_tracker import RequestTracker
from tests.conftest import skip_or_fail
from tests.support.apps import create_app

#: The headless shell takes a third less processor time than the full browser.
CHROMIUM = Path("/usr/bin/chromium-headless-shell")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Beginnings of expected console messages: Chromium logs these for every 4xx page and each sign-out.
EXPECTED = ("Failed to load resource: the server responded with a status of 4", "Clear-Site-Data header on ")

#: Timeout of waits in milliseconds, generous for busy machines.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)


@contextmanager
def serving(services: Services, app: Flask | None = None, port: int = 0) -> Iterator[str]:
    """Serve a bank from a thread of this process and yield its URL; 0 means any port."""
    app = app or create_app(services)
    # Compressed streams leave files to the garbage collector, which pytest would report.
    app.config.update(COMPRESS_STREAMS=False)
    tracker = RequestTracker(app)
    server = make_server("127.0.0.1", port, tracker, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    # Otherwise a response could open a closed database.
    tracker.wait()


@pytest.fixture(scope="session")
def address(services: Services) -> Iterator[str]:
    """Serve the read-only bank."""
    with serving(services) as base_url:
        yield base_url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        skip_or_fail(f"{CHROMIUM} is not here; apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        except BrowserError as error:
            skip_or_fail(f"{CHROMIUM} does not start: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def messages() -> list[str]:
    """Collect console messages, which include policy violations."""
    return []


@pytest.fixture
def visit(address: str, browser: Browser, messages: list[str]) -> Iterator[Open]:
    """Open a page of the bank: `visit("/az/", width=360, color_scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def open_page(path: str, width: int = 1280, height: int = 900, **options: object) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _record_message(messages, message))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.on("request", lambda request: _record_foreign_request(messages, address, request.url))
        page.goto(path)
        page.evaluate("document.fonts.ready.then(() => true)")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert messages == []


def _record_message(messages: list[str], message: ConsoleMessage) -> None:
    if not message.text.startswith(EXPECTED):
        messages.append(message.text)


def _record_foreign_request(messages: list[str], address: str, url: str) -> None:
    """Record requests to other hosts as messages: pages must not make any."""
    if not url.startswith((address, "data:")):
        messages.append(f"asked for {url}")
