"""The box above the results: an answer with links to people, sources and revisions, or no box."""

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.support.pages import attributes, select, select_one, text_at, texts


def search(client: FlaskClient, lang: str, text: str, arguments: str = "") -> str:
    return client.get(f"/{lang}/search?q={quote(text)}{arguments}").text


def test_a_sentence_is_quoted_with_person_sources_and_revision(client: FlaskClient) -> None:
    html = search(client, "en", "who wrote the music of the anthem")
    assert select_one(html, "section.answer[aria-labelledby=answer-title] h2#answer-title") is not None
    assert attributes(html, ".answer-people a", "href") == ["/en/people/uzeyir-hacibeyov#biography-en-2"]
    assert "wrote the music of the republic’s anthem" in text_at(html, ".answer-statements q")
    assert attributes(html, ".answer-statements .cite", "href") == ["#answer-source-1"]
    assert len(select(html, ".answer-sources li#answer-source-1")) == 1
    (address,) = attributes(html, ".answer-revisions a", "href")
    assert client.get(address).status_code in (200, 303)


def test_the_link_to_a_person_leads_to_the_statement(client: FlaskClient) -> None:
    (address,) = attributes(
        search(client, "en", "who wrote the music of the anthem"), ".answer-people a", "href"
    )
    page, _, fragment = address.partition("#")
    assert "wrote the music of the republic’s anthem" in text_at(
        client.get(page).text, f".prose p#{fragment}"
    )


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("az", "Nizami harada doğulub"),
        ("en", "who wrote the music of the anthem"),
        ("ru", "когда родилась Натаван"),
    ],
)
def test_words_of_an_answered_question_are_no_filters(client: FlaskClient, lang: str, text: str) -> None:
    html = search(client, lang, text)
    assert select_one(html, "section.answer") is not None
    assert select(html, ".results-query .chip") == []


def test_an_answered_question_is_not_said_to_have_no_exact_matches(client: FlaskClient) -> None:
    html = search(client, "ru", "какие произведения написал Джафар Джаббарлы")
    assert select_one(html, "section.answer") is not None
    assert text_at(html, "#count") == "1 результат"


def test_filters_of_an_answered_question_stay_removable(client: FlaskClient) -> None:
    html = search(client, "en", "who taught Gara Garayev")
    assert select_one(html, "section.answer") is not None
    (chip,) = select(html, ".results-query .chip")
    assert "Gara Garayev" in chip.text_content()
    assert select_one(html, "#as-typed") is not None


@pytest.mark.parametrize(
    ("lang", "text", "label", "value"),
    [
        ("az", "Nizami harada doğulub", "Doğum yeri:", "Gəncə"),
        ("en", "where was Nizami born", "Place of birth:", "Ganja"),
        ("ru", "когда родилась Натаван", "Дата рождения:", "август 1832"),
    ],
)
def test_a_fact_has_its_label_in_the_language_of_the_page(
    client: FlaskClient, lang: str, text: str, label: str, value: str
) -> None:
    html = search(client, lang, text)
    assert text_at(html, ".answer-label") == label
    assert text_at(html, ".answer-statements strong") == value


def test_a_quotation_in_another_language_is_marked(client: FlaskClient) -> None:
    html = search(client, "en", "himnin musiqisini kim yazıb")
    assert attributes(html, ".answer-statements q", "lang") == ["az"]


def test_namesakes_are_named_at_their_facts(client: FlaskClient) -> None:
    html = search(client, "en", "when was Muslim Magomayev born")
    assert texts(html, ".answer-statements strong") == ["18 September 1885", "17 August 1942"]
    assert not select(html, ".answer-people")


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("who wrote War and Peace", ""),
        ("Nizami", ""),
        ("", ""),
        ("where was Nizami born", "&gender=male"),
    ],
)
def test_a_search_without_answer_has_no_box(client: FlaskClient, text: str, arguments: str) -> None:
    assert not select(search(client, "en", text, arguments), ".answer")


def test_the_api_returns_the_answer(client: FlaskClient) -> None:
    body = client.get("/api/v1/search", query_string={"q": "where was Nizami born", "lang": "en"}).json
    answer = body["answer"]
    assert (answer["kind"], answer["fact"], answer["text"]) == ("statement", "birth.place", "Ganja")
    assert answer["people"] == [{"id": "nizami-gencevi", "name": "Nizami Ganjavi"}]
    (statement,) = answer["statements"]
    assert statement["url"].endswith(f"/people/nizami-gencevi/revisions/{statement['revision']}")
    assert client.get("/api/v1/search?q=Nizami").json["answer"] is None
