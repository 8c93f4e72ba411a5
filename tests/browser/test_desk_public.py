"""A public correction by keyboard, its review at the desk, and accessibility."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from biobank.bootstrap import Services
from biobank.editorial.models import InboxMessage
from biobank.web.public import forms
from tests.browser.conftest import Open, serving
from tests.browser.sign_in_helper import sign_in
from tests.browser.test_accessibility import _violations_in_both, _width
from tests.support.apps import create_app
from tests.support.payloads import PAYLOADS
from tests.support.public_forms import FORM_PATHS, PERSON, post_form
from tests.support.users import add_user


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    """Serve a bank with one editor and messages of every kind."""
    add_user(own_services.database, "Nigar", "editor")
    app = create_app(own_services)
    for kind in FORM_PATHS:
        message = {"text": " ".join(PAYLOADS), "what": PAYLOADS[0], "names": "x" * 200}
        # Twice, so that the page mentions similar messages.
        for _ in range(2):
            post_form(app.test_client(), kind, field="headline", name=PAYLOADS[1], **message)
    with serving(own_services) as base_url:
        yield base_url


def test_correction_by_keyboard_becomes_a_draft(
    visit: Open, own_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MIN_FORM_AGE_SECONDS", 0)
    page = visit(f"/az/people/{PERSON}", width=360, height=740)
    page.locator("a.correct[href$='field=birth']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/suggest?field=birth")
    page.locator("#text").focus()
    for text in ("1885-09-17", "Metrika kitabı, s. 3", "Diqqətli Oxucu", "oxucu@example.az"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    # The hidden field is skipped by Tab.
    assert page.evaluate("document.activeElement.type") == "submit"
    page.keyboard.press("Enter")
    page.wait_for_url("**/az/sent/*")
    assert _width(page) <= 360
    with own_services.database.read() as session:
        query = select(InboxMessage).where(InboxMessage.name == "Diqqətli Oxucu")
        message = session.scalars(query).one()
    assert (message.state, message.content["text"]) == ("new", "1885-09-17")
    _sign_in(page, "az")
    page.goto(f"/az/desk/inbox/{message.id}")
    page.locator("#value").focus()
    page.keyboard.press("Enter")
    page.locator("#done-title").wait_for()
    with own_services.database.read() as session:
        assert session.scalars(query).one().revision == 2


@pytest.mark.parametrize("width", [360, 1440])
def test_public_forms_have_no_axe_violations(visit: Open, width: int) -> None:
    page = visit("/en/propose", width=width, bypass_csp=True)
    _check_accessibility(page, width)
    for path in (
        f"people/{PERSON}",
        f"people/{PERSON}/suggest",
        f"people/{PERSON}/suggest?field=biography",
        f"people/{PERSON}/objection",
        "organisations/register",
        "organisations/",
    ):
        page.goto(f"/ru/{path}")
        _check_accessibility(page, width)
    page.goto("/en/propose")
    page.locator(".public-form").evaluate("form => { form.noValidate = true }")
    page.locator(".public-actions button").click()
    page.get_by_role("alert").wait_for()
    _check_accessibility(page, width)


def test_inbox_has_no_axe_violations_and_runs_no_scripts(visit: Open) -> None:
    page = visit("/en/sign-in", width=360, bypass_csp=True)
    _sign_in(page, "en")
    for path in ("desk/inbox", "desk/inbox?state=", *(f"desk/inbox/{number}" for number in (1, 3, 5, 7))):
        page.goto(f"/en/desk/inbox{path}")
        _check_accessibility(page, 360)
        assert page.evaluate("window.ran") is None
    page.goto("/en/desk/inbox/1")
    page.locator("button[value=decline]").click()
    page.get_by_role("alert").wait_for()
    _check_accessibility(page, 360)


def _sign_in(page: Page, lang: str) -> None:
    page.goto(f"/{lang}/sign-in")
    sign_in(page, "nigar@example.az")


def _check_accessibility(page: Page, width: int) -> None:
    assert _width(page) <= width, page.url
    assert _violations_in_both(page) == [], page.url
