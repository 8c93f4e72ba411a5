"""Frames for other sites, and the page that generates embed code."""

import html
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from biobank.accounts.identity import OPERATOR
from biobank.app import create_app
from biobank.bootstrap import Services
from biobank.editorial.workflow import withdraw
from biobank.web.embed.contrast import OWN_COLOURS, readable_on
from biobank.widget_builds import builds
from tests.web.test_assets import _contrast as contrast

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
    found = re.findall(r'<code id="code-(\w+)"[^>]*>(.*?)</code>', text, flags=re.DOTALL)
    return {name: html.unescape(code) for name, code in found}


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
def test_a_frame_has_no_script_and_its_links_open_elsewhere(
    client: FlaskClient, address: str
) -> None:
    answer = client.get(address)
    assert "<script" not in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    links = re.findall(r"<a [^>]*>", answer.text)
    assert links
    for link in links:
        assert 'target="_blank"' in link
        assert 'rel="noopener"' in link


def test_a_frame_keeps_its_filters_and_look_for_the_next_question(client: FlaskClient) -> None:
    text = client.get(
        "/en/embed/search?q=a&profession=composer&limit=3&theme=dark&accent=%23AA0011"
    ).text
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
    assert kept == {"profession": "composer", "limit": "3", "theme": "dark", "accent": "aa0011"}
    assert text.count("<li>") == 3


def test_a_frame_finds_the_beginning_of_a_name_as_the_element_does(client: FlaskClient) -> None:
    text = client.get("/az/embed/search?q=гаджиб&profession=composer").text
    assert "Üzeyir Hacıbəyov" in text
    assert "Узеир Гаджибеков" in text


def test_colours_come_by_a_style_that_the_policy_knows(client: FlaskClient) -> None:
    answer = client.get("/en/embed/people/niyazi?accent=006644&ink=000000")
    assert (
        "<style>:root:root{--accent:#006644;--ink:#000000;--on-accent:#ffffff;}</style>"
        in answer.text
    )
    assert "'sha256-" in answer.headers["Content-Security-Policy"]
    assert "<style" not in client.get("/en/embed/people/niyazi").text


@pytest.mark.parametrize(
    "wrong",
    ["theme=loud", "accent=red", "accent=12345", "accent=;}*{}", "limit=0", "limit=x", "limit=-1"],
)
def test_what_a_frame_does_not_understand_is_told(client: FlaskClient, wrong: str) -> None:
    answer = client.get(f"/en/embed/search?{wrong}")
    assert answer.status_code == 400
    assert f"{wrong.partition('=')[0]} takes" in answer.text


def test_a_limit_beyond_the_most_is_the_most(client: FlaskClient) -> None:
    assert client.get("/en/embed/search?limit=99").text.count("<li>") == 20


def test_who_is_not_there_is_told_in_a_sentence(own_services: Services) -> None:
    client = create_app(own_services).test_client()
    withdraw(own_services.database, OPERATOR, "niyazi", "wish", "")
    gone = client.get("/en/embed/people/niyazi")
    assert gone.status_code == 410
    assert "This person is not in the bank any more" in gone.text
    assert "Niyazi" not in gone.text
    assert client.get("/en/embed/people/nobody").status_code == 404


def test_every_way_of_embedding_is_shown_with_the_choices(client: FlaskClient) -> None:
    made = codes(client, "profession=composer&century=20&limit=7&theme=dark&lang=ru")
    element = (
        '<biobank-search lang="ru" profession="composer" century="20" limit="7" theme="dark">'
        '<a href="http://localhost/ru/search?profession=composer&amp;century=20">'
    )
    assert element in made["element"]
    assert element in made["pinned"]
    assert 'src="http://localhost/widget/v1.js"' in made["element"]
    newest = builds()[0]
    assert (
        f'/widget/{newest.file}" integrity="{newest.integrity}" crossorigin="anonymous"'
        in (made["pinned"])
    )
    source = re.search(r'src="http://localhost([^"]+)"', made["frame"])
    assert source
    frame = html.unescape(source[1])
    assert frame == "/ru/embed/search?profession=composer&century=20&limit=7&theme=dark"
    assert client.get(frame).status_code == 200
    # The pasted URL is a page whose head links the oEmbed endpoint.
    assert made["oembed"] == "http://localhost/ru/search?profession=composer&century=20"
    page = client.get(made["oembed"].removeprefix("http://localhost")).text
    asked = re.search(r'type="application/json\+oembed" href="http://localhost([^"]+)"', page)
    assert asked
    assert client.get(html.unescape(asked[1])).status_code == 200
    assert "colours" not in made


