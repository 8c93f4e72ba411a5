"""The person page: facts, sources and uncertainty."""

import re

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.records.fields import MAX_BIOGRAPHY_CHARS
from biobank.records.people import browse_queries, queries
from biobank.records.people.citations import iter_facts
from biobank.records.people.sentences import paragraph_spans, split_sentences
from biobank.records.people.statement_ids import fact_id, page_fragment, sentence_id
from biobank.web.core.biography import make_biography
from biobank.web.core.footnotes import Footnotes
from biobank.web.people.facts import describe_uncertainty
from biobank.web.people.pages import PersonPage, make_person_page
from biobank.web.people.sources import source_views
from tests.support.pages import attributes, select, texts

PERSON = "uzeyir-hacibeyov"


def page_of(app: Flask, services: Services, person_id: str, lang: str = "en") -> PersonPage:
    with app.test_request_context(f"/{lang}/people/{person_id}"):
        g.lang = lang
        return make_person_page(services, person_id, lang)


def test_names_are_marked_with_language_script_and_direction(client: FlaskClient) -> None:
    html = client.get(f"/en/people/{PERSON}").text
    assert select(html, "h1#name[lang=en][dir=ltr]")
    for script, direction in (("Arab", "rtl"), ("Cyrl", "ltr")):
        names = texts(html, f"bdi[lang=az-{script}][dir={direction}]")
        assert names
        assert all(names)


def test_footnote_marks_link_to_sources_and_back(client: FlaskClient) -> None:
    html = client.get(f"/az/people/{PERSON}").text
    marks = select(html, "a.cite")
    assert len(marks) > 5
    for mark in marks:
        assert select(html, f"li{mark.attrib['href']}")
        assert select(html, f"a[href='#{mark.attrib['id']}']")
    assert "[@" not in html


def test_sources_are_numbered_as_a_reader_meets_them(app: Flask, services: Services) -> None:
    page = page_of(app, services, PERSON)
    assert page.life is not None
    first = list(dict.fromkeys(attributes(page.life.html, "a[href^='#source-']", "href")))
    assert first == [f"#source-{number}" for number in range(1, len(first) + 1)]
    assert [source.number for source in page.sources] == list(range(1, len(page.sources) + 1))


def test_relation_appears_on_both_pages_with_its_own_role(app: Flask, services: Services) -> None:
    ends = {}
    for person_id in ("uzeyir-hacibeyov", "ceyhun-hacibeyli"):
        page = page_of(app, services, person_id)
        ends[person_id] = {related.card.id: related for related in page.relations}
    assert ends["uzeyir-hacibeyov"]["ceyhun-hacibeyli"].roles[0].label == "sibling"
    assert ends["ceyhun-hacibeyli"]["uzeyir-hacibeyov"].roles[0].label == "sibling"


def test_teacher_relation_is_shown_as_student_on_the_other_page(app: Flask, services: Services) -> None:
    is_listed = False
    for related in page_of(app, services, PERSON).relations:
        if "student" in {role.label for role in related.roles}:
            back = page_of(app, services, related.card.id).relations
            roles = {role.label for listed in back if listed.card.id == PERSON for role in listed.roles}
            assert "teacher" in roles
            is_listed = True
    assert is_listed


def test_similar_people_have_a_reason_and_exclude_relations(app: Flask, services: Services) -> None:
    page = page_of(app, services, PERSON)
    assert 0 < len(page.similar) <= 6
    assert all(similar.reason for similar in page.similar)
    related = {related.card.id for related in page.relations}
    assert not related & {similar.card.id for similar in page.similar}


def test_unknown_facts_are_omitted(app: Flask, services: Services) -> None:
    with services.database.read() as session:
        ids = browse_queries.sample_people(session, 3, 40)
    for person_id in ids:
        for fact in page_of(app, services, person_id).facts:
            assert "unknown" not in fact.date
            assert fact.date or fact.place or fact.links or fact.original


def test_uncertain_date_is_marked_and_explained(client: FlaskClient) -> None:
    html = client.get("/en/people/nizami-gencevi").text
    assert select(html, "span.uncertain[title]:not([title=''])")
    assert select(html, ".fact-note.uncertain-note")


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("1885-09-18", ""),
        ("1141~", "approximate (± 5 years)"),
        ("1141?", "uncertain"),
        ("1141%", "approximate and uncertain"),
        ("[1483..1494]", "at some point in these years"),
        ("1483/1494", "at some point in these years"),
        ("[1713,1717]", "one of several possible dates"),
        (None, ""),
    ],
)
def test_uncertainty_is_described(app: Flask, date: str | None, words: str) -> None:
    with app.test_request_context("/en/"):
        g.lang = "en"
        assert describe_uncertainty(date, point=True) == words


def test_page_links_citation_and_data(client: FlaskClient) -> None:
    html = client.get(f"/ru/people/{PERSON}").text
    assert f"http://localhost/people/{PERSON}" in html
    assert "Узеир Гаджибеков (1885–1948) [Электронный ресурс] // Банк азербайджанских" in html
    assert select(html, f"[type='application/json'][href='/api/v1/people/{PERSON}']")
    assert client.get(f"/api/v1/people/{PERSON}").status_code == 200


