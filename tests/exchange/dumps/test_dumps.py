"""All dump formats hold the same data, equal to the sum of all descriptions."""

import csv
import gzip
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from rdflib import DCTERMS, URIRef

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.redaction.service import redact
from biobank.editorial.review import workflow
from biobank.editorial.revisions.bulk_save import save_records
from biobank.errors import Busy
from biobank.exchange.dumps import publisher
from biobank.exchange.dumps.files import (
    CHECKSUMS_FILE,
    DUMP_FORMATS,
    MANIFEST_FILE,
    DumpFileWriter,
    Manifest,
    load_manifest,
    save_manifest,
)
from biobank.exchange.dumps.publisher import write_dumps
from biobank.exchange.formats.linked_data.graph import LICENCE_URI, Description, Uris
from biobank.exchange.formats.linked_data.reference_data import describe_country
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS as FORMS_OF_RDF
from biobank.records.countries import COUNTRY_CODES
from biobank.records.people import queries
from tests.exchange.formats.linked_data.conftest import BASE, descriptions, uris
from tests.support import edited_person, graphs, seed

__all__ = ["descriptions", "uris"]

RDF = ("ttl", "jsonld", "rdf", "nt")
NT = FORMS_OF_RDF["nt"]
BANK = URIRef(f"{BASE}/.well-known/void#bank")