def test_colours_are_rules_for_the_sites_own_style_sheet(client: FlaskClient) -> None:
    made = codes(client, "own=1&accent=%23006644&ground=%23ffffff")
    assert made["colours"] == (
        "biobank-search {\n  --biobank-accent: #006644;\n  --biobank-ground: #ffffff;\n"
        "  --biobank-on-accent: #ffffff;\n}"
    )
    assert "accent=006644" in made["frame"]
    # Colour inputs are never empty, so they count only if `own` is ticked.
    assert "colours" not in codes(client, "accent=%23006644")


@given(st.integers(0, 0xFFFFFF))
def test_what_stands_on_a_button_can_be_read(colour: int) -> None:
    digits = f"{colour:06x}"
    assert contrast(f"#{digits}", f"#{readable_on(digits)}") >= 4.5


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("own=1&accent=%23006644&theme=light", []),
        ("own=1&accent=%23006644&theme=dark", ["Links and button: hard to read"]),
        # In both colour schemes.
        ("own=1&accent=%23006644", ["Links and button: hard to read"]),
        ("own=1&ground=%23777777&ink=%23888888", ["Text: hard", "Links and button: hard"]),
        ("accent=%23777777&ground=%23777777", []),
    ],
)
def test_colours_that_are_hard_to_read_are_told(
    client: FlaskClient, asked: str, told: list[str]
) -> None:
    notices = re.findall(
        r'<p class="notice" role="status">([^<]*)', client.get(f"/en/embed?{asked}").text
    )
    assert len(notices) == len(told)
    assert all(notice.startswith(start) for notice, start in zip(notices, told, strict=True))


@pytest.mark.parametrize("file", ["widget/widget.css", "frame/frame.css"])
def test_the_banks_own_colours_are_those_of_the_style_sheets(file: str) -> None:
    style = (Path(__file__).parents[2] / "frontend" / file).read_text("utf-8")
    light, dark, *_rest = re.findall(r"^(?::host|:root)[^{]*{([^}]*)}", style, re.MULTILINE)
    for rule, theme in ((light, "light"), (dark, "dark")):
        for name, digits in OWN_COLOURS[theme].items():
            assert re.search(rf"-{name}: #{digits};", rule)


@pytest.mark.parametrize("person", ["nizami-gencevi", "Nizami Ganjavi", "низами", "Nizami+Gəncəvi"])
def test_a_person_is_meant_by_id_or_name(client: FlaskClient, person: str) -> None:
    made = codes(client, f"kind=person&person={person}")
    assert '<biobank-person person="nizami-gencevi" lang="en"' in made["element"]
    assert "/en/embed/people/nizami-gencevi" in made["frame"]


def test_nobody_of_that_name_is_told(client: FlaskClient) -> None:
    answer = client.get("/en/embed?kind=person&person=qqqxyzzy")
    assert "Nobody in the bank has this name." in answer.text
    assert "<biobank" not in html.unescape(answer.text)


def test_filters_are_lists_of_what_the_bank_has(client: FlaskClient) -> None:
    text = client.get("/az/embed?profession=composer").text
    assert re.search(r'<option value="composer" selected>bəstəkar \(\d+\)</option>', text)
    # A value without people stays selectable if the URL has it.
    assert '<option value="nothing" selected>' in client.get("/az/embed?profession=nothing").text


@pytest.mark.parametrize(
    "wrong",
    ["kind=x", "lang=fr", "limit=21", "limit=x", "theme=x", "own=1&ink=x", "place=" + "a" * 121],
)
def test_what_is_not_understood_is_told(client: FlaskClient, wrong: str) -> None:
    assert client.get(f"/en/embed?{wrong}").status_code == 400


def test_texts_of_an_address_are_escaped_in_the_code(client: FlaskClient) -> None:
    hostile = "%22%3E%3Cscript%3Ewindow.ran%3D1%3C/script%3E"
    answer = client.get(f"/en/embed?profession={hostile}&kind=search")
    assert "<script>window" not in answer.text
    # The snippets do not contain it either.
    assert "<script>window" not in codes(client, f"profession={hostile}")["element"]
    assert "<script>window" not in client.get(f"/en/embed?kind=person&person={hostile}").text


def test_the_page_frames_the_bank_alone(client: FlaskClient) -> None:
    policy = client.get("/en/embed").headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize(
    ("lang", "label"),
    [("az", "Sayta yerləşdir"), ("en", "Embed"), ("ru", "Встроить на сайт")],
)
def test_every_page_leads_to_it(client: FlaskClient, lang: str, label: str) -> None:
    assert f'<a href="/{lang}/embed">{label}</a>' in client.get(f"/{lang}/about").text
