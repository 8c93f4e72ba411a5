"""Transliteration: one key for every spelling, and graphemes that explain the reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.names.explain import align
from biobank.names.lexicon import find_parts, titles
from biobank.names.phonetic_costs import GAP_COSTS, SIGN_CODES, SIGN_COSTS, SIGNS
from biobank.names.phonetic_keys import coarse_key
from biobank.names.suffixes import find_ending
from biobank.names.transliteration import ORTHOGRAPHIES_BY_KEY, detect_orthographies, prepare, transliterate

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
    word = prepare(spelling)
    keys = tuple(table.key for table in detect_orthographies(word))
    stems = {coarse_key(r.skeleton[: r.stem]) for r in transliterate(word, keys)}
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
    ending = find_ending(word)
    assert (ending.tag, word[: ending.stem], ending.female) == (tag, stem, female)


def test_each_orthography_has_a_source() -> None:
    assert all(table.source for table in ORTHOGRAPHIES_BY_KEY.values())


def test_sign_costs_are_symmetric_and_zero_for_equal_signs() -> None:
    assert (SIGN_COSTS == SIGN_COSTS.T).all()
    assert all(SIGN_COSTS[SIGN_CODES[sign], SIGN_CODES[sign]] == 0 for sign in SIGNS)
    assert (GAP_COSTS[1:] > 0).all()


def test_letters_are_aligned() -> None:
    (hypothesis_, *_) = transliterate("гаджибеков", ("ru",))
    (named,) = transliterate("hacıbəyov", ("az",))
    pairs = align(hypothesis_, named, hypothesis_.stem, named.stem)
    assert pairs == [("г", "h"), ("а", "a"), ("дж", "c"), ("и", "ı")]


def test_parts_are_known_within_words() -> None:
    assert find_parts("мамедалиев")[0].spellings[0] == "məmməd"
    assert titles()["бек"].tag == "bəy"


@given(st.text(max_size=30))
def test_any_word_can_be_read(text: str) -> None:
    word = prepare(text)
    keys = tuple(table.key for table in detect_orthographies(word))
    for reading in transliterate(word, keys):
        assert reading.skeleton
        assert 0 <= reading.stem <= len(reading.skeleton)
