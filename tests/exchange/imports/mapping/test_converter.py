"""A row becomes a record as its mapping defines; unknown values are reported or refuse the row."""

import json
from typing import Any

import pytest

from biobank.exchange.imports.decompression import open_decompressed
from biobank.exchange.imports.items import ImportItem, UnreadableFile
from biobank.exchange.imports.mapping.converter import read_mapped_table
from biobank.exchange.imports.mapping.schema import parse_mapping
from biobank.exchange.imports.place_resolver import PlaceResolver
from tests.support.jsonl import stream

NAMES = "  names: [{text: {from: name}, lang: az, kind: preferred}]\n"
BAKU = {"id": "baku", "kind": "city", "country": "AZ", "lat": 40.4, "lon": 49.9}
GANJA = {"id": "gence", "kind": "city", "country": "AZ", "lat": 40.7, "lon": 46.4}
VILLAGE = {"id": "gence-ir", "kind": "village", "country": "IR", "lat": 38.0, "lon": 46.0}


def resolver() -> PlaceResolver:
    resolver = PlaceResolver(terms={"profession": {"composer": {"composer"}, "bestekar": {"composer"}}})
    resolver.terms["profession"]["artist"] = {"artist", "performing-artist"}
    resolver.terms["profession"]["artist (theatre)"] = {"performing-artist"}
    for place, *names in ((BAKU, "Bakı", "Baku"), (GANJA, "Gəncə", "Ganja"), (VILLAGE, "Gəncə")):
        resolver.index_place({**place, "names": [{"text": name} for name in names]})
    return resolver


def items(table: str | list[Any], mapping: str, format_: str = "csv") -> list[ImportItem]:
    content = stream(table) if isinstance(table, list) else stream([table])
    read = parse_mapping(mapping.encode(), "map.yaml")
    return list(read_mapped_table(open_decompressed(content), format_, read, resolver()))


def item(header: str, row: str, fields: str = "", prologue: str = "") -> ImportItem:
    (result,) = items(f"name,{header}\nÜzeyir,{row}", f"{prologue}record:\n{NAMES}{fields}")
    return result


def record(header: str, row: str, fields: str) -> dict[str, Any]:
    result = item(header, row, fields)
    assert not result.error, result.error
    assert isinstance(result.data, dict)
    return result.data


def test_fields_without_a_value_are_left_out() -> None:
    fields = "  gender: {from: g}\n  birth: {date: {from: d, date: edtf}}\n"
    names = [{"text": "Üzeyir", "lang": "az", "kind": "preferred"}]
    assert record("g,d", ",", fields) == {"names": names}


def test_texts_are_split_and_each_is_an_entry() -> None:
    fields = "  works: [{title: {az: {from: w, split: ';'}}, type: opera}]\n"
    titles = ["Koroğlu", "Arşın mal alan"]
    assert record("w", "Koroğlu; Arşın mal alan;", fields)["works"] == [
        {"title": {"az": title}, "type": "opera"} for title in titles
    ]


def test_parallel_lists_are_zipped() -> None:
    fields = "  works: [{title: {az: {from: w, split: ';'}}, date: {from: y, split: ';', date: year}}]\n"
    works = record("w,y", "Leyli və Məcnun;Koroğlu,1908;1937", fields)["works"]
    assert [work["date"] for work in works] == ["1908", "1937"]
    assert "There are 2 values here but 3 in the related columns" in str(
        item("w,y", "a;b,1;2;3", fields).error
    )


def test_a_single_value_field_refuses_two_values() -> None:
    fields = "  gender: {from: g, split: '|'}\n"
    assert (
        str(item("g", "male|female", fields).error) == "gender: There are 2 values, but only one is allowed."
    )


def test_a_template_combines_columns() -> None:
    fields = "  headline: {en: {template: '{what} of {where} {{1}}'}}\n"
    assert record("what,where", "composer,Baku", fields)["headline"] == {"en": "composer of Baku {1}"}
    assert "headline" not in record("what,where", ",", fields)


