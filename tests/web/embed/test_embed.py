"""Frames for other sites, and the page that generates embed code."""

import html
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.review.workflow import withdraw
from biobank.http.widget_assets import list_builds
from biobank.web.embed.forms import DEFAULT_COLOURS, readable_on
from tests.support.apps import create_app
from tests.support.pages import attributes, select, text_at, texts
from tests.web.core.test_assets import _contrast as contrast

FRAMES = (
    "/az/embed/search",
    "/en/embed/search?q=opera&profession=composer",
    "/ru/embed/search?q=zzzz",
    "/en/embed/people/nizami-gencevi",
    "/ru/embed/people/nobody",
    "/az/embed/search?theme=loud",
)


def codes(client: FlaskClient, query: str, lang: str = "en") -> dict[str, str]:
    text = client.get(f"/{lang}/embed?{query}").text
    elements = select(text, "code[id^='code-']")
    return {code.attrib["id"].removeprefix("code-"): code.text_content() for code in elements}


@pytest.mark.parametrize("address", FRAMES)
def test_any_site_may_frame_a_frame(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "X-Frame-Options" not in headers
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")


@pytest.mark.parametrize("address", ["/az/", "/az/embed", "/az/search", "/az/people/niyazi"])
def test_no_site_may_frame_anything_else(client: FlaskClient, address: str) -> None:
    policy = client.get(address).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("address", FRAMES[:5])
def test_frame_has_no_scripts_and_opens_links_outside(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert "<script" not in response.text
    assert "script-src" not in response.headers["Content-Security-Policy"]
    links = select(response.text, "a")
    assert links
    for link in links:
        assert (link.attrib["target"], link.attrib["rel"]) == ("_blank", "noopener")


def test_frame_keeps_filters_and_appearance(client: FlaskClient) -> None:
    text = client.get("/en/embed/search?q=a&profession=composer&limit=3&theme=dark&accent=%23AA0011").text
    hidden_fields = {field.attrib["name"]: field.attrib["value"] for field in select(text, "[type=hidden]")}
    assert hidden_fields == {"profession": "composer", "limit": "3", "theme": "dark", "accent": "aa0011"}
    assert len(select(text, "li")) == 3


def test_frame_completes_names_like_the_element(client: FlaskClient) -> None:
    text = client.get("/az/embed/search?q=гаджиб&profession=composer").text
    assert "Üzeyir Hacıbəyov" in text
    assert "Узеир Гаджибеков" in text


def test_custom_colours_are_allowed_by_style_hash(client: FlaskClient) -> None:
    response = client.get("/en/embed/people/niyazi?accent=006644&ink=000000")
    assert "<style>:root:root{--accent:#006644;--ink:#000000;--on-accent:#ffffff;}</style>" in response.text
    assert "'sha256-" in response.headers["Content-Security-Policy"]
    assert "<style" not in client.get("/en/embed/people/niyazi").text


@pytest.mark.parametrize(
    "invalid", ["theme=loud", "accent=red", "accent=12345", "accent=;}*{}", "limit=0", "limit=x", "limit=-1"]
)
def test_invalid_frame_argument_is_reported(client: FlaskClient, invalid: str) -> None:
    response = client.get(f"/en/embed/search?{invalid}")
    assert response.status_code == 400
    assert f"{invalid.partition('=')[0]} takes" in response.text


def test_limit_is_capped(client: FlaskClient) -> None:
    assert len(select(client.get("/en/embed/search?limit=99").text, "li")) == 20


def test_frame_of_missing_person_explains_it(own_services: Services) -> None:
    client = create_app(own_services).test_client()
    withdraw(own_services.database, OPERATOR, "niyazi", "wish", "")
    response = client.get("/en/embed/people/niyazi")
    assert response.status_code == 410
    assert "This biography is no longer available" in response.text
    assert "Niyazi" not in response.text
    assert client.get("/en/embed/people/nobody").status_code == 404


def test_every_snippet_reflects_the_options(client: FlaskClient) -> None:
    snippets = codes(client, "profession=composer&century=20&limit=7&theme=dark&lang=ru")
    element = (
        '<biobank-search lang="ru" profession="composer" century="20" limit="7" theme="dark">'
        '<a href="http://localhost/ru/search?profession=composer&amp;century=20">'
    )
    assert element in snippets["element"]
    assert element in snippets["pinned"]
    assert 'src="http://localhost/widget/v1.js"' in snippets["element"]
    latest_build = list_builds()[0]
    assert (
        f'/widget/{latest_build.file}" integrity="{latest_build.integrity}" crossorigin="anonymous"'
        in (snippets["pinned"])
    )
    source = re.search(r'src="http://localhost([^"]+)"', snippets["frame"])
    assert source
    frame = html.unescape(source[1])
    assert frame == "/ru/embed/search?profession=composer&century=20&limit=7&theme=dark"
    assert client.get(frame).status_code == 200
    # The pasted URL is a page whose head links the oEmbed endpoint.
    assert snippets["oembed"] == "http://localhost/ru/search?profession=composer&century=20"
    page = client.get(snippets["oembed"].removeprefix("http://localhost")).text
    (oembed_url,) = attributes(page, "link[type='application/json+oembed']", "href")
    assert client.get(oembed_url.removeprefix("http://localhost")).status_code == 200
    assert "colours" not in snippets


def test_colour_snippet_sets_css_properties(client: FlaskClient) -> None:
    snippets = codes(client, "own=1&accent=%23006644&ground=%23ffffff")
    assert snippets["colours"] == (
        "biobank-search {\n  --biobank-accent: #006644;\n  --biobank-ground: #ffffff;\n"
        "  --biobank-on-accent: #ffffff;\n}"
    )
    assert "accent=006644" in snippets["frame"]
    # Colour inputs are never empty, so they count only if `own` is ticked.
    assert "colours" not in codes(client, "accent=%23006644")


@given(st.integers(0, 0xFFFFFF))
def test_button_text_is_readable(colour: int) -> None:
    digits = f"{colour:06x}"
    assert contrast(f"#{digits}", f"#{readable_on(digits)}") >= 4.5


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("own=1&accent=%23006644&theme=light", []),
        ("own=1&accent=%23006644&theme=dark", ["Links and button: too little contrast"]),
        # In both colour schemes.
        ("own=1&accent=%23006644", ["Links and button: too little contrast"]),
        ("own=1&ground=%23777777&ink=%23888888", ["Text: too little", "Links and button: too little"]),
        ("accent=%23777777&ground=%23777777", []),
    ],
)
def test_low_contrast_colours_are_reported(client: FlaskClient, query: str, expected: list[str]) -> None:
    notices = texts(client.get(f"/en/embed?{query}").text, "p.notice[role=status]")
    assert len(notices) == len(expected)
    assert all(notice.startswith(start) for notice, start in zip(notices, expected, strict=True))


