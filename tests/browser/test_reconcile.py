"""Reconciliation previews in a cross-origin frame, as in OpenRefine."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from biobank.bootstrap import Services
from biobank.exchange.reconciling.manifest import HEIGHT, WIDTH
from tests.browser.conftest import Open
from tests.browser.test_accessibility import AXE, RUN

PREVIEW = "/api/v1/reconcile/preview"
SHOWN = (
    "uzeyir-hacibeyov",
    "lev-nussimbaum",
    "organisation/baku-music-academy",
    "place/baku",
    "nobody",
)


@pytest.fixture
def host(address: str) -> Iterator[str]:
    """Serve a page of another origin with a preview in a frame."""
    app = Flask("host")
    frame = f'<iframe src="{address}{PREVIEW}?id=uzeyir-hacibeyov&lang=ru"></iframe>'
    app.add_url_rule("/", view_func=lambda: f"<!doctype html><title>Host</title>{frame}")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_preview_is_seen_on_a_page_of_another_origin(browser: Browser, host: str) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(host)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading")).to_have_text("Узеир Гаджибеков")
    loaded = frame.locator("img").evaluate("image => image.complete && image.naturalWidth")
    assert loaded > 0
    page.close()
    assert [text for text in said if "Content Security Policy" in text] == []


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
@pytest.mark.parametrize("shown", SHOWN)
def test_a_preview_fits_its_frame_and_axe_finds_nothing(visit: Open, shown: str, lang: str) -> None:
    page = visit(f"{PREVIEW}?id={shown}&lang={lang}", WIDTH, HEIGHT, bypass_csp=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert page.evaluate("document.documentElement.scrollHeight") <= HEIGHT
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = page.evaluate(f"({RUN})(window.axe)")
        assert found["violations"] == []


def test_a_preview_of_everybody_is_no_higher_than_its_frame(
    visit: Open, services: Services
) -> None:
    page = visit(f"{PREVIEW}?id=nobody&lang=ru", WIDTH, HEIGHT)
    for person_id in services.names.matcher().ids():
        page.goto(f"{PREVIEW}?id={person_id}&lang=ru")
        assert page.evaluate("document.documentElement.scrollHeight") <= HEIGHT, person_id
