"""A real Chromium on a live server. A missing browser fails CI and is skipped elsewhere."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as BrowserError
from werkzeug.serving import make_server

from biobank.app import create_app
from biobank.bootstrap import Services
from tests.browser.under_way import UnderWay
from tests.conftest import missing

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: What may stand in the console: Chromium says this of every page that answers 4xx.
EXPECTED = "Failed to load resource: the server responded with a status of 4"

#: How long a page may take to do what is waited for, in ms: a busy machine is no failure.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)


@contextmanager
def serving(services: Services, app: Flask | None = None) -> Iterator[str]:
    """The address of a bank, served from a thread of this process."""
    app = app or create_app(services)
    # Compressed streams leave it to the garbage collector to close files, which pytest reports.
    app.config.update(COMPRESS_STREAMS=False)
    under_way = UnderWay(app)
    server = make_server("127.0.0.1", 0, under_way, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    # Else one of them would open a database that is closed already.
    under_way.wait()


@pytest.fixture(scope="session")
def address(services: Services) -> Iterator[str]:
    """The address of the bank that nobody writes to."""
    with serving(services) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        missing(f"{CHROMIUM} is not here; apt-get install chromium")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        except BrowserError as error:
            missing(f"{CHROMIUM} does not start: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def messages() -> list[str]:
    """What pages said in the console; a violation of the policy is said there too."""
    return []


@pytest.fixture
def visit(address: str, browser: Browser, messages: list[str]) -> Iterator[Open]:
    """Opens a page of the bank: `visit("/az/", width=360, color_scheme="dark")`."""
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
        page.on("console", lambda message: _keep(messages, message))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.on("request", lambda request: _keep_foreign(messages, address, request.url))
        page.goto(path)
        page.evaluate("document.fonts.ready.then(() => true)")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert messages == []


def _keep(messages: list[str], message: ConsoleMessage) -> None:
    if not message.text.startswith(EXPECTED):
        messages.append(message.text)


def _keep_foreign(messages: list[str], address: str, url: str) -> None:
    """A page of the bank asks nothing of anyone else."""
    if not url.startswith((address, "data:")):
        messages.append(f"asked for {url}")
