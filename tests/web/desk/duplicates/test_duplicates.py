"""The page of duplicate candidates: comparison, decision and its reversal."""

import threading

import pytest
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.duplicates.scan import SCAN_THREAD_NAME
from biobank.editorial.revisions.bulk_save import save_records
from tests.support.pages import select, text_at, texts, visible_text
from tests.support.users import fetch_csrf_token, submit_form

HOSTILE = "<script>alert(1)</script>"
PAGE = "/en/desk/duplicates"


@pytest.fixture(autouse=True)
def duplicate_pair(own_services: Services) -> None:
    records = [
        {
            "id": id_,
            "names": [{"text": name, "lang": "az", "kind": "preferred"}],
            "headline": {"az": HOSTILE},
            "birth": {"date": "1885", "place": "susa"},
        }
        for id_, name in (("qurban", "Qurban Zəfəranov"), ("gurban", "Gurban Zafaranov"))
    ]
    with own_services.database.write() as session:
        save_records(session, records, OPERATOR, "", publish=False)


def test_candidates_are_shown_side_by_side_with_reasons(editor_client: FlaskClient) -> None:
    html = editor_client.get(PAGE).text
    assert "1 possible pair of duplicates" in html
    assert len(select(html, ".duplicate-record")) == 2
    assert "born in the same place: Shusha" in html
    assert texts(html, ".desk-state") == ["draft", "draft"]
    assert select(html, "a[href='/en/desk/people/qurban']")
    assert select(html, "a[href='/en/desk/merge?kept=gurban&gone=qurban']")
    assert HOSTILE not in html
    assert "&lt;script&gt;" in html


def test_merge_link_needs_permission(contributor_client: FlaskClient) -> None:
    html = contributor_client.get(PAGE).text
    assert "1 possible pair of duplicates" in html
    assert not select(html, "a[href*='/en/desk/merge?']")


def test_pair_is_marked_distinct_and_unmarked(contributor_client: FlaskClient) -> None:
    both = {"first": "qurban", "second": "gurban"}
    response = submit_form(contributor_client, PAGE, do="distinct", **both)
    assert (response.status_code, response.headers["Location"]) == (303, PAGE)
    html = contributor_client.get(PAGE).text
    assert "No possible duplicates found." in html
    assert text_at(html, ".distinct-pair p").startswith("Gurban Zafaranov – Qurban Zəfəranov Aygün, ")
    assert contributor_client.get("/en/desk/duplicates.json?name=Qurban+Zafaranov&id=qurban").get_json() == {
        "suspects": []
    }
    assert submit_form(contributor_client, PAGE, do="forget", **both).status_code == 303
    html = contributor_client.get(PAGE).text
    assert "1 possible pair of duplicates" in html
    assert "Marked as different people" not in html


def test_invalid_pair_is_rejected(contributor_client: FlaskClient) -> None:
    token = {"csrf_token": fetch_csrf_token(contributor_client, PAGE), "do": "distinct"}
    for pair, status in (
        ({"first": "qurban", "second": "qurban"}, 400),
        ({"first": "qurban", "second": HOSTILE}, 404),
        ({"first": "qurban"}, 404),
    ):
        response = contributor_client.post(PAGE, data={**token, **pair})
        assert response.status_code == status
        assert HOSTILE not in response.text
    assert contributor_client.post(PAGE, data={"first": "qurban", "second": "gurban"}).status_code == 400


@pytest.mark.parametrize(
    ("page", "before", "after"),
    [
        (PAGE, "Searching the database for duplicates", "1 possible pair of duplicates"),
        ("/en/desk/worklists", "search in progress", "1 pair"),
    ],
)
def test_first_scan_of_a_large_bank_is_announced(
    contributor_client: FlaskClient, own_services: Services, page: str, before: str, after: str
) -> None:
    own_services.duplicate_scans.max_inline_people = 0
    text = visible_text(contributor_client.get(page).text)
    for thread in threading.enumerate():
        if thread.name == SCAN_THREAD_NAME:
            thread.join()
    assert (before in text, after in text) == (True, False)
    text = visible_text(contributor_client.get(page).text)
    assert (before in text, after in text) == (False, True)


def test_a_page_beyond_the_last_is_empty(contributor_client: FlaskClient) -> None:
    assert contributor_client.get(f"{PAGE}?page=9").status_code == 200
    assert contributor_client.get(f"{PAGE}?page=0").status_code == 400