def test_the_first_non_empty_column_is_used() -> None:
    fields = "  gender: {from: [a, b], default: unknown}\n"
    assert record("a,b", ",male", fields)["gender"] == "male"
    assert record("a,b", ",", fields)["gender"] == "unknown"


def test_values_are_mapped_and_unknown_ones_refused_reported_or_kept() -> None:
    fields = "  gender: {from: g, values: {M: male, x: null}%s}\n"
    assert record("g", "M", fields % "")["gender"] == "male"
    assert "gender" not in record("g", "x", fields % "")
    assert str(item("g", "Ж", fields % "").error) == (
        "gender: “Ж” is not listed under “values” in the mapping file."
    )
    result = item("g", "Ж", fields % ", unknown: notice")
    assert [str(notice) for notice in result.notices] == [
        "gender: “Ж” is not listed under “values” in the mapping file. The value was left out."
    ]
    assert record("g", "Ж", fields % ", unknown: keep")["gender"] == "Ж"


def test_terms_are_resolved_by_label() -> None:
    fields = "  professions: {from: p, split: '|', term: profession, values: {MUS: composer}}\n"
    assert record("p", "BƏSTƏKAR|MUS", fields)["professions"] == ["composer", "composer"]
    assert str(item("p", "pirate", fields).error) == (
        "professions[0]: The vocabulary “profession” has no term “pirate”."
    )


def test_an_ambiguous_term_is_reported() -> None:
    fields = "  professions: {from: p, term: profession, unknown: notice}\n"
    assert [str(notice) for notice in item("p", "ARTIST", fields).notices] == [
        "professions[0]: “ARTIST” could be any of these: artist, performing-artist. Specify which one "
        "under “values”. The value was left out."
    ]
    assert record("p", "artist", fields)["professions"] == ["artist"]


@pytest.mark.parametrize("text", ["AZ", "Azərbaycan", "Azerbaijan", "Азербайджан"])
def test_countries_are_resolved_by_code_and_name(text: str) -> None:
    assert record("c", text, "  countries: {from: c, country: yes}\n")["countries"] == ["AZ"]


PLACE = "  birth: {place: {from: p, place: {%s}%s}}\n"


def test_places_are_resolved_by_name_country_and_coordinates() -> None:
    assert record("p", "Bakı", PLACE % ("", ""))["birth"] == {"place": "baku"}
    with_country = PLACE % ("country: c", "")
    assert record("p,c", "Gəncə,IR", with_country)["birth"] == {"place": "gence-ir"}
    with_point = PLACE % ("lat: y, lon: x", "")
    assert record("p,y,x", 'Gəncə,"40,68",46.35', with_point)["birth"] == {"place": "gence"}


def test_an_ambiguous_place_is_reported() -> None:
    error = str(item("p", "Gəncə", PLACE % ("", "")).error)
    assert error == (
        "birth.place: “Gəncə” could be any of these: gence, gence-ir. Give the identifier or the country."
    )
    result = item("p", "Gəncə", PLACE % ("", ", unknown: notice"))
    assert result.data.keys() == {"names"}
    assert result.notices


def test_an_id_is_a_place_without_further_columns() -> None:
    assert record("p", "gence-ir", PLACE % ("", ""))["birth"] == {"place": "gence-ir"}
    error = str(item("p,c", "baku,US", PLACE % ("country: c", "")).error)
    assert error == "birth.place: Place not found in the database: “baku”."


ADDED_PLACE = PLACE % ("country: c, lat: y, lon: x, kind: town, lang: az, bring: yes", "")


def test_a_missing_place_is_added_once_and_reused() -> None:
    table = "\n".join(
        (
            "name,p,c,y,x",
            "a,Springfield,US,37.2,-93.3",
            "b,Springfield,US,37.21,-93.29",
            "c,Springfield,US,39.8,-89.6",
            "d,Bakı,AZ,40.37,49.89",
        )
    )
    results = items(table, f"record:\n{NAMES}{ADDED_PLACE}")
    places = [result.data["birth"]["place"] for result in results]
    assert places == ["springfield-us", "springfield-us", "springfield-us-2", "baku"]
    assert results[0].bundled_records["places"] == [
        {
            "id": "springfield-us",
            "kind": "town",
            "names": [{"text": "Springfield", "lang": "az"}],
            "country": "US",
            "lat": 37.2,
            "lon": -93.3,
        }
    ]
    assert results[1].bundled_records == results[0].bundled_records
    assert results[3].bundled_records == {}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("X,US,north,1", "“north” in the column “y” is not a number of degrees"),
        ("X,US,91,1", "Invalid coordinates"),
    ],
)
def test_invalid_coordinates_are_refused(row: str, message: str) -> None:
    assert message in str(item("p,c,y,x", row, ADDED_PLACE).error)


