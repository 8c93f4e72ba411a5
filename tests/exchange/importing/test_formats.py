"""The format of a file is detected by its mapping or name; its reader looks up stored data."""

import gzip
import io
from typing import Any

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.exchange.importing.formats import FORMATS, format_of, reader_for
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.mapping.loading import read_mapping
from biobank.exchange.importing.reading import UnreadableFile
from biobank.exchange.importing.report import Report
from biobank.records.people import queries
from biobank.store.session import Database

NAMES = "  names: [{text: {from: name}, lang: az, kind: preferred}]\n"
MAP = read_mapping(
    f"""record:
{NAMES}
  birth: {{place: {{from: place, place: {{}}}}}}
  professions: {{from: job, term: profession}}
""".encode(),
    "map.yaml",
)
TABLE = "name,place,job\nÜzeyir,Ağcabədi,bəstəkar\nNizami,Gəncə,poet\nX,Nowhere,pirate\n"


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("people.jsonl", "jsonl"),
        ("people.ndjson.gz", "jsonl"),
        ("people.CSV", "csv"),
        ("people.csv.gz", "csv"),
        ("people.tab", "tsv"),
        ("people.xlsx", "xlsx"),
        ("<stdin>", "jsonl"),
        ("people", "jsonl"),
    ],
)
def test_a_format_is_known_by_the_ending(file: str, expected: str) -> None:
    assert format_of(file) == expected


def test_json_may_be_several_things_and_is_not_guessed() -> None:
    with pytest.raises(UnreadableFile, match="--format wikidata, popolo or jsonl"):
        format_of("people.json")


def test_a_mapping_may_tell_the_format() -> None:
    told = read_mapping(f"format: tsv\nrecord:\n{NAMES}".encode(), "map.yaml")
    assert format_of("people.txt", told) == "tsv"
    assert format_of("people.csv", MAP) == "csv"


def test_a_table_needs_a_mapping_and_others_take_none(database: Database) -> None:
    with pytest.raises(UnreadableFile, match=r"A table needs a mapping.*--map FILE"):
        reader_for(database, "people.csv")
    with pytest.raises(UnreadableFile, match="No mapping is used with wikidata"):
        reader_for(database, "people.json", "wikidata", MAP)


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_has_a_reader(database: Database, format_: str) -> None:
    mapping = MAP if format_ in ("csv", "tsv", "xlsx") else None
    read = reader_for(database, "file", format_, mapping)
    try:
        # An empty line is no person; an XML document needs an element.
        assert [str(item.fault)[:9] for item in read(io.BytesIO(b"\n"))] == (
            ["Is no XML"] if format_ == "eac-cpf" else []
        )
    except UnreadableFile as refused:
        message = refused.message
        assert mapping, message


def brought_in(database: Database, content: bytes, **more: Any) -> Report:
    read = reader_for(database, "people.csv.gz", None, MAP)
    stream = io.BytesIO(gzip.compress(content))
    return import_people(
        database, read(stream), file="people.csv.gz", who=OPERATOR, publish=True, **more
    )


def test_a_table_is_brought_in_with_the_banks_own_places_and_terms(database: Database) -> None:
    report = brought_in(database, TABLE.encode())
    assert (report.new, report.refused) == (2, 1)
    assert report.refusals[0]["at"] == "line 4"
    with database.read() as session:
        found = {id_: one for step in queries.walk(session) for id_, one in step.items()}
    assert found["uzeyir"]["birth"] == {"place": "agcabedi"}
    assert found["nizami"]["professions"] == ["poet"]


def test_the_same_table_again_changes_nothing(database: Database) -> None:
    brought_in(database, TABLE.encode())
    again = brought_in(database, TABLE.encode())
    assert (again.new, again.changed, again.same) == (0, 0, 2)
