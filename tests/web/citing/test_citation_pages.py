"""Citations: on the person page, on the citation page, as meta tags and files."""

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.exchange.formats.citations.styles import CITATION_FORMATS_BY_EXTENSION, CITATION_STYLES
from tests.support import edited_person, seed
from tests.support.apps import create_app
from tests.support.references import read_bibtex, read_ris

PERSON = edited_person.PERSON
ADDRESS = f"http://localhost/people/{PERSON}/revisions"


@pytest.fixture
def own_client(own_services: Services) -> FlaskClient:
    edited_person.save_revisions(own_services)
    return create_app(own_services).test_client()


@pytest.mark.parametrize(
    ("lang", "first", "name"), [("az", "apa", "Üzeyir Hacıbəyov"), ("ru", "gost", "Узеир Гаджибеков")]
)
def test_styles_are_ordered_by_language(client: FlaskClient, lang: str, first: str, name: str) -> None:
    html = client.get(f"/{lang}/people/{PERSON}").text
    offered = re.findall(r'<p class="cited-as" id="cite-(\w+)" lang="(\w+)">(.*?)</p>', html)
    assert offered[0][0] == first
    assert {style for style, _lang, _html in offered} == set(CITATION_STYLES)
    for style, tongue, line in offered:
        assert (tongue, name in line) == ((lang, True) if style != "gost" else ("ru", lang == "ru"))
    assert "Узеир Гаджибеков (1885–1948) [Электронный ресурс] // Банк азербайджанских биографий" in html
    opened = re.findall(r'<details class="cite-style" name="cite-style"( open)?>', html)
    assert opened == [" open", "", "", ""]


def test_a_past_revision_cites_itself(own_client: FlaskClient) -> None:
    now = own_client.get(f"/en/people/{PERSON}").text
    past = own_client.get(f"/en/people/{PERSON}/revisions/2").text
    assert f'href="{ADDRESS}/3">' in now
    assert f'href="{ADDRESS}/2">' in past
    assert f"{ADDRESS}/3" not in past
    assert f'href="/people/{PERSON}/cite.ris?lang=en&amp;revision=2"' in past
    page = own_client.get(f"/en/people/{PERSON}/cite?revision=2").text
    assert f"{ADDRESS}/2" in page
    assert "revision 2" in page
    assert f'<a href="/en/people/{PERSON}/cite">Cite the current version</a>' in page
    assert "Cite the current version" not in own_client.get(f"/en/people/{PERSON}/cite").text
    assert own_client.get(f"/en/people/{PERSON}/cite?revision=4").status_code == 404


def test_sources_are_listed_in_the_selected_style(client: FlaskClient) -> None:
    html = client.get(f"/en/people/{PERSON}/cite?style=mla").text
    lines = re.findall(r"<li lang=\"\w+\">(.*?)</li>", html.partition('id="bibliography"')[2])
    assert len(lines) == len(seed.person(PERSON)["sources"])
    assert all("Accessed 2" in line or re.search(r", (\d+ )?(\w+\.? )?\d{4},", line) for line in lines)
    assert 'style=mla#sources" rel="nofollow" aria-current="true">MLA 9</a>' in html
    assert client.get(f"/en/people/{PERSON}/cite?style=harvard").status_code == 400


@pytest.mark.parametrize("ending", CITATION_FORMATS_BY_EXTENSION)
@pytest.mark.parametrize("content", ["biography", "sources"])
def test_files_contain_biography_or_sources(client: FlaskClient, ending: str, content: str) -> None:
    response = client.get(f"/people/{PERSON}/cite.{ending}?of={content}&lang=ru")
    assert response.status_code == 200
    assert response.content_type == CITATION_FORMATS_BY_EXTENSION[ending].media_type
    name = f"{PERSON}{'-sources' if content == 'sources' else ''}.{ending}"
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    ids = {
        "bib": lambda text: list(read_bibtex(text)),
        "ris": lambda text: [entry["ID"][0] for entry in read_ris(text)],
        "csl.json": lambda text: [item["id"] for item in json.loads(text)],
    }[ending](response.text)
    if content == "biography":
        assert ids == [PERSON]
        assert "Узеир Гаджибеков" in response.text
    else:
        assert set(ids) >= set(seed.person(PERSON)["sources"])


def test_invalid_file_arguments_are_rejected(client: FlaskClient) -> None:
    for query in ("of=everything", "lang=tr", "revision=0", "revision=99999999"):
        assert client.get(f"/people/{PERSON}/cite.bib?{query}").status_code == 400, query
    assert client.get(f"/people/{PERSON}/cite.xml").status_code == 404


def test_head_has_tags_for_reference_managers(client: FlaskClient) -> None:
    head_html = client.get(f"/en/people/{PERSON}").text.partition("</head>")[0]
    tags = dict(re.findall(r'<meta name="([^"]+)" content="([^"]*)">', head_html))
    assert tags["z:itemType"] == "encyclopediaArticle"
    assert tags["citation_title"] == "Uzeyir Hajibeyov (1885–1948)"
    assert tags["prism.publicationName"] == "Azerbaijani Biography Bank"
    assert tags["citation_public_url"] == f"{ADDRESS}/1"
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", tags["citation_publication_date"])
    linked = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', head_html)
    links = {type_: unescape(url) for type_, url in linked if "/cite." in url}
    assert set(links) == {
        file.media_type.partition(";")[0] for file in CITATION_FORMATS_BY_EXTENSION.values()
    }
    for type_, url in links.items():
        assert client.get(url).mimetype == type_
