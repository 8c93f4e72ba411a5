"""Edits of reference records survive the next upgrade and the next seeding."""

from pathlib import Path

import pytest

from biobank.accounts.identity import Identity
from biobank.editorial.reference import keeping, merging
from biobank.exchange import seeding
from biobank.records.people import queries
from biobank.records.reference.kinds import PLACE, TERM, one_record
from biobank.store.session import Database
from tests.support import seed

EDITOR = Identity("editor", "session", "an editor", user_id=1)
UZEYIR = "uzeyir-hacibeyov"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return seed.of_two_brothers(tmp_path / "seed")


def labels(database: Database, key: str) -> object:
    with database.read() as session:
        record = one_record(session, TERM, key)
    return record and record["labels"]


def test_an_edited_term_stays_as_it_was_edited_and_is_told(
    database: Database, folder: Path
) -> None:
    with database.read() as session:
        composer = one_record(session, TERM, "profession/composer") or {}
    edited = {**composer, "labels": {**composer["labels"], "az": "musiqi yazan"}}
    seen = keeping.version(composer)
    keeping.change(database, EDITOR, TERM, "profession/composer", edited, seen)
    loaded = seeding.load_vocabularies(database, folder)
    assert (loaded.changed, loaded.left) == (0, ("profession/composer",))
    report = seeding.seed(database, folder)
    assert labels(database, "profession/composer") == edited["labels"]
    assert [notice["at"] for notice in report.notices] == ["term profession/composer"]


def test_what_was_merged_or_removed_does_not_come_back_with_the_seed(
    database: Database, folder: Path
) -> None:
    seeding.seed(database, folder)
    merging.merge(database, EDITOR, TERM, "profession/musician", "profession/composer")
    merging.rename(database, EDITOR, PLACE, "agcabedi", "agjabadi")
    with database.read() as session:
        unused = one_record(session, TERM, "profession/ashug") or {}
    keeping.remove(database, EDITOR, TERM, "profession/ashug", keeping.version(unused))
    with (folder / "vocabularies" / "profession.yaml").open("a", encoding="utf-8") as file:
        file.write("- {id: ashug, labels: {en: ashug}}\n")
        file.write("- {id: test-master, labels: {en: master}, broader: [ashug, composer]}\n")
    report = seeding.seed(database, folder)
    assert (report.new, report.changed, report.refused) == (0, 0, 0)
    with database.read() as session:
        assert one_record(session, TERM, "profession/composer") is None
        assert one_record(session, TERM, "profession/ashug") is None
        assert one_record(session, PLACE, "agcabedi") is None
        master = one_record(session, TERM, "profession/test-master") or {}
        person = queries.record(session, UZEYIR) or {}
    assert master["broader"] == ["musician"]
    assert person["birth"]["place"] == "agjabadi"
