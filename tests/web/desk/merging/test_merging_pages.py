"""Merging in a browser without scripts: choice, preview, merge, undo and split."""

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.people import queries
from tests.support.pages import attributes, select
from tests.support.users import fetch_csrf_token, submit_form

SURVIVOR_ID, DUPLICATE_ID = "uzeyir-hacibeyov", "ceyhun-hacibeyli"
MERGE = f"/en/desk/merge?kept={SURVIVOR_ID}&gone={DUPLICATE_ID}"


def fields(page: TestResponse) -> dict[str, str]:
    """Return what the form of a page submits unchanged."""
    inputs = select(page.text, "input[type=hidden], input[type=radio][checked]")
    return {element.attrib["name"]: element.attrib["value"] for element in inputs}


def test_records_are_found_by_any_spelling_or_id_and_compared(editor_client: FlaskClient) -> None:
    response = editor_client.get(f"/en/desk/merge?q_kept=Узеир+Гаджибеков&q_gone={DUPLICATE_ID}&do=search")
    assert response.status_code == 200
    assert select(response.text, f"[name=kept][value='{SURVIVOR_ID}']")
    assert select(response.text, f"[name=gone][value='{DUPLICATE_ID}']")
    assert editor_client.get(MERGE).status_code == 200


def test_record_is_not_offered_to_merge_with_itself(editor_client: FlaskClient) -> None:
    address = f"/en/desk/merge?kept={SURVIVOR_ID}&q_gone=Узеир+Гаджибеков&do=search"
    assert not select(editor_client.get(address).text, f"[name=gone][value='{SURVIVOR_ID}']")
    page = editor_client.get(f"/en/desk/merge?kept={SURVIVOR_ID}&q_gone={SURVIVOR_ID}&do=search")
    assert f"No other person named “{SURVIVOR_ID}” found." in page.text


def test_unknown_name_is_reported_at_its_field(editor_client: FlaskClient) -> None:
    page = editor_client.get("/en/desk/merge?q_kept=zzzzqqq&do=search")
    assert page.status_code == 422
    assert select(page.text, "a[href='#q_kept']")


def test_impossible_merges_are_rejected(editor_client: FlaskClient) -> None:
    assert editor_client.get(f"/en/desk/merge?kept={SURVIVOR_ID}&gone={SURVIVOR_ID}").status_code == 409
    assert editor_client.get(f"/en/desk/merge?kept={SURVIVOR_ID}&gone=nobody").status_code == 404


def test_merge_is_previewed_done_and_undone(editor_client: FlaskClient, own_services: Services) -> None:
    with own_services.database.read() as session:
        before = queries.load_records(session, [SURVIVOR_ID, DUPLICATE_ID])
    form = fields(editor_client.get(MERGE))
    preview = editor_client.post("/en/desk/merge", data={**form, "take.birth.date": "gone", "do": "show"})
    assert preview.status_code == 200
    assert fields(preview)["take.birth.date"] == "gone"
    response = editor_client.post(
        "/en/desk/merge", data={**fields(preview), "do": "merge", "text": "One\r\nman"}
    )
    assert response.status_code == 303
    with own_services.database.read() as session:
        merged = queries.load_records(session, [SURVIVOR_ID, DUPLICATE_ID])
    assert list(merged) == [SURVIVOR_ID]
    assert merged[SURVIVOR_ID]["birth"]["date"] == before[DUPLICATE_ID]["birth"]["date"]
    merges = editor_client.get(response.location)
    assert "One\nman" in merges.text
    message = f"Merged: {DUPLICATE_ID} into {SURVIVOR_ID}. One\nman"
    assert message in editor_client.get(f"/en/desk/people/{SURVIVOR_ID}").text
    undone = submit_form(editor_client, "/en/desk/merges/1")
    assert undone.status_code == 303
    message = f"Отдельные записи: {SURVIVOR_ID} и {DUPLICATE_ID}."
    assert message in editor_client.get(f"/ru/desk/people/{SURVIVOR_ID}").text
    with own_services.database.read() as session:
        assert queries.load_records(session, [SURVIVOR_ID, DUPLICATE_ID]) == before
    assert editor_client.get("/en/desk/merges/1").status_code == 409


