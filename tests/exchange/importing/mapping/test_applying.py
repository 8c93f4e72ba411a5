"""A row becomes a record as its mapping defines; unknown values are reported or refuse the row."""

import json
from typing import Any

import pytest

from biobank.exchange.importing.bank import Bank
from biobank.exchange.importing.mapping.items import mapped_items
from biobank.exchange.importing.mapping.loading import read_mapping
from biobank.exchange.importing.opening import opened
from biobank.exchange.importing.reading import Item, UnreadableFile
from tests.support.jsonl import stream

NAMES = "  names: [{text: {from: name}, lang: az, kind: preferred}]\n"
BAKU = {"id": "baku", "kind": "city", "country": "AZ", "lat": 40.4, "lon": 49.9}
GANJA = {"id": "gence", "kind": "city", "country": "AZ", "lat": 40.7, "lon": 46.4}
VILLAGE = {"id": "gence-ir", "kind": "village", "country": "IR", "lat": 38.0, "lon": 46.0}


def bank() -> Bank:
    made = Bank(terms={"profession": {"composer": {"composer"}, "bestekar": {"composer"}}})
    made.terms["profession"]["artist"] = {"artist", "performing-artist"}
    made.terms["profession"]["artist (theatre)"] = {"performing-artist"}
    for place, *names in ((BAKU, "Bakı", "Baku"), (GANJA, "Gəncə", "Ganja"), (VILLAGE, "Gəncə")):
        made.learn({**place, "names": [{"text": name} for name in names]})
    return made


def items(table: str | list[Any], mapping: str, format_: str = "csv") -> list[Item]:
    content = stream(table) if isinstance(table, list) else stream([table])
    read = read_mapping(mapping.encode(), "map.yaml")
    return list(mapped_items(opened(content), format_, read, bank()))


def item(header: str, row: str, rest: str = "", head: str = "") -> Item:
    (found,) = items(f"name,{header}\nÜzeyir,{row}", f"{head}record:\n{NAMES}{rest}")
    return found


def record(header: str, row: str, rest: str) -> dict[str, Any]:
    found = item(header, row, rest)
    assert not found.fault, found.fault
    assert isinstance(found.data, dict)
    return found.data


def test_fields_without_a_value_are_left_out() -> None:
    rest = "  gender: {from: g}\n  birth: {date: {from: d, date: edtf}}\n"
    names = [{"text": "Üzeyir", "lang": "az", "kind": "preferred"}]
    assert record("g,d", ",", rest) == {"names": names}


def test_texts_are_split_and_each_is_an_entry() -> None:
    rest = "  works: [{title: {az: {from: w, split: ';'}}, type: opera}]\n"
    titles = ["Koroğlu", "Arşın mal alan"]
    assert record("w", "Koroğlu; Arşın mal alan;", rest)["works"] == [
        {"title": {"az": title}, "type": "opera"} for title in titles
    ]


def test_lists_that_belong_together_are_joined_one_by_one() -> None:
    rest = (
        "  works: [{title: {az: {from: w, split: ';'}}, date: {from: y, split: ';', date: year}}]\n"
    )
    made = record("w,y", "Leyli və Məcnun;Koroğlu,1908;1937", rest)["works"]
    assert [work["date"] for work in made] == ["1908", "1937"]
    assert "Has 2 values where others beside it have 3" in str(item("w,y", "a;b,1;2;3", rest).fault)


def test_a_field_of_one_value_takes_no_two() -> None:
    rest = "  gender: {from: g, split: '|'}\n"
    assert str(item("g", "male|female", rest).fault) == "gender: Has 2 values where one is kept."


def test_a_template_puts_columns_together() -> None:
    rest = "  headline: {en: {template: '{what} of {where} {{1}}'}}\n"
    assert record("what,where", "composer,Baku", rest)["headline"] == {"en": "composer of Baku {1}"}
    assert "headline" not in record("what,where", ",", rest)


def test_the_first_column_that_holds_something_counts() -> None:
    rest = "  gender: {from: [a, b], default: unknown}\n"
    assert record("a,b", ",male", rest)["gender"] == "male"
    assert record("a,b", ",", rest)["gender"] == "unknown"


def test_values_become_ours_and_others_are_refused_told_or_kept() -> None:
    rest = "  gender: {from: g, values: {M: male, x: null}%s}\n"
    assert record("g", "M", rest % "")["gender"] == "male"
    assert "gender" not in record("g", "x", rest % "")
    assert str(item("g", "Ж", rest % "").fault) == (
        "gender: 'Ж' is not among the `values` of the mapping."
    )
    told = item("g", "Ж", rest % ", unknown: notice")
    assert [str(it) for it in told.notices] == [
        "gender: 'Ж' is not among the `values` of the mapping; left out"
    ]
    assert record("g", "Ж", rest % ", unknown: keep")["gender"] == "Ж"


def test_terms_are_found_by_what_they_are_called() -> None:
    rest = "  professions: {from: p, split: '|', term: profession, values: {MUS: composer}}\n"
    assert record("p", "BƏSTƏKAR|MUS", rest)["professions"] == ["composer", "composer"]
    assert str(item("p", "pirate", rest).fault) == (
        "professions[0]: There is no profession term 'pirate'."
    )


def test_a_word_for_two_terms_is_told_and_not_guessed() -> None:
    rest = "  professions: {from: p, term: profession, unknown: notice}\n"
    assert [str(it) for it in item("p", "ARTIST", rest).notices] == [
        "professions[0]: 'ARTIST' may be artist, performing-artist; say which in `values`; left out"
    ]
    assert record("p", "artist", rest)["professions"] == ["artist"]


