"""The reference lists: every form round-trips, without loss or execution of input."""

from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.reference import merge, service
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.people.schemas import person_schema
from biobank.records.reference.kinds import (
    ORGANISATION_KIND,
    PLACE_KIND,
    REFERENCE_KINDS,
    SOURCE_KIND,
    TERM_KIND,
    ReferenceKind,
    load_all_records,
    load_record_by_key,
)
from biobank.records.validation import load_validated
from tests.support.forms import HtmlForm
from tests.support.pages import attributes, select, select_one, texts
from tests.support.users import fetch_csrf_token

ENTITY_TYPES = {"term": "terms", "place": "places", "organisation": "organisations", "source": "sources"}
#: The id of the record form.
FORM = "record-form"


def load_record(services: Services, kind: ReferenceKind, key: str) -> dict[str, Any]:
    with services.database.read() as session:
        entry = load_record_by_key(session, kind, key)
    assert entry is not None
    return entry


def form_at(client: FlaskClient, path: str, form_id: str) -> dict[str, list[str]]:
    """Return what a browser submits of the unchanged form of a page."""
    page = client.get(path)
    assert page.status_code == 200, page.text
    return form_values(page.text, form_id)


def form_values(html: str, form_id: str) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in HtmlForm(html, form_id).fields:
        values.setdefault(name, []).append(value)
    return values


def post_form(client: FlaskClient, path: str, form: dict[str, Any]) -> Any:
    return client.post(path, data=form)


def test_unchanged_form_changes_nothing(editor_client: FlaskClient, own_services: Services) -> None:
    with own_services.database.read() as session:
        known = {kind: load_all_records(session, kind) for kind in REFERENCE_KINDS}
    for kind, records in known.items():
        keys = sorted(records)[:: max(1, len(records) // 12)]
        for key in [*keys, *(["relation/teacher"] if kind is TERM_KIND else [])]:
            path = f"/en/desk/{ENTITY_TYPES[kind.name]}/{key}"
            response = post_form(editor_client, path, {**form_at(editor_client, path, FORM), "do": "save"})
            assert response.status_code == 303, (path, response.text)
            assert load_record(own_services, kind, key) == records[key]


NEW_RECORDS: tuple[tuple[ReferenceKind, dict[str, Any], str, dict[str, Any]], ...] = (
    (
        TERM_KIND,
        {
            "vocabulary": "profession",
            "labels.az": "sınaqçı",
            "labels.en": "test maker",
            "feminine.az": "sınaqçı qadın",
            "alt.en": "tester\r\n\r\ntest master\r\n",
            "broader": ["writer", "şair", ""],
        },
        "profession/test-maker",
        {
            "vocabulary": "profession",
            "id": "test-maker",
            "labels": {"az": "sınaqçı", "en": "test maker"},
            "feminine": {"az": "sınaqçı qadın"},
            "alt": {"en": ["tester", "test master"]},
            "broader": ["poet", "writer"],
        },
    ),
    (
        PLACE_KIND,
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
        ORGANISATION_KIND,
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
        SOURCE_KIND,
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
                "author": [{"family": "Müəllifov", "given": "Sınaq"}, {"literal": "Test Institute"}],
                "issued": {"date-parts": [[1999, 5]]},
                "URL": "https://example.az/book",
            },
        },
    ),
)


@pytest.mark.parametrize(("kind", "form", "key", "expected"), NEW_RECORDS, ids=lambda value: str(value)[:12])
def test_new_record_is_saved(
    contributor_client: FlaskClient,
    own_services: Services,
    kind: ReferenceKind,
    form: dict[str, Any],
    key: str,
    expected: dict[str, Any],
) -> None:
    path = f"/en/desk/{ENTITY_TYPES[kind.name]}"
    token = fetch_csrf_token(contributor_client, f"{path}?new=1")
    response = post_form(contributor_client, path, {**form, "csrf_token": token})
    assert response.status_code == 303, response.text
    assert response.location == f"{path}/{key}"
    assert load_record(own_services, kind, key) == expected
    page = contributor_client.get(response.location)
    assert page.status_code == 200
    assert not select(page.text, "[value=save]")


