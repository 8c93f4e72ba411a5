"""Medallions: stable, distinct, and with the symmetry of the square."""

import re
from hashlib import sha256

import pytest
from flask.testing import FlaskClient

from biobank.web.medallion import is_drawable, layers, medallion
from biobank.web.medallion_shapes import Polygon

IDS = [f"person-{number}" for number in range(300)]


def test_the_same_id_has_the_same_bytes_for_ever() -> None:
    medallion.cache_clear()
    assert medallion("uzeyir-hacibeyov") == medallion("uzeyir-hacibeyov")
    # Do not update: a change would alter the medallion of every person.
    digest = sha256(medallion("uzeyir-hacibeyov").encode()).hexdigest()
    assert digest[:16] == "dbb2b22b3e731a53"


def test_different_ids_have_different_medallions() -> None:
    assert len({medallion(id_) for id_ in IDS}) == len(IDS)


@pytest.mark.parametrize("person_id", IDS[:60])
def test_it_is_the_same_when_turned_by_a_quarter_and_when_mirrored(person_id: str) -> None:
    for layer in layers(person_id):
        whole = _points(layer.polygons)
        assert whole == {(_round(-y), _round(x)) for x, y in whole}
        assert whole == {(_round(-x), _round(y)) for x, y in whole}


def test_it_has_three_dyes_on_wool() -> None:
    for person_id in IDS:
        colours = set(re.findall(r'fill="(#\w+)"', medallion(person_id)))
        assert "#f7f2e8" in colours
        assert len(colours) == 4


def test_it_carries_no_letter_and_stays_small() -> None:
    for person_id in IDS:
        svg = medallion(person_id)
        assert "<text" not in svg
        assert len(svg.encode()) < 4500


@pytest.mark.parametrize("bad", ["", "A", "a--b", "-a", "a/b", "ə", "x" * 121])
def test_only_ids_are_drawn(bad: str) -> None:
    assert not is_drawable(bad)


def test_it_is_served_as_a_picture_that_is_kept(client: FlaskClient) -> None:
    answer = client.get("/medallion/nizami-gencevi.svg")
    assert answer.mimetype == "image/svg+xml"
    assert "immutable" in answer.headers["Cache-Control"]
    again = client.get(
        "/medallion/nizami-gencevi.svg", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def _points(polygons: tuple[Polygon, ...]) -> set[tuple[float, float]]:
    return {(_round(x), _round(y)) for polygon in polygons for x, y in polygon}


def _round(value: float) -> float:
    return round(value, 4) + 0.0
