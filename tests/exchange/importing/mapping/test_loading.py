"""A mapping file is read whole before the table is; each mistake is told with its place."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.importing.mapping.loading import MAPPING_MOST, load_mapping, read_mapping
from biobank.exchange.importing.mapping.rules import columns_of
from biobank.exchange.importing.mapping.schema import (
    FixedSourceSchema,
    PlaceRuleSchema,
    RuleSchema,
    TableMappingSchema,
)
from biobank.exchange.importing.reading import UnreadableFile

DOCS = Path(__file__).parents[4] / "docs"
NAMES = "names: [{text: {from: name}, lang: az, kind: preferred}]"


def mapping(text: str) -> Any:
    return read_mapping(text.encode(), "map.yaml")


def refused(text: str) -> str:
    with pytest.raises(UnreadableFile) as found:
        mapping(text)
    return found.value.message


def of_record(rest: str) -> str:
    return f"record:\n  {NAMES}\n  {rest}\n"


@pytest.mark.parametrize("file", sorted((DOCS / "maps").glob("*.yaml")), ids=lambda file: file.stem)
def test_the_mappings_that_come_with_the_bank_are_ones(file: Path) -> None:
    assert columns_of(load_mapping(file))


def test_every_column_that_a_mapping_names_is_known() -> None:
    found = mapping(
        "key: [id]\nwhere: {country: [AZ]}\nsource: {id: a, locator: 'p. {page}'}\n"
        + of_record(
            "birth: {date: {from: [day, year], date: typed},"
            " place: {from: city, place: {country: land, lat: y, lon: x}}}"
        )
    )
    named = ["id", "country", "name", "day", "year", "city", "land", "y", "x", "page"]
    assert columns_of(found) == named


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Must be an object of keys"),
        ("record: {}", "record.names: Is required"),
        ("rekord: {}", "rekord: There is no such key"),
        (of_record("brith: {}"), "record.brith: There is no such field"),
        (of_record("birth: {day: x}"), "record.birth.day: There is no such field"),
        (of_record("headline: {de: x}"), "record.headline.de: There is no such field"),
        (of_record("gender: {form: x}"), "record.gender: Must be a text, or a rule"),
        (of_record("gender: {from: x, valeus: {}}"), "record.gender.valeus: There is no such key"),
        (of_record("gender: {from: x, template: '{y}'}"), "Takes one of from, template and keys"),
        (of_record("gender: {template: male}"), "Names no column"),
        (of_record("gender: {from: x, unknown: guess}"), "record.gender.unknown: Must be one of"),
        (of_record("birth: {date: {from: x, date: yy}}"), "record.birth.date.date: Is edtf"),
        (of_record("birth: {date: {from: x, date: dd.dd.yyyy}}"), "Is edtf, typed, year or a"),
        (of_record("birth: {place: {from: x, place: {lat: y}}}"), "Needs both lat and lon"),
        (of_record("birth: {place: {from: x, place: {}, unknown: keep}}"), "bring it"),
        (of_record("professions: {from: x, term: job}"), "record.professions[0].term: Must be"),
        (of_record("works: [{title: x}]"), "record.works[0].title: Must be an object"),
        ("encoding: latin\n" + of_record(""), "encoding: Must be one of"),
        ("source: {id: A}\n" + of_record(""), "source.id: 'A' is no id"),
        ("source: {id: a, csl: {type: book}}\n" + of_record(""), "source.csl.title: Is required"),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, told: str) -> None:
    assert told in refused(text)


def test_all_mistakes_are_told_at_once() -> None:
    message = refused("record:\n  names: 1\n  birth: {day: 2}\n  gender: [3]\n")
    assert all(f"record.{place}" in message for place in ("birth.day", "gender"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("record: [", "Is no YAML"),
        ("record: &a [*a]", "an alias (*) is not read"),
        ("a: &a [x]\nb: *a\n", "an alias (*) is not read; write its value out (line 2, column 4)"),
        (
            "record: {}\nrecord: {}\n",
            "The key 'record' stands twice in one place; keep one of the two (line 2, ",
        ),
        ("a: " + "[" * 1_000, "Line 1 is nested deeper than 30 levels"),
        ("a: !!python/object/apply:os.getcwd []", "Is no YAML"),
        ("#" * (MAPPING_MOST + 1), "longer than 500,000 bytes"),
    ],
)
def test_what_could_do_harm_is_refused(text: str, told: str) -> None:
    assert told in refused(text)


def test_other_encodings_are_told() -> None:
    with pytest.raises(UnreadableFile, match=r"map.yaml: Is not UTF-8 at byte 1"):
        read_mapping("ы".encode("cp1251"), "map.yaml")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        load_mapping(tmp_path / "nobody.yaml")


def keys_of(schema: type[Any]) -> list[str]:
    return [field.data_key or name for name, field in schema().fields.items()]


@pytest.mark.parametrize(
    "schema", [TableMappingSchema, RuleSchema, PlaceRuleSchema, FixedSourceSchema]
)
def test_every_key_is_documented(schema: type[Any]) -> None:
    text = (DOCS / "reference" / "import-formats.md").read_text(encoding="utf-8")
    assert [key for key in keys_of(schema) if f"| `{key}` |" not in text] == []


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["record", "names", "text", "from", "birth", "date", "place", "values"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(plain)
def test_anything_is_a_mapping_or_refused(document: Any) -> None:
    with suppress(UnreadableFile):
        assert columns_of(mapping(yaml.safe_dump(document, allow_unicode=True))) is not None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_mapping_or_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_mapping(content, "map.yaml")
