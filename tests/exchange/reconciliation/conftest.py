"""The seed with additional people: namesakes, a draft, one withdrawn, one merged."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services, make_services
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.settings import Settings

EDITOR = Identity("editor", "session", "an editor", 1)
WRITER = Identity("contributor", "session", "a contributor", 2)
#: Fictitious people; two share a name.
ELDER, YOUNGER, THIRD = "eli-yoxlamazade", "eli-yoxlamazade-2", "sinaq-yoxlamazade"
DRAFT, WITHDRAWN, MERGED, MERGE_TARGET = ("gizli-sinaqov", "geden-sinaqov", "iki-sinaqli", "bir-sinaqli")


def person(person_id: str, name: str, **fields: Any) -> dict[str, Any]:
    names = [{"text": name, "lang": "az", "kind": "preferred"}]
    return load_validated(person_schema, {"id": person_id, "names": names, **fields})


PEOPLE = (
    person(
        ELDER,
        "Əli Yoxlamazadə",
        gender="male",
        birth={"date": "1880-05-28", "place": "baku"},
        death={"date": "1937"},
        professions=["composer"],
        countries=["AZ"],
        identifiers={"wikidata": "Q900000001", "viaf": "123"},
    ),
    person(
        YOUNGER,
        "Əli Yoxlamazadə",
        gender="male",
        birth={"date": "1920", "place": "susa"},
        professions=["poet"],
        countries=["TR"],
    ),
    person(THIRD, "Sınaq Yoxlamazadə", gender="female", birth={"date": "1890~"}),
    person(WITHDRAWN, "Gedən Sınaqov"),
    person(MERGE_TARGET, "Bir Sınaqlı", birth={"date": "1901"}),
    person(MERGED, "İki Sınaqlı", birth={"date": "1901"}),
)


@pytest.fixture(scope="module")
def services_with_people(bank: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Provide services with the additional people; tests must not write to them."""
    folder = tmp_path_factory.mktemp("told") / "bank"
    shutil.copytree(Path(make_url(bank.database_url).database or "").parent, folder)
    services = make_services(
        replace(bank, database_url=f"sqlite:///{folder}/biobank.db", index_dir=folder / "index")
    )
    database = services.database
    with database.write() as session:
        save_records(session, PEOPLE, EDITOR, "", publish=True)
    drafts.save_draft(database, WRITER, person(DRAFT, "Gizli Sınaqov"), None)
    workflow.withdraw(database, EDITOR, WITHDRAWN, "wish", "")
    merge_people(database, EDITOR, MERGE_TARGET, MERGED, 1, 1, {}, "One person")
    services.indexer.sync()
    yield services
    services.close()


def reconcile(services: Services, text: str = "", lang: str = "en", **query: Any) -> dict[str, Any]:
    """Return the answer to one query."""
    query_json = {**({"query": text} if text else {}), **query}
    response: dict[str, Any] = services.reconciliation.reconcile(json.dumps({"q": query_json}), lang)["q"]
    return response


def property_list(**values: Any) -> list[dict[str, Any]]:
    """Return properties in the format of queries."""
    return [{"pid": pid, "v": value} for pid, value in values.items()]


def best_candidate(services: Services, text: str = "", **query: Any) -> dict[str, Any]:
    """Return the likeliest candidate of one query."""
    candidate: dict[str, Any] = reconcile(services, text, **query)["result"][0]
    return candidate


def features(candidate: dict[str, Any]) -> dict[str, Any]:
    return {feature["id"]: feature["value"] for feature in candidate["features"]}
