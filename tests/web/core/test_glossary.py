"""The glossary: its terms equal the catalogues, and rejected variants occur in no message."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
TERMS, REJECTED = (ROOT / "docs" / "glossary.md").read_text("utf-8").split("## Rejected variants")
MESSAGE_ID = re.compile(r"(?P<id>.+?)(?: \[(?P<context>.+)\])?")


def _rows(text: str) -> list[list[str]]:
    lines = (line for line in text.splitlines() if line.startswith("| "))
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if row[0] != "English"]


def _read_catalogue(lang: str) -> Catalog:
    with (ROOT / "biobank" / "translations" / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=lang)


CATALOGUES = {lang: _read_catalogue(lang) for lang in ("az", "ru")}


def _messages(lang: str) -> Iterator[str]:
    """Yield the messages of a language, without placeholders."""
    for message in CATALOGUES["az" if lang == "en" else lang]:
        forms = message.id if lang == "en" else message.string
        for form in (forms,) if isinstance(forms, str) else forms:
            yield re.sub(r"%\(\w+\)s", "", form)


@pytest.mark.parametrize("row", _rows(TERMS), ids=lambda row: row[0])
def test_terms_equal_the_translations(row: list[str]) -> None:
    match = MESSAGE_ID.fullmatch(row[0])
    assert match
    for lang, term in zip(CATALOGUES, row[1:], strict=True):
        message = CATALOGUES[lang].get(match["id"], match["context"])
        assert message is not None
        assert message.string == term


@pytest.mark.parametrize(("column", "lang"), [(0, "en"), (1, "az"), (2, "ru")])
def test_rejected_variants_occur_in_no_message(column: int, lang: str) -> None:
    variants = [variant for row in _rows(REJECTED) for variant in row[column].split(", ")]
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, variants))})", re.IGNORECASE)
    assert len(variants) > 20
    assert not [message for message in _messages(lang) if pattern.search(message)]


def test_every_term_has_one_row() -> None:
    names = [row[0] for row in _rows(TERMS)]
    assert 100 < len(names) == len(set(names))