def test_biography_in_another_language_is_labelled(app: Flask) -> None:
    with app.test_request_context("/en/"):
        g.lang = "en"
        biography = make_biography({"az": "Yalnız bir dildə."}, "en", Footnotes(frozenset()))
    assert biography is not None
    assert (biography.lang, biography.foreign, biography.language) == ("az", True, "in Azerbaijani")
    assert make_biography({}, "en", Footnotes(frozenset())) is None


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
def test_html_in_biography_is_escaped(app: Flask, text: str) -> None:
    with app.test_request_context("/en/"):
        g.lang = "en"
        biography = make_biography({"en": text}, "en", Footnotes(frozenset({"known"})))
    assert biography is not None
    assert not re.search(r"<(script|img|style|h1|h2)|<[^>]* on\w+=|href=\"javascript", biography.html)
    assert "\ue000" not in biography.html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a <b>c</b> `<i>`", '<p id="biography-en-1">a &lt;b&gt;c&lt;/b&gt; <code>&lt;i&gt;</code></p>'),
        (r"\<b> \\<b>", r'<p id="biography-en-1">&lt;b&gt; \&lt;b&gt;</p>'),
        (
            "![a](https://b.az/c)",
            '<p id="biography-en-1">!<a href="https://b.az/c" rel="noopener nofollow">a</a></p>',
        ),
        ("# A\n\n### B", "<h3>A</h3>\n<h4>B</h4>"),
        ("[a](/az/people/b) [c](#d)", 'href="/az/people/b"'),
        ("<https://a.az/?b=1&c>", 'href="https://a.az/?b=1&amp;c"'),
        ("[a](<https://b.az/c>)", 'href="https://b.az/c"'),
        (
            "- a\n  > *b* **c**",
            '<blockquote>\n<p id="biography-en-1"><em>b</em> <strong>c</strong></p>\n</blockquote>',
        ),
    ],
)
def test_biography_is_commonmark_without_html(app: Flask, text: str, html: str) -> None:
    assert html in biography_html(app, text)


@pytest.mark.parametrize(
    "address",
    ["//b.az", "///b.az", "/&#47;b.az", "<//b.az>", "ftp://b.az", "javascript:a", "data:text/html,a"],
)
def test_links_of_a_biography_name_the_web_address(app: Flask, address: str) -> None:
    html = biography_html(app, f"[a]({address}) and [b]\n\n[b]: {address}")
    assert "href" not in html


@pytest.mark.parametrize("person_id", [PERSON, "ceyhun-hacibeyli", "mehemmed-fuzuli"])
def test_each_statement_is_at_the_fragment_of_its_id(
    client: FlaskClient, services: Services, person_id: str
) -> None:
    with services.database.read() as session:
        record = queries.load_record(session, person_id)
    assert record is not None
    html = client.get(f"/en/people/{person_id}").text
    fragments = {fact_id(path) for path, _ in iter_facts(record)}
    fragments |= {
        page_fragment(sentence_id("en", sentence.paragraph, sentence.number))
        for sentence in split_sentences(record["biography"]["en"], "en")
    }
    ids = attributes(html, "[id]", "id")
    assert fragments <= set(ids)
    assert len(set(ids)) == len(ids)


def test_paragraphs_are_numbered_as_their_statements(app: Flask) -> None:
    text = "Əvvəl\n\n[@known]\n\n- a\n- b\n\n### Title\n\n> c\n>\n> d\n\nSon"
    html = biography_html(app, text)
    assert attributes(html, "p[id]", "id") == ["biography-en-1", "biography-en-4", "biography-en-5"]
    spans = list(paragraph_spans(text))
    assert text[slice(*spans[4])] == "Son"


def test_a_text_beyond_the_limits_of_markup_is_shown_as_written(app: Flask) -> None:
    # Nested 100,000 levels deep, the sanitizer took more than a minute.
    text = ">" * MAX_BIOGRAPHY_CHARS
    assert biography_html(app, text) == f"<p>{'&gt;' * MAX_BIOGRAPHY_CHARS}</p>"


def biography_html(app: Flask, text: str) -> str:
    with app.test_request_context("/en/"):
        g.lang = "en"
        biography = make_biography({"en": text}, "en", Footnotes(frozenset({"known"})))
    assert biography is not None
    return str(biography.html)


def test_each_source_of_a_sentence_has_its_own_mark(app: Flask) -> None:
    notes = Footnotes(frozenset({"one", "two"}))
    with app.test_request_context("/en/"):
        g.lang = "en"
        biography = make_biography({"en": "Said. [@one, p. 3; @two; @gone] And [@two]."}, "en", notes)
    assert biography is not None
    targets = attributes(biography.html, "a.cite", "href")
    assert targets == ["#source-1", "#source-2", "#source-2"]
    assert select(biography.html, "[title='p. 3']")
    assert " <sup" not in biography.html


def test_source_is_formatted_legibly(app: Flask) -> None:
    notes = Footnotes(frozenset({"a"}))
    notes.add_mark("a")
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
def test_incomplete_source_renders(app: Flask, csl: dict[str, object]) -> None:
    notes = Footnotes(frozenset({"a"}))
    notes.add_mark("a")
    with app.test_request_context("/en/"):
        g.lang = "en"
        assert source_views(notes, {"a": csl}, "en")[0].title == "x"


@pytest.mark.parametrize(
    ("person", "lang", "labels"),
    [
        ("xursidbanu-natevan", "ru", "поэтесса"),
        ("xursidbanu-natevan", "az", "şairə"),
        ("leyla-memmedbeyova", "ru", "лётчица"),
        ("uzeyir-hacibeyov", "ru", "композитор"),
    ],
)
def test_professions_of_women_have_feminine_labels(
    client: FlaskClient, person: str, lang: str, labels: str
) -> None:
    assert labels in texts(client.get(f"/{lang}/people/{person}").text, "aside.person-side a")
    card = client.get(f"/api/v1/people/{person}/card?lang={lang}").json
    assert card is not None
    assert labels in card["professions"]
    hits = client.get(f"/{lang}/search", query_string={"q": labels}).text
    assert select(hits, f"a[href='/{lang}/people/{person}']")
    assert any(labels in line for line in texts(hits, "p.card-line"))
