"""The query on the results page: filter chips, query errors and match reasons."""

import re

import pytest
from flask.testing import FlaskClient

from biobank.search.language.problems import QueryProblem
from biobank.search.query import SearchQuery
from biobank.web.search.query_errors import make_query_problems
from tests.support.pages import attributes, select, select_one, text_at, texts

CHIP = "a.chip"


def _chips(client: FlaskClient, lang: str, **parameters: str) -> list[str]:
    html = client.get(f"/{lang}/search", query_string=parameters).text
    hidden = texts(html, f"{CHIP} .visually-hidden")
    return [
        label.removesuffix(suffix).strip() for label, suffix in zip(texts(html, CHIP), hidden, strict=True)
    ]


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
        ("en", "relation:teacher", ["Related to: teacher"]),
        ("en", "-award:unknown", ["excluding Award: unknown"]),
        ("en", "born:1880..1920", ["Born: 1880–1920"]),
        ("en", "born:188X died:>1950", ["Born: 1880s", "Died: after 1950"]),
        ("en", "born:<1914", ["Born: before 1914"]),
        ("en", "alive:1801..1900", ["Alive: 19th century"]),
        ("ru", "alive:1801..1899", ["Годы жизни: 1801–1899"]),
        ("ru", "born:..1913", ["Родился: до 1914 года"]),
        ("az", "born:>1906", ["Doğulub: 1906-cı ildən sonra"]),
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
    hrefs = attributes(html, CHIP, "href")
    assert len(hrefs) == len(set(hrefs)) == 9
    for href in hrefs:
        response = client.get(href)
        assert response.status_code == 200
        assert len(select(response.text, CHIP)) == 8


def test_query_line_links_to_an_equivalent_search(client: FlaskClient) -> None:
    html = client.get("/en/search?q=opera&profession=composer&gender=-male&born=1880..1920").text
    line = text_at(html, "code#line")
    assert line == "opera profession:composer -gender:male born:1880..1920"
    repeated = client.get("/en/search", query_string={"q": line}).text
    assert texts(repeated, CHIP) == texts(html, CHIP)
    assert attributes(repeated, CHIP, "href") == attributes(html, CHIP, "href")
    assert not select(client.get("/en/search").text, "#line")


def test_results_page_links_to_search_help(client: FlaskClient) -> None:
    page = client.get("/az/search?q=x").text
    assert "Axtarış üzrə yardım" in texts(page, "a[href='/az/search/help']")


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
    notice = select_one(html, ".notice.problems")
    typed = select(notice, "p")[0]
    assert typed.text_content().strip() == f"You entered: {q}"
    assert texts(typed, "mark") == marked
    if fixes is None:
        return
    pages = [client.get(link).text for link in attributes(notice, "a", "href")]
    assert [attributes(page, "#q", "value") for page in pages] == [[fix] for fix in fixes]
    assert not any(select(page, ".problems") for page in pages)


def test_overlapping_query_errors_are_marked_once() -> None:
    query = SearchQuery(text="abc", typed="abcdef")
    troubles = [QueryProblem(0, 4, "nothing"), QueryProblem(2, 6, "misplaced", {"what": "cdef"})]
    problems = make_query_problems(query, troubles)
    assert problems
    assert [(part.text, part.marked) for part in problems.spans] == [("abcd", True), ("ef", False)]
    assert [view.message for view in problems.described] == [problem.message("az") for problem in troubles]


def test_new_query_keeps_filters(client: FlaskClient) -> None:
    html = client.get("/en/search?q=opera&profession=composer&profession=-poet&born=1880..&page=2").text
    hidden = [(field.name, field.value) for field in select(html, "form.field input[type=hidden]")]
    assert hidden == [("profession", "composer"), ("profession", "-poet"), ("born", "1880..")]
    assert "3 filters applied" in text_at(html, "form.field #filter-hint")
    assert attributes(html, ".chips-clear", "href") == ["/en/search?q=opera"]
    assert not select(client.get("/en/search?q=opera").text, ".chips-clear, #filter-hint")
    assert not select(client.get("/en/about?profession=composer").text, "[name=profession]")


def test_result_shows_where_the_words_match(client: FlaskClient) -> None:
    html = client.get("/en/search?q=nizami+poet+ganja&literal=1").text
    reasons = texts(select(html, ".hit-why")[0], "li")
    assert "in the name: nizami" in reasons
    assert "in the headline: ganja, poet" in reasons
    assert not select(client.get("/en/search?profession=poet").text, ".hit-why")


def test_name_match_reason_is_shown(client: FlaskClient) -> None:
    html = client.get("/en/search?q=hacibeyof").text
    assert any(
        summary.startswith("Matched on: hacibeyof → hacıbəyov · typed in plain letters")
        for summary in texts(html, ".hit-why summary")
    )
    html = client.get("/en/search?q=опера").text
    assert any(summary.startswith("Why this result?") for summary in texts(html, ".hit-why summary"))
    assert any(
        re.fullmatch("in the [a-z]+, in Russian: опера", reason) for reason in texts(html, ".hit-why li")
    )


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
    relaxations = [item.getparent().getparent() for item in select(html, "li > a[data-swap] > s")]
    assert len(relaxations) > 1
    for item in relaxations:
        result_page = client.get(select_one(item, "a").attrib["href"]).text
        assert text_at(result_page, "h1#count").startswith(f"{text_at(item, '.count').split()[0]} ")


def test_corrected_word_differs_from_similar_name(client: FlaskClient) -> None:
    html = client.get("/en/search?q=operra+singer").text
    assert re.match(r"\d+ results for similar words", text_at(html, "h1#count"))
    assert "No exact matches. Showing results for:" in html
    assert select(html, "a[href='/en/search?q=opera&profession=singer']")
    html = client.get("/en/search?q=Mamadguluzada+Jalal").text
    assert "similar words" not in html


def test_proximity_and_relations_are_match_reasons(client: FlaskClient) -> None:
    html = client.get("/en/search?q=opera+singer&literal=1").text
    assert "near each other: opera singer" in texts(html, ".hit-why li")
    html = client.get("/en/search?q=student+of+Bulbul").text
    assert "in relationships: Bulbul" in texts(html, ".hit-why li")


def test_many_query_errors_are_truncated_and_counted(client: FlaskClient) -> None:
    page = client.get("/en/search", query_string={"q": "xyz:a " * 60}).text
    notice = select_one(page, ".notice.problems")
    assert len(texts(notice, "li")) == 9
    assert len(select(notice, "mark")) > 8
    assert texts(notice, "li")[-1].endswith(" more")
