"""Merging of people and its undo, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import combinations, islice
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, select

from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.models import AuditEvent
from biobank.bootstrap import Services
from biobank.editorial.merging.merge import merge_people, preview_merge
from biobank.editorial.merging.record_merge import merge_two_records
from biobank.editorial.merging.undo import preview_undo, undo_merge
from biobank.editorial.models import ImportKey, InboxMessage, Merge, Redirect, Revision, TextAge
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.latest_revisions import latest_revision, unpublished_ids
from biobank.editorial.revisions.publication import Tombstone, find_tombstone, public_revisions
from biobank.errors import BiobankError, EditConflict, Forbidden, NotFound, WrongState
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.items import ImportItem
from biobank.records.people import queries
from biobank.records.people.models import Person, PersonName
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store.session import Database
from tests.support import seed

SURVIVOR, DUPLICATE, RELATED = "kept-person", "gone-person", "third-person"
EDITOR = Identity("editor", "session", "an editor", 1)
OTHER = Identity("editor", "session", "another editor", 2)

Record = dict[str, Any]


def person(person_id: str, **fields: Any) -> Record:
    names = [{"text": f"Sınaq {person_id}", "lang": "az", "kind": "preferred"}]
    return load_validated(person_schema, {"id": person_id, "names": names, **fields})


def save(database: Database, *records: Record, publish: bool = True) -> None:
    with database.write() as session:
        save_records(session, records, OTHER, "", publish=publish)


def public_records(database: Database) -> dict[str, Record]:
    """Return all public records by id."""
    with database.read() as session:
        return {id_: record for chunk in queries.iter_chunks(session) for id_, record in chunk.items()}


def stored_revision(database: Database, person_id: str) -> Revision:
    with database.read() as session:
        revision = latest_revision(session, person_id)
        assert revision is not None
        return revision


def merge_pair(
    database: Database, survivor_id: str = SURVIVOR, duplicate_id: str = DUPLICATE, **choices: str
) -> Merge:
    bases = (stored_revision(database, survivor_id).number, stored_revision(database, duplicate_id).number)
    return merge_people(database, EDITOR, survivor_id, duplicate_id, *bases, choices, "One person")


def get_tombstone(database: Database, person_id: str) -> Tombstone | None:
    with database.read() as session:
        return find_tombstone(session, person_id)


@pytest.fixture
def three_people(database: Database) -> Database:
    """Return a bank with two records of one person, and a third person related to both."""
    save(
        database,
        person(SURVIVOR, works=[{"title": {"az": "Birinci"}}], gender="male"),
        person(DUPLICATE, works=[{"title": {"az": "İkinci"}}], headline={"en": "A poet"}),
        person(
            RELATED,
            relations=[
                {"type": "teacher", "person": DUPLICATE, "date": "1900"},
                {"type": "teacher", "person": SURVIVOR},
            ],
        ),
    )
    return database


def test_public_records_are_merged_and_published(three_people: Database) -> None:
    before = public_records(three_people)
    row = merge_pair(three_people)
    now = public_records(three_people)
    assert now[SURVIVOR] == merge_two_records(before[SURVIVOR], before[DUPLICATE], {})
    assert DUPLICATE not in now
    assert now[RELATED]["relations"] == [{"type": "teacher", "person": SURVIVOR, "date": "1900"}]
    assert get_tombstone(three_people, DUPLICATE) == Tombstone(new_id=SURVIVOR)
    assert (row.by, row.text, row.rewritten) == (
        "an editor",
        "One person",
        [[SURVIVOR, 1, 2], [RELATED, 1, 2]],
    )
    with three_people.read() as session:
        assert session.get_one(Person, DUPLICATE).withdrawal == "merged"
        assert not session.scalars(select(PersonName).where(PersonName.person_id == DUPLICATE)).all()
        event = session.scalars(select(AuditEvent)).one()
        assert (event.what, event.subject, event.detail["kept"]) == ("merged", DUPLICATE, SURVIVOR)


def test_undo_restores_everything(three_people: Database) -> None:
    before = public_records(three_people)
    undo_merge(three_people, EDITOR, merge_pair(three_people).id)
    assert public_records(three_people) == before
    assert get_tombstone(three_people, DUPLICATE) is None
    assert stored_revision(three_people, DUPLICATE).number == 2
    with pytest.raises(WrongState):
        undo_merge(three_people, EDITOR, 1)


def test_seed_pairs_are_merged_and_restored(database: Database) -> None:
    people = [load_validated(person_schema, record) for record in seed.first_people(8)]
    save(database, *people)
    pairs = [*islice(combinations([candidate["id"] for candidate in people], 2), 0, 28, 14)]
    related_pairs = [
        (candidate["id"], relation["person"])
        for candidate in people
        for relation in candidate.get("relations", ())
    ]
    for survivor_id, duplicate_id in (*pairs, *related_pairs[:2]):
        before = public_records(database)
        row = merge_pair(database, survivor_id, duplicate_id)
        after = public_records(database)
        assert set(before) - set(after) == {duplicate_id}
        for record in after.values():
            relations = record.get("relations", ())
            assert all(relation["person"] not in (duplicate_id, record["id"]) for relation in relations)
        assert not preview_undo(database, EDITOR, row.id).later_number
        undo_merge(database, EDITOR, row.id)
        assert public_records(database) == before


def test_undo_keeps_later_edits(three_people: Database) -> None:
    row = merge_pair(three_people)
    work = {"title": {"az": "Üçüncü"}}
    now = public_records(three_people)[SURVIVOR]
    edited = {**now, "works": [*now["works"], work], "professions": ["poet"]}
    save(three_people, load_validated(person_schema, edited))
    undo_merge(three_people, EDITOR, row.id)
    now = public_records(three_people)
    assert now[SURVIVOR]["works"] == [{"title": {"az": "Birinci"}}, work]
    assert now[SURVIVOR]["professions"] == ["poet"]
    assert "headline" not in now[SURVIVOR]
    assert now[DUPLICATE]["works"] == [{"title": {"az": "İkinci"}}]


def test_undo_reports_and_keeps_edited_merge_values(three_people: Database) -> None:
    row = merge_pair(three_people)
    save(three_people, {**public_records(three_people)[SURVIVOR], "headline": {"en": "A great poet"}})
    steps = {step.revision.person_id: step for step in preview_undo(three_people, EDITOR, row.id).steps}
    assert [conflict.path for conflict in steps[SURVIVOR].conflicts] == [("headline", "en")]
    assert not steps[RELATED].conflicts
    undo_merge(three_people, EDITOR, row.id)
    assert public_records(three_people)[SURVIVOR]["headline"] == {"en": "A great poet"}
    assert public_records(three_people)[DUPLICATE]["headline"] == {"en": "A poet"}


def test_merge_with_draft_makes_a_draft(three_people: Database) -> None:
    before = public_records(three_people)
    save(three_people, {**before[DUPLICATE], "headline": {"en": "Nobody has read this"}}, publish=False)
    row = merge_pair(three_people)
    assert public_records(three_people)[SURVIVOR] == before[SURVIVOR]
    revision = stored_revision(three_people, SURVIVOR)
    assert (revision.state, revision.record["headline"]) == ("draft", {"en": "Nobody has read this"})
    undo_merge(three_people, EDITOR, row.id)
    assert public_records(three_people) == before
    assert stored_revision(three_people, DUPLICATE).state == "draft"
    assert stored_revision(three_people, DUPLICATE).record["headline"] == {"en": "Nobody has read this"}
    assert stored_revision(three_people, SURVIVOR).record == before[SURVIVOR]


@pytest.mark.parametrize("in_review", [False, True])
def test_undoing_a_draft_merge_leaves_no_draft(three_people: Database, in_review: bool) -> None:
    before = public_records(three_people)
    save(three_people, {**before[DUPLICATE], "headline": {"en": "Nobody has read this"}}, publish=False)
    row = merge_pair(three_people)
    if in_review:
        workflow.submit(three_people, EDITOR, SURVIVOR, 2)
    assert next(step.ends for step in preview_undo(three_people, EDITOR, row.id).steps)
    undo_merge(three_people, EDITOR, row.id)
    assert stored_revision(three_people, SURVIVOR).state == "published"
    assert public_records(three_people) == before
    with three_people.read() as session:
        assert unpublished_ids(session) == [DUPLICATE]
        assert not session.scalars(select(Revision).where(Revision.state == "review")).all()


def test_edits_of_merged_draft_stay_a_draft(three_people: Database) -> None:
    before = public_records(three_people)
    save(three_people, {**before[DUPLICATE], "headline": {"en": "Nobody has read this"}}, publish=False)
    row = merge_pair(three_people)
    edited = {**stored_revision(three_people, SURVIVOR).record, "countries": ["AZ"]}
    drafts.save_draft(three_people, OTHER, edited, 2)
    undo_merge(three_people, EDITOR, row.id)
    revision = stored_revision(three_people, SURVIVOR)
    assert (revision.state, revision.record) == ("draft", {**before[SURVIVOR], "countries": ["AZ"]})


def test_undo_keeps_confirmed_languages(three_people: Database) -> None:
    """A draft that confirms languages differs from the public record even with equal texts."""
    save(three_people, {**public_records(three_people)[DUPLICATE], "gender": "female"}, publish=False)
    row = merge_pair(three_people)
    record = stored_revision(three_people, SURVIVOR).record
    drafts.save_draft(three_people, OTHER, record, 2, drafts.DraftDetails(agrees=["az"]))
    undo_merge(three_people, EDITOR, row.id)
    revision = stored_revision(three_people, SURVIVOR)
    assert (revision.state, revision.agrees, revision.record) == (
        "draft",
        ["az"],
        public_records(three_people)[SURVIVOR],
    )


def test_published_merge_draft_is_undone(three_people: Database) -> None:
    before = public_records(three_people)
    save(three_people, {**before[DUPLICATE], "gender": "female"}, publish=False)
    row = merge_pair(three_people)
    workflow.submit(three_people, EDITOR, SURVIVOR, 2)
    # One user wrote the merged draft, the other merged it.
    workflow.publish(three_people, Identity("editor", "session", "a third editor", 3), SURVIVOR, 2)
    assert public_records(three_people)[SURVIVOR]["headline"] == {"en": "A poet"}
    undo_merge(three_people, EDITOR, row.id)
    assert public_records(three_people) == before


def test_public_record_is_not_merged_into_draft(database: Database) -> None:
    save(database, person(DUPLICATE))
    save(database, person(SURVIVOR), publish=False)
    with pytest.raises(WrongState):
        merge_pair(database)
    assert DUPLICATE in public_records(database)


def test_other_drafts_are_rewritten_and_keep_authors(three_people: Database) -> None:
    draft = {**public_records(three_people)[RELATED], "gender": "male"}
    saved = drafts.save_draft(three_people, OTHER, draft, 1)
    workflow.submit(three_people, OTHER, RELATED, saved.number)
    row = merge_pair(three_people)
    revision = stored_revision(three_people, RELATED)
    assert revision.record["relations"] == public_records(three_people)[RELATED]["relations"]
    assert (revision.number, revision.state, revision.author_id) == (4, "review", OTHER.user_id)
    with pytest.raises(Forbidden):
        workflow.publish(three_people, OTHER, RELATED, 4)
    undo_merge(three_people, EDITOR, row.id)
    revision = stored_revision(three_people, RELATED)
    assert (revision.record, revision.state) == (load_validated(person_schema, draft), "review")


def test_existing_redirects_follow_merge_and_undo(three_people: Database) -> None:
    save(three_people, person("first-person"))
    with three_people.write() as session:
        session.add(ImportKey(file="people.csv", key="7", person_id=DUPLICATE))
    first = merge_pair(three_people, DUPLICATE, "first-person")
    second = merge_pair(three_people)
    assert (
        get_tombstone(three_people, "first-person")
        == get_tombstone(three_people, DUPLICATE)
        == Tombstone(new_id=SURVIVOR)
    )
    with three_people.read() as session:
        assert session.scalars(select(ImportKey.person_id)).one() == SURVIVOR
    with pytest.raises(WrongState):
        undo_merge(three_people, EDITOR, first.id)
    undo_merge(three_people, EDITOR, second.id)
    assert get_tombstone(three_people, "first-person") == Tombstone(new_id=DUPLICATE)
    undo_merge(three_people, EDITOR, first.id)
    with three_people.read() as session:
        assert session.scalars(select(Redirect)).all() == []
        assert session.scalars(select(ImportKey.person_id)).one() == DUPLICATE


def test_a_stale_base_is_refused_and_changes_nothing(three_people: Database) -> None:
    before = public_records(three_people)
    with pytest.raises(EditConflict):
        merge_people(three_people, EDITOR, SURVIVOR, DUPLICATE, 1, 7, {})
    with pytest.raises(EditConflict):
        merge_people(three_people, EDITOR, SURVIVOR, DUPLICATE, 7, 1, {})
    assert public_records(three_people) == before


def test_invalid_merges_are_refused(three_people: Database) -> None:
    merge_pair(three_people)
    for survivor_id, duplicate_id, error in (
        (SURVIVOR, SURVIVOR, WrongState),
        (SURVIVOR, DUPLICATE, WrongState),
        (DUPLICATE, SURVIVOR, WrongState),
        (SURVIVOR, "nobody", NotFound),
    ):
        with pytest.raises(error):
            preview_merge(three_people, EDITOR, survivor_id, duplicate_id)


def test_merge_requires_editor(three_people: Database) -> None:
    writer = Identity("contributor", "session", "a contributor", 3)
    with pytest.raises(Forbidden):
        merge_people(three_people, writer, SURVIVOR, DUPLICATE, 1, 1, {})
    with pytest.raises(Forbidden):
        undo_merge(three_people, writer, 1)


def test_merged_person_cannot_be_reinstated(three_people: Database) -> None:
    merge_pair(three_people)
    with pytest.raises(Forbidden):
        workflow.reinstate(three_people, OTHER, DUPLICATE)
    with pytest.raises(WrongState, match="Undo the merge"):
        workflow.reinstate(three_people, OPERATOR, DUPLICATE)


def test_undo_republishes_duplicate(three_people: Database) -> None:
    undo_merge(three_people, EDITOR, merge_pair(three_people).id)
    with three_people.read() as session:
        states = session.scalars(
            select(Revision.state).where(Revision.person_id == DUPLICATE).order_by(Revision.number)
        ).all()
        assert states == ["published", "published"]
        duplicate = session.get_one(Person, DUPLICATE)
        assert (duplicate.withdrawn_at, duplicate.withdrawal) == (None, None)
        assert public_revisions(session, [duplicate])[DUPLICATE].reviewer == EDITOR.name


def test_index_follows_merge_and_undo(own_services: Services) -> None:
    database, indexer = own_services.database, own_services.indexer
    before = public_records(database)
    row = merge_pair(database, "uzeyir-hacibeyov", "ceyhun-hacibeyli")
    indexer.sync()
    assert indexer.verify().matches
    undo_merge(database, OPERATOR, row.id)
    indexer.sync()
    assert indexer.verify().matches
    assert public_records(database) == before


def test_later_relations_to_merged_person_are_redirected(three_people: Database) -> None:
    merge_pair(three_people)
    relation = {"type": "sibling", "person": DUPLICATE}
    save(three_people, person("late-person", relations=[relation]))
    saved = drafts.save_draft(three_people, OTHER, person("later-person", relations=[relation]), None)
    for record in (
        public_records(three_people)["late-person"],
        stored_revision(three_people, saved.person_id).record,
    ):
        assert record["relations"] == [{"type": "sibling", "person": SURVIVOR}]


def test_merged_person_cannot_be_edited_or_imported(three_people: Database) -> None:
    merge_pair(three_people)
    with pytest.raises(WrongState):
        drafts.save_draft(three_people, OPERATOR, person(DUPLICATE), 1)
    items = [ImportItem("1", person(DUPLICATE)), ImportItem("2", person("new-person"))]
    report = import_people(three_people, items, file="people.jsonl", actor=OPERATOR, publish=True)
    assert [refusal["problems"][0]["code"] for refusal in report.refusals] == ["merged"]
    assert DUPLICATE not in public_records(three_people)
    assert "new-person" in public_records(three_people)


def test_one_of_concurrent_merges_succeeds(three_people: Database) -> None:
    before = public_records(three_people)

    def attempt(pair: tuple[str, str]) -> Merge | BiobankError:
        try:
            return merge_people(three_people, EDITOR, *pair, 1, 1, {})
        except (WrongState, EditConflict) as error:
            return error

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(
            pool.map(
                attempt,
                [(SURVIVOR, DUPLICATE), (DUPLICATE, SURVIVOR), (RELATED, SURVIVOR), (RELATED, DUPLICATE)],
            )
        )
    rows = [outcome for outcome in outcomes if isinstance(outcome, Merge)]
    assert rows
    for row in sorted(rows, key=lambda outcome: -outcome.id):
        undo_merge(three_people, EDITOR, row.id)
    assert public_records(three_people) == before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_relation_published_during_merge_is_redirected(three_people: Database) -> None:
    referrers = [person("late-person", relations=[{"type": "teacher", "person": DUPLICATE}])]

    def publish_during_merge(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        # The merge has planned and locked the affected people at this point.
        if "FOR NO KEY UPDATE" in statement and referrers:
            save(three_people, referrers.pop())

    event.listen(three_people.engine, "before_cursor_execute", publish_during_merge)
    try:
        merge_pair(three_people)
    finally:
        event.remove(three_people.engine, "before_cursor_execute", publish_during_merge)
    assert [relation["person"] for relation in public_records(three_people)["late-person"]["relations"]] == [
        SURVIVOR
    ]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_related_people_are_published_concurrently(database: Database) -> None:
    save(database, person(SURVIVOR), person(DUPLICATE))
    barrier = Barrier(2, timeout=30)

    def attempt(person_id: str, other_id: str) -> None:
        with database.write() as session:
            drafts.lock_person(session, person_id)
            barrier.wait()
            record = person(person_id, relations=[{"type": "teacher", "person": other_id}])
            save_records(session, [record], OTHER, "", publish=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(attempt, (SURVIVOR, DUPLICATE), (DUPLICATE, SURVIVOR)))
    assert all(public_records(database)[id_]["relations"] for id_ in (SURVIVOR, DUPLICATE))


def test_open_messages_move_to_survivor(three_people: Database) -> None:
    timestamp = datetime(2026, 1, 1, tzinfo=UTC)
    with three_people.write() as session:
        for number, state in enumerate(("new", "accepted", "closed")):
            message = InboxMessage(
                reference=f"b-{number}", kind="correction", state=state, person_id=DUPLICATE, lang="az"
            )
            message.content, message.marks, message.content_hash = {}, [], ""
            message.sent_at = timestamp
            session.add(message)

    def about() -> list[str | None]:
        with three_people.read() as session:
            return list(session.scalars(select(InboxMessage.person_id).order_by(InboxMessage.reference)))

    row = merge_pair(three_people)
    assert about() == [SURVIVOR, SURVIVOR, DUPLICATE]
    undo_merge(three_people, EDITOR, row.id)
    assert about() == [DUPLICATE, DUPLICATE, DUPLICATE]


def test_undo_restores_text_ages(three_people: Database) -> None:
    now = public_records(three_people)
    for id_ in (SURVIVOR, DUPLICATE):
        save(three_people, {**now[id_], "biography": {"en": "One.", "ru": f"Один {id_}."}})
        save(three_people, {**now[id_], "biography": {"en": f"One more {id_}.", "ru": f"Один {id_}."}})

    def ages() -> list[tuple[str, str, int, int]]:
        query = select(TextAge).order_by(TextAge.person_id, TextAge.lang)
        with three_people.read() as session:
            return [(age.person_id, age.lang, age.changed, age.agrees) for age in session.scalars(query)]

    before = ages()
    row = merge_pair(three_people, **{"biography.en": "both"})
    assert ages() != before
    undo_merge(three_people, EDITOR, row.id)
    assert ages() == before


def test_reinstated_record_is_redirected(three_people: Database) -> None:
    workflow.withdraw(three_people, EDITOR, RELATED, "mistake", "")
    merge_pair(three_people)
    workflow.reinstate(three_people, EDITOR, RELATED)
    relations = public_records(three_people)[RELATED]["relations"]
    assert relations == [{"type": "teacher", "person": SURVIVOR, "date": "1900"}]
