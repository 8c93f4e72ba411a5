"""Worklists: counts equal searches, progress charts, and saved searches."""

import csv
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.common.clock import now
from biobank.editorial.models import WorklistCount
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.worklists.members import WORKLISTS
from biobank.records.people import queries
from biobank.web.desk.worklists.labels import LIST_GROUPS, LIST_TITLES
from tests.support.pages import attributes, select, select_one, text_at, text_of, texts
from tests.support.users import submit_form

PATH = "/en/desk/worklists"


def test_every_list_has_one_title_and_group() -> None:
    assert [id_ for _, ids in LIST_GROUPS for id_ in ids] == [*LIST_TITLES]
    assert set(LIST_TITLES) == set(WORKLISTS)


@pytest.mark.parametrize("list_id", WORKLISTS)
def test_list_search_and_file_have_the_same_people(contributor_client: FlaskClient, list_id: str) -> None:
    row = select_one(contributor_client.get(PATH).text, f".worklists > li:has(a[href='{PATH}/{list_id}'])")
    (address,) = attributes(row, "a[href^='/en/search?']", "href")
    api = contributor_client.get(address.replace("/en/search", "/api/v1/search")).json
    assert api["query"]["problems"] == []
    table = contributor_client.get(f"{PATH}/{list_id}.csv")
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert len(rows) == api["total"] == int(text_at(row, "strong"))
    page = contributor_client.get(f"{PATH}/{list_id}").text
    people = attributes(page, ".list-row a[href^='/en/people/']", "href")
    assert people == [f"/en/people/{row['id']}" for row in rows][:50]


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
        return text_at(page, ".list-row:has(a[href='/en/people/uzeyir-hacibeyov']) p.hint")

    assert why("stale-ru") == "newer: English"
    assert why("unsourced-biographies") == "English"
    assert "death" in why("unsourced-facts")
    assert why("uncertain-dates") == "death: c. 1948"
    assert why("unchecked") == "3 February 2001"
    page = editor_client.get("/ru/people/uzeyir-hacibeyov").text
    assert select(page, "a[href='/en/people/uzeyir-hacibeyov#life-title'][lang=en]")
    assert "Последняя сверка с источниками: 3 февраля 2001" in text_of(page)
    assert "#life-title" not in editor_client.get("/en/people/uzeyir-hacibeyov").text


def test_progress_has_chart_and_table(editor_client: FlaskClient, own_services: Services) -> None:
    assert not select(editor_client.get(PATH).text, "desc")
    today = now().date()
    with own_services.database.write() as session:
        for days, count in ((300, 40), (20, 30), (0, 25)):
            day = today - timedelta(days=days)
            session.add(WorklistCount(day=day, list="dead-ends", count=count))
    page = editor_client.get(f"{PATH}/dead-ends").text
    chart = select(page, "svg[role=img]")[0]
    assert chart.attrib["aria-labelledby"].split()[0] == select_one(chart, "title").attrib["id"]
    path = select(chart, ".progress-line")[0].attrib["d"]
    points = [tuple(map(float, point.split())) for point in path.removeprefix("M").split("L")]
    assert [points[0], points[-1]] == [(0.0, 0.0), (400.0, 37.5)]
    assert texts(page, "tbody td") == ["25", "30", "40"]
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
    link = "#searches a[href='/en/search?profession=composer&born=1880..1920']"
    assert text_at(page, link) == "Composers <i>"
    assert re.match(rf"{total}\b", texts(page, "#searches .hint")[0])
    seen = contributor_client.get(PATH).text
    assert "Composers &lt;i&gt;" in seen
    assert not select(seen, "[name=remove]")
    id_ = select_one(page, "[name=remove]").attrib["value"]
    assert submit_form(contributor_client, PATH, remove=id_).status_code == 404
    assert submit_form(editor_client, PATH, remove=id_).status_code == 303
    assert "Composers" not in editor_client.get(PATH).text


@pytest.mark.parametrize(
    ("fields", "invalid"),
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
    editor_client: FlaskClient, fields: dict[str, str], invalid: str
) -> None:
    page = submit_form(editor_client, PATH, **fields)
    assert page.status_code == 422
    assert select(page.text, f"a[href='#{invalid}']")
    assert select(page.text, f"#{invalid}-error")
    assert attributes(page.text, "#question", "value") == [fields["question"]]


def test_search_page_links_to_saving_for_desk_users(editor_client: FlaskClient, app: Flask) -> None:
    page = editor_client.get("/en/search?q=opera&gender=female").text
    link = select_one(page, "a[href^='/en/desk/worklists?question=']").attrib["href"]
    form = editor_client.get(link.partition("#")[0]).text
    assert attributes(form, "#question", "value") == ["/en/search?q=opera&gender=female"]
    assert "/desk/worklists" not in app.test_client().get("/en/search?q=opera").text