def test_undo_page_names_the_draft_it_ends(editor_client: FlaskClient, own_services: Services) -> None:
    with own_services.database.read() as session:
        record = queries.load_records(session, [DUPLICATE_ID])[DUPLICATE_ID]
    with own_services.database.write() as session:
        save_records(session, [{**record, "countries": ["FR"]}], OPERATOR, "", publish=False)
    form = fields(editor_client.get(MERGE))
    assert editor_client.post("/en/desk/merge", data={**form, "do": "merge"}).status_code == 303
    message = "The record then matches the published version and is no longer a draft."
    assert message in editor_client.get("/en/desk/merges/1").text
    submit_form(editor_client, "/en/desk/merges/1")
    # Readers see that nothing changed, in both histories.
    for person in (SURVIVOR_ID, DUPLICATE_ID):
        history = editor_client.get(f"/en/people/{person}/history").text
        assert history.count("First published.") == 1
        assert history.count("View changes") == 1
        revision = max(map(int, attributes(history, "li[value]", "value")))
        changes = editor_client.get(f"/en/people/{person}/revisions/{revision}/changes").text
        assert "There are no differences between these versions." in changes


def test_invalid_merge_result_is_rejected_and_input_is_preserved(
    editor_client: FlaskClient, own_services: Services
) -> None:
    """Combine Nizami's death in 1209 with a birth in 1885."""
    address = f"/en/desk/merge?kept={SURVIVOR_ID}&gone=nizami-gencevi"
    form = {**fields(editor_client.get(address)), "take.death.date": "gone"}
    response = editor_client.post("/en/desk/merge", data={**form, "do": "merge", "text": "Kept <words>"})
    assert response.status_code == 422
    assert "Kept &lt;words&gt;" in response.text
    assert fields(response)["take.death.date"] == "gone"


def test_stale_revision_is_reported(editor_client: FlaskClient) -> None:
    form = {**fields(editor_client.get(MERGE)), "base_gone": "7"}
    for do in ("show", "merge"):
        assert editor_client.post("/en/desk/merge", data={**form, "do": do}).status_code == 409


def test_a_record_is_split_into_two_drafts(editor_client: FlaskClient) -> None:
    path = f"/en/desk/people/{SURVIVOR_ID}/split"
    page = editor_client.get(path)
    assert page.status_code == 200
    refused = editor_client.post(path, data={**fields(page), "take.works.0": "goes"})
    assert refused.status_code == 422
    assert fields(refused)["take.works.0"] == "goes"
    response = editor_client.post(
        path, data={**fields(refused), "take.names.1": "goes", "text": "Two\r\nmen"}
    )
    assert response.status_code == 303
    result_page = editor_client.get(response.location)
    assert "/en/desk/merge?kept=" in result_page.text
    assert editor_client.post(path, data=fields(page)).status_code == 409


def test_contributors_cannot_merge(contributor_client: FlaskClient) -> None:
    assert contributor_client.get(MERGE).status_code == 403
    token = fetch_csrf_token(contributor_client, "/en/account")
    response = contributor_client.post("/en/desk/merge", data={"csrf_token": token, "kept": SURVIVOR_ID})
    assert response.status_code == 403


def test_old_urls_redirect_to_the_survivor_until_undone(
    app: Flask, editor_client: FlaskClient, own_services: Services
) -> None:
    editor_client.post("/en/desk/merge", data={**fields(editor_client.get(MERGE)), "do": "merge"})
    own_services.indexer.sync()
    reader = app.test_client()
    for path, status in ((f"/ru/people/{DUPLICATE_ID}", 301), (f"/api/v1/people/{DUPLICATE_ID}", 308)):
        response = reader.get(path)
        assert response.status_code == status
        assert response.location.endswith(SURVIVOR_ID)
    hits = reader.get("/api/v1/search?q=Ceyhun+Hacıbəyli").get_json()["hits"]
    assert hits[0]["id"] == SURVIVOR_ID
    assert DUPLICATE_ID not in {hit["id"] for hit in hits}
    # Its old revisions are available at the desk only.
    assert editor_client.get(f"/en/desk/people/{DUPLICATE_ID}").status_code == 200
    assert editor_client.get(f"/en/desk/people/{DUPLICATE_ID}/revisions/1").status_code == 200
    submit_form(editor_client, "/en/desk/merges/1")
    own_services.indexer.sync()
    assert reader.get(f"/ru/people/{DUPLICATE_ID}").status_code == 200
    assert reader.get("/api/v1/search?q=Ceyhun+Hacıbəyli").get_json()["hits"][0]["id"] == DUPLICATE_ID
    assert own_services.indexer.verify().matches


def test_record_links_to_merging_and_splitting(
    editor_client: FlaskClient, contributor_client: FlaskClient
) -> None:
    links = (f"/en/desk/merge?gone={SURVIVOR_ID}", f"/en/desk/people/{SURVIVOR_ID}/split")
    for client, seen in ((editor_client, True), (contributor_client, False)):
        page = client.get(f"/en/desk/people/{SURVIVOR_ID}").text
        assert [link in page for link in links] == [seen, seen]