def test_references_are_shown_by_name_and_read_by_name_or_id(
    editor_client: FlaskClient, contributor_client: FlaskClient, own_services: Services
) -> None:
    path = "/az/desk/terms/profession/ashug"
    assert load_record(own_services, TERM_KIND, "profession/ashug")["broader"] == ["musician", "poet"]
    form = form_at(editor_client, path, FORM)
    assert form["broader"] == ["musiqiçi (musician)", "şair (poet)", "", ""]
    html = editor_client.get(path).text
    # Suggested by the browser without scripts, and by the script from the same vocabulary.
    assert select(html, "#broader-0[list=choices-terms][data-picker=profession]")
    assert select(html, "#choices-terms option[value='yazıçı (writer)']")
    form |= {"broader": ["musiqiçi (musician)", "романист", "writer", "(poet)"], "do": ["save"]}
    assert post_form(editor_client, path, form).status_code == 303
    # Stored in the order of the vocabulary.
    broader = load_record(own_services, TERM_KIND, "profession/ashug")["broader"]
    assert sorted(broader) == ["musician", "novelist", "poet", "writer"]
    read = contributor_client.get(path).text
    assert {"şair (poet)", "az: ozan, saz şairi, el şairi"} <= set(texts(read, "dd"))
    # A single reference, and a rejected one.
    place = form_at(editor_client, "/ru/desk/places/susa", FORM)
    assert place["broader"][0].endswith(")")
    place |= {"broader": ["Баку (nowhere)"], "do": ["save"]}
    refused = post_form(editor_client, "/ru/desk/places/susa", place)
    assert refused.status_code == 422
    assert attributes(refused.text, "#broader", "value") == ["Баку (nowhere)"]


def test_fields_without_input_are_preserved(
    editor_client: FlaskClient, own_services: Services, editor: Any
) -> None:
    csl = {
        "type": "book",
        "title": "Test Book",
        "author": [{"family": "Berg", "given": "A.", "non-dropping-particle": "van den"}],
        "issued": {"date-parts": [[1999]], "season": 2},
        "custom": {"deep": ["kept", 1]},
    }
    service.add_record(own_services.database, editor, SOURCE_KIND, {"id": "test-book", "csl": csl})
    path = "/en/desk/sources/test-book"
    form = {**form_at(editor_client, path, FORM), "csl.volume": "2", "do": "save"}
    assert post_form(editor_client, path, form).status_code == 303
    assert load_record(own_services, SOURCE_KIND, "test-book")["csl"] == {**csl, "volume": "2"}


def test_rejected_form_keeps_its_input_and_marks_errors(
    editor_client: FlaskClient, own_services: Services
) -> None:
    path = "/en/desk/places/baku"
    form = form_at(editor_client, path, FORM)
    before = load_record(own_services, PLACE_KIND, "baku")
    form |= {"lat": ["north"], "broader": ["nowhere"], "do": ["save"]}
    form["names.period"][0] = "long ago"
    response = post_form(editor_client, path, form)
    assert response.status_code == 422
    for id_, typed in (("lat", "north"), ("broader", "nowhere"), ("names-0-period", "long ago")):
        assert attributes(response.text, f"#{id_}", "value") == [typed], id_
        if id_ != "broader":  # looked for only in a record that has its shape
            assert select(response.text, f"a[href='#{id_}']")
    assert load_record(own_services, PLACE_KIND, "baku") == before


def test_conflicting_edit_is_rejected_and_both_are_shown(
    editor_client: FlaskClient, admin_client: FlaskClient, own_services: Services
) -> None:
    path = "/en/desk/terms/profession/composer"
    mine, theirs = form_at(editor_client, path, FORM), form_at(admin_client, path, FORM)
    theirs |= {"labels.en": ["tunesmith"], "do": ["save"]}
    assert post_form(admin_client, path, theirs).status_code == 303
    mine |= {"labels.en": ["melodist"], "do": ["save"]}
    response = post_form(editor_client, path, mine)
    assert response.status_code == 409
    assert not [cell for cell in texts(response.text, "td") if cell.startswith("en: tunesmith")]
    assert "tunesmith" in response.text
    assert attributes(response.text, "#labels-en", "value") == ["melodist"]
    assert load_record(own_services, TERM_KIND, "profession/composer")["labels"]["en"] == "tunesmith"
    repeated = form_values(response.text, FORM)
    assert post_form(editor_client, path, {**repeated, "do": "save"}).status_code == 303
    assert load_record(own_services, TERM_KIND, "profession/composer")["labels"]["en"] == "melodist"


