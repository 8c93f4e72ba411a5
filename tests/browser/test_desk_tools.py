"""Writing tools by keyboard, on a test page with fields of each kind."""

from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask, g
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, DictLoader
from playwright.sync_api import Page, Route, expect

from biobank.accounts.identity import OPERATOR, Identity
from biobank.bootstrap import Services
from biobank.editorial.duplicates.not_duplicates import distinct_pairs
from biobank.editorial.revisions.bulk_save import save_records
from biobank.web.desk.layout import render_desk
from tests.browser.conftest import Open, serving
from tests.browser.sign_in_helper import sign_in
from tests.browser.test_accessibility import _violations_in_both, _width
from tests.support.apps import create_app
from tests.support.users import add_user

FIELDS = """{% extends "web/desk/base.html" %}
{% from "web/desk/_forms.html" import csrf, text_input, textarea with context %}
{% block desk %}
<form class="desk-form" id="form" method="post">{{ csrf() }}
  <input type="hidden" name="person" value="{{ request.args.get('person', '') }}">
  <div data-duplicates>{{ text_input("names-0-text", "Name") }}</div>
  {{ text_input("birth-date", "Born", attributes={"data-date": ""}) }}
  {{ text_input("birth-place", "Place", attributes={"data-picker": "place"}) }}
  {% set named = {"data-picker": "source"} %}
  {{ text_input("source", "Source of the form", value="A new book (new-book)", attributes=named) }}
  {{ textarea("biography-en", "Biography", lang="en", attributes={"data-markdown": ""}) }}
  <div id="rows"></div>
</form>
{% endblock %}"""


def _with_fields(services: Services) -> Flask:
    """Create the app with an additional page of such fields."""
    app = create_app(services)
    page = Blueprint("fields", __name__)

    @page.get("/en/fields")
    def fields() -> ResponseReturnValue:
        g.lang = "en"
        return render_desk("fields.html", "Fields")

    app.register_blueprint(page)
    loader = DictLoader({"web/desk/fields.html": FIELDS})
    app.jinja_loader = ChoiceLoader([loader, app.jinja_loader])  # type: ignore[list-item]
    return app


@pytest.fixture
def writer(own_services: Services) -> Identity:
    duplicate = {"birth": {"date": "1885", "place": "susa"}}
    records = [
        {"id": id_, "names": [{"text": name, "lang": "az", "kind": "preferred"}], **duplicate}
        for id_, name in (("qurban", "Qurban Zəfəranov"), ("gurban", "Gurban Zafaranov"))
    ]
    with own_services.database.write() as session:
        save_records(session, records, OPERATOR, "", publish=False)
    return add_user(own_services.database, "Nigar", "editor")


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    with serving(own_services, _with_fields(own_services)) as base_url:
        yield base_url


def _signed_in(visit: Open, writer: Identity, path: str, width: int) -> Page:
    page = visit(f"/en/sign-in?next={path}", width=width, bypass_csp=True)
    sign_in(page, writer.email)
    return page


def test_the_fields_of_a_form_are_filled_by_keyboard_at_360_pixels(visit: Open, writer: Identity) -> None:
    page = _signed_in(visit, writer, "/en/fields", 360)
    keys = page.keyboard
    page.locator("#birth-date").focus()
    keys.type("около 1141")
    expect(page.locator(".date-reading")).to_contain_text("c. 1141 (1136–1146)")
    keys.press("Tab")
    expect(page.locator(".date-use")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#birth-date")).to_have_value("1141~")
    expect(page.locator("#birth-date")).to_be_focused()
    keys.press("Tab")
    keys.insert_text("шуш")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.locator("#birth-place")).to_have_attribute("aria-expanded", "true")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("#birth-place")).to_have_value("Shusha (susa)")

    page.evaluate(
        """() => { rows.innerHTML = '<div class="entry"><label for="later">Later</label>'
        + '<input id="later" type="text" data-picker="profession"></div>'; }"""
    )
    page.locator("#later").focus()
    keys.insert_text("komp")
    page.get_by_role("option").first.wait_for()
    assert _violations_in_both(page) == []
    keys.press("Escape")
    expect(page.locator("#later")).to_have_attribute("aria-expanded", "false")


