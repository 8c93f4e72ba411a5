"""All dump formats hold the same data, equal to the sum of all descriptions."""

import csv
import gzip
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from rdflib import DCTERMS, URIRef

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial import workflow
from biobank.editorial.publishing import save_many
from biobank.editorial.redaction import redact
from biobank.errors import Busy
from biobank.exchange.dumps import keeping
from biobank.exchange.dumps.files import FORMATS
from biobank.exchange.dumps.gzip_file import GzipFile, comment_of, texts_of
from biobank.exchange.dumps.manifest import FILE, SUMS, Manifest, load
from biobank.exchange.dumps.writing import write_dumps
from biobank.exchange.linked.forms import FORMS as FORMS_OF_RDF
from biobank.exchange.linked.graph import Description
from biobank.exchange.linked.references import describe_country
from biobank.exchange.linked.uris import Uris
from biobank.exchange.linked.vocabularies import LICENCE
from biobank.records.countries import COUNTRIES
from biobank.records.people import queries
from tests.exchange.linked.conftest import BASE, descriptions, uris
from tests.support import edited, graphs, seed

__all__ = ["descriptions", "uris"]

RDF = ("ttl", "jsonld", "rdf", "nt")
NT = FORMS_OF_RDF["nt"]
BANK = URIRef(f"{BASE}/.well-known/void#bank")


