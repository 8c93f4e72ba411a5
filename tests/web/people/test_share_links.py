"""Share links: plain, encoded, to the page in its language."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from biobank.web.people.share_links import make_share_links

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
    menu = re.search(r'<details class="share">.*?</details>', html, re.DOTALL)
    assert menu
    assert "http://localhost/ru/people/nizami-gencevi" in menu[0]
    links = re.findall(r'<a href="([^"]+)"([^>]*)>', menu[0])
    assert len(links) == 7
    for url, attributes in links[:5]:
        assert "ru%2Fpeople%2Fnizami-gencevi" in unescape(url)
        assert 'rel="noopener noreferrer nofollow"' in attributes
    assert "<img" not in menu[0]
    assert "<script" not in menu[0]


def test_past_revision_is_not_shared(client: FlaskClient) -> None:
    html = client.get("/en/people/nizami-gencevi/revisions/1").text
    assert 'class="share"' not in html
    assert "share.js" not in html
