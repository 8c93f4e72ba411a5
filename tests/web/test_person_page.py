"""The person page: facts, sources and uncertainty."""

import re

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.records.people import browsing
from biobank.web.facts import doubt
from biobank.web.footnotes import Footnotes
from biobank.web.life import make_life
from biobank.web.person_page import PersonPage, make_person_page
from biobank.web.sources import source_views

PERSON = "uzeyir-hacibeyov"


def page_of(app: Flask, services: Services, person_id: str, lang: str = "en") -> PersonPage:
    with app.test_request_context(f"/{lang}/people/{person_id}"):
        g.lang = lang
        return make_person_page(services, person_id, lang)


def test_names_are_marked_with_language_script_and_direction(client: FlaskClient) -> None:
    html = client.get(f"/en/people/{PERSON}").text
    assert '<h1 id="name" lang="en" dir="ltr">' in html
    assert re.search(r'<bdi lang="az-Arab" dir="rtl">[^<]+</bdi>', html)
    assert re.search(r'<bdi lang="az-Cyrl" dir="ltr">[^<]+</bdi>', html)


def test_every_mark_leads_to_a_source_and_every_arrow_back(client: FlaskClient) -> None:
    html = client.get(f"/az/people/{PERSON}").text
    marks = re.findall(r'<a class="cite" id="([^"]+)" href="#([^"]+)"', html)
    assert len(marks) > 5
    for anchor, source in marks:
        assert f'<li id="{source}"' in html
        assert f'href="#{anchor}"' in html
    assert "[@" not in html


def test_sources_are_numbered_as_a_reader_meets_them(app: Flask, services: Services) -> None:
    page = page_of(app, services, PERSON)
    assert page.life is not None
    first = list(dict.fromkeys(re.findall(r'href="#source-(\d+)"', page.life.html)))
    assert first == [str(number) for number in range(1, len(first) + 1)]
    assert [source.number for source in page.sources] == list(range(1, len(page.sources) + 1))


def test_a_relation_stands_on_both_pages_under_its_own_role(app: Flask, services: Services) -> None:
    ends = {}
    for person_id in ("uzeyir-hacibeyov", "ceyhun-hacibeyli"):
        page = page_of(app, services, person_id)
        ends[person_id] = {related.card.id: related for related in page.relations}
    assert ends["uzeyir-hacibeyov"]["ceyhun-hacibeyli"].roles[0].label == "sibling"
    assert ends["ceyhun-hacibeyli"]["uzeyir-hacibeyov"].roles[0].label == "sibling"


def test_one_who_taught_is_a_teacher_there_and_has_a_student_here(
    app: Flask, services: Services
) -> None:
    found = False
    for related in page_of(app, services, PERSON).relations:
        if "student" in {role.label for role in related.roles}:
            back = page_of(app, services, related.card.id).relations
            roles = {
                role.label for other in back if other.card.id == PERSON for role in other.roles
            }
            assert "teacher" in roles
            found = True
    assert found


def test_similar_people_come_with_a_reason_and_are_not_the_related_ones(
    app: Flask, services: Services
) -> None:
    page = page_of(app, services, PERSON)
    assert 0 < len(page.alike) <= 6
    assert all(other.reason for other in page.alike)
    related = {related.card.id for related in page.relations}
    assert not related & {other.card.id for other in page.alike}


def test_what_is_not_known_is_left_out(app: Flask, services: Services) -> None:
    with services.database.read() as session:
        ids = browsing.sample(session, 3, 40)
    for person_id in ids:
        for fact in page_of(app, services, person_id).facts:
            assert "unknown" not in fact.date
            assert fact.date or fact.place or fact.links or fact.original


def test_an_uncertain_date_looks_uncertain_and_says_how(client: FlaskClient) -> None:
    html = client.get("/en/people/nizami-gencevi").text
    assert re.search(r'<span class="doubt" title="[^"]+">', html)
    assert 'class="fact-note doubt-note"' in html


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("1885-09-18", ""),
        ("1141~", "approximate: give or take five years"),
        ("1141?", "not certain"),
        ("1141%", "approximate, and not certain"),
        ("[1483..1494]", "some time in these years"),
        ("1483/1494", "some time in these years"),
        ("[1713,1717]", "one of several possible dates"),
        (None, ""),
    ],
)
def test_doubts_in_words(app: Flask, date: str | None, words: str) -> None:
    with app.test_request_context("/en/"):
        g.lang = "en"
        assert doubt(date, point=True) == words


