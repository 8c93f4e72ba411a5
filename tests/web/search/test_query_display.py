"""The query on the results page: filter chips, query errors and match reasons."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from biobank.search.language.problems import QueryProblem
from biobank.search.query import SearchQuery
from biobank.web.search.query_errors import make_query_problems

CHIP = re.compile(r'<a class="chip [^"]*" href="([^"]+)"[^>]*>(.*?)<span class="visually-hidden">', re.DOTALL)


def _chips(client: FlaskClient, lang: str, **parameters: str) -> list[str]:
    html = client.get(f"/{lang}/search", query_string=parameters).text
    return [" ".join(unescape(re.sub("<[^>]*>", " ", inner)).split()) for _, inner in CHIP.findall(html)]


@pytest.mark.parametrize(
    ("lang", "q", "chips"),
    [
        ("en", "name:uzeyir", ["Name: uzeyir"]),
        ("en", '"blind poet"', ["“blind poet”"]),
        ("en", 'text:"blind poet"', ["In the text: “blind poet”"]),
        ("en", "compos*", ["compos…"]),
        ("en", "age:>90", ["Age: ≥ 91"]),
        ("en", "age:60..70", ["Age: 60–70"]),
        ("en", "near:Şuşa~50km", ["Near: Shusha, 50 km"]),
        ("en", "relation:teacher", ["Tied to: teacher"]),
        ("en", "-award:unknown", ["excluding Award: unknown"]),
        ("en", "born:1880..1920", ["Born: 1880–1920"]),
        ("en", "born:188X died:>1950", ["Born: 1880s", "Died: >1950"]),
        ("ru", "рождение:1880..", ["Родился: 1880 или позднее"]),
        ("az", "doğum:1885-09-18", ["Doğulub: 18 sentyabr 1885"]),
        ("az", "peşə:şair", ["Peşə: şair"]),
        ("en", "(name:uzeyir OR age:..30)", ["name: uzeyir or age: ≤ 30"]),
        ("en", "(profession:poet gender:female) OR opera", ["profession: poet + gender: female or opera"]),
    ],
)
def test_every_condition_is_a_chip_in_words(client: FlaskClient, lang: str, q: str, chips: list[str]) -> None:
    assert _chips(client, lang, q=q) == chips


def test_area_is_shown_in_degrees(client: FlaskClient) -> None:
    assert _chips(client, "en", bbox="44,38,51.5,42", tie="birth") == [
        "On the map, born: 38–42° N, 44–51.5° E"
    ]
    assert _chips(client, "en", bbox="-10,-5,10,5") == ["On the map: 5° S – 5° N, 10° W – 10° E"]


def test_every_filter_chip_removes_its_condition(client: FlaskClient) -> None:
    q = 'opera compos* "Leyli" -text:poet near:baku~50km age:>20 (name:uzeyir OR born:1885)'
    html = client.get("/en/search", query_string={"q": q, "century": "19", "died": "1900.."}).text
    hrefs = [unescape(href) for href, _ in CHIP.findall(html)]
    assert len(hrefs) == len(set(hrefs)) == 9
    for href in hrefs:
        response = client.get(href)
        assert response.status_code == 200
        assert len(CHIP.findall(response.text)) == 8


def test_query_line_links_to_an_equivalent_search(client: FlaskClient) -> None:
    html = client.get("/en/search?q=opera&profession=composer&gender=-male&born=1880..1920").text
    line = re.search(r'<code id="line">([^<]*)</code>', html)
    assert line
    assert unescape(line[1]) == "opera profession:composer -gender:male born:1880..1920"
    again = client.get("/en/search", query_string={"q": unescape(line[1])}).text
    assert CHIP.findall(again) == CHIP.findall(html)
    assert 'id="line"' not in client.get("/en/search").text


def test_results_page_links_to_search_help(client: FlaskClient) -> None:
    assert 'href="/az/search/help">Axtarış üzrə yardım' in client.get("/az/search?q=x").text


@pytest.mark.parametrize(
    ("q", "marked", "fixes"),
    [
        ("profession:poett opera", ["profession:poett"], ["profession:poet opera"]),
        ('"Leyli and', ['"'], ['"Leyli and"', "Leyli and"]),
        ("(opera poet", ["("], ["(opera poet)", "opera poet"]),
        ("opera)", [")"], ["opera"]),
        ("opera OR", ["OR"], ["opera"]),
        ("profesion:poet", ["profesion:"], ["profession:poet"]),
        ("near:Şuşe~5km", ["near:Şuşe~5km"], ["near:Shusha~5km"]),
        ("deathplace:Parris", ["deathplace:Parris"], ["deathplace:Paris"]),
        ("born:xyz", ["born:xyz"], []),
        ("opera profession:poett born:xyz", ["profession:poett", "born:xyz"], None),
    ],
)
def test_query_errors_are_marked_with_correction_links(
    client: FlaskClient, q: str, marked: list[str], fixes: list[str] | None
) -> None:
    html = client.get("/en/search", query_string={"q": q}).text
    notice = re.search(r'<div class="notice problems">(.*?)</div>', html, re.DOTALL)
    assert notice
    typed = re.search(r"You entered: </span>(.*?)</p>", notice[1])
    assert typed
    assert unescape(re.sub("<[^>]*>", "", typed[1])) == q
    assert [unescape(part) for part in re.findall("<mark>(.*?)</mark>", typed[1])] == marked
    if fixes is None:
        return
    links = [unescape(href) for href in re.findall(r'<a href="([^"]+)"', notice[1])]
    pages = [client.get(link).text for link in links]
    assert len(links) == len(fixes)
    for html, fix in zip(pages, fixes, strict=True):
        assert f'value="{escape(fix)}"' in html
        assert "problems" not in html


def test_overlapping_query_errors_are_marked_once() -> None:
    query = SearchQuery(text="abc", typed="abcdef")
    troubles = [QueryProblem(0, 4, "nothing", "one"), QueryProblem(2, 6, "nothing", "two")]
    problems = make_query_problems(query, troubles)
    assert problems
    assert [(part.text, part.marked) for part in problems.spans] == [("abcd", True), ("ef", False)]
    assert [problem.message for problem in problems.described] == ["one", "two"]


def test_new_query_keeps_filters(client: FlaskClient) -> None:
    html = client.get("/en/search?q=opera&profession=composer&profession=-poet&born=1880..&page=2").text
    form = re.search(r'<form class="field".*?</form>', html, re.DOTALL)
    assert form
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0])
    assert hidden == [("profession", "composer"), ("profession", "-poet"), ("born", "1880..")]
    assert "3 filters applied" in form[0]
    assert 'class="chips-clear" href="/en/search?q=opera"' in html
    plain = client.get("/en/search?q=opera").text
    assert "chips-clear" not in plain
    assert "kept-hint" not in plain
    elsewhere = client.get("/en/about?profession=composer").text
    assert 'name="profession"' not in elsewhere


def test_result_shows_where_the_words_match(client: FlaskClient) -> None:
    html = client.get("/en/search?q=nizami+poet+ganja").text
    why = re.search(r'<details class="hit-why">(.*?)</details>', html, re.DOTALL)
    assert why
    assert "<li>in the name: <q>nizami</q></li>" in why[1]
    assert "<li>in the headline: <q>ganja</q>, <q>poet</q></li>" in why[1]
    assert 'class="hit-why"' not in client.get("/en/search?profession=poet").text


def test_name_match_reason_is_shown(client: FlaskClient) -> None:
    html = client.get("/en/search?q=hacibeyof").text
    assert re.search(r"<summary>Matched on: hacibeyof → hacıbəyov · typed in plain letters<", html)
    html = client.get("/en/search?q=опера").text
    assert "<summary>Why this result?<" in html
    assert re.search(r"<li>in the [a-z]+, in Russian: <q>опера</q></li>", html)


def test_uncertain_dates_are_explained_for_date_filters(client: FlaskClient) -> None:
    band = "birth date used for search: 1136–1146"
    assert band in client.get("/en/search?q=nizami&sort=birth").text
    assert band in client.get("/en/search?q=nizami&born=1140").text
    assert band not in client.get("/en/search?q=nizami").text
    assert (
        "birth date used for search:"
        not in client.get("/en/search?q=hacibeyov&profession=composer&sort=-birth").text
    )
    assert "axtarış üçün vəfat tarixi:" in client.get("/az/search?q=nizami&died=12XX").text


def test_empty_results_suggest_relaxations_with_counts(client: FlaskClient) -> None:
    html = client.get("/en/search?profession=composer&gender=female&born=..1880").text
    relaxations = re.findall(
        r'<li><a href="([^"]+)" data-swap><s>([^<]+)</s></a> <span class="count">(\d+)', html
    )
    assert len(relaxations) > 1
    for href, _label, count in relaxations:
        result_page = client.get(unescape(href)).text
        assert re.search(rf'<h1 id="count"[^>]*>\s*{count} ', result_page)


def test_corrected_word_differs_from_similar_name(client: FlaskClient) -> None:
    html = client.get("/en/search?q=operra+singer").text
    assert re.search(r'<h1 id="count"[^>]*>\s*\d+ results for similar words', html)
    assert "No exact matches. Showing results for:" in html
    assert 'href="/en/search?q=opera+singer"' in html
    html = client.get("/en/search?q=Mamadguluzada+Jalal").text
    assert "similar words" not in html


def test_proximity_and_relations_are_match_reasons(client: FlaskClient) -> None:
    html = client.get("/en/search?q=opera+singer").text
    assert "<li>near each other: <q>opera singer</q></li>" in html
    html = client.get("/en/search?q=student+of+Bulbul").text
    assert "<li>in relationships: <q>Bulbul</q></li>" in html


def test_many_query_errors_are_truncated_and_counted(client: FlaskClient) -> None:
    page = client.get("/en/search", query_string={"q": "xyz:a " * 60}).text
    notice = page.split('class="notice problems"')[1].split("</div>")[0]
    assert notice.count("<li>") == 9
    assert notice.count("<mark>") > 8
    assert " more</li>" in notice
