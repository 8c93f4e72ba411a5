"""Two thousand politicians are imported, indexed and found by their names."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from biobank.bootstrap import Services, make_services
from biobank.common.progress import null_progress
from biobank.exchange.imports.runs import ImportReport
from biobank.names.folding import fold, tokens
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.search.query import FacetChoice, SearchQuery
from biobank.settings import Settings
from tests.support import everypolitician
from tests.support.jsonl import import_lines

RECORD_COUNT = 2_000

Records = list[dict[str, Any]]


@pytest.fixture(scope="module")
def records(shared: Path) -> Records:
    file = shared / "data" / "people_everypolitician_2015.jsonl.gz"
    return everypolitician.load_records(file, RECORD_COUNT)


@pytest.fixture(scope="module")
def imported(
    records: Records, sqlite_template: URL, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Services, ImportReport]]:
    folder = tmp_path_factory.mktemp("politicians")
    shutil.copyfile(str(sqlite_template.database), folder / "biobank.db")
    services = make_services(
        Settings(database_url=f"sqlite:///{folder}/biobank.db", index_dir=folder / "index")
    )
    report = import_lines(services.database, records, file="everypolitician")
    services.indexer.ensure(null_progress)
    yield services, report
    services.close()


@pytest.fixture(scope="module")
def services(imported: tuple[Services, ImportReport]) -> Services:
    return imported[0]


def test_every_record_is_imported(
    imported: tuple[Services, ImportReport], services: Services, records: Records
) -> None:
    assert len(records) == RECORD_COUNT
    _, report = imported
    assert report.refusals == []
    assert report.new == RECORD_COUNT
    assert services.people_count() == RECORD_COUNT


def test_every_record_is_indexed(services: Services) -> None:
    assert services.indexer.verify().matches
    assert services.engine.health().documents == RECORD_COUNT
    assert services.search.search(SearchQuery(lang="en")).total == RECORD_COUNT


def test_people_are_found_by_name(services: Services, records: Records) -> None:
    missed = []
    with services.database.read() as session:
        people = [record for step in queries.iter_chunks(session) for record in step.values()]
    for person in people[::25]:
        name = preferred_name(person, "en")
        response = services.search.search(SearchQuery(text=name, lang="en", size=100))
        if person["id"] not in {hit.id for hit in response.hits}:
            missed.append(name)
    assert missed == []


def test_people_are_found_by_every_spelling(services: Services, records: Records) -> None:
    missed = []
    with services.database.read() as session:
        people = [record for step in queries.iter_chunks(session) for record in step.values()]
    for person in [person for person in people if len(person["names"]) > 20][:4]:
        for name in person["names"]:
            if not tokens(fold(name["text"])):
                continue
            query = SearchQuery(text=name["text"], lang="en", size=100)
            if person["id"] not in {hit.id for hit in services.search.search(query).hits}:
                missed.append(name["text"])
    assert missed == []


def test_facets_count_country_and_gender(services: Services, records: Records) -> None:
    response = services.search.search(SearchQuery(lang="en"))
    women = sum(record.get("gender") == "female" for record in records)
    facets = {facet: {v.id: v.count for v in values} for facet, values in response.facets.items()}
    assert facets["gender"]["female"] == women
    for code in ("DE", "FR", "TR"):
        number = sum(code in record.get("countries", []) for record in records)
        assert facets["country"].get(code, 0) == number
        query = SearchQuery(lang="en", choices={"country": FacetChoice(include=(code,))})
        assert services.search.search(query).total == number


def test_reimport_changes_nothing(services: Services, records: Records) -> None:
    report = import_lines(services.database, records, file="everypolitician")
    assert (report.new, report.changed, report.same, report.refused) == (0, 0, RECORD_COUNT, 0)
    assert services.indexer.count_outstanding() == 0
