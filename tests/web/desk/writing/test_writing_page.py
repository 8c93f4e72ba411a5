"""The writing form without scripts: every button, every error, no loss of input."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from biobank.accounts.identity import OPERATOR, Identity
from biobank.app import create_app
from biobank.bootstrap import Services, make_services
from biobank.editorial import saving, workflow, working_copies
from biobank.editorial.distinct import DistinctPeople
from biobank.editorial.models import Revision, WorkingCopy
from biobank.web.desk.writing.shape import FORM, Leaf, Rows
from biobank.web.desk.writing.tree import empty, leaves, read
from tests.support.forms import Form, writing
from tests.support.users import signed_in

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


def _head(services: Services, person_id: str) -> Revision:
    with services.database.read() as session:
        found = saving.head(session, person_id)
        assert found is not None
        session.expunge(found)
        return found


@pytest.mark.parametrize("person_id", [UZEYIR, "nizami-gencevi", "resul-rza"])
def test_a_record_that_is_opened_and_saved_is_the_record_again(
    editors: FlaskClient, own_services: Services, person_id: str
) -> None:
    before = _head(own_services, person_id)
    form = writing(editors.get(f"/az/desk/people/{person_id}/edit"))
    answer = form.press(editors, "save")
    assert answer.status_code == 303, re.findall('class="wrong".*', answer.text)
    after = _head(own_services, person_id)
    assert (after.number, after.record) == (before.number, before.record)


def test_the_form_is_called_as_the_page_speaks_and_leads_to_the_record_and_its_preview(
    editors: FlaskClient,
) -> None:
    page = editors.get(EDIT).text
    assert "<h1>Edit: Uzeyir Hajibeyov</h1>" in page
    for way in ("", "/revisions/1", "/blame"):
        assert f'href="/en/desk/people/{UZEYIR}{way}"' in page
    page = editors.get(EDIT.replace("/en/", "/ru/")).text
    assert re.search("<h1>[^<]*Узеир Гаджибеков</h1>", page)


def test_one_begins_with_the_name_and_not_with_an_id(contributors: FlaskClient) -> None:
    page = contributors.get(NEW).text
    assert page.index('name="names-0-text"') < page.index('name="id"')


def test_a_new_person_is_written_and_saved_and_handed_in(
    contributors: FlaskClient, own_services: Services
) -> None:
    form = writing(contributors.get(NEW))
    form.fill(names_0_text="Filankəs Filankəsov", birth_date="1885-09-18", birth_place="Şuşa")
    form.fill(headline_en="An invented person", biography_en="Line one.\r\n\r\n*Line* two.")
    form.fill(message="A first draft", sources_0_csl_title="A Book of Nobody")
    form = writing(form.press(contributors, "add-birth-cites", ("agrees", "en")))
    form.fill(birth_cites_0_source="a book of nobody", birth_cites_0_locator="p. 12")
    answer = form.press(contributors, "submit")
    assert answer.status_code == 303
    revision = _head(own_services, "filankes-filankesov")
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
    assert answer.location == "/en/desk/people/filankes-filankesov?done=submit"


def test_rows_are_added_moved_and_removed_without_a_script_and_all_that_was_typed_stays(
    editors: FlaskClient,
) -> None:
    for name, first in LISTS.items():
        _add_move_and_remove(editors, name, first)


def _add_move_and_remove(editors: FlaskClient, name: str, first: str) -> None:
    field = f"{name}-{{}}-{first}".rstrip("-")
    form = writing(editors.get(NEW)).fill(headline_az="“Qoç” <b>&</b>")
    for _ in range(2):
        form = writing(form.press(editors, f"add-{name}"))
    rows = _rows(form, name)
    assert form.focus == field.format(len(rows) - 1)
    typed = {field.format(row): _typed(name, row) for row in rows}
    form = writing(form.type(typed).press(editors, f"up-{name}-{len(rows) - 1}"))
    order = [*rows[:-2], rows[-1], rows[-2]]
    assert [_value(form, field.format(row)) for row in rows] == [_typed(name, it) for it in order]
    form = writing(form.press(editors, f"down-{name}-{len(rows) - 2}"))
    assert [_value(form, field.format(row)) for row in rows] == [_typed(name, it) for it in rows]
    form = writing(form.press(editors, f"remove-{name}-0"))
    assert _rows(form, name) == rows[:-1]
    assert _value(form, field.format(0)) == _typed(name, 1)
    assert _value(form, "headline-az") == "“Qoç” <b>&</b>"


def _typed(name: str, row: int) -> str:
    # A choice accepts its options only, other fields any text.
    return ("image", "video", "audio")[row] if name == "media" else f"row {row} <i>"


def _value(form: Form, name: str) -> str:
    return dict(form.fields)[name]


def _rows(form: Form, name: str) -> list[int]:
    found = {
        int(it[1]) for field, _ in form.fields if (it := re.match(rf"{name}-(\d+)(-|$)", field))
    }
    return sorted(found)


def test_every_list_of_the_form_has_a_button_that_adds_a_row() -> None:
    tops = {key for key, node in FORM.fields.items() if isinstance(node, Rows)}
    assert tops <= set(LISTS)


def test_mistakes_stand_at_their_fields_and_on_top_and_nothing_is_lost(
    editors: FlaskClient,
) -> None:
    form = writing(editors.get(NEW))
    form = writing(form.press(editors, "add-events"))
    form = writing(form.press(editors, "add-events"))
    form.fill(birth_date="some day", events_1_place="Nowhere-at-all", events_1_text_az="Nəsə")
    answer = form.press(editors, "save")
    assert answer.status_code == 422
    page = answer.text
    for field in ("names-0-text", "birth-date", "events-1-place"):
        assert f'<li><a href="#{field}">' in page, field
        assert re.search(rf'id="{field}"[^>]* aria-invalid="true"', page), field
        assert f'id="{field}-wrong"' in page, field
    assert "Event 2, Place: The bank knows no “Nowhere-at-all”" in page
    shown = writing(answer)
    assert _value(shown, "birth-date") == "some day"
    assert _value(shown, "events-1-place") == "Nowhere-at-all"
    assert _value(shown, "events-1-text-az") == "Nəsə"


def test_mistakes_are_told_in_the_order_of_the_form(editors: FlaskClient) -> None:
    form = writing(writing(editors.get(NEW)).press(editors, "add-relations"))
    form.fill(names_0_text="Filankəs", relations_0_person="Nobody", relations_0_type="teacher")
    form.fill(birth_date="03/04/1885")
    told = re.findall('<li><a href="#([^"]+)">', form.press(editors, "save").text)
    assert told.index("birth-date") < told.index("relations-0-person")


def test_what_may_mean_several_is_chosen_from_those_that_are_meant(
    editors: FlaskClient, own_services: Services
) -> None:
    form = writing(editors.get(NEW)).fill(names_0_text="Filankəs")
    form = writing(form.press(editors, "add-relations"))
    form.fill(relations_0_type="qardaşı", relations_0_person="Hacıbəyov")
    answer = form.press(editors, "save")
    assert answer.status_code == 422
    offered = re.findall(r'name="choose-relations-0-person" value="([^"]+)"', answer.text)
    assert UZEYIR in offered
    assert "1885" in answer.text
    chosen = ("choose-relations-0-person", UZEYIR)
    answer = writing(answer).press(editors, "save", chosen)
    assert answer.status_code == 303, re.findall('class="wrong".*', answer.text)
    record = _head(own_services, "filankes").record
    assert record["relations"] == [{"type": "sibling", "person": UZEYIR}]


PICKED = (
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


def test_a_pick_is_read_from_an_id_a_label_or_both(editors: FlaskClient) -> None:
    form = writing(editors.get("/az/desk/people/new"))
    for name in ("professions", "countries", "relations", "events"):
        form = writing(form.press(editors, f"add-{name}"))
    for field, typed, meant in PICKED:
        answer = form.type({field: typed}).press(editors, "save")
        assert _value(writing(answer), field).endswith(meant), typed
        assert f'href="#{field}"' not in answer.text, typed


def test_without_an_index_a_form_says_what_is_unclear_and_loses_nothing(
    own_services: Services, editor: Identity, tmp_path: Path
) -> None:
    services = make_services(replace(own_services.settings, index_dir=tmp_path / "none"))
    client = signed_in(create_app(services), services.database, editor)
    form = writing(client.get(EDIT)).fill(relations_0_person="Somebody Unknown")
    answer = form.press(client, "save")
    assert answer.status_code == 422
    assert _value(writing(answer), "relations-0-person") == "Somebody Unknown"
    services.close()


def test_a_record_whose_newest_revision_was_redacted_is_an_empty_form(
    editors: FlaskClient, own_services: Services
) -> None:
    with own_services.database.write() as session:
        newest = saving.head(session, UZEYIR)
        assert newest is not None
        newest.record = {}
    form = writing(editors.get(EDIT))
    assert _value(form, "person") == UZEYIR
    assert _value(form, "headline-az") == ""


def test_a_form_is_kept_for_later_found_at_the_desk_and_ends_when_it_is_saved(
    contributors: FlaskClient, editors: FlaskClient, own_services: Services
) -> None:
    form = writing(contributors.get(NEW)).fill(names_0_text="Filankəs", birth_date="not yet")
    answer = form.press(contributors, "keep")
    assert answer.status_code == 303
    desk = contributors.get("/en/desk").text
    assert answer.location in desk
    assert "Filankəs" in desk
    assert answer.location not in editors.get("/en/desk").text
    assert editors.get(answer.location).status_code == 404
    form = writing(contributors.get(answer.location))
    assert _value(form, "birth-date") == "not yet"
    assert form.fill(birth_date="nor now").press(contributors, "save").status_code == 422
    form = writing(contributors.get(answer.location))
    assert _value(form, "birth-date") == "nor now"
    assert form.fill(birth_date="1885").press(contributors, "save").status_code == 303
    assert contributors.get(answer.location).status_code == 404
    with own_services.database.read() as session:
        assert session.scalars(select(WorkingCopy)).all() == []


def test_a_working_copy_is_thrown_away(contributors: FlaskClient) -> None:
    kept = writing(contributors.get(NEW)).fill(names_0_text="Filankəs").press(contributors, "keep")
    token = dict(writing(contributors.get(NEW)).fields)["csrf_token"]
    assert contributors.post(kept.location, data={"csrf_token": token}).location == "/en/desk"
    assert contributors.get(kept.location).status_code == 404


def test_the_script_keeps_the_form_in_one_copy(
    contributors: FlaskClient, own_services: Services, contributor: Identity
) -> None:
    form = writing(contributors.get(EDIT)).fill(headline_az="Birinci")
    first = contributors.post("/en/desk/working-copies", data=dict(form.fields)).json
    assert set(first) == {"key", "url", "saved_at"}
    form.fill(copy=first["key"], headline_az="İkinci")
    assert (
        contributors.post("/en/desk/working-copies", data=dict(form.fields)).json["key"]
        == first["key"]
    )
    [copy] = working_copies.own(own_services.database, contributor)
    assert (copy.person_id, copy.base) == (UZEYIR, 1)
    assert ("headline-az", "İkinci") in copy.fields
    assert not {"csrf_token", "copy", "do"} & {name for name, _ in copy.fields}
    assert "You left this form open before" in contributors.get(EDIT).text


def test_what_somebody_saved_meanwhile_is_not_lost_and_neither_is_this(
    contributors: FlaskClient, own_services: Services, contributor: Identity
) -> None:
    form = writing(contributors.get(EDIT)).fill(headline_az="Mənimki")
    record = {**_head(own_services, UZEYIR).record, "gender": "unknown"}
    saving.save_draft(own_services.database, OPERATOR, record, 1)
    answer = form.press(contributors, "save")
    [copy] = working_copies.own(own_services.database, contributor)
    assert answer.status_code == 303
    assert answer.location == f"/en/desk/people/{UZEYIR}/conflict?copy={copy.key}"
    assert (copy.base, copy.person_id) == (1, UZEYIR)
    assert ("headline-az", "Mənimki") in copy.fields
    page = contributors.get(f"/en/desk/working-copies/{copy.key}").text
    assert "Somebody saved meanwhile" in page
    assert "Mənimki" in contributors.get(answer.location).text


def test_who_was_told_apart_stays_in_the_form_and_is_remembered_with_the_person(
    editors: FlaskClient, own_services: Services
) -> None:
    token = dict(writing(editors.get(NEW)).fields)["csrf_token"]
    sent = {"csrf_token": token, "distinct": [UZEYIR, "nizami-gencevi"]}
    answer = editors.post(NEW, data={**sent, "do": "add-events"})
    assert re.findall('name="distinct" value="([^"]+)"', answer.text) == sent["distinct"]
    kept = editors.post(NEW, data={**sent, "do": "keep"})
    form = writing(editors.get(kept.location))
    form = writing(form.press(editors, "add-names"))
    form.fill(names_0_text="Filankəs", names_0_lang="az")
    assert form.press(editors, "save").status_code == 303
    with own_services.database.read() as session:
        pairs = [(it.first_id, it.second_id) for it in session.scalars(select(DistinctPeople))]
    assert sorted(pairs) == [("filankes", "nizami-gencevi"), ("filankes", UZEYIR)]


def test_a_conflict_that_cannot_be_kept_stays_in_the_page(
    contributors: FlaskClient, own_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = writing(contributors.get(EDIT)).fill(headline_az="Mənimki")
    record = {**_head(own_services, UZEYIR).record, "gender": "unknown"}
    saving.save_draft(own_services.database, OPERATOR, record, 1)
    monkeypatch.setattr(working_copies, "COPIES_MOST", 0)
    answer = form.press(contributors, "save")
    assert answer.status_code == 422
    assert "too many forms open" in answer.text
    assert _value(writing(answer), "headline-az") == "Mənimki"


def test_a_form_that_is_too_long_is_told_so_and_stays(contributors: FlaskClient) -> None:
    form = writing(contributors.get(NEW)).fill(biography_az="ə" * 600_000)
    answer = form.press(contributors, "keep")
    assert answer.status_code == 422
    assert "too long to be kept" in answer.text
    assert len(_value(writing(answer), "biography-az")) == 600_000


#: A payload that must be escaped in every field.
PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}</textarea></template>"
_FILLED = empty(FORM)
for _key, _node in FORM.fields.items():
    if isinstance(_node, Rows):
        _FILLED[_key] = [empty(_node.row)]
    for _part in [_FILLED[_key], *(_FILLED[_key] if isinstance(_FILLED[_key], list) else ())]:
        if isinstance(_part, dict) and "cites" in _part:
            _part["cites"] = [{"source": "", "locator": ""}]
_FILLED["checked"]["against"] = [""]
EVERY_FIELD = [name for name, _, _ in leaves(_FILLED)]


def test_every_leaf_of_the_form_is_among_those_that_are_tried() -> None:
    tried = {re.sub(r"-\d+", "", name) for name in EVERY_FIELD}
    assert {"events-text-ru", "works-cites-locator", "sources", "sources-csl-author"} <= tried
    assert len(tried) == 87


def test_a_payload_in_any_field_comes_back_as_text(editors: FlaskClient) -> None:
    token = dict(writing(editors.get(NEW)).fields)["csrf_token"]
    sent = dict.fromkeys(EVERY_FIELD, PAYLOAD) | {"message": PAYLOAD, "csrf_token": token}
    kept = editors.post(NEW, data={**sent, "do": "keep"})
    for answer in (
        editors.post(NEW, data={**sent, "do": "save"}),
        editors.post(NEW, data={**sent, "do": "add-events"}),
        editors.get(kept.location),
    ):
        shown = dict(writing(answer).fields)
        for name in [*EVERY_FIELD, "message"]:
            assert shown[name] == PAYLOAD, name
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
    assert "<script>alert" not in editors.get("/en/desk").text


def test_a_payload_that_is_published_is_text_on_the_public_page(
    editors: FlaskClient, own_services: Services
) -> None:
    payload = '<script>alert(1)</script><img src=x onerror="alert(1)"> söz'
    form = writing(editors.get(EDIT))
    for name in ("media", "sources", "events-0-cites"):
        form = writing(form.press(editors, f"add-{name}"))
    tree = read(form.fields)
    new = len(tree["sources"]) - 1
    form.type({name: payload for name, leaf, _ in leaves(tree) if _takes_any_text(name, leaf)})
    form.type({name: "julian" for name, _ in form.fields if name.endswith("calendar")})
    form.type({f"sources-{row}-csl-title": "" for row in range(new)})
    cited = len(tree["events"][0]["cites"]) - 1
    form.type({f"sources-{new}": "new-source", f"events-0-cites-{cited}-source": "new-source"})
    form.fill(media_0_url="https://example.az/a.jpg", identifiers_0_scheme="bbk_az")
    answer = form.press(editors, "submit")
    assert answer.status_code == 303, re.findall('class="wrong".*', answer.text)
    number = _head(own_services, UZEYIR).number
    workflow.publish(own_services.database, OPERATOR, UZEYIR, number)
    for path in (f"/en/people/{UZEYIR}", f"/ru/people/{UZEYIR}/history"):
        page = editors.get(path).text
        assert "&lt;script&gt;" in page, path
        assert not re.search(r"<script>|<img src=x|<[^>&]* onerror", page), path


def _takes_any_text(name: str, leaf: Leaf) -> bool:
    told_of_source = "csl" in name and not name.endswith("title")
    coded = name.endswith(("-lang", "-script", "-scheme")) or name == "id" or told_of_source
    return leaf.kind in ("line", "passage", "markdown") and not coded
