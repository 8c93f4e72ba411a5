"""The four-eyes rule: nobody publishes their own contributions, on both databases."""

from typing import Any

import pytest
from sqlalchemy import text

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.merging.split import split_person
from biobank.editorial.models import Revision
from biobank.editorial.reference import merge as reference
from biobank.editorial.review import workflow
from biobank.editorial.review.workflow import allowed_actions
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.drafts import restore_revision
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.errors import OwnWork
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.items import ImportItem
from biobank.records.people.models import Person
from biobank.records.reference.kinds import TERM_KIND
from biobank.store import schema
from biobank.store.session import Database
from tests.support.users import add_user

SINAQ, OTHER = "sinaq-sinaqov", "basqa-sinaqov"


def record(person_id: str = SINAQ, **fields: Any) -> dict[str, Any]:
    names = [{"text": f"Sınaq {person_id}", "lang": "az", "kind": "preferred"}]
    return {"id": person_id, "names": names, **fields}


def stored_revision(database: Database, person_id: str = SINAQ) -> Revision:
    with database.read() as session:
        revision = latest_revision(session, person_id)
    assert revision is not None
    return revision


def save(database: Database, actor: Identity, person_id: str = SINAQ, **fields: Any) -> int:
    with database.read() as session:
        latest = latest_revision(session, person_id)
    base = latest.number if latest else None
    return drafts.save_draft(database, actor, record(person_id, **fields), base).number


def publish(database: Database, actor: Identity, person_id: str = SINAQ) -> None:
    latest = stored_revision(database, person_id)
    if latest.state == "draft":
        workflow.submit(database, actor, person_id, latest.number)
    workflow.publish(database, actor, person_id, latest.number)


def refused(database: Database, *people: Identity, person_id: str = SINAQ) -> bool:
    """Return whether all of these users are refused only because they contributed."""
    for actor in people:
        with pytest.raises(OwnWork):
            publish(database, actor, person_id)
        with database.read() as session:
            person = session.get_one(Person, person_id)
            assert "publish" not in allowed_actions(actor, person, stored_revision(database, person_id))
    return True


@pytest.fixture
def admin(database: Database) -> Identity:
    return add_user(database, "Ceyhun", "admin")


def test_no_contributing_author_can_publish(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    save(database, editor, biography={"en": "A poet who lived in Shusha."})
    save(database, second_editor, biography={"en": "A poet, who lived in Shusha."})
    assert refused(database, editor, second_editor)
    with pytest.raises(OwnWork) as refusal:
        publish(database, editor)
    assert refusal.value.writers == ("Aysel", "Bahar")
    assert refusal.value.publishers == ("Ceyhun",)
    for name in ("Aysel", "Bahar", "Ceyhun"):
        assert name in refusal.value.message
    publish(database, admin)
    assert stored_revision(database).state == "published"


def test_rule_applies_to_administrators(database: Database, editor: Identity, admin: Identity) -> None:
    save(database, admin)
    save(database, editor, gender="male")
    assert refused(database, admin)


def test_publication_resets_contributing_authors(
    database: Database, editor: Identity, second_editor: Identity
) -> None:
    save(database, editor)
    publish(database, second_editor)
    save(database, second_editor, gender="male")
    assert refused(database, second_editor)
    publish(database, editor)
    assert stored_revision(database).writers == [second_editor.user_id]


def test_operator_is_exempt(database: Database, editor: Identity) -> None:
    save(database, editor)
    with database.write() as session:
        save_records(session, [record(gender="male")], OPERATOR, "", publish=False)
    assert refused(database, editor)
    publish(database, OPERATOR)


def test_restored_draft_keeps_its_authors(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    save(database, editor, headline={"en": "The best poet of all"})
    save(database, second_editor, headline={"en": "A poet"})
    publish(database, admin)
    restore_revision(database, second_editor, SINAQ, 1, 2, "")
    assert refused(database, editor, second_editor)
    publish(database, admin)
    restore_revision(database, second_editor, SINAQ, 2, 3, "")
    publish(database, editor)


def test_redirected_draft_keeps_its_authors(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    save(database, admin, professions=["composer"])
    publish(database, editor)
    save(database, editor, professions=["composer"], gender="male")
    save(database, second_editor, professions=["composer"], gender="female")
    terms = "profession/conductor", "profession/composer"
    reference.merge_references(database, admin, TERM_KIND, *terms)
    assert stored_revision(database).record["professions"] == ["conductor"]
    assert refused(database, editor, second_editor)
    publish(database, admin)


def test_merged_drafts_combine_authors(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    save(database, editor)
    save(database, second_editor, OTHER)
    merge_people(database, admin, SINAQ, OTHER, 1, 1, {}, "One person")
    assert refused(database, editor, second_editor, admin)
    publish(database, add_user(database, "Dilbər", "editor"))


def test_split_drafts_keep_authors(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    variant = {"text": "Sınaq İkinci", "lang": "az", "kind": "variant"}
    names = [*record()["names"], variant]
    save(database, editor, names=names)
    result = split_person(database, second_editor, SINAQ, 1, {"names.1": "goes"})
    for person_id in (SINAQ, result.new_id):
        assert refused(database, editor, second_editor, person_id=person_id)
        publish(database, admin, person_id)


def test_import_merge_keeps_draft_authors(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    def run_import(**fields: Any) -> None:
        items = [ImportItem("line 1", record(**fields))]
        report = import_people(database, items, file="a.jsonl", actor=second_editor, publish=False)
        assert not report.refusals

    run_import()
    publish(database, editor)
    save(database, editor, gender="male")
    run_import(headline={"en": "A poet"})
    assert stored_revision(database).record == record(gender="male", headline={"en": "A poet"})
    assert refused(database, editor, second_editor)
    publish(database, admin)


def test_migration_sets_authors_of_old_drafts(empty_database: Database) -> None:
    schema.upgrade(empty_database, "0013")
    rows = [(1, 7, "'2026-01-01'"), (2, 7, "NULL"), (3, 8, "NULL"), (4, "NULL", "NULL")]
    with empty_database.write() as session:
        session.execute(text("INSERT INTO people (id, sort_key, initial) VALUES ('sinaq-sinaqov', '', '')"))
        for number, author, published in rows:
            session.execute(
                text(
                    "INSERT INTO revisions (person_id, number, state, record, author, author_id, "
                    "message, at, published_at) VALUES ('sinaq-sinaqov', "
                    f"{number}, 'draft', '{{}}', 'x', {author}, '', '2026-01-01', {published})"
                )
            )
    schema.upgrade(empty_database)
    with empty_database.read() as session:
        rows_now = session.query(Revision).order_by(Revision.number)
        assert [row.writers for row in rows_now] == [[], [7], [7, 8], [7, 8]]
