"""Every letter has a glyph; lines fit and are never cut within a grapheme."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.records.date_formatting import format_life_years
from biobank.web.sharing.typesetting import (
    ELLIPSIS,
    GLYPH_TEST_SIZE,
    MISSING_GLYPH_CHAR,
    SANS,
    SERIF,
    SERIF_TEXT,
    drop_missing_glyphs,
    fit_text,
    grapheme_clusters,
    has_all_glyphs,
    load_font,
    text_width,
    wrap_text,
)
from tests.support import seed
from tests.support.profiles import scaled

FONTS = (SANS, SERIF, SERIF_TEXT)
AZERBAIJANI = "AaBbCcÇçDdEeƏəFfGgĞğHhXxIıİiJjKkQqLlMmNnOoÖöPpRrSsŞşTtUuÜüVvYyZz"
ENGLISH = "".join(map(chr, (*range(65, 91), *range(97, 123))))
RUSSIAN = "".join(map(chr, range(0x410, 0x450))) + "Ёё"
SIGNS = "0123456789.,:;!?()[]«»“”‘’„–—-…·/&'\"≥≤№"
#: Text with combining marks that do not compose, and letters without glyphs.
WORDS = st.text(st.sampled_from(AZERBAIJANI + RUSSIAN + "  --'\u0301\u0308\u0327é" + "عزیر漢😀"), max_size=90)
SIZES = (60, 48, 36)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("letters", [AZERBAIJANI, ENGLISH, RUSSIAN, SIGNS])
def test_every_letter_has_a_glyph(font: str, letters: str) -> None:
    font_face = load_font(font, GLYPH_TEST_SIZE)
    box = font_face.getmask(MISSING_GLYPH_CHAR)
    assert box.getbbox(), "the box of a missing letter is seen, so that a test can see it"
    for character in letters:
        mask = font_face.getmask(character)
        assert mask.getbbox(), character
        assert (mask.size, bytes(mask)) != (box.size, bytes(box)), character


@pytest.mark.parametrize("font", FONTS)
def test_similar_letters_have_different_glyphs(font: str) -> None:
    font_face = load_font(font, GLYPH_TEST_SIZE)
    for first, second in ("Əə", "ıi", "Iİ", "gğ", "sş", "cç", "eə", "иы", "её"):
        assert bytes(font_face.getmask(first)) != bytes(font_face.getmask(second)), first + second


def test_seed_texts_have_all_glyphs() -> None:
    for record in seed.people().values():
        for name in record["names"]:
            if name["kind"] == "preferred":
                assert has_all_glyphs(name["text"], SERIF), name["text"]
        for text in record.get("headline", {}).values():
            assert has_all_glyphs(text, SERIF_TEXT), text
        dates = [(record.get(role) or {}).get("date") for role in ("birth", "death")]
        for lang in ("az", "en", "ru"):
            words = format_life_years(*dates, lang, "death" not in record)  # type: ignore[arg-type]
            assert has_all_glyphs(words, SERIF_TEXT), words


@given(WORDS, st.integers(1, 3), st.integers(120, 700))
@settings(max_examples=scaled(150))
def test_text_fits_width_and_line_limit(text: str, max_lines: int, max_width: int) -> None:
    ready = drop_missing_glyphs(text, SERIF)
    block = fit_text(ready, SERIF, max_width, SIZES, max_lines)
    assert len(block.lines) <= max_lines
    assert block.size in SIZES
    for line in block.lines:
        # At least one letter is set, however narrow the line is.
        assert (
            text_width(line, SERIF, block.size) <= max_width
            or len(grapheme_clusters(line.rstrip(ELLIPSIS))) <= 1
        )
    assert bool(block.lines) == bool(ready)


@given(WORDS, st.integers(1, 3), st.integers(120, 700))
@settings(max_examples=scaled(150))
def test_text_is_complete_or_truncated_with_ellipsis(text: str, max_lines: int, max_width: int) -> None:
    ready = drop_missing_glyphs(text, SERIF)
    block = fit_text(ready, SERIF, max_width, SIZES, max_lines)
    set_text = "".join("".join(block.lines).split())
    full_text = "".join(ready.split())
    if not block.is_cut:
        assert set_text == full_text
        return
    assert set_text.endswith(ELLIPSIS)
    prefix = set_text.removesuffix(ELLIPSIS)
    assert full_text.startswith(prefix)
    remainder = full_text[len(prefix) :]
    assert not remainder or not unicodedata.category(remainder[0]).startswith("M")


def test_lines_break_at_spaces_and_after_hyphens() -> None:
    assert wrap_text("Bəhmənyar əl-Azərbaycani", SERIF, 60, 420) == ("Bəhmənyar", "əl-Azərbaycani")
    assert wrap_text("гелий-неонового", SERIF, 60, 330) == ("гелий-", "неонового")


def test_two_lines_are_balanced() -> None:
    name = "Александр Касимович Казем-Бек Мирза"
    lines = fit_text(name, SERIF, 800, (60,), 2).lines
    long, short = sorted((text_width(line, SERIF, 60) for line in lines), reverse=True)
    assert short > long * 0.6


def test_combining_marks_are_composed() -> None:
    assert drop_missing_glyphs("U\u0308zeyir  Hacıbəyov عزیر", SERIF) == "Üzeyir Hacıbəyov"
    assert grapheme_clusters("ə\u0301b") == ["ə\u0301", "b"]