@pytest.mark.parametrize("file", ["widget/widget.css", "site/pages/frame.css"])
def test_default_colours_match_the_style_sheets(file: str) -> None:
    style = (Path(__file__).parents[3] / "frontend" / "src" / file).read_text("utf-8")
    light, dark, *_others = re.findall(r"^(?::host|:root)[^{]*{([^}]*)}", style, re.MULTILINE)
    for rule, theme in ((light, "light"), (dark, "dark")):
        for name, digits in DEFAULT_COLOURS[theme].items():
            assert re.search(rf"-{name}: #{digits};", rule)


@pytest.mark.parametrize("person", ["nizami-gencevi", "Nizami Ganjavi", "низами", "Nizami+Gəncəvi"])
def test_person_is_resolved_by_id_or_name(client: FlaskClient, person: str) -> None:
    snippets = codes(client, f"kind=person&person={person}")
    assert '<biobank-person person="nizami-gencevi" lang="en"' in snippets["element"]
    assert "/en/embed/people/nizami-gencevi" in snippets["frame"]


def test_unknown_name_is_reported(client: FlaskClient) -> None:
    response = client.get("/en/embed?kind=person&person=qqqxyzzy")
    assert "No biography matches this name. Try another spelling." in response.text
    assert "<biobank" not in html.unescape(response.text)


def test_filters_offer_existing_values(client: FlaskClient) -> None:
    text = client.get("/az/embed?profession=composer").text
    assert re.fullmatch(r"bəstəkar \(\d+\)", text_at(text, "option[value=composer][selected]"))
    # A value without people stays selectable if the URL has it.
    assert select(client.get("/az/embed?profession=nothing").text, "option[value=nothing][selected]")


@pytest.mark.parametrize(
    "invalid", ["kind=x", "lang=fr", "limit=21", "limit=x", "theme=x", "own=1&ink=x", "place=" + "a" * 121]
)
def test_invalid_option_is_reported(client: FlaskClient, invalid: str) -> None:
    assert client.get(f"/en/embed?{invalid}").status_code == 400


def test_query_text_is_escaped_in_snippets(client: FlaskClient) -> None:
    hostile = "%22%3E%3Cscript%3Ewindow.ran%3D1%3C/script%3E"
    response = client.get(f"/en/embed?profession={hostile}&kind=search")
    assert "<script>window" not in response.text
    # The snippets do not contain it either.
    assert "<script>window" not in codes(client, f"profession={hostile}")["element"]
    assert "<script>window" not in client.get(f"/en/embed?kind=person&person={hostile}").text


def test_embed_page_frames_only_this_site(client: FlaskClient) -> None:
    policy = client.get("/en/embed").headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize(
    ("lang", "label"), [("az", "Sayta yerləşdir"), ("en", "Embed on a website"), ("ru", "Встроить на сайт")]
)
def test_every_page_links_to_the_embed_page(client: FlaskClient, lang: str, label: str) -> None:
    assert label in texts(client.get(f"/{lang}/about").text, f"a[href='/{lang}/embed']")