@pytest.fixture(scope="module")
def dumped(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dumps")
    write_dumps(services.database, folder, BASE)
    return folder


@pytest.fixture
def bank_of_two(small_services: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """Return a bank of two people, whose dumps are of one format."""
    people = [seed.person_without_relations(id_) for id_ in (edited_person.PERSON, "nizami-gencevi")]
    with small_services.database.write() as session:
        save_records(session, people, OPERATOR, "", publish=True)
    monkeypatch.setattr(publisher, "write_dumps", partial(write_dumps, formats=("jsonl",)))
    return small_services


def text(folder: Path, ending: str) -> str:
    return gzip.decompress((folder / f"biobank.{ending}.gz").read_bytes()).decode()


@pytest.fixture(scope="module")
def triples(dumped: Path) -> dict[str, set[Any]]:
    return {ending: graphs.triples(text(dumped, ending), ending) for ending in RDF}


def test_rdf_formats_hold_the_same_graph(dumped: Path, triples: dict[str, set[Any]]) -> None:
    manifest = load_manifest(dumped)
    assert manifest is not None
    assert triples["ttl"] == triples["jsonld"] == triples["rdf"] == triples["nt"]
    assert {file.statements for file in manifest.files if file.statements} == {manifest.triple_count}
    assert manifest.triple_count == len(triples["nt"])


def test_dump_is_the_sum_of_descriptions(
    triples: dict[str, set[Any]], descriptions: Mapping[str, Description], uris: Uris
) -> None:
    about_the_bank = f"{BASE}/.well-known/void"
    described = "".join(
        NT.body(description, uris.prefixes)
        for uri, description in descriptions.items()
        if not uri.startswith(about_the_bank)
    )
    countries = (NT.body(describe_country(code, uris), uris.prefixes) for code in COUNTRY_CODES)
    dumped_triples = {triple for triple in triples["nt"] if not str(triple[0]).startswith(about_the_bank)}
    assert dumped_triples == graphs.triples(described + "".join(countries), "nt")


def test_files_and_manifest_have_licence_and_date(dumped: Path, triples: dict[str, set[Any]]) -> None:
    manifest = load_manifest(dumped)
    assert manifest is not None
    created_at = f"{manifest.created_at:%Y-%m-%dT%H:%M:%SZ}"
    for ending in RDF:
        statements = {predicate: value for subject, predicate, value in triples[ending] if subject == BANK}
        assert statements[DCTERMS.issued].toPython() == manifest.created_at
        assert statements[DCTERMS.license] == URIRef(LICENCE_URI)
    manifest_json = json.loads((dumped / MANIFEST_FILE).read_text("utf-8"))
    assert (manifest_json["made"], manifest_json["licence_url"]) == (created_at, LICENCE_URI)


def test_manifest_has_checksums_and_sizes(dumped: Path) -> None:
    manifest = load_manifest(dumped)
    assert manifest is not None
    assert [file.name for file in manifest.files] == [f"biobank.{extension}.gz" for extension in DUMP_FORMATS]
    for file in manifest.files:
        content = (dumped / file.name).read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (file.bytes, file.sha256)
    lines = (dumped / CHECKSUMS_FILE).read_text("ascii").splitlines()
    assert lines == [f"{file.sha256}  {file.name}" for file in manifest.files]


def test_dumps_hold_all_public_people(services: Services, dumped: Path) -> None:
    with services.database.read() as session:
        known = [person for chunk in queries.iter_chunks(session) for person in chunk.values()]
    assert [json.loads(line) for line in text(dumped, "jsonl").splitlines()] == known
    rows = list(csv.DictReader(text(dumped, "csv").removeprefix("\ufeff").splitlines()))
    assert [row["id"] for row in rows] == [record["id"] for record in known]
    assert rows[0]["url"] == f"{BASE}/people/{known[0]['id']}"


def test_selected_formats_can_be_written(services: Services, tmp_path: Path) -> None:
    manifest = write_dumps(services.database, tmp_path, BASE, ["csv"])
    assert [file.name for file in manifest.files] == ["biobank.csv.gz"]
    assert {file.name for file in tmp_path.iterdir()} == {"biobank.csv.gz", MANIFEST_FILE, CHECKSUMS_FILE}


def test_neither_drafts_nor_the_withdrawn_are_in_any_format(own_services: Services, tmp_path: Path) -> None:
    edited_person.save_revisions(own_services)
    draft = {**seed.person_without_relations("nizami-gencevi"), "id": "a-draft"}
    with own_services.database.write() as session:
        save_records(session, [draft], OPERATOR, "", publish=False)
    withdrawn_id = "ceyhun-hacibeyli"
    workflow.withdraw(own_services.database, OPERATOR, withdrawn_id, "wish", "")
    write_dumps(own_services.database, tmp_path, BASE)
    for ending in DUMP_FORMATS:
        content = text(tmp_path, ending)
        assert "uzeyir-hacibeyov" in content
        assert edited_person.DRAFT_TEXT not in content
        assert "a-draft" not in content
        if ending in RDF:
            # Another record may still contain his name, but no link to him.
            assert f"/people/{withdrawn_id}" not in content


def test_failed_dump_keeps_the_previous_one(bank_of_two: Services, tmp_path: Path) -> None:
    dumps = tmp_path / "dumps"
    assert publisher.current_dump(dumps) is None
    first = publisher.renew(bank_of_two.database, dumps, BASE)

    class Killed(BaseException):
        pass

    def fail(*_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        publisher.renew(bank_of_two.database, dumps, BASE, fail)
    served = publisher.current_dump(dumps)
    assert served is not None
    assert served[1] == first
    assert {path.name for path in dumps.iterdir() if path.is_dir()} == {served[0].name}


def test_only_one_process_dumps_at_a_time(bank_of_two: Services, tmp_path: Path) -> None:
    def meanwhile(*_: object) -> None:
        with pytest.raises(Busy):
            publisher.renew(bank_of_two.database, tmp_path, BASE)

    manifest = publisher.renew(bank_of_two.database, tmp_path, BASE, meanwhile)
    served = publisher.current_dump(tmp_path)
    assert served is not None
    assert served[1] == manifest


def test_previous_dump_is_kept_and_older_ones_deleted(bank_of_two: Services, tmp_path: Path) -> None:
    folders = []
    for year in range(3):
        publisher.renew(bank_of_two.database, tmp_path, f"https://{year}.example")
        served = publisher.current_dump(tmp_path)
        assert served is not None
        folders.append(served[0].rename(tmp_path / f"of-{year}"))
        (tmp_path / publisher.CURRENT_DUMP_FILE).write_text(f"of-{year}\n")
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"of-1", "of-2"}


def test_dumps_are_due_daily_after_changes(bank_of_two: Services, tmp_path: Path) -> None:
    database = bank_of_two.database
    manifest = publisher.renew(database, tmp_path, BASE)
    later = manifest.created_at + timedelta(days=1)
    assert not publisher.is_due(database, tmp_path, BASE, later)
    assert publisher.is_due(database, tmp_path, "https://another.example", manifest.created_at)
    edited_person.save_revisions(bank_of_two)
    assert not publisher.is_due(database, tmp_path, BASE, manifest.created_at + timedelta(hours=23))
    assert publisher.is_due(database, tmp_path, BASE, later)


def test_withdrawal_makes_dumps_due_at_once(bank_of_two: Services, tmp_path: Path) -> None:
    database = bank_of_two.database
    manifest = publisher.renew(database, tmp_path, BASE)
    minute_later = manifest.created_at + timedelta(minutes=1)
    assert not publisher.is_due(database, tmp_path, BASE, minute_later)
    workflow.withdraw(database, OPERATOR, "nizami-gencevi", "law", "")
    assert publisher.is_due(database, tmp_path, BASE, minute_later)


def test_a_removal_in_the_second_of_the_dumps_is_in_them_only_if_it_came_later(
    bank_of_two: Services, tmp_path: Path
) -> None:
    """The time of dumps is in whole seconds."""
    database = bank_of_two.database
    workflow.withdraw(database, OPERATOR, "nizami-gencevi", "law", "")
    manifest = publisher.renew(database, tmp_path, BASE)
    with database.read() as session:
        withdrawn_at = publisher.first_withdrawal_since(session, manifest.created_at - timedelta(minutes=9))
    assert withdrawn_at is not None
    served = publisher.current_dump(tmp_path)
    assert served is not None
    for mark, expected in ((manifest.mark, None), (manifest.mark - 1, withdrawn_at)):
        save_manifest(
            publisher.Manifest(
                withdrawn_at.replace(microsecond=0), mark, BASE, manifest.people, manifest.files
            ),
            served[0],
        )
        assert publisher.first_removal_in_dumps(database, tmp_path) == expected


def test_redaction_makes_dumps_due_and_deletes_the_previous(bank_of_two: Services, tmp_path: Path) -> None:
    database = bank_of_two.database
    edited_person.save_revisions(bank_of_two)
    manifest = publisher.renew(database, tmp_path, BASE)
    minute_later = manifest.created_at + timedelta(minutes=1)
    assert not publisher.is_due(database, tmp_path, BASE, minute_later)
    redact(database, OPERATOR, edited_person.PERSON, 2, "A court")
    assert publisher.is_due(database, tmp_path, BASE, minute_later)
    publisher.renew(database, tmp_path, BASE)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


@pytest.mark.parametrize("content", ["", "no-such-folder", "../..", "\0", "ə"])
def test_broken_pointer_is_ignored(tmp_path: Path, content: str) -> None:
    (tmp_path / publisher.CURRENT_DUMP_FILE).write_text(content, "utf-8")
    assert publisher.current_dump(tmp_path) is None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"made": "x"}', '{"files": [{"a": 1}]}'])
def test_broken_manifest_is_ignored(tmp_path: Path, content: str) -> None:
    (tmp_path / MANIFEST_FILE).write_text(content, "utf-8")
    assert load_manifest(tmp_path) is None


def test_manifest_round_trips(dumped: Path) -> None:
    manifest = load_manifest(dumped)
    assert isinstance(manifest, Manifest)
    assert replace(manifest).to_dict() == json.loads((dumped / MANIFEST_FILE).read_text("utf-8"))


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        writer = DumpFileWriter(tmp_path / name, "txt", 1_700_000_000)
        with writer.open():
            for part in ("Şuşa\n", "", "x" * 100_000):
                writer.write(part)
        content = writer.path.read_bytes()
        assert gzip.decompress(content).decode() == "Şuşa\n" + "x" * 100_000
        described = writer.describe()
        assert (described.bytes, described.sha256) == (len(content), sha256(content).hexdigest())
    assert content == (tmp_path / "a" / "biobank.txt.gz").read_bytes()
