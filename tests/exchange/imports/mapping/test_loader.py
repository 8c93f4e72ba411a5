"""A mapping file is validated before the table is read; each error is reported with its path."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.imports.items import UnreadableFile
from biobank.exchange.imports.mapping.rules import referenced_columns
from biobank.exchange.imports.mapping.schema import (
    MAX_MAPPING_BYTES,
    FixedSourceSchema,
    PlaceRuleSchema,
    RuleSchema,
    TableMappingSchema,
    load_mapping,
    parse_mapping,
)

DOCS = Path(__file__).parents[4] / "docs"
NAMES = "names: [{text: {from: name}, lang: az, kind: preferred}]"


def mapping(text: str) -> Any:
    return parse_mapping(text.encode(), "map.yaml")


def refused(text: str) -> str:
    with pytest.raises(UnreadableFile) as exc_info:
        mapping(text)
    return exc_info.value.message


def record_mapping(fields: str) -> str:
    return f"record:\n  {NAMES}\n  {fields}\n"


@pytest.mark.parametrize("file", sorted((DOCS / "maps").glob("*.yaml")), ids=lambda file: file.stem)
def test_bundled_mappings_are_valid(file: Path) -> None:
    assert referenced_columns(load_mapping(file))


def test_all_referenced_columns_are_listed() -> None:
    parsed = mapping(
        "key: [id]\nwhere: {country: [AZ]}\nsource: {id: a, locator: 'p. {page}'}\n"
        + record_mapping(
            "birth: {date: {from: [day, year], date: typed},"
            " place: {from: city, place: {country: land, lat: y, lon: x}}}"
        )
    )
    named = ["id", "country", "name", "day", "year", "city", "land", "y", "x", "page"]
    assert referenced_columns(parsed) == named


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "This must be an object with keys"),
        ("record: {}", "record.names: Enter a name"),
        ("rekord: {}", "rekord: Unknown key in the mapping file"),
        (record_mapping("brith: {}"), "record.brith: Unknown field"),
        (record_mapping("birth: {day: x}"), "record.birth.day: Unknown field"),
        (record_mapping("headline: {de: x}"), "record.headline.de: Unknown field"),
        (record_mapping("gender: {form: x}"), "record.gender: This must be text or a rule"),
        (record_mapping("gender: {from: x, valeus: {}}"), "record.gender.valeus: Unknown key"),
        (record_mapping("gender: {from: x, template: '{y}'}"), "Use only one of from, template and keys"),
        (record_mapping("gender: {template: male}"), "The template contains no column"),
        (record_mapping("gender: {from: x, unknown: guess}"), "record.gender.unknown: Must be one of"),
        (record_mapping("birth: {date: {from: x, date: yy}}"), "record.birth.date.date: Use edtf"),
        (record_mapping("birth: {date: {from: x, date: dd.dd.yyyy}}"), "Use edtf, typed, year or a"),
        (record_mapping("birth: {place: {from: x, place: {lat: y}}}"), "Enter both lat and lon"),
        (record_mapping("birth: {place: {from: x, place: {}, unknown: keep}}"), "Use bring to add it"),
        (record_mapping("professions: {from: x, term: job}"), "record.professions[0].term: Must be"),
        (record_mapping("works: [{title: x}]"), "record.works[0].title: This must be an object"),
        ("encoding: latin\n" + record_mapping(""), "encoding: Must be one of"),
        ("source: {id: A}\n" + record_mapping(""), "source.id: 'A' is not a valid ID"),
        ("source: {id: a, csl: {type: book}}\n" + record_mapping(""), "source.csl.title: Required"),
    ],
)
def test_errors_are_reported_with_their_path(text: str, message: str) -> None:
    assert message in refused(text)


def test_all_errors_are_reported_at_once() -> None:
    message = refused("record:\n  names: 1\n  birth: {day: 2}\n  gender: [3]\n")
    assert all(f"record.{place}" in message for place in ("birth.day", "gender"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("record: [", "is not valid YAML"),
        ("record: &a [*a]", "aliases (*) are not supported"),
        ("a: &a [x]\nb: *a\n", "aliases (*) are not supported; write out the value (line 2, column 4)"),
        (
            "record: {}\nrecord: {}\n",
            "the key “record” is repeated in the same place (line 2, ",
        ),
        ("a: " + "[" * 1_000, "is nested more than 30 levels deep in line 1"),
        ("a: !!python/object/apply:os.getcwd []", "is not valid YAML"),
        ("#" * (MAX_MAPPING_BYTES + 1), "longer than 500,000 bytes"),
    ],
)
def test_malicious_mappings_are_refused(text: str, message: str) -> None:
    assert message in refused(text)


def test_other_encodings_are_reported() -> None:
    with pytest.raises(UnreadableFile, match=r"map.yaml is not valid UTF-8 at byte 1"):
        parse_mapping("ы".encode("cp1251"), "map.yaml")


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        load_mapping(tmp_path / "nobody.yaml")


def keys_of(schema: type[Any]) -> list[str]:
    return [field.data_key or name for name, field in schema().fields.items()]


@pytest.mark.parametrize("schema", [TableMappingSchema, RuleSchema, PlaceRuleSchema, FixedSourceSchema])
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
        assert referenced_columns(mapping(yaml.safe_dump(document, allow_unicode=True))) is not None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_mapping_or_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        parse_mapping(content, "map.yaml")
