"""Portraits on public pages; recordings that load nothing before a click."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial import pictures
from biobank.editorial.pictures import PictureDetails
from biobank.editorial.review import workflow
from biobank.editorial.revisions.bulk_save import save_records
from biobank.http.security_headers import CONTENT_SECURITY_POLICY
from biobank.records.media.licences import find_licence
from biobank.records.media.urls import picture_file_path, picture_path
from biobank.records.people import queries
from biobank.web.core.players import Player, resolve_player
from tests.support.apps import create_app
from tests.support.pages import select, select_one
from tests.support.pictures import DETAILS, encode, jpeg_with_metadata, quarters
from tests.support.users import add_user, signed_in_client

NIZAMI = "nizami-gencevi"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
FILM = "https://www.youtube.com/watch?v=abcdefghijk"
RECORDING = "https://sounds.example:8443/a.ogg"
PLACE = "https://archive.example/details/film"


@pytest.fixture
def app(own_services: Services) -> Flask:
    return create_app(own_services)


def add(services: Services, data: bytes) -> str:
    details = PictureDetails(**DETAILS)  # type: ignore[arg-type]
    return pictures.add_picture(services.database, services.media, OPERATOR, data, details).sha


def publish(services: Services, media: list[dict[str, object]]) -> None:
    with services.database.read() as session:
        record = queries.load_record(session, NIZAMI)
    assert record is not None
    with services.database.write() as session:
        save_records(session, [{**record, "media": media}], OPERATOR, "", publish=True)
    services.indexer.sync()


def image(sha: str, **more: object) -> dict[str, object]:
    return {"type": "image", "url": picture_path(sha), **DETAILS, **more}


def test_portrait_is_shown_wherever_the_person_is_listed(own_services: Services, client: FlaskClient) -> None:
    sha = add(own_services, jpeg_with_metadata())
    publish(own_services, [image(sha)])
    square = picture_file_path(sha, "square")
    html = client.get(f"/ru/people/{NIZAMI}").text
    portrait = select_one(html, f"a.portrait[href='{picture_path(sha)}'] > img")
    assert [portrait.attrib[name] for name in ("width", "height", "alt")] == ["300", "400", "Квадраты"]
    sources = f"{picture_file_path(sha, 160)} 120w, {picture_file_path(sha, 320)} 240w"
    assert sources in portrait.attrib["srcset"]
    assert select(html, "a[rel='license noopener'][href='https://creativecommons.org/licenses/by/4.0/']")
    assert "Foto Çəkən" in html
    assert f"/medallion/{NIZAMI}.svg" not in html
    for path in ("/en/search?q=nizami", "/az/browse/letter/N", "/az/browse/profession/poet"):
        assert select(client.get(path).text, f"img[src='{square}']"), path
    assert client.get("/api/v1/search?q=nizami").json["hits"][0]["portrait"] == square
    assert client.get("/api/v1/suggest?q=nizami").json["suggestions"][0]["portrait"] == square
    # A record from the API is valid input.
    assert client.get(f"/api/v1/people/{NIZAMI}").json["media"] == [image(sha)]


def test_picture_is_immutable_and_its_url_unguessable(own_services: Services, client: FlaskClient) -> None:
    sha = add(own_services, encode())
    publish(own_services, [image(sha)])
    largest = client.get(picture_path(sha))
    assert (largest.status_code, largest.location) == (302, picture_file_path(sha, 400))
    response = client.get(picture_file_path(sha, 160))
    assert response.mimetype == "image/webp"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    repeated = client.get(picture_file_path(sha, 160), headers={"If-None-Match": response.headers["ETag"]})
    assert repeated.status_code == 304
    for path in (
        picture_file_path(sha, 161),
        picture_file_path(sha, "..%2f160"),
        f"/media/..%2f{sha[:61]}",
        f"/media/{sha}-160.jpg",
        f"/media/{sha[:2]}/{sha}-160.webp",
        picture_file_path("0" * 64, 160),
    ):
        assert client.get(path).status_code == 404, path


def test_unpublished_picture_is_visible_at_the_desk_only(
    own_services: Services, app: Flask, client: FlaskClient
) -> None:
    sha = add(own_services, encode())
    writer = signed_in_client(app, own_services.database, add_user(own_services.database, "A", "editor"))
    for path in (picture_path(sha), picture_file_path(sha, 160)):
        assert client.get(path).status_code == 404
        response = writer.get(path)
        assert response.status_code in (200, 302)
        assert response.headers["Cache-Control"].startswith("private, no-")
    publish(own_services, [image(sha)])
    assert client.get(picture_file_path(sha, 160)).status_code == 200
    workflow.withdraw(
        own_services.database, add_user(own_services.database, "B", "editor"), NIZAMI, "wish", "-"
    )
    assert client.get(picture_file_path(sha, 160)).status_code == 404


def test_missing_picture_falls_back_to_medallion(own_services: Services, client: FlaskClient) -> None:
    publish(own_services, [image("0" * 64)])
    for path in (f"/en/people/{NIZAMI}", "/en/search?q=nizami"):
        html = client.get(path).text
        assert f"/medallion/{NIZAMI}.svg" in html
        assert "/media/" not in html


def test_past_revision_shows_only_public_pictures(own_services: Services, client: FlaskClient) -> None:
    old, new = add(own_services, encode()), add(own_services, encode(quarters(300, 300)))
    publish(own_services, [image(old), {"type": "video", "url": FILM}])
    publish(own_services, [image(new)])
    html = client.get(f"/en/people/{NIZAMI}/revisions/2").text
    assert old not in html
    # The second entry may differ now, so it is linked instead of played.
    assert FILM in html
    assert "/media/2" not in html
    assert f"/medallion/{NIZAMI}.svg" in html


def test_media_texts_are_escaped(own_services: Services, client: FlaskClient) -> None:
    evil = '"><script>alert(1)</script>'
    sha = add(own_services, encode())
    entry = {"author": evil, "licence": evil, "source": evil, "alt": {"en": evil}}
    entries = [image(sha, **entry)] + [
        {"type": kind, "url": url, **entry}
        for kind, url in (("video", FILM), ("audio", RECORDING), ("image", PLACE))
    ]
    publish(own_services, entries)
    for path in ("", "/media/2?play=1", "/media/3"):
        response = client.get(f"/en/people/{NIZAMI}{path}", headers=FROM_HERE)
        assert response.status_code == 200
        assert "<script>alert" not in response.text
        assert "&lt;script&gt;alert" in response.text


def test_person_page_names_the_host_and_loads_nothing(own_services: Services, client: FlaskClient) -> None:
    publish(
        own_services,
        [
            {"type": "video", "url": FILM, "alt": {"en": "A film"}},
            {"type": "audio", "url": RECORDING},
            {"type": "video", "url": PLACE},
            {"type": "image", "url": "https://pictures.example/1.jpg"},
        ],
    )
    response = client.get(f"/en/people/{NIZAMI}")
    html = response.text
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    for word in ("<iframe", "<video", "<audio", "preconnect", "prefetch", 'src="https:'):
        assert word not in html
    assert "www.youtube-nocookie.com receives no data until you press the button" in html
    assert "sounds.example:8443 receives no data" in html
    assert select(html, f"a[href='/en/people/{NIZAMI}/media/1?play=1']")
    assert f"/people/{NIZAMI}/media/3" not in html
    for url in (FILM, RECORDING, PLACE, "https://pictures.example/1.jpg"):
        selector = f"a[href='{url}'][target=_blank][rel='noopener noreferrer nofollow']"
        assert select(html, selector), url


@pytest.mark.parametrize(
    ("number", "directive", "element"),
    [
        (1, "frame-src https://www.youtube-nocookie.com", "iframe"),
        (2, "media-src https://sounds.example:8443", "audio"),
    ],
)
def test_click_allows_only_the_host_of_the_player(
    own_services: Services, client: FlaskClient, number: int, directive: str, element: str
) -> None:
    publish(own_services, [{"type": "video", "url": FILM}, {"type": "audio", "url": RECORDING}])
    path = f"/az/people/{NIZAMI}/media/{number}?play=1"
    reply = client.get(path, headers=FROM_HERE)
    assert reply.headers["Content-Security-Policy"] == f"{CONTENT_SECURITY_POLICY}; {directive}"
    assert select(reply.text, element)
    assert select(reply.text, "meta[name=robots][content='noindex, follow']")
    # Over plain HTTP browsers send only the Referer header.
    assert select(client.get(path, headers={"Referer": "http://localhost/az/"}).text, element)
    for headers in (
        {},
        {"Sec-Fetch-Site": "cross-site", "Referer": "http://localhost/"},
        {"Sec-Fetch-Site": "none"},
        {"Referer": "https://elsewhere.example/"},
        {"Referer": "http://[bad"},
    ):
        response = client.get(path, headers=headers)
        assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert f"<{element} " not in response.text
        assert path in response.text


def test_only_public_media_plays(own_services: Services, client: FlaskClient) -> None:
    sha = add(own_services, encode())
    mistaken = {"type": "video", "url": picture_path(sha)}
    publish(own_services, [image(sha), {"type": "video", "url": PLACE}, mistaken])
    paths = (*(f"{NIZAMI}/media/{number}" for number in (0, 1, 3, 4)), "nobody/media/1")
    for path in paths:
        assert client.get(f"/en/people/{path}").status_code == 404, path
    # Recordings without a player are linked, whatever the arguments.
    response = client.get(f"/en/people/{NIZAMI}/media/2?play=1", headers=FROM_HERE)
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "Open on archive.example" in response.text


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
def test_player_depends_on_the_url(kind: str, address: str, player: str) -> None:
    resolved = resolve_player(kind, address)
    assert f"{resolved.kind} {resolved.origin}".startswith(player)
    assert (resolved == Player("link")) == (player == "link")


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
def test_licence_is_recognised_in_any_spelling(written: str, licence: str | None) -> None:
    recognised = find_licence(written)
    assert (recognised.id if recognised else None) == licence


def test_vimeo_player_disables_tracking_and_keeps_unlisted_key() -> None:
    assert resolve_player("video", "https://vimeo.com/12345/abcdef0123").src == (
        "https://player.vimeo.com/video/12345?dnt=1&h=abcdef0123"
    )
