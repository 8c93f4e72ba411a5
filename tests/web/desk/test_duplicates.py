"""The page of duplicate candidates: comparison, decision and its reversal."""

import re
import threading

import pytest
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.publishing import save_many
from biobank.editorial.suspects import THREAD
from tests.support.users import csrf_of, send

HOSTILE = "<script>alert(1)</script>"
PAGE = "/en/desk/duplicates"


@pytest.fixture(autouse=True)
def twins(own_services: Services) -> None:
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
        save_many(session, records, OPERATOR, "", publish=False)


def test_two_who_may_be_one_stand_side_by_side_with_the_reasons(editors: FlaskClient) -> None:
    html = editors.get(PAGE).text
    assert "1 pair may be one person twice" in html
    assert html.count('<section class="twin">') == 2
    assert "born in the same place: Shusha" in html
    assert html.count('<span class="desk-state">draft</span>') == 2
    assert 'href="/en/desk/people/qurban"' in html
    assert 'href="/en/desk/merge?kept=gurban&amp;gone=qurban"' in html
    assert HOSTILE not in html
    assert "&lt;script&gt;" in html


def test_only_those_who_merge_are_led_there(contributors: FlaskClient) -> None:
    html = contributors.get(PAGE).text
    assert "1 pair may be one person twice" in html
    assert "/en/desk/merge?" not in html


def test_two_are_told_apart_and_that_is_taken_back(contributors: FlaskClient) -> None:
    both = {"first": "qurban", "second": "gurban"}
    answer = send(contributors, PAGE, do="distinct", **both)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    html = contributors.get(PAGE).text
    assert "No duplicates are suspected." in html
    assert re.search(r"Gurban Zafaranov – Qurban Zəfəranov <span class=\"hint\">Aygün, ", html)
    assert contributors.get(
        "/en/desk/duplicates.json?name=Qurban+Zafaranov&id=qurban"
    ).get_json() == {"suspects": []}
    assert send(contributors, PAGE, do="forget", **both).status_code == 303
    html = contributors.get(PAGE).text
    assert "1 pair may be one person twice" in html
    assert "Told apart" not in html


def test_what_is_no_pair_is_refused(contributors: FlaskClient) -> None:
    token = {"csrf_token": csrf_of(contributors, PAGE), "do": "distinct"}
    for pair, status in (
        ({"first": "qurban", "second": "qurban"}, 400),
        ({"first": "qurban", "second": HOSTILE}, 404),
        ({"first": "qurban"}, 404),
    ):
        answer = contributors.post(PAGE, data={**token, **pair})
        assert answer.status_code == status
        assert HOSTILE not in answer.text
    assert contributors.post(PAGE, data={"first": "qurban", "second": "gurban"}).status_code == 400


@pytest.mark.parametrize(
    ("page", "looking", "found"),
    [
        (PAGE, "The whole bank is being looked through", "1 pair may be one person twice"),
        (
            "/en/desk/worklists",
            '<span class="hint">being looked for</span>',
            '<strong>1</strong> <span class="hint">pair</span>',
        ),
    ],
)
def test_who_asks_a_large_bank_first_is_told_that_it_is_looked_through(
    contributors: FlaskClient, own_services: Services, page: str, looking: str, found: str
) -> None:
    own_services.suspects.at_once = 0
    html = contributors.get(page).text
    for thread in threading.enumerate():
        if thread.name == THREAD:
            thread.join()
    assert (looking in html, found in html) == (True, False)
    html = contributors.get(page).text
    assert (looking in html, found in html) == (False, True)


def test_a_page_beyond_the_last_is_empty(contributors: FlaskClient) -> None:
    assert contributors.get(f"{PAGE}?page=9").status_code == 200
    assert contributors.get(f"{PAGE}?page=0").status_code == 400
