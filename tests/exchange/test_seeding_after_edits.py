"""Edits of reference records survive the next upgrade and the next seeding."""

from pathlib import Path

import pytest

from biobank.accounts.identity import Identity
from biobank.editorial.reference import merge, service
from biobank.exchange import seeding
from biobank.records.people import queries
from biobank.records.reference.kinds import PLACE_KIND, TERM_KIND, load_record_by_key
from biobank.store.session import Database
from tests.support import seed

EDITOR = Identity("editor", "session", "an editor", user_id=1)
UZEYIR = "uzeyir-hacibeyov"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return seed.write_two_brothers_seed(tmp_path / "seed")


def labels(database: Database, key: str) -> object:
    with database.read() as session:
        record = load_record_by_key(session, TERM_KIND, key)
    return record and record["labels"]


def test_edited_term_is_kept_and_reported(database: Database, folder: Path) -> None:
    with database.read() as session:
        composer = load_record_by_key(session, TERM_KIND, "profession/composer") or {}
    edited = {**composer, "labels": {**composer["labels"], "az": "musiqi yazan"}}
    seen = service.record_version(composer)
    service.update_record(database, EDITOR, TERM_KIND, "profession/composer", edited, seen)
    loaded = seeding.load_vocabularies(database, folder)
    assert (loaded.changed, loaded.skipped) == (0, ("profession/composer",))
    report = seeding.seed(database, folder)
    assert labels(database, "profession/composer") == edited["labels"]
    assert [notice["at"] for notice in report.notices] == ["term profession/composer"]


def test_merged_and_removed_records_are_not_seeded_again(database: Database, folder: Path) -> None:
    seeding.seed(database, folder)
    merge.merge_references(database, EDITOR, TERM_KIND, "profession/musician", "profession/composer")
    merge.rename_record(database, EDITOR, PLACE_KIND, "agcabedi", "agjabadi")
    with database.read() as session:
        unused = load_record_by_key(session, TERM_KIND, "profession/ashug") or {}
    service.remove_record(database, EDITOR, TERM_KIND, "profession/ashug", service.record_version(unused))
    with (folder / "vocabularies" / "profession.yaml").open("a", encoding="utf-8") as file:
        file.write("- {id: ashug, labels: {en: ashug}}\n")
        file.write("- {id: test-master, labels: {en: master}, broader: [ashug, composer]}\n")
    report = seeding.seed(database, folder)
    assert (report.new, report.changed, report.refused) == (0, 0, 0)
    with database.read() as session:
        assert load_record_by_key(session, TERM_KIND, "profession/composer") is None
        assert load_record_by_key(session, TERM_KIND, "profession/ashug") is None
        assert load_record_by_key(session, PLACE_KIND, "agcabedi") is None
        master = load_record_by_key(session, TERM_KIND, "profession/test-master") or {}
        person = queries.load_record(session, UZEYIR) or {}
    assert master["broader"] == ["musician"]
    assert person["birth"]["place"] == "agjabadi"