def test_it_says_how_to_cite_it_and_where_its_data_is(client: FlaskClient) -> None:
    html = client.get(f"/ru/people/{PERSON}").text
    assert f"http://localhost/people/{PERSON}" in html
    assert "Узеир Гаджибеков (1885–1948) [Электронный ресурс] // Банк азербайджанских" in html
    assert f'type="application/json" href="/api/v1/people/{PERSON}"' in html
    assert client.get(f"/api/v1/people/{PERSON}").status_code == 200


def test_a_life_told_in_another_language_only_says_so(app: Flask) -> None:
    with app.test_request_context("/en/"):
        g.lang = "en"
        life = make_life({"az": "Yalnız bir dildə."}, "en", Footnotes(frozenset()))
    assert life is not None
    assert (life.lang, life.foreign, life.language) == ("az", True, "in Azerbaijani")
    assert make_life({}, "en", Footnotes(frozenset())) is None


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        "[a](javascript:alert(1))",
        "![a](https://elsewhere.example/x.png)",
        "# A heading\n\n<style>*{display:none}</style>",
        "\ue0009\ue001 [@known] \ue0000\ue001",
    ],
)
def test_a_biography_brings_no_html_of_its_own(app: Flask, text: str) -> None:
    with app.test_request_context("/en/"):
        g.lang = "en"
        life = make_life({"en": text}, "en", Footnotes(frozenset({"known"})))
    assert life is not None
    assert not re.search(r"<(script|img|style|h1|h2)|<[^>]* on\w+=|href=\"javascript", life.html)
    assert "\ue000" not in life.html


def test_several_sources_of_one_sentence_are_marked_each(app: Flask) -> None:
    notes = Footnotes(frozenset({"one", "two"}))
    with app.test_request_context("/en/"):
        g.lang = "en"
        life = make_life({"en": "Said. [@one, p. 3; @two; @gone] And [@two]."}, "en", notes)
    assert life is not None
    numbers = re.findall(r'href="#source-(\d)"', life.html)
    assert numbers == ["1", "2", "2"]
    assert 'title="p. 3"' in life.html
    assert " <sup" not in life.html


def test_a_source_is_told_legibly(app: Flask) -> None:
    notes = Footnotes(frozenset({"a"}))
    notes.mark("a")
    csl = {
        "type": "article-journal",
        "title": "On mugham",
        "author": [{"given": f"N{n}", "family": f"F{n}"} for n in range(5)],
        "container-title": "Music",
        "volume": "3",
        "issue": 2,
        "page": "10-12",
        "issued": {"date-parts": [["1999", 4]]},
        "URL": "https://www.example.org/a?b=1",
        "accessed": {"date-parts": [[2026, 11, 23]]},
    }
    with app.test_request_context("/en/"):
        g.lang = "en"
        (view,) = source_views(notes, {"a": csl}, "en")
    assert view.authors == "N0 F0, N1 F1, N2 F2 and others"
    assert view.details == "3 (2), April 1999, p. 10–12"
    assert (view.host, view.accessed) == ("example.org", "23 November 2026")


@pytest.mark.parametrize(
    "csl",
    [
        {"title": "x", "issued": {"literal": "n.d."}},
        {"title": "x", "issued": {"date-parts": [[]]}, "author": "somebody"},
        {"title": "x", "URL": "https://[bad", "accessed": "today"},
        {"title": "x", "issued": {"date-parts": [["c1900", 99]]}, "author": [{}]},
    ],
)
def test_a_source_that_is_odd_breaks_nothing(app: Flask, csl: dict[str, object]) -> None:
    notes = Footnotes(frozenset({"a"}))
    notes.mark("a")
    with app.test_request_context("/en/"):
        g.lang = "en"
        assert source_views(notes, {"a": csl}, "en")[0].title == "x"