def test_input_before_scripts_load_is_processed(visit: Open, writer: Identity) -> None:
    page = _signed_in(visit, writer, "/en/fields", 1440)
    held_routes: list[Route] = []
    page.route("**/desk.js*", lambda route: held_routes.append(route))
    for field, typed, selector in (
        ("#birth-date", "около 1141", ".date-reading"),
        ("#birth-place", "шуш", "[role=option]"),
        ("#names-0-text", "Qurban Zəfəranov", ".duplicate-candidates li"),
    ):
        page.goto("/en/fields", wait_until="commit")
        page.locator(field).focus()
        page.keyboard.type(typed)
        expect(page.locator(selector)).to_have_count(0)
        while not held_routes:
            page.wait_for_timeout(20)
        held_routes.pop().continue_()
        expect(page.locator(selector).first).to_be_visible()


def test_a_source_is_cited_and_the_text_previewed_by_keyboard(visit: Open, writer: Identity) -> None:
    page = _signed_in(visit, writer, "/en/fields", 1440)
    keys = page.keyboard
    page.locator("#biography-en").focus()
    keys.type("A *life*")
    # Sources of the form are offered before typing.
    for words, place in (("", ""), ("bahmanyar iranica", "p. 2")):
        page.get_by_role("button", name="Cite a source").focus()
        keys.press("Enter")
        keys.insert_text(words)
        first = page.get_by_role("option").first
        expect(first).to_contain_text("BAHMANY" if words else "A new book")
        keys.press("ArrowDown")
        keys.press("Enter")
        keys.type(place)
        keys.press("Enter")
        expect(page.locator("#biography-en")).to_be_focused()
    text = "A *life* [@new-book] [@iranica-bahmanyar, p. 2]"
    expect(page.locator("#biography-en")).to_have_value(text)
    page.get_by_role("button", name="Preview").focus()
    keys.press("Enter")
    region = page.get_by_role("region", name="Reader’s view")
    expect(region.locator("em")).to_have_text("life")
    expect(region.locator(".sources li")).to_have_count(2)
    link = region.locator("a.cite").last
    assert page.locator(str(link.get_attribute("href"))).count() == 1
    assert _violations_in_both(page) == []


def test_similar_people_are_shown_and_marked_distinct(
    visit: Open, writer: Identity, own_services: Services
) -> None:
    page = _signed_in(visit, writer, "/en/desk/people/new", 360)
    page.locator("#names-0-text").focus()
    page.keyboard.type("Гурбан Зафаранов")
    similar_people = page.get_by_role("region", name="Possible duplicates")
    expect(similar_people.locator("> ul > li")).to_have_count(2)
    expect(similar_people).to_contain_text("Russian spelling")
    # Next to the typed name, however many there are.
    expect(page.locator(".writing-row:has(#names-0-text) .duplicate-candidates")).to_be_visible()
    assert _violations_in_both(page) == []
    assert _width(page) <= 360
    similar_people.get_by_role("button", name="Not the same person Qurban").focus()
    page.keyboard.press("Enter")
    expect(similar_people.locator("> ul > li")).to_have_count(1)
    expect(similar_people.get_by_role("button")).to_be_focused()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/edit?saved=1")
    assert _distinct_pairs(own_services) == {("gurban-zafaranov", "qurban")}

    # A record with an id: saved at once.
    expect(similar_people.locator("> ul > li")).to_have_count(1)
    similar_people.get_by_role("button").click()
    expect(similar_people).to_be_hidden()
    assert ("gurban", "gurban-zafaranov") in _distinct_pairs(own_services)

    page.goto("/ru/desk/duplicates")
    expect(page.locator(".duplicate-record")).to_have_count(2)
    page.get_by_role("button", name="Отменить").first.click()
    expect(page.locator(".duplicate-record")).to_have_count(4)
    assert _violations_in_both(page) == []
    assert _width(page) <= 360


def _distinct_pairs(services: Services) -> set[tuple[str, str]]:
    with services.database.read() as session:
        return distinct_pairs(session)
