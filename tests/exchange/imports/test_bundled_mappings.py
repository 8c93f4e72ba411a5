"""The bundled mappings read the files that they were written for."""

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given

from biobank.exchange.formats.csv import write_csv
from biobank.exchange.imports.decompression import open_decompressed
from biobank.exchange.imports.items import ImportItem
from biobank.exchange.imports.mapping.converter import read_mapped_table
from biobank.exchange.imports.mapping.schema import load_mapping
from biobank.exchange.imports.place_resolver import PlaceResolver
from biobank.exchange.imports.uploads import get_reader
from biobank.records.people.schemas import person_schema
from biobank.records.places.schemas import place_schema
from biobank.store.session import Database
from tests.support import records, seed
from tests.support.jsonl import stream
from tests.support.profiles import every

MAPS = Path(__file__).parents[3] / "docs" / "maps"
#: The columns of Pantheon, and people of the seed in them.
PANTHEON = (
    "en_curid\tname\tbirthcity\tcountryName\tcountryCode\tLAT\tLON\tbirthyear\tgender\toccupation",
    "1\tUzeyir Hajibeyov\tAgjabadi\tAzerbaijan\tAZ\t40.05\t47.46\t1885\tMale\tCOMPOSER",
    "2\tNizami Ganjavi\tGanja\tAzerbaijan\tAZ\t40.68\t46.36\t1141?\tMale\tWRITER",
    "3\tZarathustra\tOther\tUnknown\tUNK\t\t\t-600\tMale\tRELIGIOUS FIGURE",
    "4\tLev Landau\tSomewhere\tRussia\tRU\t55.7\t37.6\t1900s\tMale\tPHYSICIST",
)
POLITICIANS = (
    {
        "id": "Q199",
        "name": "Əhməd Ağaoğlu",
        "labels": {"en": "Ahmet Ağaoğlu", "ru": "Агаев, Ахмед"},
        "aliases": {"tr": ["Ahmet Agayef"]},
        "birth": "1869-01-01",
        "death": "1939-05-19",
        "gender": "M",
        "country": "Turkey",
    },
    {"id": "ep:1", "name": "X Y", "labels": {}, "gender": "r", "country": "Nagorno_Karabakh"},
)


def read(database: Database, name: str, content: io.BytesIO) -> list[ImportItem]:
    mapping = load_mapping(MAPS / f"{name}.yaml")
    return list(get_reader(database, "file", None, mapping)(content))


def loaded(item: ImportItem) -> dict[str, Any]:
    assert not item.error, item
    record = person_schema.load(item.data)
    assert isinstance(record, dict)
    return record


def test_pantheon_is_read(database: Database) -> None:
    first, second, third, fourth = read(database, "pantheon", stream(PANTHEON))
    cite = {"source": "pantheon-1-0", "locator": "en_curid 1"}
    assert loaded(first)["birth"] == {"date": "1885", "place": "agcabedi", "cites": [cite]}
    assert loaded(first)["professions"] == ["composer"]
    assert loaded(second)["birth"]["date"] == "1141?"
    assert loaded(second)["birth"]["place"] == "gence"
    assert loaded(third).keys() == {"names", "gender", "birth", "sources"}
    assert loaded(third)["birth"]["date"] == "-0599"
    assert [str(notice) for notice in third.notices] == [
        "professions[0]: The vocabulary “profession” has no term “RELIGIOUS FIGURE”. The value was left out."
    ]
    assert loaded(fourth)["birth"]["date"] == "190X"
    assert [place["id"] for place in fourth.bundled_records["places"]] == ["somewhere-ru"]


