"""Input of the reference lists is escaped wherever it is shown."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.records.people import queries
from biobank.records.reference.kinds import KINDS, ORGANISATION, PLACE, SOURCE, TERM, Kind
from tests.web.desk.test_reference_pages import FORM, ROOMS, form_at, send

SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_script_typed_into_any_field_is_text_everywhere(
    editors: FlaskClient, app: Flask, own_services: Services, kind: Kind
) -> None:
    path = f"/en/desk/{ROOMS[kind.name]}"
    form = form_at(editors, f"{path}?new=1", FORM)
    kinds = {PLACE: {"kind": "town"}, ORGANISATION: {"kind": "union"}, SOURCE: {"csl.type": "book"}}
    form |= {name: [value] for name, value in kinds.get(kind, {}).items()}
    form |= {"names.kind": ["preferred"] * 2} if "names.kind" in form else {}
    hostile = {
        name: [SCRIPT] * len(values)
        for name, values in form.items()
        if name not in ("csrf_token", "vocabulary", "kind", "csl.type", "names.kind", "country")
    }
    refused = send(editors, path, {**form, **hostile})
    assert refused.status_code == 422
    _is_harmless(refused.text)
    kept = {**form, **hostile, "id": "test-hostile", "broader": "", "inverse": "", "place": ""}
    kept |= {"lat": "", "lon": "", "founded": "", "dissolved": "", "website": "", "csl.URL": ""}
    kept |= {"names.period": [""] * 2, "names.lang": ["en", "az"]}
    if "identifiers.scheme" in form:
        # A catalogue name is in lower case; ids of unknown catalogues are not validated.
        kept["identifiers.scheme"] = ["bbk_az", "other"][: len(form["identifiers.scheme"])]
    answer = send(editors, path, kept)
    assert answer.status_code == 303, answer.text
    own_services._catalogue = None
    reader = app.test_client()
    for address in (answer.location, path, f"{path}?q=script", f"{path}?q={'<script>'}"):
        _is_harmless(editors.get(address).text)
    if kind is ORGANISATION:
        _is_harmless(reader.get("/en/organisations/test-hostile").text)


def _is_harmless(html: str) -> None:
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "alert(1)&gt;49" not in html


def test_hostile_labels_are_text_on_the_pages_of_readers(
    editors: FlaskClient, app: Flask, own_services: Services
) -> None:
    with own_services.database.read() as session:
        cited = (queries.record(session, "uzeyir-hacibeyov") or {})["sources"][0]
    for kind, key, field in (
        (SOURCE, cited, "csl.title"),
        (TERM, "profession/composer", "labels.en"),
        (PLACE, "agcabedi", "names.text"),
        (ORGANISATION, "baku-music-academy", "names.text"),
    ):
        path = f"/en/desk/{ROOMS[kind.name]}/{key}"
        form = form_at(editors, path, FORM)
        form[field] = [SCRIPT if text else "" for text in form[field]]
        assert send(editors, path, {**form, "do": "save"}).status_code == 303
    own_services._catalogue = None
    own_services.indexer.sync()
    reader = app.test_client()
    for address in (
        "/en/people/uzeyir-hacibeyov",
        "/en/search?profession=composer",
        "/en/browse/profession/composer",
        "/en/browse/place/agcabedi",
        "/en/organisations/baku-music-academy",
        "/en/search/values/profession?q=script",
        "/en/search/map",
    ):
        page = reader.get(address)
        assert page.status_code == 200, address
        assert "<script>alert" not in page.text, address
        assert "<img src=x" not in page.text, address
    linked = reader.get("/api/v1/people/uzeyir-hacibeyov", headers={"Accept": "text/html"})
    assert linked.mimetype != "text/html"


def test_control_characters_are_refused(editors: FlaskClient) -> None:
    form = form_at(editors, "/en/desk/terms?new=1", FORM)
    for text in ("a\x00b", "a\x1bb", "a\x85b"):
        assert send(editors, "/en/desk/terms", {**form, "labels.en": text}).status_code == 400
