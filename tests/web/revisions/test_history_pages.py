"""History pages: published revisions as they were, and their changes."""

import re

import pytest
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.revisions.bulk_save import save_records
from tests.support import edited_person
from tests.support.apps import create_app
from tests.support.pages import attributes, select, select_one, text_at, texts

PERSON = f"/en/people/{edited_person.PERSON}"


@pytest.fixture
def own_client(own_services: Services) -> FlaskClient:
    edited_person.save_revisions(own_services)
    return create_app(own_services).test_client()


def publish(services: Services, *records: dict[str, object]) -> FlaskClient:
    for record in records:
        with services.database.write() as session:
            save_records(session, [record], OPERATOR, "", publish=True)
    return create_app(services).test_client()


def words_of(html: str) -> str:
    """Return the visible text on one line."""
    return " ".join(" ".join(select_one(html, "main").itertext()).split())


def test_history_lists_changes_of_each_revision(own_client: FlaskClient) -> None:
    html = own_client.get(f"{PERSON}/history").text
    text = words_of(html)
    assert re.search(r"Version 3 · [^·]+ current Changed: Names , Works Version 2", text)
    assert "Changed: Birth , Biography (English) Version 1" in text
    assert "First published." in text
    assert select(html, f"a[href='{PERSON}/revisions/2/changes#birth']")
    assert select(own_client.get(f"{PERSON}/revisions/2/changes").text, "#birth")


def test_person_page_links_history_and_citation(own_client: FlaskClient) -> None:
    html = own_client.get(PERSON).text
    assert text_at(html, f"a[href='{PERSON}/history']") == "History"
    assert f"http://localhost/people/{edited_person.PERSON}/revisions/3" in html
    assert "Published <time" in html


def test_revision_shows_the_record_of_that_time(own_client: FlaskClient) -> None:
    first = own_client.get(f"{PERSON}/revisions/1").text
    second = own_client.get(f"{PERSON}/revisions/2").text
    assert "18 September 1885" in words_of(first)
    assert "18 September 1885" not in words_of(second)
    assert "Ü. Hacıbəyli" not in second
    assert "Ü. Hacıbəyli" in own_client.get(f"{PERSON}/revisions/3").text


def test_revision_is_marked_as_not_current(own_client: FlaskClient) -> None:
    html = own_client.get(f"{PERSON}/revisions/2").text
    assert re.search(r"This is version 2 .+ View the current version \(version 3", words_of(html))
    assert attributes(html, "meta[name=robots]", "content") == ["noindex, follow"]
    assert attributes(html, "link[rel=canonical]", "href") == [f"http://localhost{PERSON}"]
    assert select(html, f"[href='/api/v1/people/{edited_person.PERSON}/revisions/2']")
    current = words_of(own_client.get(f"{PERSON}/revisions/3").text)
    assert "This is the current version (version 3" in current


def test_changes_show_before_and_after(own_client: FlaskClient) -> None:
    html = own_client.get(f"{PERSON}/revisions/2/changes").text
    assert any("18 September 1885" in removed for removed in texts(html, "del"))
    assert any("September 1885" in added for added in texts(html, "ins"))
    assert any("master" in added.text_content() for added in select(html, "del:contains('composer') + ins"))


def test_added_name_and_removed_work(own_client: FlaskClient) -> None:
    text = words_of(own_client.get(f"{PERSON}/revisions/3/changes").text)
    assert "Names added Text: Ü. Hacıbəyli Language: Azerbaijani Type: other spelling" in text
    assert "Works removed Title of the work, Azerbaijani: Leyli və Məcnun" in text
    both = words_of(own_client.get(f"{PERSON}/revisions/3/changes?from=1").text)
    for title in ("Names", "Birth", "Biography", "Works"):
        assert f" {title} " in both
    unchanged = words_of(own_client.get(f"{PERSON}/revisions/3/changes?from=3").text)
    assert "There are no differences between these versions." in unchanged


@pytest.mark.parametrize(
    "path",
    [
        "revisions/4",
        "revisions/0",
        "revisions/99999999",
        "revisions/4/changes",
        "revisions/3/changes?from=4",
        "history?page=2",
    ],
)
def test_drafts_and_unknown_revisions_are_not_found(own_client: FlaskClient, path: str) -> None:
    response = own_client.get(f"{PERSON}/{path}")
    assert response.status_code == 404
    assert edited_person.DRAFT_TEXT not in response.text