def test_everypolitician_is_read(database: Database) -> None:
    first, second = read(database, "everypolitician", stream(POLITICIANS))
    record = loaded(first)
    assert [(name["text"], name["lang"]) for name in record["names"]] == [
        ("Ahmet Ağaoğlu", "en"),
        ("Ахмед Агаев", "ru"),
        ("Əhməd Ağaoğlu", "und"),
        ("Ahmet Agayef", "tr"),
    ]
    assert record["birth"]["date"] == "1869"
    assert record["identifiers"] == {"wikidata": "Q199"}
    assert record["countries"] == ["TR"]
    assert [str(notice) for notice in first.notices] == [
        "birth.date: 1869-01-01 was interpreted as the year 1869."
    ]
    assert loaded(second)["countries"] == ["AZ"]
    assert str(second.notices[0]).startswith("gender: “r” is not listed under “values”")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "file", "header_lines", "refused"),
    [
        ("pantheon", "people_pantheon_2014.tsv.gz", 1, 1),
        ("everypolitician", "people_everypolitician_2015.jsonl.gz", 0, 26),
    ],
)
def test_almost_every_line_of_the_files_is_read(
    services: Any, shared: Path, name: str, file: str, header_lines: int, refused: int
) -> None:
    """Read all lines in the thorough profile, by default one in ten."""
    mapping = load_mapping(MAPS / f"{name}.yaml")
    read = get_reader(services.database, file, None, mapping)
    places: dict[str, Any] = {}
    counted = bad = 0
    lines = gzip.decompress((shared / "data" / file).read_bytes()).splitlines(keepends=True)
    sample = lines[header_lines :: every(10)]
    for item in read(io.BytesIO(b"".join(lines[:header_lines] + sample))):
        counted += 1
        bad += bool(item.error or person_schema.validate(item.data))
        places |= {place["id"]: place for place in item.bundled_records.get("places", ())}
    assert counted == len(sample) > 1000
    assert bad == refused if every(10) == 1 else bad <= refused
    assert not place_schema.validate(list(places.values()), many=True)


#: What the bank's own table tells without loss.
CLAIMED = ("id", "gender", "professions", "countries")


def claimed(record: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a record that the mapping of Biobank's CSV claims to read."""
    fields = {key: record[key] for key in CLAIMED if record.get(key)}
    fields["names"] = [
        {"text": name["text"], "lang": lang, "kind": "preferred"}
        for lang in ("az", "en", "ru")
        for name in record["names"]
        if (name["lang"], name["kind"]) == (lang, "preferred")
    ]
    for fact in ("birth", "death"):
        if date := (record.get(fact) or {}).get("date"):
            fields[fact] = {"date": date}
    if wikidata := record.get("identifiers", {}).get("wikidata"):
        fields["identifiers"] = {"wikidata": wikidata}
    return fields


class ContextStub:
    """A stub of the export context; the mapping reads none of the columns of labels and URLs."""

    def __getattr__(self, _: str) -> Any:
        return lambda *_: ""

    def professions(self, _: Any) -> list[str]:
        return []


def through_csv(written: list[dict[str, Any]]) -> Iterator[ImportItem]:
    content = "".join(write_csv(written, ContextStub())).encode()  # type: ignore[arg-type]
    mapping = load_mapping(MAPS / "biobank-csv.yaml")
    return read_mapped_table(open_decompressed(io.BytesIO(content)), "csv", mapping, PlaceResolver())


def test_every_seed_person_round_trips_through_csv() -> None:
    written = list(seed.people().values())
    canonical = [person_schema.load(record) for record in written]
    assert [loaded(item) for item in through_csv(canonical)] == [
        person_schema.load(claimed(record)) for record in canonical
    ]


def has_plain_names(record: dict[str, Any]) -> bool:
    """Return whether a record has names, and none needs an apostrophe against formulas."""
    names = claimed(record)["names"]
    return bool(names) and not any(name["text"][:1] == "'" for name in names)


@given(records.records())
def test_any_exported_csv_round_trips(written: dict[str, Any]) -> None:
    assume(has_plain_names(written))
    record = person_schema.load(written)
    (result,) = through_csv([record])
    assert loaded(result) == person_schema.load(claimed(record))
