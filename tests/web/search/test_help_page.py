"""The search help: every example is a link to a search with results."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from biobank.web.search.help_examples import EXAMPLES
from tests.support.pages import select, text_at

EVERY = [(lang, text) for lang, texts in EXAMPLES.items() for text in sorted(set(texts.values()))]


def test_the_examples_are_the_same_in_every_language() -> None:
    assert EXAMPLES["az"].keys() == EXAMPLES["en"].keys() == EXAMPLES["ru"].keys()


@pytest.mark.parametrize("lang", EXAMPLES)
def test_every_example_is_linked_to_its_search(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/{lang}/search/help").text
    queries = set()
    for link in select(page, "a.query-example"):
        label, address = text_at(link, "bdi"), urlsplit(link.attrib["href"])
        assert address.path == f"/{lang}/search"
        assert parse_qs(address.query) == {"q": [label]}
        queries.add(label)
    assert queries == set(EXAMPLES[lang].values())


@pytest.mark.parametrize(("lang", "text"), EVERY)
def test_every_example_has_results_and_no_errors(client: FlaskClient, lang: str, text: str) -> None:
    response = client.get("/api/v1/search", query_string={"q": text, "lang": lang})
    assert response.status_code == 200
    assert response.json["total"] > 0
    assert response.json["match"] != "partial"
    assert response.json["query"]["problems"] == []


@pytest.mark.parametrize("lang", EXAMPLES)
def test_about_page_links_search_help(client: FlaskClient, lang: str) -> None:
    assert select(client.get(f"/{lang}/about").text, f"a[href='/{lang}/search/help']")
