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
