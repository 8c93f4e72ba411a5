"""Social cards: equal bytes for equal records, and only for public people."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageChops

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial import pictures
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.pictures import PictureDetails
from biobank.editorial.review import workflow
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.media.urls import picture_path
from biobank.records.people import queries
from biobank.web.core.social_meta import CARD_HEIGHT, CARD_WIDTH, CardText
from biobank.web.sharing import drawing
from biobank.web.sharing.canvas import CONTENT_BOTTOM
from biobank.web.sharing.drawing import render_person_card
from biobank.web.sharing.medallion import WOOL
from tests.support.apps import create_app
from tests.support.pictures import DETAILS, encode, quarters
from tests.support.users import add_user

NIZAMI = "nizami-gencevi"
CARD = f"/en/people/{NIZAMI}/card.png"
LONG = "Məhəmmədəmin Axund Hacı Molla Ələkbər oğlu Rəsulzadə Novxanılı Bakuvi Şirvani"


def read(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content)) as image:
        assert image.format == "PNG"
        return image.convert("RGB")


def text(**changes: str) -> CardText:
    texts = {
        "id": NIZAMI,
        "name": "Nizami Gəncəvi",
        "years": "təx. 1141–1209",
        "headline": "Şair",
        "bank": "Azərbaycan Bioqrafiya Bankı",
    }
    return CardText(**{**texts, **changes})


@pytest.fixture
def own_app(own_services: Services) -> Flask:
    return create_app(own_services)


@pytest.fixture
def own_client(own_app: Flask) -> FlaskClient:
    return own_app.test_client()


def publish(services: Services, **changes: object) -> None:
    with services.database.read() as session:
        record = queries.load_record(session, NIZAMI)
    assert record is not None
    with services.database.write() as session:
        save_records(session, [{**record, **changes}], OPERATOR, "", publish=True)


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
@pytest.mark.parametrize("path", [f"people/{NIZAMI}/card.png", "card.png"])
def test_card_has_the_recommended_size(client: FlaskClient, lang: str, path: str) -> None:
    response = client.get(f"/{lang}/{path}")
    assert response.mimetype == "image/png"
    assert read(response.data).size == (1200, 630)
    assert len(response.data) < 300_000


def test_every_seed_person_has_a_distinct_card(client: FlaskClient, services: Services) -> None:
    with services.database.read() as session:
        ids = [id_ for chunk in queries.iter_chunks(session) for id_ in chunk][::7]
    versions = set()
    for lang in ("az", "ru"):
        for id_ in ids:
            versions.add(client.get(f"/{lang}/people/{id_}/card.png").data)
    assert len(versions) == 2 * len(ids)


def test_same_record_gives_the_same_bytes_and_is_rendered_once(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(CARD)
    assert render_person_card(text(), None) == render_person_card(text(), None)
    monkeypatch.setattr(drawing, "encode_png", lambda _picture: pytest.fail("drawn again"))
    assert client.get(CARD).data == first.data
    repeated = client.get(CARD, headers={"If-None-Match": first.headers["ETag"]})
    assert repeated.status_code == 304


def test_cached_card_answers_304_without_rendering(app: Flask, client: FlaskClient) -> None:
    tag = client.get(CARD).headers["ETag"]
    app.extensions.pop("biobank-card-cache")
    assert client.get(CARD, headers={"If-None-Match": tag}).status_code == 304
    assert "biobank-card-cache" not in app.extensions


def test_versioned_card_is_cached_longer(client: FlaskClient) -> None:
    version = client.get(CARD).headers["ETag"].strip('"')
    for query, max_age in ((f"?v={version}", 86_400), ("?v=other", 300), ("", 300)):
        response = client.get(CARD + query)
        assert response.status_code == 200
        assert response.cache_control.max_age == max_age
        assert response.cache_control.public
        assert "Set-Cookie" not in response.headers


def test_version_changes_only_with_the_card_content(own_services: Services, own_client: FlaskClient) -> None:
    first = own_client.get(CARD)
    publish(own_services, connection={"en": "Another reason"})
    assert own_client.get(CARD).headers["ETag"] == first.headers["ETag"]
    publish(own_services, headline={"en": "A poet of five poems"})
    second = own_client.get(CARD)
    assert second.headers["ETag"] != first.headers["ETag"]
    assert second.data != first.data


def test_portrait_replaces_the_medallion_with_credit(own_services: Services, own_client: FlaskClient) -> None:
    details = PictureDetails(**DETAILS)  # type: ignore[arg-type]
    data = encode(quarters(800, 1000))
    sha = pictures.add_picture(own_services.database, own_services.media, OPERATOR, data, details).sha
    before = read(own_client.get(CARD).data)
    publish(own_services, media=[{"type": "image", "url": picture_path(sha), **DETAILS}])
    first = own_client.get(CARD)
    card = read(first.data)
    red, yellow = card.getpixel((800, 150)), card.getpixel((1050, 400))
    assert isinstance(red, tuple)
    assert isinstance(yellow, tuple)
    assert red[0] > 150 > red[1]
    assert yellow[0] > 150 < yellow[1]
    assert ImageChops.difference(card, before).getbbox()
    # The credit is below the portrait.
    named = {**DETAILS, "author": "Başqa Müəllif"}
    publish(own_services, media=[{"type": "image", "url": picture_path(sha), **named}])
    second = own_client.get(CARD)
    changed = ImageChops.difference(read(second.data), card).getbbox()
    assert changed
    assert changed[1] > 480
    # Without its files, the medallion is drawn.
    own_services.media.remove(sha)
    assert ImageChops.difference(read(own_client.get(CARD).data), before).getbbox() is None


@pytest.mark.parametrize("portrait", [None, encode(quarters(), "WEBP")])
@pytest.mark.parametrize("name", [LONG, LONG.replace(" ", ""), "Ə", "Щ" * 200, "ə\u0301" * 90])
def test_longest_names_fit(name: str, portrait: bytes | None) -> None:
    headline = "Bir çox əsərin müəllifi, " * 20
    card = read(render_person_card(text(name=name, headline=headline, credit="C" * 300), portrait))
    ground = Image.new("RGB", card.size, WOOL)
    seen = ImageChops.difference(card, ground).crop((0, 0, CARD_WIDTH, CONTENT_BOTTOM)).getbbox()
    assert seen
    assert seen[0] >= 60
    assert seen[1] >= 20
    assert seen[2] <= CARD_WIDTH - 50
    # The gap between the text and the picture is empty.
    gap = ImageChops.difference(card, ground).crop((692, 0, 712, CARD_HEIGHT - 40))
    assert gap.getbbox() is None


def test_name_in_unsupported_script_is_replaced(own_services: Services, own_client: FlaskClient) -> None:
    arabic = {"text": "نظامی گنجوی", "lang": "fa", "script": "Arab", "kind": "preferred"}
    publish(own_services, names=[arabic])
    only = own_client.get(CARD).data
    latin = {"text": "Nizami Gencevi", "lang": "tr", "kind": "variant"}
    publish(own_services, names=[arabic, latin])
    both = own_client.get(CARD).data
    # Without a usable name the id is shown as a name; here the two are equal.
    assert only == both
    publish(own_services, names=[arabic, {**latin, "text": "Nizami of Ganja"}])
    assert own_client.get(CARD).data != both


def test_withdrawn_person_has_no_card(own_services: Services, own_client: FlaskClient) -> None:
    tag = own_client.get(CARD).headers["ETag"]
    editor = add_user(own_services.database, "B", "editor")
    workflow.withdraw(own_services.database, editor, NIZAMI, "wish", "-")
    for headers in ({}, {"If-None-Match": tag}):
        response = own_client.get(CARD, headers=headers)
        assert response.status_code == 410
        assert b"Nizami" not in response.data
    assert own_client.get("/en/people/nobody/card.png").status_code == 404


def test_merged_person_redirects_to_the_other_card(own_services: Services, own_client: FlaskClient) -> None:
    merge_people(own_services.database, OPERATOR, NIZAMI, "niyazi", 1, 1, {}, "")
    response = own_client.get("/ru/people/niyazi/card.png?v=1")
    assert (response.status_code, response.location) == (301, f"/ru/people/{NIZAMI}/card.png?v=1")
