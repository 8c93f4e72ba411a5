"""Places are resolved whatever the order of lines; countries by code and name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.imports.place_resolver import PlaceQuery, PlaceResolver, country_code


def resolve_or_add(bank: PlaceResolver, query: PlaceQuery) -> str:
    """Return the place of a line, added if it is missing."""
    places = bank.find_places(query)
    assert len(places) < 2
    names = [{"text": query.name, "lang": "en"}]
    return places[0].id if places else str(bank.add_place(query, names)["id"])


def reload_resolver(bank: PlaceResolver) -> PlaceResolver:
    """Return a resolver with the added places in another order, as after an import."""
    reloaded = PlaceResolver()
    for place in sorted(bank.bundled_places.values(), key=lambda place: -place.get("lat", 0)):
        reloaded.index_place(place)
    return reloaded


points = st.tuples(st.floats(40, 42), st.floats(48, 50))
OWN = {"id": "the-city", "kind": "city", "country": "GB", "lat": 41.0, "lon": 49.0}


@given(st.lists(points | st.none(), max_size=12), st.booleans())
def test_a_repeated_import_resolves_the_same_places(
    lines: list[tuple[float, float] | None], known: bool
) -> None:
    queries = [PlaceQuery("London", "GB", point) for point in lines]
    bank = PlaceResolver()
    own = {**OWN, "names": [{"text": "London"}]}
    if known:
        bank.index_place(own)
    first = [resolve_or_add(bank, query) for query in queries]
    later = reload_resolver(bank)
    if known:
        later.index_place(own)
    assert [resolve_or_add(later, query) for query in queries] == first
    assert not later.bundled_places


def test_the_nearest_curated_place_is_chosen() -> None:
    bank = PlaceResolver()
    for id_, lat in (("xirdalan-a", 40.0), ("xirdalan-b", 40.3)):
        names = [{"text": "Xırdalan"}]
        bank.index_place({"id": id_, "kind": "village", "names": names, "lat": lat, "lon": 49.0})
    assert resolve_or_add(bank, PlaceQuery("Xirdalan", "AZ", (40.25, 49.0))) == "xirdalan-b"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AZ", "AZ"),
        ("Azərbaycan", "AZ"),
        ("турция", "TR"),
        ("USA", "US"),
        ("Trinidad_and_Tobago", "TT"),
        ("Saint Lucia", "LC"),
        ("Atlantis", None),
    ],
)
def test_countries_are_resolved_by_code_and_names(text: str, code: str | None) -> None:
    assert country_code(text) == code
