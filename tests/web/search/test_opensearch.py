"""OpenSearch description and suggestions for browser search boxes."""

import json
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from biobank.common.i18n import LANGUAGES
from tests.support.pages import select_one


@pytest.mark.parametrize("lang", LANGUAGES)
def test_opensearch_description_is_linked(client: FlaskClient, lang: str) -> None:
    link = select_one(client.get(f"/{lang}/about").text, "link[rel=search]")
    title, response = link.attrib["title"], client.get(link.attrib["href"])
    assert link.attrib["type"] == "application/opensearchdescription+xml"
    assert response.mimetype == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(response.data)
    assert root.tag == "{http://a9.com/-/spec/opensearch/1.1/}OpenSearchDescription"
    assert root.findtext("{*}ShortName") == title
    assert 0 < len(title) <= 16
    assert 0 < len(str(root.findtext("{*}Description"))) <= 1024
    assert 0 < len(str(root.findtext("{*}LongName"))) <= 48
    assert root.findtext("{*}Language") == lang
    assert root.findtext("{*}InputEncoding") == "UTF-8"
    image = str(root.findtext("{*}Image")).removeprefix("http://localhost")
    with client.get(image) as picture:
        assert picture.mimetype == "image/svg+xml"
    for url in root.findall("{*}Url"):
        template = str(url.get("template"))
        assert template.startswith(f"http://localhost/{lang}/")
        path = template.replace("{searchTerms}", "bəstəkar").removeprefix("http://localhost")
        reply = client.get(path)
        assert (reply.status_code, reply.mimetype) == (200, url.get("type"))
    kinds = [url.get("type") for url in root.findall("{*}Url")]
    assert len(kinds) == len(set(kinds)) == 4


def test_suggestions_have_the_four_opensearch_lists(client: FlaskClient) -> None:
    response = client.get("/en/suggestions.json?q=uzeyir")
    assert response.mimetype == "application/x-suggestions+json"
    query, names, lines, addresses = json.loads(response.data)
    assert query == "uzeyir"
    assert names[0] == "Uzeyir Hajibeyov"
    assert lines[0].startswith("1885–1948 · ")
    assert addresses[0] == "http://localhost/en/people/uzeyir-hacibeyov"
    assert len(names) == len(lines) == len(addresses)
    assert json.loads(client.get("/az/suggestions.json").data)[0] == ""
