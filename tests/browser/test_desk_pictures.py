"""Portraits from upload to search results; recordings load only after a click."""

import wave
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.latest_revisions import latest_revision
from tests.browser.conftest import Open, serving
from tests.browser.sign_in_helper import sign_in
from tests.browser.test_accessibility import _violations_in_both, _width
from tests.support.pictures import jpeg_with_metadata
from tests.support.users import add_user

EMAIL = "nigar@example.az"
NIZAMI = "nizami-gencevi"
SOUND = "https://sounds.example/qezel.wav"
RECORDINGS = [
    {"type": "audio", "url": SOUND, "alt": {"az": "Qəzəl"}, "author": "Uydurma Radio"},
    {"type": "video", "url": "https://vimeo.com/12345", "alt": {"az": "Film"}},
    {"type": "video", "url": "https://archive.example/details/1"},
    {"type": "image", "url": "https://pictures.example/1.jpg"},
]


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    """Serve a bank with one editor."""
    add_user(own_services.database, "Nigar", "editor")
    with serving(own_services) as base_url:
        yield base_url


def test_a_portrait_is_added_at_360_pixels_and_seen_in_the_results(
    visit: Open, own_services: Services, tmp_path: Path
) -> None:
    file = tmp_path / "portret.jpg"
    file.write_bytes(jpeg_with_metadata())
    page = visit("/az/desk/pictures", width=360, height=740, bypass_csp=True)
    sign_in(page, EMAIL)
    _check_accessibility(page)
    page.locator("#file").set_input_files(file)
    page.locator("#licence").select_option("CC BY-SA 4.0")
    page.locator("#author").fill("Uydurma Rəssam")
    page.locator("#source").fill("https://pictures.example/nizami")
    for lang in ("az", "en", "ru"):
        page.locator(f"#alt-{lang}").fill("Dörd rəngli kvadrat")
    page.locator(".desk-form button[type=submit]").click()
    page.wait_for_url("**/az/desk/pictures/1")
    _check_accessibility(page)
    page.locator(".picture-columns .button").click()
    page.locator("#person-q").fill("Nizami")
    page.keyboard.press("Enter")
    page.locator(".picture-attach").first.wait_for()
    _check_accessibility(page)
    page.locator(".picture-attach button").first.click()
    page.wait_for_url(f"**/az/desk/people/{NIZAMI}")
    page.goto("/az/desk/pictures/1")
    _check_accessibility(page)
    _publish(own_services, [])
    page.goto("/az/search?q=nizami")
    face = page.locator(".hit .medallion").first
    assert face.evaluate("image => image.decode().then(() => image.naturalWidth)") == 128
    page.goto(f"/az/people/{NIZAMI}")
    assert page.locator(".portrait img").evaluate("image => image.decode().then(() => true)")
    _check_accessibility(page)
    page.locator("#q").fill("niza")
    face = page.locator(".suggestion img").first
    face.wait_for()
    assert "-square.webp" in str(face.get_attribute("src"))


def test_recording_loads_after_click_from_its_host_only(
    visit: Open, own_services: Services, messages: list[str]
) -> None:
    _publish(own_services, RECORDINGS)
    page = visit(f"/az/people/{NIZAMI}", width=1440)
    page.wait_for_load_state("networkidle")
    assert messages == []
    page.route("https://sounds.example/**", _play)
    page.locator(".recording-audio a.button").click()
    page.wait_for_url(f"**/az/people/{NIZAMI}/media/1?play=1")
    page.wait_for_function("document.querySelector('audio').readyState > 0")
    assert set(messages) == {f"asked for {SOUND}"}
    messages.clear()
    # The same URL, opened from elsewhere, loads nothing.
    stranger = visit(f"/az/people/{NIZAMI}/media/1?play=1")
    assert stranger.locator("audio").count() == 0
    assert stranger.locator("a.button").count() == 1


def test_recordings_have_no_axe_violations(visit: Open, own_services: Services) -> None:
    _publish(own_services, RECORDINGS)
    page = visit(f"/ru/people/{NIZAMI}", width=1440, bypass_csp=True)
    _check_accessibility(page, 1440)
    page.set_viewport_size({"width": 360, "height": 740})
    _check_accessibility(page)
    page.goto(f"/ru/people/{NIZAMI}/media/2")
    _check_accessibility(page)


def _publish(services: Services, media: list[dict[str, object]]) -> None:
    """Publish the latest record with `media` appended."""
    with services.database.write() as session:
        latest = latest_revision(session, NIZAMI)
        assert latest
        record = {**latest.record, "media": [*latest.record.get("media", []), *media]}
        save_records(session, [record], OPERATOR, "", publish=True)
    services.indexer.sync()


def _play(route: Route) -> None:
    """Return a WAV file of 0.1 seconds of silence."""
    sound = BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x00" * 1600)
    route.fulfill(body=sound.getvalue(), content_type="audio/wav")


def _check_accessibility(page: Page, width: int = 360) -> None:
    assert _width(page) <= width, page.url
    assert _violations_in_both(page) == [], page.url
