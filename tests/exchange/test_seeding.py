"""Seeding imports reference records and people, and later only what changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from biobank.editorial.review import workflow
from biobank.editorial.revisions.drafts import save_draft
from biobank.errors import RecordRefused
from biobank.exchange import seeding
from biobank.exchange.imports.items import load_yaml
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.records.places.models import Place
from biobank.records.vocabulary.models import Term
from biobank.store import outbox
from biobank.store.session import Database
from tests.support import seed
from tests.support.database_contents import database_contents
from tests.support.users import add_user

UZEYIR, CEYHUN = "uzeyir-hacibeyov", "ceyhun-hacibeyli"

Edit = Callable[[dict[str, object]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return seed.write_two_brothers_seed(tmp_path / "seed")


def edit(file: Path, change: Edit) -> None:
    record = load_yaml(file)
    change(record)
    file.write_text(yaml.safe_dump(record, allow_unicode=True), encoding="utf-8")


def pending_ids(database: Database) -> list[str]:
    with database.read() as session:
        return [row.person_id for row in outbox.pending(session, 1000)]


def apply_all(database: Database) -> None:
    with database.write() as session:
        outbox.mark_applied(session, outbox.pending_ids(session))


def test_seeding_twice_changes_nothing_the_second_time(database: Database, folder: Path) -> None:
    report = seeding.seed(database, folder)
    assert (report.new, report.refused) == (2, 0)
    before = database_contents(database)
    report = seeding.seed(database, folder)
    assert (report.new, report.changed, report.same, report.refused) == (0, 0, 2, 0)
    assert database_contents(database) == before


def test_only_changed_people_are_published_again(database: Database, folder: Path) -> None:
    seeding.seed(database, folder)
    apply_all(database)
    edit(folder / "people" / f"{UZEYIR}.yaml", lambda record: record.update(gender="other"))
    report = seeding.seed(database, folder)
    assert (report.changed, report.same) == (1, 1)
    assert pending_ids(database) == [UZEYIR]


def test_edited_and_withdrawn_people_are_not_overwritten(database: Database, folder: Path) -> None:
    seeding.seed(database, folder)
    editors = [add_user(database, name, "editor") for name in ("Nigar", "Sevda")]
    with database.read() as session:
        edited = {**(queries.load_record(session, UZEYIR) or {}), "gender": "other"}
    save_draft(database, editors[0], edited, 1)
    workflow.submit(database, editors[0], UZEYIR, 2)
    workflow.publish(database, editors[1], UZEYIR, 2)
    workflow.withdraw(database, editors[1], CEYHUN, "mistake", "")
    report = seeding.seed(database, folder)
    assert (report.new, report.changed, report.refused) == (0, 0, 0)
    assert {notice["at"] for notice in report.notices} == {f"person {UZEYIR}", f"person {CEYHUN}"}
    with database.read() as session:
        # Relations to the withdrawn brother are hidden, but stay in the revision.
        assert (
            queries.load_record(session, UZEYIR)
            == queries.without_hidden_relations(session, edited)
            != edited
        )
        assert queries.load_record(session, CEYHUN) is None


def test_changed_place_updates_names_and_reindexes_all_people(database: Database, folder: Path) -> None:
    seeding.seed(database, folder)
    apply_all(database)
    file = folder / "places" / "baku.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("text: Bakı\n", "text: Badkubə\n"), encoding="utf-8")
    report = seeding.seed(database, folder)
    assert (report.changed, report.same) == (0, 2)
    assert sorted(pending_ids(database)) == [CEYHUN, UZEYIR]
    with database.read() as session:
        texts = [name.text for name in session.get_one(Place, "baku").names]
    assert "Badkubə" in texts
    assert "Bakı" not in texts
    assert len(texts) == len(set(texts))


def test_changed_label_updates_term_and_reindexes_all_people(database: Database, folder: Path) -> None:
    seeding.seed(database, folder)
    apply_all(database)
    file = folder / "vocabularies" / "profession.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("az: bəstəkar\n", "az: kompozitor\n"), encoding="utf-8")
    assert seeding.load_vocabularies(database, folder).changed == 1
    assert sorted(pending_ids(database)) == [CEYHUN, UZEYIR]
    with database.read() as session:
        assert session.get_one(Term, "profession/composer").labels["az"] == "kompozitor"
    assert seeding.load_vocabularies(database, folder).changed == 0


def test_invalid_people_are_reported_by_file_and_others_seeded(database: Database, folder: Path) -> None:
    edit(folder / "people" / f"{CEYHUN}.yaml", lambda record: record.update(shoes="42"))
    edit(folder / "people" / f"{UZEYIR}.yaml", lambda record: record.pop("relations"))
    (folder / "people" / "a-broken.yaml").write_text("id: [", encoding="utf-8")
    report = seeding.seed(database, folder)
    assert (report.new, report.refused) == (1, 2)
    assert [refusal["at"] for refusal in report.refusals] == ["a-broken.yaml", f"{CEYHUN}.yaml"]
    with database.read() as session:
        assert session.scalars(select(Person.id)).all() == [UZEYIR]


def test_invalid_reference_record_aborts_the_seed(database: Database, folder: Path) -> None:
    before = database_contents(database)
    (folder / "organisations" / "zz.yaml").write_text("id: zz\nkind: club\n", encoding="utf-8")
    with pytest.raises(RecordRefused) as exc_info:
        seeding.seed(database, folder)
    assert "organisations/zz.yaml kind: Must be one of: school" in exc_info.value.message
    assert "organisations/zz.yaml names: Required." in exc_info.value.message
    assert database_contents(database) == before


def test_missing_seed_folder_raises(database: Database, tmp_path: Path) -> None:
    with pytest.raises(seeding.SeedMissing, match="set BIOBANK_SEED_DIR"):
        seeding.seed(database, tmp_path)
