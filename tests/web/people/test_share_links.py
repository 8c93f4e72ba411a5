"""Share links: plain, encoded, to the page in its language."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from biobank.web.people.share_links import make_share_links
from tests.support.pages import select, select_one

ADDRESS = "https://bank.example/az/people/a?b=c&d=ə"
TITLE = "Əlağa & Şirin? 100% #1 + 1"


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_links_contain_url_and_title(lang: str) -> None:
    share = make_share_links(ADDRESS, TITLE, lang)
    assert len(share.networks) == 5
    for link in share.networks:
        parts = urlsplit(link.url)
        assert parts.scheme == "https"
        assert not parts.fragment
        values = [value for parameter_values in parse_qs(parts.query).values() for value in parameter_values]
        assert any(ADDRESS in value for value in values), link.label
        assert len(values) <= 2
    whatsapp = next(link for link in share.networks if link.label == "WhatsApp")
    assert parse_qs(urlsplit(whatsapp.url).query)["text"] == [f"{TITLE} {ADDRESS}"]


def test_mailto_has_subject_and_url() -> None:
    parts = urlsplit(make_share_links(ADDRESS, TITLE, "en").mail)
    assert parts.scheme == "mailto"
    # Mail programs do not decode a plus as a space.
    assert "+" not in parts.query
    assert parse_qs(parts.query) == {"subject": [TITLE], "body": [ADDRESS]}


def test_vk_is_offered_in_russian_only() -> None:
    labels = {lang: {link.label for link in make_share_links(ADDRESS, TITLE, lang).networks}
              for lang in ("az", "en", "ru")}  # fmt: skip
    assert "VK" in labels["ru"]
    assert "VK" not in labels["az"] | labels["en"]


def test_person_page_shares_its_url_and_loads_nothing(client: FlaskClient) -> None:
    html = client.get("/ru/people/nizami-gencevi").text
    menu = select_one(html, "details.share")
    assert select(
        menu,
        "[href='http://localhost/ru/people/nizami-gencevi'], [value='http://localhost/ru/people/nizami-gencevi']",
    )
    links = select(menu, "a[href]")
    assert len(links) == 7
    for link in links[:5]:
        assert "ru%2Fpeople%2Fnizami-gencevi" in link.attrib["href"]
        assert link.attrib["rel"] == "noopener noreferrer nofollow"
    assert not select(menu, "img, script")


def test_past_revision_is_not_shared(client: FlaskClient) -> None:
    html = client.get("/en/people/nizami-gencevi/revisions/1").text
    assert not select(html, ".share")
    assert "share.js" not in html