def test_merge_is_previewed_done_and_undone(
    editor_client: FlaskClient, own_services: Services, app: Flask, editor: Any
) -> None:
    duplicate = {"id": "test-toun", "kind": "town", "names": [{"text": "Toun", "lang": "en"}]}
    service.add_record(own_services.database, editor, PLACE_KIND, duplicate)
    person = {
        "id": "test-person",
        "names": [{"text": "Test Person", "lang": "en", "kind": "preferred"}],
        "birth": {"place": "test-toun"},
    }
    with own_services.database.write() as session:
        save_records(session, [load_validated(person_schema, person)], OPERATOR, "", publish=True)
    own_services.indexer.sync()
    path = "/en/desk/places/baku"
    preview = editor_client.get(path, query_string={"merge": "Test Toun (test-toun)"}).text
    assert "1 biography will be republished" in preview
    form = form_at(editor_client, f"{path}?merge=test-toun", "merge-form")
    assert post_form(editor_client, path, {**form, "do": "merge"}).status_code == 303
    own_services.indexer.sync()
    own_services._catalogue = None
    assert editor_client.get("/en/desk/places/test-toun").location.endswith(path)
    reader = app.test_client()
    moved = reader.get("/api/v1/places/test-toun")
    assert (moved.status_code, moved.location) == (301, "/api/v1/places/baku")
    assert reader.get("/en/browse/place/test-toun").location == "/en/browse/place/baku"
    search_result = reader.get("/api/v1/search?birthplace=test-toun&size=100").json
    assert search_result
    assert "test-person" in {hit["id"] for hit in search_result["hits"]}
    query_result = reader.get("/api/v1/search?q=birthplace:test-toun").json
    assert query_result
    assert query_result["total"] == search_result["total"]
    page = editor_client.get(path).text
    number = select_one(page, "[name=undo]").attrib["value"]
    token = fetch_csrf_token(editor_client, path)
    response = post_form(editor_client, path, {"csrf_token": token, "do": "undo", "undo": number})
    assert response.location == "/en/desk/places/test-toun"
    assert load_record(own_services, PLACE_KIND, "test-toun") == duplicate


