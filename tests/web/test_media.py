"""Portraits on public pages; recordings that load nothing before a click."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.app import create_app
from biobank.bootstrap import Services
from biobank.editorial import pictures, workflow
from biobank.editorial.pictures import Details
from biobank.editorial.publishing import save_many
from biobank.records.media.addresses import file_address, picture_address
from biobank.records.media.licences import licence_called
from biobank.records.people import queries
from biobank.security import POLICY
from biobank.web.media.players import Player, player_of
from tests.support.pictures import DETAILS, encoded, quarters, with_gps
from tests.support.users import add_user, signed_in

NIZAMI = "nizami-gencevi"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
FILM = "https://www.youtube.com/watch?v=abcdefghijk"
RECORDING = "https://sounds.example:8443/a.ogg"
PLACE = "https://archive.example/details/film"


@pytest.fixture
def app(own_services: Services) -> Flask:
    return create_app(own_services)


def add(services: Services, data: bytes) -> str:
    said = Details(**DETAILS)  # type: ignore[arg-type]
    return pictures.add(services.database, services.media, OPERATOR, data, said).sha


def publish(services: Services, media: list[dict[str, object]]) -> None:
    with services.database.read() as session:
        record = queries.record(session, NIZAMI)
    assert record is not None
    with services.database.write() as session:
        save_many(session, [{**record, "media": media}], OPERATOR, "", publish=True)
    services.indexer.sync()


def image(sha: str, **more: object) -> dict[str, object]:
    return {"type": "image", "url": picture_address(sha), **DETAILS, **more}


def test_the_portrait_stands_for_the_person_wherever_they_are_listed(
    own_services: Services, client: FlaskClient
) -> None:
    sha = add(own_services, with_gps())
    publish(own_services, [image(sha)])
    square = file_address(sha, "square")
    html = client.get(f"/ru/people/{NIZAMI}").text
    portrait = re.search(r'<a class="portrait" href="([^"]+)"><img ([^>]+)>', html)
    assert portrait
    assert portrait[1] == picture_address(sha)
    assert 'width="300" height="400" alt="Квадраты"' in portrait[2]
    assert f"{file_address(sha, 160)} 120w, {file_address(sha, 320)} 240w" in portrait[2]
    assert 'href="https://creativecommons.org/licenses/by/4.0/" rel="license noopener"' in html
    assert "Foto Çəkən" in html
    assert f"/medallion/{NIZAMI}.svg" not in html
    for path in ("/en/search?q=nizami", "/az/browse/letter/N", "/az/browse/profession/poet"):
        assert f'src="{square}"' in client.get(path).text, path
    assert client.get("/api/v1/search?q=nizami").json["hits"][0]["portrait"] == square
    assert client.get("/api/v1/suggest?q=nizami").json["suggestions"][0]["portrait"] == square
    # A record from the API is valid input.
    assert client.get(f"/api/v1/people/{NIZAMI}").json["media"] == [image(sha)]


def test_a_picture_is_kept_for_ever_and_never_guessed_at(
    own_services: Services, client: FlaskClient
) -> None:
    sha = add(own_services, encoded())
    publish(own_services, [image(sha)])
    largest = client.get(picture_address(sha))
    assert (largest.status_code, largest.location) == (302, file_address(sha, 400))
    answer = client.get(file_address(sha, 160))
    assert answer.mimetype == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == POLICY
    again = client.get(file_address(sha, 160), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    for path in (
        file_address(sha, 161),
        file_address(sha, "..%2f160"),
        f"/media/..%2f{sha[:61]}",
        f"/media/{sha}-160.jpg",
        f"/media/{sha[:2]}/{sha}-160.webp",
        file_address("0" * 64, 160),
    ):
        assert client.get(path).status_code == 404, path


def test_what_is_not_published_is_seen_at_the_desk_alone(
    own_services: Services, app: Flask, client: FlaskClient
) -> None:
    sha = add(own_services, encoded())
    writer = signed_in(app, own_services.database, add_user(own_services.database, "A", "editor"))
    for path in (picture_address(sha), file_address(sha, 160)):
        assert client.get(path).status_code == 404
        answer = writer.get(path)
        assert answer.status_code in (200, 302)
        assert answer.headers["Cache-Control"].startswith("private, no-")
    publish(own_services, [image(sha)])
    assert client.get(file_address(sha, 160)).status_code == 200
    workflow.withdraw(
        own_services.database, add_user(own_services.database, "B", "editor"), NIZAMI, "wish", "-"
    )
    assert client.get(file_address(sha, 160)).status_code == 404


def test_a_record_whose_picture_did_not_come_along_has_its_medallion(
    own_services: Services, client: FlaskClient
) -> None:
    publish(own_services, [image("0" * 64)])
    for path in (f"/en/people/{NIZAMI}", "/en/search?q=nizami"):
        html = client.get(path).text
        assert f"/medallion/{NIZAMI}.svg" in html
        assert "/media/" not in html


def test_a_past_revision_shows_only_pictures_that_are_public_now(
    own_services: Services, client: FlaskClient
) -> None:
    old, new = add(own_services, encoded()), add(own_services, encoded(quarters(300, 300)))
    publish(own_services, [image(old), {"type": "video", "url": FILM}])
    publish(own_services, [image(new)])
    html = client.get(f"/en/people/{NIZAMI}/revisions/2").text
    assert old not in html
    # The second entry may differ now, so it is linked instead of played.
    assert FILM in html
    assert "/media/2" not in html
    assert f"/medallion/{NIZAMI}.svg" in html


def test_texts_of_media_are_words_and_nothing_else(
    own_services: Services, client: FlaskClient
) -> None:
    evil = '"><script>alert(1)</script>'
    sha = add(own_services, encoded())
    said = {"author": evil, "licence": evil, "source": evil, "alt": {"en": evil}}
    entries = [image(sha, **said)] + [
        {"type": kind, "url": url, **said}
        for kind, url in (("video", FILM), ("audio", RECORDING), ("image", PLACE))
    ]
    publish(own_services, entries)
    for path in ("", "/media/2?play=1", "/media/3"):
        answer = client.get(f"/en/people/{NIZAMI}{path}", headers=FROM_HERE)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert" in answer.text


def test_a_person_s_page_names_the_host_and_asks_nobody(
    own_services: Services, client: FlaskClient
) -> None:
    publish(
        own_services,
        [
            {"type": "video", "url": FILM, "alt": {"en": "A film"}},
            {"type": "audio", "url": RECORDING},
            {"type": "video", "url": PLACE},
            {"type": "image", "url": "https://pictures.example/1.jpg"},
        ],
    )
    answer = client.get(f"/en/people/{NIZAMI}")
    html = answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY
    for word in ("<iframe", "<video", "<audio", "preconnect", "prefetch", 'src="https:'):
        assert word not in html
    assert "Until you press the button, www.youtube-nocookie.com is asked nothing" in html
    assert "sounds.example:8443 is asked nothing" in html
    assert f'href="/en/people/{NIZAMI}/media/1?play=1"' in html
    assert f"/people/{NIZAMI}/media/3" not in html
    for url in (FILM, RECORDING, PLACE, "https://pictures.example/1.jpg"):
        assert f'href="{url}" target="_blank" rel="noopener noreferrer nofollow"' in html


@pytest.mark.parametrize(
    ("number", "directive", "element"),
    [
        (1, "frame-src https://www.youtube-nocookie.com", "iframe"),
        (2, "media-src https://sounds.example:8443", "audio"),
    ],
)
def test_a_click_lets_one_host_play_and_no_other(
    own_services: Services, client: FlaskClient, number: int, directive: str, element: str
) -> None:
    publish(own_services, [{"type": "video", "url": FILM}, {"type": "audio", "url": RECORDING}])
    path = f"/az/people/{NIZAMI}/media/{number}?play=1"
    answer = client.get(path, headers=FROM_HERE)
    assert answer.headers["Content-Security-Policy"] == f"{POLICY}; {directive}"
    assert f"<{element} " in answer.text
    assert '<meta name="robots" content="noindex, follow">' in answer.text
    # Over plain HTTP browsers send only the Referer header.
    assert f"<{element} " in client.get(path, headers={"Referer": "http://localhost/az/"}).text
    for headers in (
        {},
        {"Sec-Fetch-Site": "cross-site", "Referer": "http://localhost/"},
        {"Sec-Fetch-Site": "none"},
        {"Referer": "https://elsewhere.example/"},
        {"Referer": "http://[bad"},
    ):
        asked = client.get(path, headers=headers)
        assert asked.headers["Content-Security-Policy"] == POLICY
        assert f"<{element} " not in asked.text
        assert path in asked.text


def test_only_what_a_public_record_has_plays(own_services: Services, client: FlaskClient) -> None:
    sha = add(own_services, encoded())
    mistaken = {"type": "video", "url": picture_address(sha)}
    publish(own_services, [image(sha), {"type": "video", "url": PLACE}, mistaken])
    paths = (*(f"{NIZAMI}/media/{number}" for number in (0, 1, 3, 4)), "nobody/media/1")
    for path in paths:
        assert client.get(f"/en/people/{path}").status_code == 404, path
    # Recordings without a player are linked, whatever the arguments.
    answer = client.get(f"/en/people/{NIZAMI}/media/2?play=1", headers=FROM_HERE)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "Open at archive.example" in answer.text


@pytest.mark.parametrize(
    ("kind", "address", "player"),
    [
        ("video", "https://youtu.be/abcdefghijk", "frame https://www.youtube-nocookie.com"),
        ("video", "https://m.youtube.com/shorts/abc-_fghijk", "frame"),
        ("video", "https://vimeo.com/12345", "frame https://player.vimeo.com"),
        ("video", "https://a.example/b.MP4?x=1", "video https://a.example"),
        ("audio", "https://a.example/b.webm", "audio https://a.example"),
        ("video", "https://youtube.com.evil.example/watch?v=abcdefghijk", "link"),
        ("video", "https://www.youtube.com/watch?v=abc';script-src *", "link"),
        ("video", "https://www.youtube.com/@somebody", "link"),
        ("video", "https://user:pass@a.example/b.mp4", "link"),
        ("video", "https://*.example/b.mp4", "link"),
        ("video", "https://a.example;script-src/b.mp4", "link"),
        ("video", "https://[::1]/b.mp4", "link"),
        ("video", "https://a.example:99999/b.mp4", "link"),
        ("video", "https://[bad/b.mp4", "link"),
        ("video", "https://localhost/b.mp4", "link"),
        ("video", "ftp://a.example/b.mp4", "link"),
        ("audio", "https://a.example/b.svg", "link"),
        ("audio", "https://a.example", "link"),
    ],
)
def test_what_plays_here_is_told_by_the_address(kind: str, address: str, player: str) -> None:
    found = player_of(kind, address)
    assert f"{found.way} {found.origin}".startswith(player)
    assert (found == Player("link")) == (player == "link")


@pytest.mark.parametrize(
    ("written", "licence"),
    [
        ("CC-BY-SA-4.0", "CC BY-SA 4.0"),
        ("cc0", "CC0 1.0"),
        ("public domain", "Public domain"),
        ("CC BY-NC 4.0", None),
        ("", None),
    ],
)
def test_a_licence_is_known_however_a_record_writes_it(written: str, licence: str | None) -> None:
    found = licence_called(written)
    assert (found.id if found else None) == licence


def test_vimeo_is_asked_not_to_track_and_unlisted_films_keep_their_key() -> None:
    assert player_of("video", "https://vimeo.com/12345/abcdef0123").src == (
        "https://player.vimeo.com/video/12345?dnt=1&h=abcdef0123"
    )
