"""Input is decoded once: what is encoded twice stays encoded."""

import pytest
from flask.testing import FlaskClient

from tests.support.pages import attributes


@pytest.mark.parametrize(
    ("encoded", "decoded"),
    [
        ("%253Cscript%253E", "%3Cscript%3E"),
        ("%2526lt%253B", "%26lt%3B"),
        ("%26lt%3Bb%26gt%3B", "&lt;b&gt;"),
        ("%2500", "%00"),
    ],
)
def test_a_query_is_decoded_once(client: FlaskClient, encoded: str, decoded: str) -> None:
    page = client.get(f"/en/search?q={encoded}").text
    assert decoded in attributes(page, "input[name=q]", "value")


@pytest.mark.parametrize(
    "path", ["/dumps/%252e%252e%252fbiobank.db", "/media/%252e%252e/x.webp", "/static/%252e%252e/a.py"]
)
def test_a_path_is_decoded_once(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("character", ["a", "ə", "\u202e", "\U0001f600"])
def test_a_page_that_refuses_a_long_text_does_not_repeat_it(client: FlaskClient, character: str) -> None:
    response = client.get("/en/search", query_string={"q": character * 20_000})
    assert response.status_code == 400
    assert len(response.data) < 40_000


def test_languages_keep_the_longest_text_that_is_searched(client: FlaskClient) -> None:
    html = client.get("/en/search", query_string={"q": "\U0001f600" * 600}).text
    assert len(attributes(html, "#language-switch a", "href")[0]) > 7000
