"""The format of a file is detected by its mapping or name; its reader looks up stored data."""

import gzip
import io
from typing import Any

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.items import UnreadableFile
from biobank.exchange.imports.mapping.schema import parse_mapping
from biobank.exchange.imports.runs import ImportReport
from biobank.exchange.imports.uploads import IMPORT_FORMATS, detect_format, get_reader
from biobank.records.people import queries
from biobank.store.session import Database

NAMES = "  names: [{text: {from: name}, lang: az, kind: preferred}]\n"
MAP = parse_mapping(
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
    assert detect_format(file) == expected


def test_json_may_be_several_things_and_is_not_guessed() -> None:
    with pytest.raises(UnreadableFile, match="Choose one: wikidata, popolo or jsonl"):
        detect_format("people.json")


def test_a_mapping_can_set_the_format() -> None:
    mapping = parse_mapping(f"format: tsv\nrecord:\n{NAMES}".encode(), "map.yaml")
    assert detect_format("people.txt", mapping) == "tsv"
    assert detect_format("people.csv", MAP) == "csv"


def test_only_tables_need_and_accept_a_mapping(database: Database) -> None:
    with pytest.raises(UnreadableFile, match=r"Add a mapping file \(--map\)"):
        get_reader(database, "people.csv")
    with pytest.raises(UnreadableFile, match="Mapping files are for tables only"):
        get_reader(database, "people.json", "wikidata", MAP)


@pytest.mark.parametrize("format_", IMPORT_FORMATS)
def test_every_format_has_a_reader(database: Database, format_: str) -> None:
    mapping = MAP if format_ in ("csv", "tsv", "xlsx") else None
    read = get_reader(database, "file", format_, mapping)
    try:
        # An empty line is no person; an XML document needs an element.
        assert [str(item.error)[:9] for item in read(io.BytesIO(b"\n"))] == (
            ["This is n"] if format_ == "eac-cpf" else []
        )
    except UnreadableFile as refused:
        message = refused.message
        assert mapping, message


def import_table(database: Database, content: bytes, **extra: Any) -> ImportReport:
    read = get_reader(database, "people.csv.gz", None, MAP)
    stream = io.BytesIO(gzip.compress(content))
    return import_people(database, read(stream), file="people.csv.gz", actor=OPERATOR, publish=True, **extra)


def test_a_table_is_imported_with_existing_places_and_terms(database: Database) -> None:
    report = import_table(database, TABLE.encode())
    assert (report.new, report.refused) == (2, 1)
    assert report.refusals[0]["at"] == "line 4"
    with database.read() as session:
        records = {id_: record for step in queries.iter_chunks(session) for id_, record in step.items()}
    assert records["uzeyir"]["birth"] == {"place": "agcabedi"}
    assert records["nizami"]["professions"] == ["poet"]


def test_a_repeated_import_changes_nothing(database: Database) -> None:
    import_table(database, TABLE.encode())
    repeated = import_table(database, TABLE.encode())
    assert (repeated.new, repeated.changed, repeated.same) == (0, 0, 2)
