"""Merging in a browser without scripts: choice, preview, merge, undo and split."""

import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.publishing import save_many
from biobank.records.people import queries
from tests.support.users import csrf_of, send

KEPT, GONE = "uzeyir-hacibeyov", "ceyhun-hacibeyli"
MERGE = f"/en/desk/merge?kept={KEPT}&gone={GONE}"


def fields(page: TestResponse) -> dict[str, str]:
    """Return what the form of a page submits unchanged."""
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    chosen = re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" checked', page.text)
    return dict([*hidden, *chosen])


def test_records_are_found_by_any_spelling_or_id_and_compared(editors: FlaskClient) -> None:
    found = editors.get(f"/en/desk/merge?q_kept=Узеир+Гаджибеков&q_gone={GONE}&do=search")
    assert found.status_code == 200
    assert f'name="kept" value="{KEPT}"' in found.text
    assert f'name="gone" value="{GONE}"' in found.text
    assert editors.get(MERGE).status_code == 200


def test_nobody_is_offered_to_be_merged_with_themselves(editors: FlaskClient) -> None:
    address = f"/en/desk/merge?kept={KEPT}&q_gone=Узеир+Гаджибеков&do=search"
    assert f'name="gone" value="{KEPT}"' not in editors.get(address).text
    page = editors.get(f"/en/desk/merge?kept={KEPT}&q_gone={KEPT}&do=search")
    assert f"Nobody else here is called “{KEPT}”." in page.text


def test_who_is_not_found_is_told_at_the_field(editors: FlaskClient) -> None:
    page = editors.get("/en/desk/merge?q_kept=zzzzqqq&do=search")
    assert page.status_code == 422
    assert 'href="#q_kept"' in page.text


def test_two_that_cannot_be_merged_are_refused_with_a_way_on(editors: FlaskClient) -> None:
    assert editors.get(f"/en/desk/merge?kept={KEPT}&gone={KEPT}").status_code == 409
    assert editors.get(f"/en/desk/merge?kept={KEPT}&gone=nobody").status_code == 404


def test_a_merge_is_looked_at_done_and_undone(editors: FlaskClient, own_services: Services) -> None:
    with own_services.database.read() as session:
        before = queries.records(session, [KEPT, GONE])
    form = fields(editors.get(MERGE))
    shown = editors.post("/en/desk/merge", data={**form, "take.birth.date": "gone", "do": "show"})
    assert shown.status_code == 200
    assert fields(shown)["take.birth.date"] == "gone"
    done = editors.post(
        "/en/desk/merge", data={**fields(shown), "do": "merge", "text": "One\r\nman"}
    )
    assert done.status_code == 303
    with own_services.database.read() as session:
        merged = queries.records(session, [KEPT, GONE])
    assert list(merged) == [KEPT]
    assert merged[KEPT]["birth"]["date"] == before[GONE]["birth"]["date"]
    merges = editors.get(done.location)
    assert "One\nman" in merges.text
    told = f"Merged: {GONE} into {KEPT}. One\nman"
    assert told in editors.get(f"/en/desk/people/{KEPT}").text
    undone = send(editors, "/en/desk/merges/1")
    assert undone.status_code == 303
    told = f"Две записи: {KEPT} и {GONE}."
    assert told in editors.get(f"/ru/desk/people/{KEPT}").text
    with own_services.database.read() as session:
        assert queries.records(session, [KEPT, GONE]) == before
    assert editors.get("/en/desk/merges/1").status_code == 409


def test_the_page_of_an_undoing_tells_which_draft_ends_with_it(
    editors: FlaskClient, own_services: Services
) -> None:
    with own_services.database.read() as session:
        record = queries.records(session, [GONE])[GONE]
    with own_services.database.write() as session:
        save_many(session, [{**record, "countries": ["FR"]}], OPERATOR, "", publish=False)
    form = fields(editors.get(MERGE))
    assert editors.post("/en/desk/merge", data={**form, "do": "merge"}).status_code == 303
    told = "It then says what is public, and is a draft no more."
    assert told in editors.get("/en/desk/merges/1").text
    send(editors, "/en/desk/merges/1")
    # Readers see that nothing changed, in both histories.
    for person in (KEPT, GONE):
        history = editors.get(f"/en/people/{person}/history").text
        assert history.count("First published.") == 1
        assert history.count("What changed in it") == 1
        revision = max(map(int, re.findall(r'<li value="(\d+)"', history)))
        changes = editors.get(f"/en/people/{person}/revisions/{revision}/changes").text
        assert "Nothing differs between the two." in changes


