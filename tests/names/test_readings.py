"""Transliteration: one key for every spelling, and graphemes that explain the reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.names.alignment import aligned
from biobank.names.keys import coarse_key
from biobank.names.lexicon import parts_at, titles
from biobank.names.phones import ALONE, CODES, SIGN_COSTS, SIGNS
from biobank.names.readings import BY_KEY, orthographies, prepared, readings
from biobank.names.suffixes import suffix

SPELLINGS = [
    "hacıbəyov",
    "hajibeyov",
    "hacibeyov",
    "гаджибеков",
    "һаҹыбәјов",
    "حاجی‌بیوف",
    "hadschibejow",
    "hadjibeyov",
    "gadzhibekov",
    "hacıbeyov",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_surname_has_one_coarse_stem(spelling: str) -> None:
    word = prepared(spelling)
    keys = tuple(table.key for table in orthographies(word))
    stems = {coarse_key(r.skeleton[: r.stem]) for r in readings(word, keys)}
    assert coarse_key("hacı") in stems


@pytest.mark.parametrize(
    ("word", "tag", "stem", "female"),
    [
        ("hacıbəyov", "beyov", "hacı", False),
        ("гаджибекова", "beyov", "гаджи", True),
        ("əliyev", "ov", "əli", False),
        ("алиева", "ov", "али", True),
        ("mustafazadeh", "zade", "mustafa", False),
        ("məhəmmədzadə", "zade", "məhəmməd", False),
        ("cabbarlı", "li", "cabbar", False),
        ("ağaoğlu", "oglu", "ağa", False),
        ("şıxlinski", "ski", "şıxlin", False),
        ("əli", "", "əli", False),
        ("نریمانوف", "ov", "نریمان", False),
    ],
)
def test_endings_of_surnames_are_known(word: str, tag: str, stem: str, female: bool) -> None:
    found = suffix(word)
    assert (found.tag, word[: found.stem], found.female) == (tag, stem, female)


def test_each_orthography_says_where_it_comes_from() -> None:
    assert all(table.source for table in BY_KEY.values())


def test_signs_cost_the_same_both_ways_and_nothing_against_themselves() -> None:
    assert (SIGN_COSTS == SIGN_COSTS.T).all()
    assert all(SIGN_COSTS[CODES[sign], CODES[sign]] == 0 for sign in SIGNS)
    assert (ALONE[1:] > 0).all()


def test_letters_are_aligned_with_what_they_stand_for() -> None:
    (asked, *_) = readings("гаджибеков", ("ru",))
    (named,) = readings("hacıbəyov", ("az",))
    pairs = aligned(asked, named, asked.stem, named.stem)
    assert pairs == [("г", "h"), ("а", "a"), ("дж", "c"), ("и", "ı")]


def test_parts_are_known_within_words() -> None:
    assert parts_at("мамедалиев")[0].spellings[0] == "məmməd"
    assert titles()["бек"].tag == "bəy"


@given(st.text(max_size=30))
def test_any_word_can_be_read(text: str) -> None:
    word = prepared(text)
    keys = tuple(table.key for table in orthographies(word))
    for reading in readings(word, keys):
        assert reading.skeleton
        assert 0 <= reading.stem <= len(reading.skeleton)
