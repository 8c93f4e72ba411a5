"""Every letter has a glyph; lines fit and are never cut within a grapheme."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.records.date_words import years_in_words
from biobank.web.sharing.typesetting import (
    ELLIPSIS,
    LOOKED_AT,
    NO_LETTER,
    SANS,
    SERIF,
    SERIF_TEXT,
    clusters,
    drawable,
    face,
    fitted,
    is_whole,
    width,
    wrapped,
)
from tests.support import seed

FONTS = (SANS, SERIF, SERIF_TEXT)
AZERBAIJANI = "AaBbCcÇçDdEeƏəFfGgĞğHhXxIıİiJjKkQqLlMmNnOoÖöPpRrSsŞşTtUuÜüVvYyZz"
ENGLISH = "".join(map(chr, (*range(65, 91), *range(97, 123))))
RUSSIAN = "".join(map(chr, range(0x410, 0x450))) + "Ёё"
SIGNS = "0123456789.,:;!?()[]«»“”‘’„–—-…·/&'\"≥≤№"
#: Text with combining marks that do not compose, and letters without glyphs.
WORDS = st.text(
    st.sampled_from(AZERBAIJANI + RUSSIAN + "  --'\u0301\u0308\u0327é" + "عزیر漢😀"), max_size=90
)
SIZES = (60, 48, 36)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("letters", [AZERBAIJANI, ENGLISH, RUSSIAN, SIGNS])
def test_every_letter_is_drawn_and_none_as_the_empty_box(font: str, letters: str) -> None:
    its = face(font, LOOKED_AT)
    box = its.getmask(NO_LETTER)
    assert box.getbbox(), "the box of a missing letter is seen, so that a test can see it"
    for letter in letters:
        mask = its.getmask(letter)
        assert mask.getbbox(), letter
        assert (mask.size, bytes(mask)) != (box.size, bytes(box)), letter


@pytest.mark.parametrize("font", FONTS)
def test_letters_that_look_alike_elsewhere_differ(font: str) -> None:
    its = face(font, LOOKED_AT)
    for one, other in ("Əə", "ıi", "Iİ", "gğ", "sş", "cç", "eə", "иы", "её"):
        assert bytes(its.getmask(one)) != bytes(its.getmask(other)), one + other


def test_every_name_headline_and_year_of_the_seed_is_whole() -> None:
    for record in seed.people().values():
        for name in record["names"]:
            if name["kind"] == "preferred":
                assert is_whole(name["text"], SERIF), name["text"]
        for text in record.get("headline", {}).values():
            assert is_whole(text, SERIF_TEXT), text
        dates = [(record.get(role) or {}).get("date") for role in ("birth", "death")]
        for lang in ("az", "en", "ru"):
            words = years_in_words(*dates, lang, "death" not in record)  # type: ignore[arg-type]
            assert is_whole(words, SERIF_TEXT), words


@given(WORDS, st.integers(1, 3), st.integers(120, 700))
@settings(max_examples=150)
def test_lines_keep_to_their_room_and_number(text: str, most: int, room: int) -> None:
    ready = drawable(text, SERIF)
    found = fitted(ready, SERIF, room, SIZES, most)
    assert len(found.lines) <= most
    assert found.size in SIZES
    for line in found.lines:
        # At least one letter is set, however narrow the line is.
        assert width(line, SERIF, found.size) <= room or len(clusters(line.rstrip(ELLIPSIS))) <= 1
    assert bool(found.lines) == bool(ready)


@given(WORDS, st.integers(1, 3), st.integers(120, 700))
@settings(max_examples=150)
def test_all_of_the_text_is_there_or_its_beginning_and_an_ellipsis(
    text: str, most: int, room: int
) -> None:
    ready = drawable(text, SERIF)
    found = fitted(ready, SERIF, room, SIZES, most)
    told = "".join("".join(found.lines).split())
    whole = "".join(ready.split())
    if not found.is_cut:
        assert told == whole
        return
    assert told.endswith(ELLIPSIS)
    kept = told.removesuffix(ELLIPSIS)
    assert whole.startswith(kept)
    rest = whole[len(kept) :]
    assert not rest or not unicodedata.category(rest[0]).startswith("M")


def test_a_line_ends_at_a_space_or_behind_the_hyphen_of_a_long_word() -> None:
    assert wrapped("Bəhmənyar əl-Azərbaycani", SERIF, 60, 420) == ("Bəhmənyar", "əl-Azərbaycani")
    assert wrapped("гелий-неонового", SERIF, 60, 330) == ("гелий-", "неонового")


def test_two_lines_are_about_equally_long() -> None:
    name = "Александр Касимович Казем-Бек Мирза"
    lines = fitted(name, SERIF, 800, (60,), 2).lines
    long, short = sorted((width(line, SERIF, 60) for line in lines), reverse=True)
    assert short > long * 0.6


def test_a_letter_and_its_marks_become_one_where_there_is_one() -> None:
    assert drawable("U\u0308zeyir  Hacıbəyov عزیر", SERIF) == "Üzeyir Hacıbəyov"
    assert clusters("ə\u0301b") == ["ə\u0301", "b"]
