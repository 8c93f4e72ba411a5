"""Places are resolved whatever the order of lines; countries by code and name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.importing.bank import Bank, Wanted, country_code


def found(bank: Bank, wanted: Wanted) -> str:
    """Return the place of a line, added if it is missing."""
    spots = bank.places(wanted)
    assert len(spots) < 2
    names = [{"text": wanted.name, "lang": "en"}]
    return spots[0].id if spots else str(bank.bring(wanted, names)["id"])


def again(bank: Bank) -> Bank:
    """Return a resolver with the added places in another order, as after an import."""
    later = Bank()
    for place in sorted(bank.brought.values(), key=lambda place: -place.get("lat", 0)):
        later.learn(place)
    return later


points = st.tuples(st.floats(40, 42), st.floats(48, 50))
OWN = {"id": "the-city", "kind": "city", "country": "GB", "lat": 41.0, "lon": 49.0}


@given(st.lists(points | st.none(), max_size=12), st.booleans())
def test_a_file_brought_in_again_finds_the_same_places(
    lines: list[tuple[float, float] | None], known: bool
) -> None:
    wanted = [Wanted("London", "GB", point) for point in lines]
    bank = Bank()
    own = {**OWN, "names": [{"text": "London"}]}
    if known:
        bank.learn(own)
    first = [found(bank, one) for one in wanted]
    later = again(bank)
    if known:
        later.learn(own)
    assert [found(later, one) for one in wanted] == first
    assert not later.brought


def test_the_nearest_place_of_the_bank_is_found() -> None:
    bank = Bank()
    for id_, lat in (("xirdalan-a", 40.0), ("xirdalan-b", 40.3)):
        names = [{"text": "Xırdalan"}]
        bank.learn({"id": id_, "kind": "village", "names": names, "lat": lat, "lon": 49.0})
    assert found(bank, Wanted("Xirdalan", "AZ", (40.25, 49.0))) == "xirdalan-b"


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
def test_a_country_is_known_by_its_code_and_names(text: str, code: str | None) -> None:
    assert country_code(text) == code