@pytest.fixture(scope="module")
def dumped(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dumps")
    write_dumps(services.database, folder, BASE)
    return folder


def text(folder: Path, ending: str) -> str:
    return texts_of(folder / f"biobank.{ending}.gz")


@pytest.fixture(scope="module")
def triples(dumped: Path) -> dict[str, set[Any]]:
    return {ending: graphs.triples(text(dumped, ending), ending) for ending in RDF}


def test_every_form_of_the_whole_is_the_same_graph(
    dumped: Path, triples: dict[str, set[Any]]
) -> None:
    manifest = load(dumped)
    assert manifest is not None
    assert triples["ttl"] == triples["jsonld"] == triples["rdf"] == triples["nt"]
    assert {file.statements for file in manifest.files if file.statements} == {manifest.triples}
    assert manifest.triples == len(triples["nt"])


def test_the_whole_is_the_sum_of_what_is_said_of_each(
    triples: dict[str, set[Any]], descriptions: Mapping[str, Description], uris: Uris
) -> None:
    about_the_bank = f"{BASE}/.well-known/void"
    each = "".join(
        NT.body(description, uris.prefixes)
        for uri, description in descriptions.items()
        if not uri.startswith(about_the_bank)
    )
    countries = (NT.body(describe_country(code, uris), uris.prefixes) for code in COUNTRIES)
    whole = {it for it in triples["nt"] if not str(it[0]).startswith(about_the_bank)}
    assert whole == graphs.triples(each + "".join(countries), "nt")


def test_licence_and_date_stand_in_each_file_and_beside_it(
    dumped: Path, triples: dict[str, set[Any]]
) -> None:
    manifest = load(dumped)
    assert manifest is not None
    made = f"{manifest.made:%Y-%m-%dT%H:%M:%SZ}"
    for file in manifest.files:
        comment = comment_of(dumped / file.name)
        assert made in comment
        assert LICENCE in comment
    for ending in RDF:
        said = {
            predicate: value for subject, predicate, value in triples[ending] if subject == BANK
        }
        assert said[DCTERMS.issued].toPython() == manifest.made
        assert said[DCTERMS.license] == URIRef(LICENCE)
    beside = json.loads((dumped / FILE).read_text("utf-8"))
    assert (beside["made"], beside["licence_url"]) == (made, LICENCE)


def test_sums_and_sizes_are_those_of_the_files(dumped: Path) -> None:
    manifest = load(dumped)
    assert manifest is not None
    assert [file.name for file in manifest.files] == [f"biobank.{it}.gz" for it in FORMATS]
    for file in manifest.files:
        content = (dumped / file.name).read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (file.bytes, file.sha256)
    lines = (dumped / SUMS).read_text("ascii").splitlines()
    assert lines == [f"{file.sha256}  {file.name}" for file in manifest.files]


def test_records_and_rows_are_those_of_all_public_people(services: Services, dumped: Path) -> None:
    with services.database.read() as session:
        known = [it for chunk in queries.walk(session) for it in chunk.values()]
    assert [json.loads(line) for line in text(dumped, "jsonl").splitlines()] == known
    rows = list(csv.DictReader(text(dumped, "csv").removeprefix("\ufeff").splitlines()))
    assert [row["id"] for row in rows] == [record["id"] for record in known]
    assert rows[0]["url"] == f"{BASE}/people/{known[0]['id']}"


def test_some_formats_are_written_alone(services: Services, tmp_path: Path) -> None:
    manifest = write_dumps(services.database, tmp_path, BASE, ["csv"])
    assert [file.name for file in manifest.files] == ["biobank.csv.gz"]
    assert {file.name for file in tmp_path.iterdir()} == {"biobank.csv.gz", FILE, SUMS}


def test_neither_drafts_nor_the_withdrawn_are_in_any_format(
    own_services: Services, tmp_path: Path
) -> None:
    edited.edit(own_services)
    draft = {**seed.alone("nizami-gencevi"), "id": "a-draft"}
    with own_services.database.write() as session:
        save_many(session, [draft], OPERATOR, "", publish=False)
    gone = "ceyhun-hacibeyli"
    workflow.withdraw(own_services.database, OPERATOR, gone, "wish", "")
    write_dumps(own_services.database, tmp_path, BASE)
    for ending in FORMATS:
        found = text(tmp_path, ending)
        assert "uzeyir-hacibeyov" in found
        assert edited.SECRET not in found
        assert "a-draft" not in found
        if ending in RDF:
            # Another record may still contain his name, but no link to him.
            assert f"/people/{gone}" not in found


def test_what_fails_leaves_the_dump_before_it(own_services: Services, tmp_path: Path) -> None:
    dumps = tmp_path / "dumps"
    assert keeping.current(dumps) is None
    first = keeping.renew(own_services.database, dumps, BASE)

    class Killed(BaseException):
        pass

    def fail(*_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        keeping.renew(own_services.database, dumps, BASE, fail)
    found = keeping.current(dumps)
    assert found is not None
    assert found[1] == first
    assert {it.name for it in dumps.iterdir() if it.is_dir()} == {found[0].name}


def test_one_process_makes_them_at_a_time(own_services: Services, tmp_path: Path) -> None:
    def meanwhile(*_: object) -> None:
        with pytest.raises(Busy):
            keeping.renew(own_services.database, tmp_path, BASE)

    made = keeping.renew(own_services.database, tmp_path, BASE, meanwhile)
    found = keeping.current(tmp_path)
    assert found is not None
    assert found[1] == made


def test_the_one_before_stays_and_older_ones_go(own_services: Services, tmp_path: Path) -> None:
    made = []
    for year in range(3):
        keeping.renew(own_services.database, tmp_path, f"https://{year}.example")
        found = keeping.current(tmp_path)
        assert found is not None
        made.append(found[0].rename(tmp_path / f"of-{year}"))
        (tmp_path / keeping.CURRENT).write_text(f"of-{year}\n")
    assert {it.name for it in tmp_path.iterdir() if it.is_dir()} == {"of-1", "of-2"}


def test_dumps_are_due_once_a_day_where_something_changed(
    own_services: Services, tmp_path: Path
) -> None:
    database = own_services.database
    manifest = keeping.renew(database, tmp_path, BASE)
    later = manifest.made + timedelta(days=1)
    assert not keeping.is_due(database, tmp_path, BASE, later)
    assert keeping.is_due(database, tmp_path, "https://another.example", manifest.made)
    edited.edit(own_services)
    assert not keeping.is_due(database, tmp_path, BASE, manifest.made + timedelta(hours=23))
    assert keeping.is_due(database, tmp_path, BASE, later)


def test_who_was_taken_out_is_not_dumped_for_a_day_longer(
    own_services: Services, tmp_path: Path
) -> None:
    database = own_services.database
    manifest = keeping.renew(database, tmp_path, BASE)
    soon = manifest.made + timedelta(minutes=1)
    assert not keeping.is_due(database, tmp_path, BASE, soon)
    workflow.withdraw(database, OPERATOR, "nizami-gencevi", "law", "")
    assert keeping.is_due(database, tmp_path, BASE, soon)


def test_what_was_redacted_is_not_dumped_for_a_day_longer_nor_kept_beside(
    own_services: Services, tmp_path: Path
) -> None:
    database = own_services.database
    edited.edit(own_services)
    manifest = keeping.renew(database, tmp_path, BASE)
    soon = manifest.made + timedelta(minutes=1)
    assert not keeping.is_due(database, tmp_path, BASE, soon)
    redact(database, OPERATOR, edited.PERSON, 2, "A court")
    assert keeping.is_due(database, tmp_path, BASE, soon)
    keeping.renew(database, tmp_path, BASE)
    assert len([it for it in tmp_path.iterdir() if it.is_dir()]) == 1


@pytest.mark.parametrize("said", ["", "no-such-folder", "../..", "\0", "ə"])
def test_a_broken_pointer_is_no_dump(tmp_path: Path, said: str) -> None:
    (tmp_path / keeping.CURRENT).write_text(said, "utf-8")
    assert keeping.current(tmp_path) is None


@pytest.mark.parametrize("said", ["", "{}", "[]", '{"made": "x"}', '{"files": [{"a": 1}]}'])
def test_a_broken_manifest_is_none(tmp_path: Path, said: str) -> None:
    (tmp_path / FILE).write_text(said, "utf-8")
    assert load(tmp_path) is None


def test_a_manifest_comes_back_as_it_was_kept(dumped: Path) -> None:
    found = load(dumped)
    assert isinstance(found, Manifest)
    assert replace(found).as_dict() == json.loads((dumped / FILE).read_text("utf-8"))


def test_a_compressed_file_is_read_by_everybody_and_the_same_each_time(tmp_path: Path) -> None:
    written = []
    for name in ("a", "b"):
        with GzipFile(tmp_path / name, "x.txt", "ə is no Latin-1 · ©", 1_700_000_000) as file:
            for part in ("Şuşa\n", "", "x" * 100_000):
                file.write(part)
        written.append((tmp_path / name).read_bytes())
        assert file.bytes == len(written[-1])
        assert file.sha256 == sha256(written[-1]).hexdigest()
    assert written[0] == written[1]
    assert gzip.decompress(written[0]).decode() == "Şuşa\n" + "x" * 100_000
    assert comment_of(tmp_path / "a") == "? is no Latin-1 · ©"
    (tmp_path / "plain").write_bytes(gzip.compress(b"x"))
    assert comment_of(tmp_path / "plain") == ""