def test_an_interrupted_merge_is_finished_on_the_page(
    editor_client: FlaskClient, own_services: Services, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    duplicate = {"id": "test-toun", "kind": "town", "names": [{"text": "Toun", "lang": "en"}]}
    service.add_record(own_services.database, editor, PLACE_KIND, duplicate)
    with monkeypatch.context() as patch:
        patch.setattr(merge, "REWRITE_BATCH_SIZE", -1)
        patch.setattr(merge, "finish_reference_merge", lambda *_: None)
        merge.merge_references(own_services.database, editor, PLACE_KIND, "baku", "test-toun")
    path = "/en/desk/places/baku"
    page = editor_client.get(path).text
    assert "was interrupted" in page
    number = select_one(page, "[name=finish]").attrib["value"]
    token = fetch_csrf_token(editor_client, path)
    finish = {"csrf_token": token, "do": "finish", "finish": number}
    assert post_form(editor_client, path, finish).status_code == 303
    assert editor_client.get("/en/desk/places/test-toun").location.endswith(path)
    assert "was interrupted" not in editor_client.get(path).text
    assert "finished already" in post_form(editor_client, path, finish).text


def test_id_is_renamed_and_unused_record_removed(editor_client: FlaskClient, own_services: Services) -> None:
    path = "/en/desk/organisations"
    token = fetch_csrf_token(editor_client, f"{path}/mit")
    response = post_form(
        editor_client, f"{path}/mit", {"csrf_token": token, "do": "rename", "new_id": "institute-m"}
    )
    assert response.location == f"{path}/institute-m"
    invalid = {"csrf_token": token, "do": "rename", "new_id": "Not An Id"}
    refused = post_form(editor_client, f"{path}/institute-m", invalid)
    assert refused.status_code == 422
    assert select(refused.text, "a[href='#new_id']")
    unused = {"names.text": "Free", "names.lang": "en", "names.kind": "preferred", "kind": "union"}
    post_form(editor_client, path, {**unused, "names.period": "", "csrf_token": token})
    form = form_at(editor_client, f"{path}/free", "remove-form")
    assert post_form(editor_client, f"{path}/free", {**form, "do": "remove"}).location == path
    assert editor_client.get(f"{path}/free").status_code == 404


def test_unreviewed_records_are_not_public(
    contributor_client: FlaskClient, editor_client: FlaskClient, app: Flask, own_services: Services
) -> None:
    path = "/en/desk/organisations"
    form = {"names.text": "Qəribə Cəmiyyət", "names.lang": "az", "names.kind": "preferred"}
    token = fetch_csrf_token(contributor_client, f"{path}?new=1")
    post_form(contributor_client, path, {**form, "names.period": "", "kind": "society", "csrf_token": token})
    reader = app.test_client()
    public_urls = (
        "/az/organisations/qeribe-cemiyyet",
        "/api/v1/organisations/qeribe-cemiyyet",
        "/api/v1/organisations?size=100",
        "/api/v1/values?q=Qəribə&facet=organisation",
    )
    own_services._catalogue = None
    for address in public_urls:
        assert "Qəribə Cəmiyyət" not in reader.get(address).text, address
    values = own_services.facet_values
    assert values.labels.find("organisation", "qeribe-cemiyyet") == ()
    assert values.desk_labels.find("organisation", "Qəribə Cəmiyyət") == ("qeribe-cemiyyet",)
    assert "Qəribə Cəmiyyət" in editor_client.get(f"{path}?unreviewed=1").text
    entry = f"{path}/qeribe-cemiyyet"
    accepted = {"csrf_token": fetch_csrf_token(editor_client, entry), "do": "accept"}
    assert post_form(editor_client, entry, accepted).status_code == 303
    own_services._catalogue = None
    for address in public_urls[:3]:
        assert "Qəribə Cəmiyyət" in reader.get(address).get_data(as_text=True) or (
            "q\\u0259rib" in reader.get(address).text.lower()
        ), address


def test_lists_are_searched_and_paged(editor_client: FlaskClient) -> None:
    for query, word in (
        ("sources?q=hacıbəyov", "Hacıbəyov"),
        ("places?q=yerevan", "yerevan"),
        ("terms?vocabulary=award&q=nobel", "nobel"),
    ):
        page = editor_client.get(f"/en/desk/{query}")
        assert page.status_code == 200
        assert word.casefold() in unescape(page.text).casefold(), query
    assert "page=2" in editor_client.get("/en/desk/sources").text
    assert editor_client.get("/en/desk/sources?page=99").status_code == 200
    assert editor_client.get("/en/desk/sources?q=qqqxyz").status_code == 200
    assert editor_client.get("/en/desk/places?page=0").status_code == 400


def test_a_new_place_has_a_row_for_a_name_in_each_language(editor_client: FlaskClient) -> None:
    page = editor_client.get("/en/desk/places?new=1").text
    for row, lang in enumerate(("az", "en", "ru")):
        assert attributes(page, f"#names-{row}-lang", "value") == [lang]


def test_name_error_says_which_input_is_wrong(editor_client: FlaskClient) -> None:
    new = form_at(editor_client, "/en/desk/places?new=1", FORM)
    name = {"names.text": "Sınaqkənd", "names.lang": "", "names.period": "", "kind": "village"}
    page = unescape(post_form(editor_client, "/en/desk/places", {**new, **name, "do": "add"}).text)
    assert "All names 1, Language: This field is required." in page


def test_invalid_external_id_is_rejected_with_an_example(
    editor_client: FlaskClient, own_services: Services
) -> None:
    path = "/en/desk/places/baku"
    before = load_record(own_services, PLACE_KIND, "baku")
    form = form_at(editor_client, path, FORM) | {"do": ["save"]}
    form["identifiers.scheme"][0], form["identifiers.value"][0] = "geonames", "Q9248"
    response = post_form(editor_client, path, form)
    assert response.status_code == 422
    assert (
        "This is not a valid identifier of GeoNames. Enter the full identifier and nothing else, for example 587116."
        in response.text
    )
    assert select(response.text, "[value=Q9248]")
    assert load_record(own_services, PLACE_KIND, "baku") == before


def test_duplicate_is_found_by_label(editor_client: FlaskClient, own_services: Services, editor: Any) -> None:
    """Merge a duplicate that has the same name as the target, which itself is not meant."""
    duplicate = {"id": "test-baku", "kind": "town", "names": [{"text": "Bakı", "lang": "az"}]}
    service.add_record(own_services.database, editor, PLACE_KIND, duplicate)
    own_services._catalogue = None
    page = editor_client.get("/en/desk/places/baku", query_string={"merge": "Bakı"})
    assert page.status_code == 200
    assert form_at(editor_client, "/en/desk/places/baku?merge=Bakı", "merge-form")["merge"] == ["test-baku"]
