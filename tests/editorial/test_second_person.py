"""The four-eyes rule: nobody publishes their own contributions, on both databases."""

from typing import Any

import pytest
from sqlalchemy import text

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial import saving, workflow
from biobank.editorial.merging.merge import merge
from biobank.editorial.merging.split import split
from biobank.editorial.models import Revision
from biobank.editorial.publishing import save_many
from biobank.editorial.reference import merging as reference
from biobank.editorial.restoring import restore_draft
from biobank.editorial.steps import steps_of
from biobank.errors import OwnWork
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.reading import Item
from biobank.records.people.models import Person
from biobank.records.reference.kinds import TERM
from biobank.store import schema
from biobank.store.session import Database
from tests.support.users import add_user

SINAQ, OTHER = "sinaq-sinaqov", "basqa-sinaqov"


def record(person_id: str = SINAQ, **fields: Any) -> dict[str, Any]:
    names = [{"text": f"Sınaq {person_id}", "lang": "az", "kind": "preferred"}]
    return {"id": person_id, "names": names, **fields}


def head(database: Database, person_id: str = SINAQ) -> Revision:
    with database.read() as session:
        found = saving.head(session, person_id)
    assert found is not None
    return found


def save(database: Database, who: Identity, person_id: str = SINAQ, **fields: Any) -> int:
    with database.read() as session:
        newest = saving.head(session, person_id)
    base = newest.number if newest else None
    return saving.save_draft(database, who, record(person_id, **fields), base).number


def publish(database: Database, who: Identity, person_id: str = SINAQ) -> None:
    newest = head(database, person_id)
    if newest.state == "draft":
        workflow.submit(database, who, person_id, newest.number)
    workflow.publish(database, who, person_id, newest.number)


def refused(database: Database, *people: Identity, person_id: str = SINAQ) -> bool:
    """Return whether all of these users are refused only because they contributed."""
    for who in people:
        with pytest.raises(OwnWork):
            publish(database, who, person_id)
        with database.read() as session:
            person = session.get_one(Person, person_id)
            assert "publish" not in steps_of(who, person, head(database, person_id))
    return True


@pytest.fixture
def ceyhun(database: Database) -> Identity:
    return add_user(database, "Ceyhun", "admin")


def test_neither_who_wrote_it_nor_who_put_a_comma_right_publishes_it(
    database: Database, aysel: Identity, bahar: Identity, ceyhun: Identity
) -> None:
    save(database, aysel, biography={"en": "A poet who lived in Shusha."})
    save(database, bahar, biography={"en": "A poet, who lived in Shusha."})
    assert refused(database, aysel, bahar)
    with pytest.raises(OwnWork) as refusal:
        publish(database, aysel)
    assert refusal.value.writers == ("Aysel", "Bahar")
    assert refusal.value.others == ("Ceyhun",)
    for name in ("Aysel", "Bahar", "Ceyhun"):
        assert name in refusal.value.message
    publish(database, ceyhun)
    assert head(database).state == "published"


def test_an_administrator_is_bound_by_it_too(
    database: Database, aysel: Identity, ceyhun: Identity
) -> None:
    save(database, ceyhun)
    save(database, aysel, gender="male")
    assert refused(database, ceyhun)


def test_what_was_public_before_was_read_whoever_wrote_it(
    database: Database, aysel: Identity, bahar: Identity
) -> None:
    save(database, aysel)
    publish(database, bahar)
    save(database, bahar, gender="male")
    assert refused(database, bahar)
    publish(database, aysel)
    assert head(database).writers == [bahar.user_id]


def test_the_operator_publishes_what_they_like_and_stands_beside_nobody(
    database: Database, aysel: Identity
) -> None:
    save(database, aysel)
    with database.write() as session:
        save_many(session, [record(gender="male")], OPERATOR, "", publish=False)
    assert refused(database, aysel)
    publish(database, OPERATOR)


def test_an_old_draft_that_is_restored_is_still_its_writers(
    database: Database, aysel: Identity, bahar: Identity, ceyhun: Identity
) -> None:
    save(database, aysel, headline={"en": "The best poet of all"})
    save(database, bahar, headline={"en": "A poet"})
    publish(database, ceyhun)
    restore_draft(database, bahar, SINAQ, 1, 2, "")
    assert refused(database, aysel, bahar)
    publish(database, ceyhun)
    restore_draft(database, bahar, SINAQ, 2, 3, "")
    publish(database, aysel)


def test_a_draft_that_is_led_elsewhere_keeps_all_its_writers(
    database: Database, aysel: Identity, bahar: Identity, ceyhun: Identity
) -> None:
    save(database, ceyhun, professions=["composer"])
    publish(database, aysel)
    save(database, aysel, professions=["composer"], gender="male")
    save(database, bahar, professions=["composer"], gender="female")
    terms = "profession/conductor", "profession/composer"
    reference.merge(database, ceyhun, TERM, *terms)
    assert head(database).record["professions"] == ["conductor"]
    assert refused(database, aysel, bahar)
    publish(database, ceyhun)


def test_two_drafts_that_are_merged_are_the_work_of_the_writers_of_both(
    database: Database, aysel: Identity, bahar: Identity, ceyhun: Identity
) -> None:
    save(database, aysel)
    save(database, bahar, OTHER)
    merge(database, ceyhun, SINAQ, OTHER, 1, 1, {}, "One person")
    assert refused(database, aysel, bahar, ceyhun)
    publish(database, add_user(database, "Dilbər", "editor"))


def test_a_draft_that_is_split_stays_the_work_of_its_writers_in_both_halves(
    database: Database, aysel: Identity, bahar: Identity, ceyhun: Identity
) -> None:
    variant = {"text": "Sınaq İkinci", "lang": "az", "kind": "variant"}
    names = [*record()["names"], variant]
    save(database, aysel, names=names)
    made = split(database, bahar, SINAQ, 1, {"names.1": "goes"})
    for person_id in (SINAQ, made.new_id):
        assert refused(database, aysel, bahar, person_id=person_id)
        publish(database, ceyhun, person_id)


def test_who_wrote_the_draft_that_a_file_was_joined_with_does_not_publish_it(
    database: Database, aysel: Identity, bahar: Identity, ceyhun: Identity
) -> None:
    def bring(**fields: Any) -> None:
        items = [Item("line 1", record(**fields))]
        report = import_people(database, items, file="a.jsonl", who=bahar, publish=False)
        assert not report.refusals

    bring()
    publish(database, aysel)
    save(database, aysel, gender="male")
    bring(headline={"en": "A poet"})
    assert head(database).record == record(gender="male", headline={"en": "A poet"})
    assert refused(database, aysel, bahar)
    publish(database, ceyhun)


def test_drafts_from_before_writers_were_kept_are_their_authors(empty_database: Database) -> None:
    schema.upgrade(empty_database, "0013")
    rows = [(1, 7, "'2026-01-01'"), (2, 7, "NULL"), (3, 8, "NULL"), (4, "NULL", "NULL")]
    with empty_database.write() as session:
        session.execute(
            text("INSERT INTO people (id, sort_key, initial) VALUES ('sinaq-sinaqov', '', '')")
        )
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
