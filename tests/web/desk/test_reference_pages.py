"""The reference lists: every form round-trips, without loss or execution of input."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.publishing import save_many
from biobank.editorial.reference import keeping
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.records.reference.kinds import (
    KINDS,
    ORGANISATION,
    PLACE,
    SOURCE,
    TERM,
    Kind,
    all_records,
    one_record,
)
from tests.support.forms import Form
from tests.support.users import csrf_of

ROOMS = {"term": "terms", "place": "places", "organisation": "organisations", "source": "sources"}
#: The id of the record form.
FORM = "record-form"


def record(services: Services, kind: Kind, key: str) -> dict[str, Any]:
    with services.database.read() as session:
        found = one_record(session, kind, key)
    assert found is not None
    return found


def form_at(client: FlaskClient, path: str, form_id: str) -> dict[str, list[str]]:
    """Return what a browser submits of the unchanged form of a page."""
    page = client.get(path)
    assert page.status_code == 200, page.text
    return as_sent(page.text, form_id)


def as_sent(html: str, form_id: str) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for name, value in Form(html, form_id).fields:
        sent.setdefault(name, []).append(value)
    return sent


def send(client: FlaskClient, path: str, form: dict[str, Any]) -> Any:
    return client.post(path, data=form)


def test_a_form_that_is_sent_as_it_came_changes_nothing(
    editors: FlaskClient, own_services: Services
) -> None:
    with own_services.database.read() as session:
        known = {kind: all_records(session, kind) for kind in KINDS}
    for kind, records in known.items():
        keys = sorted(records)[:: max(1, len(records) // 12)]
        for key in [*keys, *(["relation/teacher"] if kind is TERM else [])]:
            path = f"/en/desk/{ROOMS[kind.name]}/{key}"
            answer = send(editors, path, {**form_at(editors, path, FORM), "do": "save"})
            assert answer.status_code == 303, (path, answer.text)
            assert record(own_services, kind, key) == records[key]


ADDED: tuple[tuple[Kind, dict[str, Any], str, dict[str, Any]], ...] = (
    (
        TERM,
        {
            "vocabulary": "profession",
            "labels.az": "sınaqçı",
            "labels.en": "test maker",
            "alt.en": "tester\r\n\r\ntest master\r\n",
            "broader": ["writer", "şair", ""],
        },
        "profession/test-maker",
        {
            "vocabulary": "profession",
            "id": "test-maker",
            "labels": {"az": "sınaqçı", "en": "test maker"},
            "alt": {"en": ["tester", "test master"]},
            "broader": ["poet", "writer"],
        },
    ),
    (
        PLACE,
        {
            "names.text": ["Sınaqkənd", "Test Village", ""],
            "names.lang": ["az", "en", "ru"],
            "names.period": ["", "1900/1910", ""],
            "kind": "village",
            "broader": "baku",
            "country": "AZ",
            "lat": "40,5",
            "lon": "49.25",
            "identifiers.scheme": ["geonames", "wikidata"],
            "identifiers.value": ["123", ""],
        },
        "sinaqkend",
        {
            "id": "sinaqkend",
            "kind": "village",
            "names": [
                {"text": "Sınaqkənd", "lang": "az"},
                {"text": "Test Village", "lang": "en", "period": "1900/1910"},
            ],
            "broader": "baku",
            "country": "AZ",
            "lat": 40.5,
            "lon": 49.25,
            "identifiers": {"geonames": "123"},
        },
    ),
    (
        ORGANISATION,
        {
            "names.text": "Test Society",
            "names.lang": "en",
            "names.kind": "preferred",
            "names.period": "",
            "kind": "society",
            "place": "Bakı",
            "founded": "1920",
            "summary.en": "One.\r\n\r\nTwo.",
            "website": "https://example.az/",
        },
        "test-society",
        {
            "id": "test-society",
            "kind": "society",
            "names": [{"text": "Test Society", "lang": "en", "kind": "preferred"}],
            "place": "baku",
            "founded": "1920",
            "summary": {"en": "One.\n\nTwo."},
            "website": "https://example.az/",
        },
    ),
    (
        SOURCE,
        {
            "csl.type": "book",
            "csl.title": "Test Book",
            "csl.author.family": ["Müəllifov", "", "Test Institute"],
            "csl.author.given": ["Sınaq", "", ""],
            "csl.issued": "1999-05",
            "csl.URL": "https://example.az/book",
        },
        "test-book",
        {
            "id": "test-book",
            "csl": {
                "type": "book",
                "title": "Test Book",
                "author": [
                    {"family": "Müəllifov", "given": "Sınaq"},
                    {"literal": "Test Institute"},
                ],
                "issued": {"date-parts": [[1999, 5]]},
                "URL": "https://example.az/book",
            },
        },
    ),
)


@pytest.mark.parametrize(("kind", "form", "key", "expected"), ADDED, ids=lambda it: str(it)[:12])
def test_what_is_typed_into_an_empty_form_is_kept(
    contributors: FlaskClient,
    own_services: Services,
    kind: Kind,
    form: dict[str, Any],
    key: str,
    expected: dict[str, Any],
) -> None:
    path = f"/en/desk/{ROOMS[kind.name]}"
    proof = csrf_of(contributors, f"{path}?new=1")
    answer = send(contributors, path, {**form, "csrf_token": proof})
    assert answer.status_code == 303, answer.text
    assert answer.location == f"{path}/{key}"
    assert record(own_services, kind, key) == expected
    page = contributors.get(answer.location)
    assert page.status_code == 200
    assert 'value="save"' not in page.text


def test_what_a_record_refers_to_is_shown_by_name_and_read_by_name_or_id(
    editors: FlaskClient, contributors: FlaskClient, own_services: Services
) -> None:
    path = "/az/desk/terms/profession/ashug"
    assert record(own_services, TERM, "profession/ashug")["broader"] == ["musician", "poet"]
    form = form_at(editors, path, FORM)
    assert form["broader"] == ["musiqiçi (musician)", "şair (poet)", "", ""]
    html = editors.get(path).text
    # Suggested by the browser without scripts, and by the script from the same vocabulary.
    assert re.search(r'id="broader-0"[^>]* list="choices-terms" data-pick="profession"', html)
    assert '<option value="yazıçı (writer)">' in html
    form |= {"broader": ["musiqiçi (musician)", "романист", "writer", "(poet)"], "do": ["save"]}
    assert send(editors, path, form).status_code == 303
    # Stored in the order of the vocabulary.
    kept = record(own_services, TERM, "profession/ashug")["broader"]
    assert sorted(kept) == ["musician", "novelist", "poet", "writer"]
    read = contributors.get(path).text
    assert "<dd>şair (poet)</dd>" in read
    assert "<dd>az: ozan, saz şairi, el şairi</dd>" in read
    # A single reference, and a rejected one.
    place = form_at(editors, "/ru/desk/places/susa", FORM)
    assert place["broader"][0].endswith(")")
    place |= {"broader": ["Баку (nowhere)"], "do": ["save"]}
    refused = send(editors, "/ru/desk/places/susa", place)
    assert refused.status_code == 422
    assert re.search(r'id="broader"[^>]*value="Баку \(nowhere\)"', refused.text)


def test_fields_that_no_input_is_about_stay_as_they_were(
    editors: FlaskClient, own_services: Services, editor: Any
) -> None:
    csl = {
        "type": "book",
        "title": "Test Book",
        "author": [{"family": "Berg", "given": "A.", "non-dropping-particle": "van den"}],
        "issued": {"date-parts": [[1999]], "season": 2},
        "custom": {"deep": ["kept", 1]},
    }
    keeping.add(own_services.database, editor, SOURCE, {"id": "test-book", "csl": csl})
    path = "/en/desk/sources/test-book"
    form = {**form_at(editors, path, FORM), "csl.volume": "2", "do": "save"}
    assert send(editors, path, form).status_code == 303
    assert record(own_services, SOURCE, "test-book")["csl"] == {**csl, "volume": "2"}


def test_a_form_that_is_refused_keeps_what_was_typed_and_says_where(
    editors: FlaskClient, own_services: Services
) -> None:
    path = "/en/desk/places/baku"
    form = form_at(editors, path, FORM)
    before = record(own_services, PLACE, "baku")
    form |= {"lat": ["north"], "broader": ["nowhere"], "do": ["save"]}
    form["names.period"][0] = "long ago"
    answer = send(editors, path, form)
    assert answer.status_code == 422
    for id_, typed in (("lat", "north"), ("broader", "nowhere"), ("names-0-period", "long ago")):
        assert re.search(rf'id="{id_}"[^>]*value="{typed}"', answer.text), id_
        if id_ != "broader":  # looked for only in a record that has its shape
            assert f'href="#{id_}"' in answer.text
    assert record(own_services, PLACE, "baku") == before


def test_a_conflicting_edit_is_refused_openly_and_both_are_shown(
    editors: FlaskClient, admins: FlaskClient, own_services: Services
) -> None:
    path = "/en/desk/terms/profession/composer"
    mine, theirs = form_at(editors, path, FORM), form_at(admins, path, FORM)
    theirs |= {"labels.en": ["tunesmith"], "do": ["save"]}
    assert send(admins, path, theirs).status_code == 303
    mine |= {"labels.en": ["melodist"], "do": ["save"]}
    answer = send(editors, path, mine)
    assert answer.status_code == 409
    assert "<td>en: tunesmith" not in answer.text
    assert "tunesmith" in answer.text
    assert re.search(r'id="labels-en"[^>]*value="melodist"', answer.text)
    assert record(own_services, TERM, "profession/composer")["labels"]["en"] == "tunesmith"
    again = as_sent(answer.text, FORM)
    assert send(editors, path, {**again, "do": "save"}).status_code == 303
    assert record(own_services, TERM, "profession/composer")["labels"]["en"] == "melodist"


def test_a_merge_is_seen_first_then_done_and_undone(
    editors: FlaskClient, own_services: Services, app: Flask, editor: Any
) -> None:
    twin = {"id": "test-toun", "kind": "town", "names": [{"text": "Toun", "lang": "en"}]}
    keeping.add(own_services.database, editor, PLACE, twin)
    person = {
        "id": "test-person",
        "names": [{"text": "Test Person", "lang": "en", "kind": "preferred"}],
        "birth": {"place": "test-toun"},
    }
    with own_services.database.write() as session:
        save_many(session, [load(person_schema, person)], OPERATOR, "", publish=True)
    own_services.indexer.sync()
    path = "/en/desk/places/baku"
    preview = editors.get(path, query_string={"merge": "Test Toun (test-toun)"}).text
    assert "1 person is published again" in preview
    form = form_at(editors, f"{path}?merge=test-toun", "merge-form")
    assert send(editors, path, {**form, "do": "merge"}).status_code == 303
    own_services.indexer.sync()
    own_services._catalogue = None
    assert editors.get("/en/desk/places/test-toun").location.endswith(path)
    reader = app.test_client()
    moved = reader.get("/api/v1/places/test-toun")
    assert (moved.status_code, moved.location) == (301, "/api/v1/places/baku")
    assert reader.get("/en/browse/place/test-toun").location == "/en/browse/place/baku"
    found = reader.get("/api/v1/search?birthplace=test-toun&size=100").json
    assert found
    assert "test-person" in {hit["id"] for hit in found["hits"]}
    asked = reader.get("/api/v1/search?q=birthplace:test-toun").json
    assert asked
    assert asked["total"] == found["total"]
    page = editors.get(path).text
    number = re.search(r'name="undo" value="(\d+)"', page)
    assert number
    proof = csrf_of(editors, path)
    answer = send(editors, path, {"csrf_token": proof, "do": "undo", "undo": number[1]})
    assert answer.location == "/en/desk/places/test-toun"
    assert record(own_services, PLACE, "test-toun") == twin


def test_an_id_is_renamed_and_what_nothing_uses_taken_out(
    editors: FlaskClient, own_services: Services
) -> None:
    path = "/en/desk/organisations"
    proof = csrf_of(editors, f"{path}/mit")
    answer = send(
        editors, f"{path}/mit", {"csrf_token": proof, "do": "rename", "new_id": "institute-m"}
    )
    assert answer.location == f"{path}/institute-m"
    wrong = {"csrf_token": proof, "do": "rename", "new_id": "Not An Id"}
    refused = send(editors, f"{path}/institute-m", wrong)
    assert refused.status_code == 422
    assert 'href="#new_id"' in refused.text
    free = {"names.text": "Free", "names.lang": "en", "names.kind": "preferred", "kind": "union"}
    send(editors, path, {**free, "names.period": "", "csrf_token": proof})
    form = form_at(editors, f"{path}/free", "remove-form")
    assert send(editors, f"{path}/free", {**form, "do": "remove"}).location == path
    assert editors.get(f"{path}/free").status_code == 404


def test_what_a_contributor_adds_is_the_desks_alone_until_an_editor_saw_it(
    contributors: FlaskClient, editors: FlaskClient, app: Flask, own_services: Services
) -> None:
    path = "/en/desk/organisations"
    form = {"names.text": "Qəribə Cəmiyyət", "names.lang": "az", "names.kind": "preferred"}
    proof = csrf_of(contributors, f"{path}?new=1")
    send(contributors, path, {**form, "names.period": "", "kind": "society", "csrf_token": proof})
    reader = app.test_client()
    openings = (
        "/az/organisations/qeribe-cemiyyet",
        "/api/v1/organisations/qeribe-cemiyyet",
        "/api/v1/organisations?size=100",
        "/api/v1/values?q=Qəribə&facet=organisation",
    )
    own_services._catalogue = None
    for address in openings:
        assert "Qəribə Cəmiyyət" not in reader.get(address).text, address
    values = own_services.values
    assert values.labels.find("organisation", "qeribe-cemiyyet") == ()
    assert values.desk_labels.find("organisation", "Qəribə Cəmiyyət") == ("qeribe-cemiyyet",)
    assert "Qəribə Cəmiyyət" in editors.get(f"{path}?unreviewed=1").text
    entry = f"{path}/qeribe-cemiyyet"
    accepted = {"csrf_token": csrf_of(editors, entry), "do": "accept"}
    assert send(editors, entry, accepted).status_code == 303
    own_services._catalogue = None
    for address in openings[:3]:
        assert "Qəribə Cəmiyyət" in reader.get(address).get_data(as_text=True) or (
            "q\\u0259rib" in reader.get(address).text.lower()
        ), address


def test_lists_are_searched_and_paged(editors: FlaskClient) -> None:
    for query, word in (
        ("sources?q=hacıbəyov", "Hacıbəyov"),
        ("places?q=yerevan", "yerevan"),
        ("terms?vocabulary=award&q=nobel", "nobel"),
    ):
        page = editors.get(f"/en/desk/{query}")
        assert page.status_code == 200
        assert word.casefold() in unescape(page.text).casefold(), query
    assert "page=2" in editors.get("/en/desk/sources").text
    assert editors.get("/en/desk/sources?page=99").status_code == 200
    assert editors.get("/en/desk/sources?q=qqqxyz").status_code == 200
    assert editors.get("/en/desk/places?page=0").status_code == 400


def test_a_new_place_has_a_row_for_a_name_in_each_language(editors: FlaskClient) -> None:
    page = editors.get("/en/desk/places?new=1").text
    for row, lang in enumerate(("az", "en", "ru")):
        [field] = re.findall(rf'<input id="names-{row}-lang"[^>]*>', page)
        assert f'value="{lang}"' in field


def test_what_is_wrong_with_a_name_says_which_input_of_it(editors: FlaskClient) -> None:
    new = form_at(editors, "/en/desk/places?new=1", FORM)
    name = {"names.text": "Sınaqkənd", "names.lang": "", "names.period": "", "kind": "village"}
    page = unescape(send(editors, "/en/desk/places", {**new, **name, "do": "add"}).text)
    assert "Its names, Language: This is needed." in page


def test_an_id_that_its_catalogue_cannot_have_given_is_told_with_an_example(
    editors: FlaskClient, own_services: Services
) -> None:
    path = "/en/desk/places/baku"
    before = record(own_services, PLACE, "baku")
    form = form_at(editors, path, FORM) | {"do": ["save"]}
    form["identifiers.scheme"][0], form["identifiers.value"][0] = "geonames", "Q9248"
    answer = send(editors, path, form)
    assert answer.status_code == 422
    assert "This is no id of GeoNames; write it alone and whole, as in 587116." in answer.text
    assert re.search(r'value="Q9248"', answer.text)
    assert record(own_services, PLACE, "baku") == before


def test_what_is_merged_is_named_by_its_label_alone(
    editors: FlaskClient, own_services: Services, editor: Any
) -> None:
    """Merge a duplicate that has the same name as the target, which itself is not meant."""
    twin = {"id": "test-baku", "kind": "town", "names": [{"text": "Bakı", "lang": "az"}]}
    keeping.add(own_services.database, editor, PLACE, twin)
    own_services._catalogue = None
    page = editors.get("/en/desk/places/baku", query_string={"merge": "Bakı"})
    assert page.status_code == 200
    assert form_at(editors, "/en/desk/places/baku?merge=Bakı", "merge-form")["merge"] == [
        "test-baku"
    ]
