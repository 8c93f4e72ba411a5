"""Medallions: stable, distinct, and with the symmetry of the square."""

import re
from hashlib import sha256

import pytest
from flask.testing import FlaskClient

from biobank.web.sharing.medallion import is_drawable, layers, medallion
from biobank.web.sharing.medallion_shapes import Polygon

IDS = [f"person-{number}" for number in range(300)]


def test_same_id_gives_the_same_bytes() -> None:
    medallion.cache_clear()
    assert medallion("uzeyir-hacibeyov") == medallion("uzeyir-hacibeyov")
    # Do not update: a change would alter the medallion of every person.
    digest = sha256(medallion("uzeyir-hacibeyov").encode()).hexdigest()
    assert digest[:16] == "dbb2b22b3e731a53"


def test_different_ids_have_different_medallions() -> None:
    assert len({medallion(id_) for id_ in IDS}) == len(IDS)


@pytest.mark.parametrize("person_id", IDS[:60])
def test_medallion_is_symmetric(person_id: str) -> None:
    for layer in layers(person_id):
        points = _points(layer.polygons)
        assert points == {(_round(-y), _round(x)) for x, y in points}
        assert points == {(_round(-x), _round(y)) for x, y in points}


def test_medallion_has_three_colours_on_the_background() -> None:
    for person_id in IDS:
        colours = set(re.findall(r'fill="(#\w+)"', medallion(person_id)))
        assert "#f7f2e8" in colours
        assert len(colours) == 4


def test_medallion_has_no_text_and_is_small() -> None:
    for person_id in IDS:
        svg = medallion(person_id)
        assert "<text" not in svg
        assert len(svg.encode()) < 4500


@pytest.mark.parametrize("bad", ["", "A", "a--b", "-a", "a/b", "ə", "x" * 121])
def test_invalid_ids_are_not_found(bad: str) -> None:
    assert not is_drawable(bad)


def test_medallion_is_served_as_immutable_image(client: FlaskClient) -> None:
    response = client.get("/medallion/nizami-gencevi.svg")
    assert response.mimetype == "image/svg+xml"
    assert "immutable" in response.headers["Cache-Control"]
    repeated = client.get(
        "/medallion/nizami-gencevi.svg", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert repeated.status_code == 304


def _points(polygons: tuple[Polygon, ...]) -> set[tuple[float, float]]:
    return {(_round(x), _round(y)) for polygon in polygons for x, y in polygon}


def _round(value: float) -> float:
    return round(value, 4) + 0.0
