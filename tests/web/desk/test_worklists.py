"""Worklists: counts equal searches, progress charts, and saved searches."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.clock import now
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.publishing import save_many
from biobank.editorial.worklists.lists import LISTS
from biobank.editorial.worklists.models import WorklistCount
from biobank.records.people import queries
from biobank.web.desk.worklists.titles import GROUPS, TITLES
from tests.support.pages import text_of
from tests.support.users import send

PATH = "/en/desk/worklists"


def test_every_list_stands_on_the_page_once() -> None:
    assert [id_ for _, ids in GROUPS for id_ in ids] == [*TITLES]
    assert set(TITLES) == set(LISTS)


@pytest.mark.parametrize("list_id", LISTS)
def test_a_list_its_search_and_its_file_hold_the_same_people(
    contributors: FlaskClient, list_id: str
) -> None:
    overview = contributors.get(PATH).text
    row = overview.partition(f'href="{PATH}/{list_id}"')[2].partition("</li>")[0]
    count = re.search(r"<strong>(\d+)</strong>", row)
    search = re.search(r'href="(/en/search\?[^"]+)"', row)
    assert count
    assert search
    address = html.unescape(search[1])
    api = contributors.get(address.replace("/en/search", "/api/v1/search")).json
    assert api["query"]["problems"] == []
    table = contributors.get(f"{PATH}/{list_id}.csv")
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert len(rows) == api["total"] == int(count[1])
    page = contributors.get(f"{PATH}/{list_id}").text
    shown = re.findall(r'<li class="kept-row">.*?href="/en/people/([^"]+)"', page, re.DOTALL)
    assert shown == [row["id"] for row in rows][:50]


def test_a_list_says_why_somebody_is_on_it(editors: FlaskClient, own_services: Services) -> None:
    with own_services.database.write() as session:
        record = dict(queries.record(session, "uzeyir-hacibeyov") or {})
        record["biography"] = {**record["biography"], "en": "Newer, and without any citation."}
        record["death"] = {"date": "1948~"}
        record["checked"] = {"on": "2001-02-03"}
        save_many(session, [record], OPERATOR, "a text", publish=True)
    own_services.indexer.sync()

    def why(list_id: str) -> str:
        page = editors.get(f"{PATH}/{list_id}").text
        row = page.partition('href="/en/people/uzeyir-hacibeyov"')[2].partition("</li>")[0]
        return text_of(row.partition('<p class="hint">')[2].partition("</p>")[0])

    assert why("stale-ru") == "newer: English"
    assert why("unsourced-biographies") == "English"
    assert "death" in why("unsourced-facts")
    assert why("uncertain-dates") == "death: c. 1948"
    assert why("unchecked") == "3 February 2001"
    page = editors.get("/ru/people/uzeyir-hacibeyov").text
    assert 'href="/en/people/uzeyir-hacibeyov#life-title" lang="en"' in page
    assert "Сверено с источниками: 3 февраля 2001" in text_of(page)
    assert "#life-title" not in editors.get("/en/people/uzeyir-hacibeyov").text


def test_the_progress_is_drawn_and_told_in_numbers(
    editors: FlaskClient, own_services: Services
) -> None:
    assert "<desc" not in editors.get(PATH).text
    today = now().date()
    with own_services.database.write() as session:
        for days, count in ((300, 40), (20, 30), (0, 25)):
            day = today - timedelta(days=days)
            session.add(WorklistCount(day=day, list="dead-ends", count=count))
    page = editors.get(f"{PATH}/dead-ends").text
    assert re.search(r'role="img" aria-labelledby="([\w-]+) ([\w-]+)"><title id="\1">', page)
    path = re.search(r'class="progress-line" d="M([^"]+)"', page)
    assert path
    points = [tuple(map(float, each.split())) for each in path[1].split("L")]
    assert [points[0], points[-1]] == [(0.0, 0.0), (400.0, 37.5)]
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert re.findall(r"<td>(\d+)</td>", table) == ["25", "30", "40"]
    overview = text_of(editors.get(PATH).text)
    count = len(own_services.search.everybody(LISTS["dead-ends"].question("en", today)))
    assert f"{'+' if count > 30 else '−'}{abs(count - 30)} in 30 days" in overview


def test_a_search_is_kept_counts_itself_and_is_removed(
    editors: FlaskClient, contributors: FlaskClient
) -> None:
    address = "/en/search?profession=composer&born=1880..1920&page=2"
    done = send(editors, PATH, name="Composers <i>", question=address, shared="1")
    assert done.status_code == 303
    total = editors.get("/api/v1/search?profession=composer&born=1880..1920").json["total"]
    page = editors.get(PATH).text
    assert "Composers &lt;i&gt;" in page
    assert 'href="/en/search?profession=composer&amp;born=1880..1920"' in page
    kept = page.partition('id="searches"')[2]
    assert re.search(rf'class="hint">{total}\b', kept)
    seen = contributors.get(PATH).text
    assert "Composers &lt;i&gt;" in seen
    assert 'name="remove"' not in seen
    id_ = re.search(r'name="remove" value="(\d+)"', page)
    assert id_
    assert send(contributors, PATH, remove=id_[1]).status_code == 404
    assert send(editors, PATH, remove=id_[1]).status_code == 303
    assert "Composers" not in editors.get(PATH).text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "", "question": "lacks:en"}, "name"),
        ({"name": "a", "question": ""}, "question"),
        ({"name": "a", "question": "/en/search?born=never"}, "question"),
        ({"name": "a", "question": "http://[x"}, "question"),
        ({"name": "a", "question": "/s?" + "&a=1" * 300}, "question"),
        ({"name": "a", "question": "b" * 601}, "question"),
    ],
)
def test_a_form_that_is_wrong_says_where_and_keeps_what_was_typed(
    editors: FlaskClient, fields: dict[str, str], wrong: str
) -> None:
    page = send(editors, PATH, **fields)
    assert page.status_code == 422
    assert f'href="#{wrong}"' in page.text
    assert f'id="{wrong}-wrong"' in page.text
    assert f'value="{html.escape(fields["question"])}"' in page.text


def test_the_page_of_a_search_leads_to_keeping_it_for_those_at_the_desk(
    editors: FlaskClient, app: Flask
) -> None:
    page = editors.get("/en/search?q=opera&gender=female").text
    way = re.search(r'href="(/en/desk/worklists\?question=[^"]+)"', page)
    assert way
    form = editors.get(html.unescape(way[1]).partition("#")[0]).text
    assert 'value="/en/search?q=opera&amp;gender=female"' in form
    assert "/desk/worklists" not in app.test_client().get("/en/search?q=opera").text
