"""Citation files can be parsed back to the cited items."""

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from biobank.exchange.formats.citations.item import (
    CitationEntry,
    CitedItem,
    CreatorName,
    PartialDate,
    parse_csl,
)
from biobank.exchange.formats.citations.reference_managers import (
    RIS_TYPES,
    TEX_ESCAPES,
    write_bibtex,
    write_csl_json,
    write_ris,
)
from tests.exchange.formats.citations.conftest import Biographies
from tests.exchange.formats.citations.test_any_item import ITEM_STRATEGY
from tests.support.profiles import scaled
from tests.support.references import read_bibtex, read_ris

#: Allowed fields of a name in the schema of CSL-JSON.
CSL_NAME = {"family", "given", "literal", "non-dropping-particle", "suffix"}


@pytest.fixture(scope="module")
def works(sources: list[CitationEntry], biographies: Biographies) -> list[CitationEntry]:
    people = ("uzeyir-hacibeyov", "nizami-gencevi", "sara-asurbeyli")
    days = date(2026, 11, 24), date(2026, 11, 26)
    cited = [CitationEntry(id_, biographies.cite(id_, "az", 2, *days)) for id_ in people]
    return [*sources, *cited]


def test_csl_json_is_read_back_as_the_same_items(works: list[CitationEntry]) -> None:
    items = json.loads("".join(write_csl_json(works)))
    assert [item["id"] for item in items] == [work.id for work in works]
    for csl, work in zip(items, works, strict=True):
        assert parse_csl(csl) == work.item
        _check_shape(csl)


@settings(max_examples=scaled(200))
@given(ITEM_STRATEGY)
def test_csl_json_of_any_item_follows_the_schema(csl: dict[str, Any]) -> None:
    item = parse_csl(csl)
    (parsed,) = json.loads("".join(write_csl_json([CitationEntry("a", item)])))
    assert parse_csl(parsed) == item
    _check_shape(parsed)


def test_ris_holds_all_fields(works: list[CitationEntry]) -> None:
    for entry, work in zip(read_ris("".join(write_ris(works))), works, strict=True):
        item = work.item
        assert entry["ID"] == [work.id]
        assert entry["TY"] == [RIS_TYPES[item.type]]
        assert entry["TI"] == [item.title]
        assert entry.get("T2", [""]) == [item.container]
        assert entry.get("AU", []) == [name.inverted for name in item.authors]
        assert entry.get("PB", [""]) == [item.publisher]
        assert entry.get("VL", [""]) == [item.volume]
        assert entry.get("UR", [""]) == [item.url]
        assert entry.get("LA", [""]) == [item.lang]
        assert entry.get("PY", [""]) == [str(item.issued.year) if item.issued else ""]
        pages = "–".join([*entry.get("SP", []), *entry.get("EP", [])])
        assert pages == item.pages.replace("-", "–")


def test_bibtex_holds_all_fields(works: list[CitationEntry]) -> None:
    entries = read_bibtex("".join(write_bibtex(works)))
    assert list(entries) == [work.id for work in works]
    for work in works:
        item, fields = work.item, entries[work.id]
        assert _unescape_tex(fields["title"]) == item.title
        holder = fields.get("journal") or fields.get("booktitle") or fields.get("howpublished")
        assert _unescape_tex(holder or "") == item.container
        authors = fields["author"].split(" and ") if "author" in fields else []
        assert [_unescape_tex(author) for author in authors] == [name.inverted for name in item.authors]
        assert fields.get("year", "") == (str(item.issued.year) if item.issued else "")
        assert fields.get("url", "") == item.url
        assert bool(item.authors) != ("key" in fields)


@settings(max_examples=scaled(200))
@given(ITEM_STRATEGY)
def test_hostile_items_are_escaped(csl: dict[str, Any]) -> None:
    works = [CitationEntry("first", parse_csl(csl)), CitationEntry("second", parse_csl({"title": "Ə"}))]
    assert [entry["ID"] for entry in read_ris("".join(write_ris(works)))] == [["first"], ["second"]]
    assert list(read_bibtex("".join(write_bibtex(works)))) == ["first", "second"]