@pytest.mark.parametrize("text", ["AZ", "Azərbaycan", "Azerbaijan", "Азербайджан"])
def test_countries_are_found_by_code_and_name(text: str) -> None:
    assert record("c", text, "  countries: {from: c, country: yes}\n")["countries"] == ["AZ"]


PLACE = "  birth: {place: {from: p, place: {%s}%s}}\n"


def test_places_are_found_by_name_country_and_point() -> None:
    assert record("p", "Bakı", PLACE % ("", ""))["birth"] == {"place": "baku"}
    with_country = PLACE % ("country: c", "")
    assert record("p,c", "Gəncə,IR", with_country)["birth"] == {"place": "gence-ir"}
    with_point = PLACE % ("lat: y, lon: x", "")
    assert record("p,y,x", 'Gəncə,"40,68",46.35', with_point)["birth"] == {"place": "gence"}


def test_a_place_that_cannot_be_told_apart_is_told() -> None:
    fault = str(item("p", "Gəncə", PLACE % ("", "")).fault)
    assert fault == ("birth.place: 'Gəncə' may be gence, gence-ir; give its id or its country.")
    found = item("p", "Gəncə", PLACE % ("", ", unknown: notice"))
    assert found.data.keys() == {"names"}
    assert found.notices


def test_an_id_is_a_place_where_nothing_else_tells_it() -> None:
    assert record("p", "gence-ir", PLACE % ("", ""))["birth"] == {"place": "gence-ir"}
    fault = str(item("p,c", "baku,US", PLACE % ("country: c", "")).fault)
    assert fault == "birth.place: There is no place 'baku'."


BRING = PLACE % ("country: c, lat: y, lon: x, kind: town, lang: az, bring: yes", "")


def test_a_place_is_brought_once_and_known_to_the_lines_that_follow() -> None:
    table = "\n".join(
        (
            "name,p,c,y,x",
            "a,Springfield,US,37.2,-93.3",
            "b,Springfield,US,37.21,-93.29",
            "c,Springfield,US,39.8,-89.6",
            "d,Bakı,AZ,40.37,49.89",
        )
    )
    found = items(table, f"record:\n{NAMES}{BRING}")
    places = [one.data["birth"]["place"] for one in found]
    assert places == ["springfield-us", "springfield-us", "springfield-us-2", "baku"]
    assert found[0].brings["places"] == [
        {
            "id": "springfield-us",
            "kind": "town",
            "names": [{"text": "Springfield", "lang": "az"}],
            "country": "US",
            "lat": 37.2,
            "lon": -93.3,
        }
    ]
    assert found[1].brings == found[0].brings
    assert found[3].brings == {}


@pytest.mark.parametrize(
    ("row", "told"),
    [("X,US,north,1", "'north' in y is no number of degrees"), ("X,US,91,1", "no point of the ea")],
)
def test_a_point_that_is_none_is_refused(row: str, told: str) -> None:
    assert told in str(item("p,c,y,x", row, BRING).fault)


def test_rows_are_passed_over_by_where_and_known_by_their_key() -> None:
    mapping = f"key: [id, part]\nwhere: {{c: [AZ, TR]}}\nempty: ['-']\nrecord:\n{NAMES}"
    table = "name,id,part,c\na,1,x,AZ\nb,2,y,US\nc,,,TR\nd,,,\n"
    *found, last = items(table, mapping)
    assert [(one.label, one.key) for one in found] == [("line 2", "1|x"), ("line 4", "")]
    assert (last.label, last.is_remark) == ("the file", True)
    assert [notice.values for notice in last.notices] == [{"count": 2}]


def test_every_record_gets_the_source_and_its_facts_cite_it() -> None:
    head = "source: {id: dil, csl: {type: book, title: Dil}, locator: 's. {s}', cites: birth}\n"
    found = item("s,d", "12,1885", "  birth: {date: {from: d, date: year}}\n", head)
    assert found.data["sources"] == [{"id": "dil", "csl": {"type": "book", "title": "Dil"}}]
    assert found.data["birth"]["cites"] == [{"source": "dil", "locator": "s. 12"}]


def test_what_the_file_writes_for_nothing_is_nothing() -> None:
    rest = "  gender: {from: g}\n"
    assert item("g", "N/A", rest, "empty: ['N/A']\n").data.keys() == {"names"}


def test_a_formula_refuses_its_row_where_the_column_is_used() -> None:
    assert "begins as a formula" in str(item("g", "=1", "  gender: {from: g}\n").fault)
    assert not item("g", "=1", "").fault


def test_a_table_without_the_columns_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"no column 'name', .* did you mean 'nane'\?"):
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
    (found,) = items([row], JSON_NAMES, "jsonl")
    assert found.data["names"] == [
        {"text": "Uzeyir", "lang": "en", "kind": "preferred"},
        {"text": "Узеир Гаджибеков", "lang": "ru", "kind": "preferred"},
        {"text": "عزیر", "lang": "az", "script": "Arab", "kind": "preferred"},
        {"text": "U. Hajibeyov", "lang": "en", "kind": "variant"},
    ]
    assert found.data["identifiers"] == {"wikidata": "Q199"}
    (other,) = items([{"id": "ep:1", "name": 7}], JSON_NAMES, "jsonl")
    assert other.data == {"names": [{"text": "7", "lang": "und", "kind": "variant"}]}


@pytest.mark.parametrize(
    "row", [{"name": {"a": 1}}, ["x"], json.loads('{"name": 1e999}'), {"name": "x" * 200_001}]
)
def test_objects_that_hold_no_text_there_are_refused(row: Any) -> None:
    (found,) = items([row], JSON_NAMES, "jsonl")
    assert found.fault
