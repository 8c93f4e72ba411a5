"""The writing form without scripts: every button, every error, no loss of input."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from biobank.accounts.identity import OPERATOR, Identity
from biobank.bootstrap import Services, make_services
from biobank.editorial.duplicates.not_duplicates import DistinctPeople
from biobank.editorial.models import Revision, WorkingCopy
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts, working_copies
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.web.desk.forms.schema import Field, Repeat
from biobank.web.desk.forms.tree import empty_value, iter_fields, tree_from_pairs
from biobank.web.desk.writing.person_schema import PERSON_FORM
from tests.support import pages
from tests.support.apps import create_app
from tests.support.forms import HtmlForm, writing_form
from tests.support.users import signed_in_client

NEW = "/en/desk/people/new"
UZEYIR = "uzeyir-hacibeyov"
EDIT = f"/en/desk/people/{UZEYIR}/edit"
#: Every list of the form, and the first field of its rows.
LISTS = {
    "names": "text",
    "professions": "",
    "countries": "",
    "events": "date",
    "relations": "type",
    "memberships": "organisation",
    "works": "title-az",
    "awards": "award",
    "media": "type",
    "identifiers": "scheme",
    "sources": "",
    "checked-against": "",
    "birth-cites": "source",
}


def _latest(services: Services, person_id: str) -> Revision:
    with services.database.read() as session:
        latest = latest_revision(session, person_id)
        assert latest is not None
        session.expunge(latest)
        return latest


@pytest.mark.parametrize("person_id", [UZEYIR, "nizami-gencevi", "resul-rza"])
def test_opened_and_saved_record_is_unchanged(
    editor_client: FlaskClient, own_services: Services, person_id: str
) -> None:
    before = _latest(own_services, person_id)
    form = writing_form(editor_client.get(f"/az/desk/people/{person_id}/edit"))
    response = form.press(editor_client, "save")
    assert response.status_code == 303, pages.texts(response.text, ".field-error")
    after = _latest(own_services, person_id)
    assert (after.number, after.record) == (before.number, before.record)


def test_form_title_is_localized_and_links_to_the_record(editor_client: FlaskClient) -> None:
    page = editor_client.get(EDIT).text
    assert pages.text_at(page, "h1") == "Edit: Uzeyir Hajibeyov"
    for path in ("", "/revisions/1", "/blame"):
        assert pages.select(page, f"a[href='/en/desk/people/{UZEYIR}{path}']")
    page = editor_client.get(EDIT.replace("/en/", "/ru/")).text
    assert pages.text_at(page, "h1").endswith("Узеир Гаджибеков")


def test_new_form_begins_with_the_name(contributor_client: FlaskClient) -> None:
    page = contributor_client.get(NEW).text
    assert pages.attributes(page, "[name='names-0-text'], [name=id]", "name") == ["names-0-text", "id"]


def test_new_person_is_saved_and_submitted(contributor_client: FlaskClient, own_services: Services) -> None:
    form = writing_form(contributor_client.get(NEW))
    form.fill(names_0_text="Filankəs Filankəsov", birth_date="1885-09-18", birth_place="Şuşa")
    form.fill(headline_en="An invented person", biography_en="Line one.\r\n\r\n*Line* two.")
    form.fill(message="A first draft", sources_0_csl_title="A Book of Nobody")
    form = writing_form(form.press(contributor_client, "add-birth-cites", ("agrees", "en")))
    form.fill(birth_cites_0_source="a book of nobody", birth_cites_0_locator="p. 12")
    response = form.press(contributor_client, "submit")
    assert response.status_code == 303
    revision = _latest(own_services, "filankes-filankesov")
    assert revision.record == {
        "id": "filankes-filankesov",
        "names": [{"text": "Filankəs Filankəsov", "lang": "az", "kind": "preferred"}],
        "birth": {
            "date": "1885-09-18",
            "place": "susa",
            "cites": [{"source": "a-book-of-nobody", "locator": "p. 12"}],
        },
        "headline": {"en": "An invented person"},
        "biography": {"en": "Line one.\n\n*Line* two."},
        "sources": ["a-book-of-nobody"],
    }
    assert (revision.state, revision.message) == ("review", "A first draft")
    assert revision.agrees == ["en"]
    assert response.location == "/en/desk/people/filankes-filankesov?done=submit"


def test_a_stated_surname_is_checked_and_saved(editor_client: FlaskClient, own_services: Services) -> None:
    form = writing_form(editor_client.get(NEW))
    response = form.fill(names_0_text="Mirvarid Filankəs", names_0_family="Filankes").press(
        editor_client, "save"
    )
    assert pages.select(response.text, ".desk-errors a[href='#names-0-family']")
    assert "Enter words of the name, spelt as in the name." in response.text
    form = writing_form(response).fill(names_0_family="Filankəs")
    assert form.press(editor_client, "save").status_code == 303
    assert _latest(own_services, "mirvarid-filankes").record["names"] == [
        {"text": "Mirvarid Filankəs", "lang": "az", "kind": "preferred", "family": "Filankəs"}
    ]


def test_rows_are_edited_without_scripts_and_input_is_preserved(editor_client: FlaskClient) -> None:
    for name, first in LISTS.items():
        _add_move_and_remove(editor_client, name, first)


def _add_move_and_remove(editors: FlaskClient, name: str, first: str) -> None:
    field = f"{name}-{{}}-{first}".rstrip("-")
    form = writing_form(editors.get(NEW)).fill(headline_az="“Qoç” <b>&</b>")
    for _ in range(2):
        form = writing_form(form.press(editors, f"add-{name}"))
    rows = _rows(form, name)
    assert form.focus == field.format(len(rows) - 1)
    typed = {field.format(row): _typed(name, row) for row in rows}
    form = writing_form(form.type(typed).press(editors, f"up-{name}-{len(rows) - 1}"))
    order = [*rows[:-2], rows[-1], rows[-2]]
    assert [_value(form, field.format(row)) for row in rows] == [_typed(name, number) for number in order]
    form = writing_form(form.press(editors, f"down-{name}-{len(rows) - 2}"))
    assert [_value(form, field.format(row)) for row in rows] == [_typed(name, number) for number in rows]
    form = writing_form(form.press(editors, f"remove-{name}-0"))
    assert _rows(form, name) == rows[:-1]
    assert _value(form, field.format(0)) == _typed(name, 1)
    assert _value(form, "headline-az") == "“Qoç” <b>&</b>"


def _typed(name: str, row: int) -> str:
    # A choice accepts its options only, other fields any text.
    return ("image", "video", "audio")[row] if name == "media" else f"row {row} <i>"


def _value(form: HtmlForm, name: str) -> str:
    return dict(form.fields)[name]


def _rows(form: HtmlForm, name: str) -> list[int]:
    numbers = {int(match[1]) for field, _ in form.fields if (match := re.match(rf"{name}-(\d+)(-|$)", field))}
    return sorted(numbers)


def test_every_list_of_the_form_has_a_button_that_adds_a_row() -> None:
    tops = {key for key, node in PERSON_FORM.fields.items() if isinstance(node, Repeat)}
    assert tops <= set(LISTS)


def test_errors_are_shown_at_fields_and_in_the_summary(editor_client: FlaskClient) -> None:
    form = writing_form(editor_client.get(NEW))
    form = writing_form(form.press(editor_client, "add-events"))
    form = writing_form(form.press(editor_client, "add-events"))
    form.fill(birth_date="some day", events_1_place="Nowhere-at-all", events_1_text_az="Nəsə")
    response = form.press(editor_client, "save")
    assert response.status_code == 422
    page = response.text
    for field in ("names-0-text", "birth-date", "events-1-place"):
        assert pages.select(page, f".desk-errors a[href='#{field}']"), field
        assert pages.select(page, f"#{field}[aria-invalid=true]"), field
        assert pages.select(page, f"#{field}-error"), field
    assert "Event 2, Place: “Nowhere-at-all” was not found" in page
    rejected_form = writing_form(response)
    assert _value(rejected_form, "birth-date") == "some day"
    assert _value(rejected_form, "events-1-place") == "Nowhere-at-all"
    assert _value(rejected_form, "events-1-text-az") == "Nəsə"


def test_errors_are_listed_in_form_order(editor_client: FlaskClient) -> None:
    form = writing_form(writing_form(editor_client.get(NEW)).press(editor_client, "add-relations"))
    form.fill(names_0_text="Filankəs", relations_0_person="Nobody", relations_0_type="teacher")
    form.fill(birth_date="03/04/1885")
    fields = pages.attributes(form.press(editor_client, "save").text, ".desk-errors a", "href")
    assert fields.index("#birth-date") < fields.index("#relations-0-person")


def test_ambiguous_reference_is_resolved_by_choice(
    editor_client: FlaskClient, own_services: Services
) -> None:
    form = writing_form(editor_client.get(NEW)).fill(names_0_text="Filankəs")
    form = writing_form(form.press(editor_client, "add-relations"))
    form.fill(relations_0_type="qardaşı", relations_0_person="Hacıbəyov")
    response = form.press(editor_client, "save")
    assert response.status_code == 422
    offered = pages.attributes(response.text, "[name=choose-relations-0-person]", "value")
    assert UZEYIR in offered
    assert "1885" in response.text
    chosen = ("choose-relations-0-person", UZEYIR)
    response = writing_form(response).press(editor_client, "save", chosen)
    assert response.status_code == 303, pages.texts(response.text, ".field-error")
    record = _latest(own_services, "filankes").record
    assert record["relations"] == [{"type": "sibling", "person": UZEYIR}]


TYPED_REFERENCES = (
    ("birth-place", "Şuşa (susa)", "Şuşa (susa)"),
    ("birth-place", "susa", "Şuşa (susa)"),
    ("birth-place", "Шуша", "Şuşa (susa)"),
    ("birth-place", "shusha", "Şuşa (susa)"),
    ("professions-0", "bəstəkar", "bəstəkar (composer)"),
    ("countries-0", "az", "Azərbaycan (AZ)"),
    ("countries-0", "Türkiye", "Türkiyə (TR)"),
    ("relations-0-person", "Ceyhun Hacıbəyli", "Ceyhun Hacıbəyli (ceyhun-hacibeyli)"),
    ("events-0-type", "premiere", "premyera (premiere)"),
    ("sources-0", "science-gov-az-hacibeyli", "(science-gov-az-hacibeyli)"),
)


def test_reference_is_read_from_id_label_or_both(editor_client: FlaskClient) -> None:
    form = writing_form(editor_client.get("/az/desk/people/new"))
    for name in ("professions", "countries", "relations", "events"):
        form = writing_form(form.press(editor_client, f"add-{name}"))
    for field, typed, expected in TYPED_REFERENCES:
        response = form.type({field: typed}).press(editor_client, "save")
        assert _value(writing_form(response), field).endswith(expected), typed
        assert not pages.select(response.text, f".desk-errors a[href='#{field}']"), typed


def test_form_works_without_a_search_index(own_services: Services, editor: Identity, tmp_path: Path) -> None:
    services = make_services(replace(own_services.settings, index_dir=tmp_path / "none"))
    client = signed_in_client(create_app(services), services.database, editor)
    form = writing_form(client.get(EDIT)).fill(relations_0_person="Somebody Unknown")
    response = form.press(client, "save")
    assert response.status_code == 422
    assert _value(writing_form(response), "relations-0-person") == "Somebody Unknown"
    services.close()


def test_redacted_latest_revision_gives_an_empty_form(
    editor_client: FlaskClient, own_services: Services
) -> None:
    with own_services.database.write() as session:
        latest = latest_revision(session, UZEYIR)
        assert latest is not None
        latest.record = {}
    form = writing_form(editor_client.get(EDIT))
    assert _value(form, "person") == UZEYIR
    assert _value(form, "headline-az") == ""


def test_working_copy_is_listed_and_ends_on_save(
    contributor_client: FlaskClient, editor_client: FlaskClient, own_services: Services
) -> None:
    form = writing_form(contributor_client.get(NEW)).fill(names_0_text="Filankəs", birth_date="not yet")
    response = form.press(contributor_client, "keep")
    assert response.status_code == 303
    desk = contributor_client.get("/en/desk").text
    assert response.location in desk
    assert "Filankəs" in desk
    assert response.location not in editor_client.get("/en/desk").text
    assert editor_client.get(response.location).status_code == 404
    form = writing_form(contributor_client.get(response.location))
    assert _value(form, "birth-date") == "not yet"
    assert form.fill(birth_date="nor now").press(contributor_client, "save").status_code == 422
    form = writing_form(contributor_client.get(response.location))
    assert _value(form, "birth-date") == "nor now"
    assert form.fill(birth_date="1885").press(contributor_client, "save").status_code == 303
    assert contributor_client.get(response.location).status_code == 404
    with own_services.database.read() as session:
        assert session.scalars(select(WorkingCopy)).all() == []


def test_working_copy_is_discarded(contributor_client: FlaskClient) -> None:
    response = (
        writing_form(contributor_client.get(NEW))
        .fill(names_0_text="Filankəs")
        .press(contributor_client, "keep")
    )
    token = dict(writing_form(contributor_client.get(NEW)).fields)["csrf_token"]
    assert contributor_client.post(response.location, data={"csrf_token": token}).location == "/en/desk"
    assert contributor_client.get(response.location).status_code == 404


def test_autosave_uses_one_working_copy(
    contributor_client: FlaskClient, own_services: Services, contributor: Identity
) -> None:
    form = writing_form(contributor_client.get(EDIT)).fill(headline_az="Birinci")
    first = contributor_client.post("/en/desk/working-copies", data=dict(form.fields)).json
    assert set(first) == {"key", "url", "saved_at"}
    form.fill(copy=first["key"], headline_az="İkinci")
    assert (
        contributor_client.post("/en/desk/working-copies", data=dict(form.fields)).json["key"] == first["key"]
    )
    [copy] = working_copies.list_copies(own_services.database, contributor)
    assert (copy.person_id, copy.base) == (UZEYIR, 1)
    assert ("headline-az", "İkinci") in copy.fields
    assert not {"csrf_token", "copy", "do"} & {name for name, _ in copy.fields}
    assert "You have unsaved changes to this record" in contributor_client.get(EDIT).text


def test_concurrent_saves_lead_to_conflict_resolution(
    contributor_client: FlaskClient, own_services: Services, contributor: Identity
) -> None:
    form = writing_form(contributor_client.get(EDIT)).fill(headline_az="Mənimki")
    record = {**_latest(own_services, UZEYIR).record, "gender": "unknown"}
    drafts.save_draft(own_services.database, OPERATOR, record, 1)
    response = form.press(contributor_client, "save")
    [copy] = working_copies.list_copies(own_services.database, contributor)
    assert response.status_code == 303
    assert response.location == f"/en/desk/people/{UZEYIR}/conflict?copy={copy.key}"
    assert (copy.base, copy.person_id) == (1, UZEYIR)
    assert ("headline-az", "Mənimki") in copy.fields
    page = contributor_client.get(f"/en/desk/working-copies/{copy.key}").text
    assert (
        "Someone else has saved this record in the meantime. When you save, you will see both versions."
        in page
    )
    assert "Mənimki" in contributor_client.get(response.location).text


def test_distinct_people_are_kept_in_the_form_and_saved(
    editor_client: FlaskClient, own_services: Services
) -> None:
    token = dict(writing_form(editor_client.get(NEW)).fields)["csrf_token"]
    form_data = {"csrf_token": token, "distinct": [UZEYIR, "nizami-gencevi"]}
    reply = editor_client.post(NEW, data={**form_data, "do": "add-events"})
    assert pages.attributes(reply.text, "[name=distinct]", "value") == form_data["distinct"]
    response = editor_client.post(NEW, data={**form_data, "do": "keep"})
    form = writing_form(editor_client.get(response.location))
    form = writing_form(form.press(editor_client, "add-names"))
    form.fill(names_0_text="Filankəs", names_0_lang="az")
    assert form.press(editor_client, "save").status_code == 303
    with own_services.database.read() as session:
        pairs = [(pair.first_id, pair.second_id) for pair in session.scalars(select(DistinctPeople))]
    assert sorted(pairs) == [("filankes", "nizami-gencevi"), ("filankes", UZEYIR)]


def test_conflict_without_free_working_copy_keeps_the_page(
    contributor_client: FlaskClient, own_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = writing_form(contributor_client.get(EDIT)).fill(headline_az="Mənimki")
    record = {**_latest(own_services, UZEYIR).record, "gender": "unknown"}
    drafts.save_draft(own_services.database, OPERATOR, record, 1)
    monkeypatch.setattr(working_copies, "MAX_COPIES_PER_USER", 0)
    response = form.press(contributor_client, "save")
    assert response.status_code == 422
    assert (
        "You have too many unsaved forms. Discard some of them on the editors’ desk first." in response.text
    )
    assert _value(writing_form(response), "headline-az") == "Mənimki"


def test_oversized_form_is_rejected_and_preserved(contributor_client: FlaskClient) -> None:
    form = writing_form(contributor_client.get(NEW)).fill(biography_az="ə" * 600_000)
    response = form.press(contributor_client, "keep")
    assert response.status_code == 422
    assert "too long to be saved" in response.text
    assert len(_value(writing_form(response), "biography-az")) == 600_000


#: A payload that must be escaped in every field.
PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}</textarea></template>"
_FILLED = empty_value(PERSON_FORM)
for _key, _node in PERSON_FORM.fields.items():
    if isinstance(_node, Repeat):
        _FILLED[_key] = [empty_value(_node.item)]
    for _part in [_FILLED[_key], *(_FILLED[_key] if isinstance(_FILLED[_key], list) else ())]:
        if isinstance(_part, dict) and "cites" in _part:
            _part["cites"] = [{"source": "", "locator": ""}]
_FILLED["checked"]["against"] = [""]
EVERY_FIELD = [name for name, _, _ in iter_fields(PERSON_FORM, _FILLED)]


def test_every_field_of_the_form_is_covered() -> None:
    tried = {re.sub(r"-\d+", "", name) for name in EVERY_FIELD}
    assert {"events-text-ru", "works-cites-locator", "sources", "sources-csl-author"} <= tried
    assert len(tried) == 89


def test_payload_in_any_field_is_escaped(editor_client: FlaskClient) -> None:
    token = dict(writing_form(editor_client.get(NEW)).fields)["csrf_token"]
    form_data = dict.fromkeys(EVERY_FIELD, PAYLOAD) | {"message": PAYLOAD, "csrf_token": token}
    response = editor_client.post(NEW, data={**form_data, "do": "keep"})
    for reply in (
        editor_client.post(NEW, data={**form_data, "do": "save"}),
        editor_client.post(NEW, data={**form_data, "do": "add-events"}),
        editor_client.get(response.location),
    ):
        fields = dict(writing_form(reply).fields)
        for name in [*EVERY_FIELD, "message"]:
            assert fields[name] == PAYLOAD, name
        assert "<script>alert" not in reply.text
        assert "<img src=x" not in reply.text
    assert "<script>alert" not in editor_client.get("/en/desk").text


def test_published_payload_is_escaped_on_the_public_page(
    editor_client: FlaskClient, own_services: Services
) -> None:
    payload = '<script>alert(1)</script><img src=x onerror="alert(1)"> söz'
    form = writing_form(editor_client.get(EDIT))
    for name in ("media", "sources", "events-0-cites"):
        form = writing_form(form.press(editor_client, f"add-{name}"))
    tree = tree_from_pairs(PERSON_FORM, form.fields)
    new = len(tree["sources"]) - 1
    form.type(
        {name: payload for name, field, _ in iter_fields(PERSON_FORM, tree) if _accepts_any_text(name, field)}
    )
    form.type({name: "julian" for name, _ in form.fields if name.endswith("calendar")})
    form.type({f"sources-{row}-csl-title": "" for row in range(new)})
    cited = len(tree["events"][0]["cites"]) - 1
    form.type({f"sources-{new}": "new-source", f"events-0-cites-{cited}-source": "new-source"})
    form.fill(media_0_url="https://example.az/a.jpg", identifiers_0_scheme="bbk_az")
    response = form.press(editor_client, "submit")
    assert response.status_code == 303, pages.texts(response.text, ".field-error")
    number = _latest(own_services, UZEYIR).number
    workflow.publish(own_services.database, OPERATOR, UZEYIR, number)
    for path in (f"/en/people/{UZEYIR}", f"/ru/people/{UZEYIR}/history"):
        page = editor_client.get(path).text
        assert "&lt;script&gt;" in page, path
        assert not re.search(r"<script>|<img src=x|<[^>&]* onerror", page), path


def _accepts_any_text(name: str, field: Field) -> bool:
    is_source_detail = "csl" in name and not name.endswith("title")
    coded = name.endswith(("-lang", "-script", "-scheme")) or name == "id" or is_source_detail
    return field.kind in ("line", "passage", "markdown") and not coded