def test_biography_is_an_encyclopaedia_entry_with_revision(works: list[CitationEntry]) -> None:
    work = works[-3]
    (csl,) = json.loads("".join(write_csl_json([work])))
    assert csl["type"] == "entry-encyclopedia"
    assert csl["version"] == "2"
    assert csl["issued"] == {"date-parts": [[2026, 11, 24]]}
    assert csl["URL"] == "https://bank.example/people/uzeyir-hacibeyov/revisions/2"
    (entry,) = read_ris("".join(write_ris([work])))
    assert (entry["TY"], entry["ET"], entry["DA"]) == (["ENCYC"], ["2"], ["2026/11/24"])
    fields = read_bibtex("".join(write_bibtex([work])))["uzeyir-hacibeyov"]
    assert (fields["version"], fields["date"]) == ("2", "2026-11-24")
    assert "  month = nov,\n" in "".join(write_bibtex([work]))


def test_bibtex_separators_in_names_are_protected() -> None:
    authors = (
        CreatorName(literal="Ministry of Culture and Tourism"),
        CreatorName("Sand and Sons", "A."),
        CreatorName("Neumann", "John", "von", "Jr."),
    )
    item = CitedItem(type="book", title="Ə", authors=authors)
    fields = read_bibtex("".join(write_bibtex([CitationEntry("a", item)])))["a"]
    assert fields["author"] == (
        "{Ministry of Culture and Tourism} and {Sand and Sons}, A. and von Neumann, Jr., John"
    )


def test_literal_names_with_a_surname_are_split() -> None:
    literals = (
        "Ceyhun Hacıbəyli",
        "Азербайджанская энциклопедия",
        "Nizami Gəncəvi",
        "Heydar Aliyev Foundation",
    )
    item = parse_csl({"title": "Ə", "author": [{"literal": literal} for literal in literals]})
    (csl,) = json.loads("".join(write_csl_json([CitationEntry("a", item)])))
    assert csl["author"] == [
        {"family": "Hacıbəyli", "given": "Ceyhun"},
        *({"literal": literal} for literal in literals[1:]),
    ]


@pytest.mark.parametrize(
    ("person", "key"),
    [
        ("uzeyir-hacibeyov", "Hajibeyov, Uzeyir"),
        ("mehemmed-fuzuli", "Fuzuli, Muhammad"),
        ("nizami-gencevi", "Nizami Ganjavi"),
    ],
)
def test_bibtex_sorts_biographies_surname_first(biographies: Biographies, person: str, key: str) -> None:
    item = biographies.cite(person, "en", 1, date(2026, 11, 24), date(2026, 11, 24))
    fields = read_bibtex("".join(write_bibtex([CitationEntry(person, item)])))[person]
    assert fields["key"] == key


def test_year_ranges_and_literal_dates_round_trip() -> None:
    stretch = parse_csl({"title": "Ə", "issued": {"date-parts": [["1995"], [1997]]}})
    assert stretch.issued == PartialDate(1995, end_year=1997)
    assert stretch.issued.years == "1995–1997"
    words = parse_csl({"title": "Ə", "issued": {"literal": "spring of 1920"}})
    assert words.issued == PartialDate(literal="spring of 1920")
    for item in (stretch, words):
        (csl,) = json.loads("".join(write_csl_json([CitationEntry("a", item)])))
        assert parse_csl(csl) == item


def _check_shape(csl: dict[str, Any]) -> None:
    """Check an item against `csl-data.json` of citation-style-language/schema."""
    for name, value in csl.items():
        if name in ("author", "editor", "translator"):
            assert value
            assert all(person and set(person) <= CSL_NAME for person in value)
        elif name in ("issued", "accessed"):
            assert set(value) in ({"date-parts"}, {"literal"})
            for parts in value.get("date-parts", []):
                assert 1 <= len(parts) <= 3
                assert all(isinstance(part, int) for part in parts)
        else:
            assert isinstance(value, str)
            assert value


def _unescape_tex(text: str) -> str:
    """Return what TeX prints for a field."""
    for char, written in TEX_ESCAPES.items():
        if char != ord("\\"):
            text = text.replace(str(written), chr(char))
    text = text.replace(r"\textbackslash{}", "\\")
    return re.sub(r"[{}]", "", text)