def test_a_result_that_is_no_record_is_told_and_nothing_typed_is_lost(
    editors: FlaskClient, own_services: Services
) -> None:
    """Combine Nizami's death in 1209 with a birth in 1885."""
    address = f"/en/desk/merge?kept={KEPT}&gone=nizami-gencevi"
    form = {**fields(editors.get(address)), "take.death.date": "gone"}
    answer = editors.post("/en/desk/merge", data={**form, "do": "merge", "text": "Kept <words>"})
    assert answer.status_code == 422
    assert "Kept &lt;words&gt;" in answer.text
    assert fields(answer)["take.death.date"] == "gone"


def test_what_was_saved_meanwhile_is_told(editors: FlaskClient) -> None:
    form = {**fields(editors.get(MERGE)), "base_gone": "7"}
    for do in ("show", "merge"):
        assert editors.post("/en/desk/merge", data={**form, "do": do}).status_code == 409


def test_a_record_is_split_into_two_drafts(editors: FlaskClient) -> None:
    path = f"/en/desk/people/{KEPT}/split"
    page = editors.get(path)
    assert page.status_code == 200
    refused = editors.post(path, data={**fields(page), "take.works.0": "goes"})
    assert refused.status_code == 422
    assert fields(refused)["take.works.0"] == "goes"
    done = editors.post(
        path, data={**fields(refused), "take.names.1": "goes", "text": "Two\r\nmen"}
    )
    assert done.status_code == 303
    told = editors.get(done.location)
    assert "/en/desk/merge?kept=" in told.text
    assert editors.post(path, data=fields(page)).status_code == 409


def test_contributors_see_no_merging(contributors: FlaskClient) -> None:
    assert contributors.get(MERGE).status_code == 403
    token = csrf_of(contributors, "/en/account")
    answer = contributors.post("/en/desk/merge", data={"csrf_token": token, "kept": KEPT})
    assert answer.status_code == 403


def test_old_addresses_lead_to_the_kept_one_and_back_once_undone(
    app: Flask, editors: FlaskClient, own_services: Services
) -> None:
    editors.post("/en/desk/merge", data={**fields(editors.get(MERGE)), "do": "merge"})
    own_services.indexer.sync()
    reader = app.test_client()
    for path, status in ((f"/ru/people/{GONE}", 301), (f"/api/v1/people/{GONE}", 308)):
        answer = reader.get(path)
        assert answer.status_code == status
        assert answer.location.endswith(KEPT)
    hits = reader.get("/api/v1/search?q=Ceyhun+Hacıbəyli").get_json()["hits"]
    assert hits[0]["id"] == KEPT
    assert GONE not in {hit["id"] for hit in hits}
    # Its old revisions are available at the desk only.
    assert editors.get(f"/en/desk/people/{GONE}").status_code == 200
    assert editors.get(f"/en/desk/people/{GONE}/revisions/1").status_code == 200
    send(editors, "/en/desk/merges/1")
    own_services.indexer.sync()
    assert reader.get(f"/ru/people/{GONE}").status_code == 200
    assert reader.get("/api/v1/search?q=Ceyhun+Hacıbəyli").get_json()["hits"][0]["id"] == GONE
    assert own_services.indexer.verify().agrees


def test_a_record_shows_the_ways_to_merge_and_split_it(
    editors: FlaskClient, contributors: FlaskClient
) -> None:
    ways = (f"/en/desk/merge?gone={KEPT}", f"/en/desk/people/{KEPT}/split")
    for client, seen in ((editors, True), (contributors, False)):
        page = client.get(f"/en/desk/people/{KEPT}").text
        assert [way in page for way in ways] == [seen, seen]
