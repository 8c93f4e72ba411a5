"""Worklists: counts equal searches, progress charts, and saved searches."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.common.clock import now
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.worklists.members import WORKLISTS
from biobank.editorial.worklists.models import WorklistCount
from biobank.records.people import queries
from biobank.web.desk.worklists.labels import LIST_GROUPS, LIST_TITLES
from tests.support.pages import text_of
from tests.support.users import submit_form

PATH = "/en/desk/worklists"


def test_every_list_has_one_title_and_group() -> None:
    assert [id_ for _, ids in LIST_GROUPS for id_ in ids] == [*LIST_TITLES]
    assert set(LIST_TITLES) == set(WORKLISTS)


@pytest.mark.parametrize("list_id", WORKLISTS)
def test_list_search_and_file_have_the_same_people(contributor_client: FlaskClient, list_id: str) -> None:
    overview = contributor_client.get(PATH).text
    row = overview.partition(f'href="{PATH}/{list_id}"')[2].partition("</li>")[0]
    count = re.search(r"<strong>(\d+)</strong>", row)
    search = re.search(r'href="(/en/search\?[^"]+)"', row)
    assert count
    assert search
    address = html.unescape(search[1])
    api = contributor_client.get(address.replace("/en/search", "/api/v1/search")).json
    assert api["query"]["problems"] == []
    table = contributor_client.get(f"{PATH}/{list_id}.csv")
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert len(rows) == api["total"] == int(count[1])
    page = contributor_client.get(f"{PATH}/{list_id}").text
    listed_ids = re.findall(r'<li class="list-row">.*?href="/en/people/([^"]+)"', page, re.DOTALL)
    assert listed_ids == [row["id"] for row in rows][:50]


def test_list_gives_the_reason_for_each_person(editor_client: FlaskClient, own_services: Services) -> None:
    with own_services.database.write() as session:
        record = dict(queries.load_record(session, "uzeyir-hacibeyov") or {})
        record["biography"] = {**record["biography"], "en": "Newer, and without any citation."}
        record["death"] = {"date": "1948~"}
        record["checked"] = {"on": "2001-02-03"}
        save_records(session, [record], OPERATOR, "a text", publish=True)
    own_services.indexer.sync()

    def why(list_id: str) -> str:
        page = editor_client.get(f"{PATH}/{list_id}").text
        row = page.partition('href="/en/people/uzeyir-hacibeyov"')[2].partition("</li>")[0]
        return text_of(row.partition('<p class="hint">')[2].partition("</p>")[0])

    assert why("stale-ru") == "newer: English"
    assert why("unsourced-biographies") == "English"
    assert "death" in why("unsourced-facts")
    assert why("uncertain-dates") == "death: c. 1948"
    assert why("unchecked") == "3 February 2001"
    page = editor_client.get("/ru/people/uzeyir-hacibeyov").text
    assert 'href="/en/people/uzeyir-hacibeyov#life-title" lang="en"' in page
    assert "Последняя сверка с источниками: 3 февраля 2001" in text_of(page)
    assert "#life-title" not in editor_client.get("/en/people/uzeyir-hacibeyov").text


def test_progress_has_chart_and_table(editor_client: FlaskClient, own_services: Services) -> None:
    assert "<desc" not in editor_client.get(PATH).text
    today = now().date()
    with own_services.database.write() as session:
        for days, count in ((300, 40), (20, 30), (0, 25)):
            day = today - timedelta(days=days)
            session.add(WorklistCount(day=day, list="dead-ends", count=count))
    page = editor_client.get(f"{PATH}/dead-ends").text
    assert re.search(r'role="img" aria-labelledby="([\w-]+) ([\w-]+)"><title id="\1">', page)
    path = re.search(r'class="progress-line" d="M([^"]+)"', page)
    assert path
    points = [tuple(map(float, point.split())) for point in path[1].split("L")]
    assert [points[0], points[-1]] == [(0.0, 0.0), (400.0, 37.5)]
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert re.findall(r"<td>(\d+)</td>", table) == ["25", "30", "40"]
    overview = text_of(editor_client.get(PATH).text)
    count = len(own_services.search.all_ids(WORKLISTS["dead-ends"].to_query("en", today)))
    assert f"{'+' if count > 30 else '−'}{abs(count - 30)} in 30 days" in overview


def test_search_is_saved_counted_and_removed(
    editor_client: FlaskClient, contributor_client: FlaskClient
) -> None:
    address = "/en/search?profession=composer&born=1880..1920&page=2"
    response = submit_form(editor_client, PATH, name="Composers <i>", question=address, shared="1")
    assert response.status_code == 303
    total = editor_client.get("/api/v1/search?profession=composer&born=1880..1920").json["total"]
    page = editor_client.get(PATH).text
    assert "Composers &lt;i&gt;" in page
    assert 'href="/en/search?profession=composer&amp;born=1880..1920"' in page
    saved_section = page.partition('id="searches"')[2]
    assert re.search(rf'class="hint">{total}\b', saved_section)
    seen = contributor_client.get(PATH).text
    assert "Composers &lt;i&gt;" in seen
    assert 'name="remove"' not in seen
    id_ = re.search(r'name="remove" value="(\d+)"', page)
    assert id_
    assert submit_form(contributor_client, PATH, remove=id_[1]).status_code == 404
    assert submit_form(editor_client, PATH, remove=id_[1]).status_code == 303
    assert "Composers" not in editor_client.get(PATH).text


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
def test_form_errors_are_shown_and_input_is_preserved(
    editor_client: FlaskClient, fields: dict[str, str], wrong: str
) -> None:
    page = submit_form(editor_client, PATH, **fields)
    assert page.status_code == 422
    assert f'href="#{wrong}"' in page.text
    assert f'id="{wrong}-error"' in page.text
    assert f'value="{html.escape(fields["question"])}"' in page.text


def test_search_page_links_to_saving_for_desk_users(editor_client: FlaskClient, app: Flask) -> None:
    page = editor_client.get("/en/search?q=opera&gender=female").text
    link = re.search(r'href="(/en/desk/worklists\?question=[^"]+)"', page)
    assert link
    form = editor_client.get(html.unescape(link[1]).partition("#")[0]).text
    assert 'value="/en/search?q=opera&amp;gender=female"' in form
    assert "/desk/worklists" not in app.test_client().get("/en/search?q=opera").text