def test_rows_are_filtered_by_where_and_identified_by_key() -> None:
    mapping = f"key: [id, part]\nwhere: {{c: [AZ, TR]}}\nempty: ['-']\nrecord:\n{NAMES}"
    table = "name,id,part,c\na,1,x,AZ\nb,2,y,US\nc,,,TR\nd,,,\n"
    *results, last = items(table, mapping)
    assert [(result.label, result.key) for result in results] == [("line 2", "1|x"), ("line 4", "")]
    assert (last.label, last.is_file_notice) == ("the file", True)
    assert [notice.values for notice in last.notices] == [{"count": 2}]


def test_every_record_gets_the_source_and_its_facts_cite_it() -> None:
    prologue = "source: {id: dil, csl: {type: book, title: Dil}, locator: 's. {s}', cites: birth}\n"
    result = item("s,d", "12,1885", "  birth: {date: {from: d, date: year}}\n", prologue)
    assert result.data["sources"] == [{"id": "dil", "csl": {"type": "book", "title": "Dil"}}]
    assert result.data["birth"]["cites"] == [{"source": "dil", "locator": "s. 12"}]


def test_empty_markers_are_treated_as_empty() -> None:
    fields = "  gender: {from: g}\n"
    assert item("g", "N/A", fields, "empty: ['N/A']\n").data.keys() == {"names"}


def test_a_formula_in_a_used_column_refuses_its_row() -> None:
    assert "starts like a formula" in str(item("g", "=1", "  gender: {from: g}\n").error)
    assert not item("g", "=1", "").error


def test_a_table_without_the_columns_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"no column “name”, .* Did you mean “nane”\?"):
        items("nane,b\na,b", f"record:\n{NAMES}")


JSON_NAMES = """record:
  names:
    - {text: {from: name}, lang: und, kind: variant}
    - {text: {from: "labels.*", turn: yes}, lang: {keys: "labels.*"}, kind: preferred}
    - {text: {from: "also.*"}, lang: {keys: "also.*"}, kind: variant}
  identifiers: {wikidata: {from: id, starts: Q}}
"""


def test_objects_are_read_by_paths() -> None:
    row = {
        "id": "Q199",
        "name": "Uzeyir",
        "labels": {"en": "Uzeyir", "ru": "Гаджибеков, Узеир", "az-arab": "عزیر"},
        "also": {"en": ["U. Hajibeyov", "Uzeyir"], "tr": None},
    }
    (result,) = items([row], JSON_NAMES, "jsonl")
    assert result.data["names"] == [
        {"text": "Uzeyir", "lang": "en", "kind": "preferred"},
        {"text": "Узеир Гаджибеков", "lang": "ru", "kind": "preferred"},
        {"text": "عزیر", "lang": "az", "script": "Arab", "kind": "preferred"},
        {"text": "U. Hajibeyov", "lang": "en", "kind": "variant"},
    ]
    assert result.data["identifiers"] == {"wikidata": "Q199"}
    (invalid,) = items([{"id": "ep:1", "name": 7}], JSON_NAMES, "jsonl")
    assert invalid.data == {"names": [{"text": "7", "lang": "und", "kind": "variant"}]}


@pytest.mark.parametrize(
    "row", [{"name": {"a": 1}}, ["x"], json.loads('{"name": 1e999}'), {"name": "x" * 200_001}]
)
def test_objects_without_a_text_at_the_path_are_refused(row: Any) -> None:
    (result,) = items([row], JSON_NAMES, "jsonl")
    assert result.error
