"""Input of the reference lists is escaped wherever it is shown."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.records.people import queries
from biobank.records.reference.kinds import (
    ORGANISATION_KIND,
    PLACE_KIND,
    REFERENCE_KINDS,
    SOURCE_KIND,
    TERM_KIND,
    ReferenceKind,
)
from tests.web.desk.reference.test_reference_pages import ENTITY_TYPES, FORM, form_at, post_form

SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"


@pytest.mark.parametrize("kind", REFERENCE_KINDS, ids=lambda kind: kind.name)
def test_script_typed_into_any_field_is_escaped(
    editor_client: FlaskClient, app: Flask, own_services: Services, kind: ReferenceKind
) -> None:
    path = f"/en/desk/{ENTITY_TYPES[kind.name]}"
    form = form_at(editor_client, f"{path}?new=1", FORM)
    kinds = {
        PLACE_KIND: {"kind": "town"},
        ORGANISATION_KIND: {"kind": "union"},
        SOURCE_KIND: {"csl.type": "book"},
    }
    form |= {name: [value] for name, value in kinds.get(kind, {}).items()}
    form |= {"names.kind": ["preferred"] * 2} if "names.kind" in form else {}
    hostile = {
        name: [SCRIPT] * len(values)
        for name, values in form.items()
        if name not in ("csrf_token", "vocabulary", "kind", "csl.type", "names.kind", "country")
    }
    refused = post_form(editor_client, path, {**form, **hostile})
    assert refused.status_code == 422
    _is_harmless(refused.text)
    valid_form = {**form, **hostile, "id": "test-hostile", "broader": "", "inverse": "", "place": ""}
    valid_form |= {"lat": "", "lon": "", "founded": "", "dissolved": "", "website": "", "csl.URL": ""}
    valid_form |= {"names.period": [""] * 2, "names.lang": ["en", "az"]}
    if "identifiers.scheme" in form:
        # A catalogue name is in lower case; ids of unknown catalogues are not validated.
        valid_form["identifiers.scheme"] = ["bbk_az", "other"][: len(form["identifiers.scheme"])]
    response = post_form(editor_client, path, valid_form)
    assert response.status_code == 303, response.text
    own_services._catalogue = None
    reader = app.test_client()
    for address in (response.location, path, f"{path}?q=script", f"{path}?q={'<script>'}"):
        _is_harmless(editor_client.get(address).text)
    if kind is ORGANISATION_KIND:
        _is_harmless(reader.get("/en/organisations/test-hostile").text)


def _is_harmless(html: str) -> None:
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "alert(1)&gt;49" not in html


def test_hostile_labels_are_text_on_the_pages_of_readers(
    editor_client: FlaskClient, app: Flask, own_services: Services
) -> None:
    with own_services.database.read() as session:
        cited = (queries.load_record(session, "uzeyir-hacibeyov") or {})["sources"][0]
    for kind, key, field in (
        (SOURCE_KIND, cited, "csl.title"),
        (TERM_KIND, "profession/composer", "labels.en"),
        (PLACE_KIND, "agcabedi", "names.text"),
        (ORGANISATION_KIND, "baku-music-academy", "names.text"),
    ):
        path = f"/en/desk/{ENTITY_TYPES[kind.name]}/{key}"
        form = form_at(editor_client, path, FORM)
        form[field] = [SCRIPT if text else "" for text in form[field]]
        assert post_form(editor_client, path, {**form, "do": "save"}).status_code == 303
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


def test_control_characters_are_refused(editor_client: FlaskClient) -> None:
    form = form_at(editor_client, "/en/desk/terms?new=1", FORM)
    for text in ("a\x00b", "a\x1bb", "a\x85b"):
        assert post_form(editor_client, "/en/desk/terms", {**form, "labels.en": text}).status_code == 400
