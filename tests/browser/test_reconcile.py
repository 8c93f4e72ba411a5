"""Reconciliation previews in a cross-origin frame, as in OpenRefine."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from biobank.bootstrap import Services
from biobank.exchange.reconciliation.service import PREVIEW_HEIGHT, PREVIEW_WIDTH
from tests.browser.conftest import Open
from tests.browser.test_accessibility import _violations_in_both

PREVIEW = "/api/v1/reconcile/preview"
PREVIEWS = ("uzeyir-hacibeyov", "lev-nussimbaum", "organisation/baku-music-academy", "place/baku", "nobody")
#: Returns the heights of pages in frames of a size.
FRAME_HEIGHTS = """async ([urls, width, height]) => Object.fromEntries(await Promise.all(urls.map(async (url) => {
  const frame = Object.assign(document.createElement("iframe"), { src: url, width, height });
  const loaded = new Promise((resolve) => { frame.onload = resolve; });
  document.body.append(frame);
  await loaded;
  return [url, frame.contentDocument.documentElement.scrollHeight];
})))"""


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


def test_preview_in_a_cross_origin_frame(browser: Browser, host: str) -> None:
    page = browser.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(host)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading")).to_have_text("Узеир Гаджибеков")
    loaded = frame.locator("img").evaluate("image => image.complete && image.naturalWidth")
    assert loaded > 0
    page.close()
    assert [text for text in messages if "Content Security Policy" in text] == []


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
@pytest.mark.parametrize("preview", PREVIEWS)
def test_preview_fits_its_frame_and_has_no_axe_violations(visit: Open, preview: str, lang: str) -> None:
    page = visit(f"{PREVIEW}?id={preview}&lang={lang}", PREVIEW_WIDTH, PREVIEW_HEIGHT, bypass_csp=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PREVIEW_WIDTH
    assert page.evaluate("document.documentElement.scrollHeight") <= PREVIEW_HEIGHT
    assert _violations_in_both(page) == []


def test_every_preview_fits_the_frame_height(visit: Open, services: Services) -> None:
    page = visit(f"{PREVIEW}?id=nobody&lang=ru", bypass_csp=True)
    urls = [f"{PREVIEW}?id={person_id}&lang=ru" for person_id in services.names.matcher().ids()]
    heights = page.evaluate(FRAME_HEIGHTS, [urls, PREVIEW_WIDTH, PREVIEW_HEIGHT])
    assert len(heights) == len(urls)
    assert [url for url, height in heights.items() if height > PREVIEW_HEIGHT] == []