def test_drafts_are_not_disclosed(own_client: FlaskClient) -> None:
    for path in ("history", "revisions/3", "revisions/3/changes"):
        assert edited_person.DRAFT_TEXT not in own_client.get(f"{PERSON}/{path}").text


@pytest.mark.parametrize("path", ["history", "revisions/1", "revisions/2/changes"])
def test_a_withdrawn_person_has_no_history(
    own_services: Services, own_client: FlaskClient, path: str
) -> None:
    edited_person.withdraw(own_services)
    assert own_client.get(f"{PERSON}/{path}").status_code == 404
    assert own_client.get(f"/en/people/nobody-of-this-name/{path}").status_code == 404


@pytest.mark.parametrize("start", ["x", "0", "-1", "²", "9" * 40])
def test_invalid_revision_number_is_rejected(client: FlaskClient, start: str) -> None:
    assert client.get(f"{PERSON}/revisions/1/changes?from={start}").status_code == 400


def test_permanent_url_redirects_to_page_or_data(client: FlaskClient) -> None:
    address = f"/people/{edited_person.PERSON}/revisions/1"
    page = client.get(address, headers={"Accept": "text/html", "Accept-Language": "ru"})
    assert (page.status_code, page.location) == (303, f"/ru{address}")
    data = client.get(address, headers={"Accept": "application/json"})
    assert (data.status_code, data.location) == (303, f"/api/v1{address}")


def test_history_is_paginated(own_services: Services) -> None:
    record = edited_person.save_revisions(own_services)[2]
    reasons = [{"en": f"Because of {number}"} for number in range(20)]
    client = publish(own_services, *({**record, "connection": reason} for reason in reasons))
    first, second = (client.get(f"{PERSON}/history?page={page}").text for page in (1, 2))
    assert "First published." not in first
    assert len(select(first, "li[value]")) == 20
    assert attributes(second, "li[value]", "value") == ["3", "2", "1"]
    assert "First published." in second


def test_record_text_is_escaped(own_services: Services) -> None:
    record = edited_person.save_revisions(own_services)[2]
    script = "<script>alert(1)</script>"
    hostile = {
        **record,
        "biography": {"en": script},
        "names": [*record["names"], {"text": f"A {script}", "lang": "en", "kind": "variant"}],
        "works": [{"title": {"en": script}}],
        "identifiers": {"bbk_az": script},
        "events": [
            {"date": "1908", "text": {"en": script}, "original": {"text": script, "calendar": "julian"}}
        ],
    }
    client = publish(own_services, hostile, {**hostile, "biography": {"en": f"{script} again"}})
    for path in ("history", "revisions/5", "revisions/5/changes", "revisions/6/changes"):
        html = client.get(f"{PERSON}/{path}").text
        assert script not in html
    assert "&lt;script&gt;" in html


def test_any_two_published_revisions_can_be_compared(own_client: FlaskClient) -> None:
    html = own_client.get(f"{PERSON}/revisions/3/changes").text
    assert attributes(html, "[name=from] option", "value") == ["2", "1"]
    assert attributes(html, "[name=from] option[selected]", "value") == ["2"]


def test_moved_item_shows_positions(own_services: Services) -> None:
    record = edited_person.save_revisions(own_services)[2]
    professions = [record["professions"][-1], *record["professions"][:-1]]
    client = publish(own_services, {**record, "professions": professions})
    text = words_of(client.get(f"{PERSON}/revisions/5/changes").text)
    place = len(professions)
    assert re.search(rf"Professions moved \w[^.]* Before position {place} After position 1\b", text)
    assert "Changed: Professions " in words_of(client.get(f"{PERSON}/history").text)


def test_relation_to_non_public_person_hides_the_name(own_services: Services) -> None:
    record = edited_person.save_revisions(own_services)[2]
    hidden = {"id": "hidden-person", "names": [{"text": "X", "lang": "az", "kind": "preferred"}]}
    with own_services.database.write() as session:
        save_records(session, [hidden], OPERATOR, "", publish=False)
    relations = [*record.get("relations", []), {"type": "teacher", "person": "hidden-person"}]
    client = publish(own_services, {**record, "relations": relations})
    for path in ("revisions/5", "revisions/5/changes"):
        html = client.get(f"{PERSON}/{path}").text
        assert "hidden-person" not in html
    assert "unpublished person" in words_of(html)
