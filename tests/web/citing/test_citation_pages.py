"""Citations: on the person page, on the citation page, as meta tags and files."""

import json
import re

import pytest
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.exchange.formats.citations.styles import CITATION_FORMATS_BY_EXTENSION, CITATION_STYLES
from tests.support import edited_person, seed
from tests.support.apps import create_app
from tests.support.pages import select, text_at, texts
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
    offered = {element.attrib["id"].removeprefix("cite-"): element for element in select(html, ".cited-as")}
    assert next(iter(offered)) == first
    assert set(offered) == set(CITATION_STYLES)
    for style, element in offered.items():
        expected = (lang, True) if style != "gost" else ("ru", lang == "ru")
        assert (element.attrib["lang"], name in element.text_content()) == expected
    assert "Узеир Гаджибеков (1885–1948) [Электронный ресурс] // Банк азербайджанских биографий" in html
    opened = ["open" in details.attrib for details in select(html, "details.cite-style[name=cite-style]")]
    assert opened == [True, False, False, False]


def test_a_past_revision_cites_itself(own_client: FlaskClient) -> None:
    now = own_client.get(f"/en/people/{PERSON}").text
    past = own_client.get(f"/en/people/{PERSON}/revisions/2").text
    assert select(now, f"a[href='{ADDRESS}/3']")
    assert select(past, f"a[href='{ADDRESS}/2']")
    assert f"{ADDRESS}/3" not in past
    assert select(past, f"a[href='/people/{PERSON}/cite.ris?lang=en&revision=2']")
    page = own_client.get(f"/en/people/{PERSON}/cite?revision=2").text
    assert f"{ADDRESS}/2" in page
    assert "revision 2" in page
    assert text_at(page, f".lead a[href='/en/people/{PERSON}/cite']") == "Cite the current version"
    assert "Cite the current version" not in own_client.get(f"/en/people/{PERSON}/cite").text
    assert own_client.get(f"/en/people/{PERSON}/cite?revision=4").status_code == 404


def test_sources_are_listed_in_the_selected_style(client: FlaskClient) -> None:
    html = client.get(f"/en/people/{PERSON}/cite?style=mla").text
    lines = texts(html, "#bibliography li")
    assert len(lines) == len(seed.person(PERSON)["sources"])
    assert all("Accessed 2" in line or re.search(r", (\d+ )?(\w+\.? )?\d{4},", line) for line in lines)
    assert (
        text_at(html, ".cite-styles a[rel=nofollow][href$='style=mla#sources'][aria-current=true]") == "MLA 9"
    )
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
    page = client.get(f"/en/people/{PERSON}").text
    tags = {tag.attrib["name"]: tag.attrib["content"] for tag in select(page, "head meta[name][content]")}
    assert tags["z:itemType"] == "encyclopediaArticle"
    assert tags["citation_title"] == "Uzeyir Hajibeyov (1885–1948)"
    assert tags["prism.publicationName"] == "Azerbaijani Biography Bank"
    assert tags["citation_public_url"] == f"{ADDRESS}/1"
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", tags["citation_publication_date"])
    elements = select(page, "head link[rel=alternate][title][href*='/cite.']")
    links = {element.attrib["type"]: element.attrib["href"] for element in elements}
    assert set(links) == {
        file.media_type.partition(";")[0] for file in CITATION_FORMATS_BY_EXTENSION.values()
    }
    for type_, url in links.items():
        assert client.get(url).mimetype == type_
