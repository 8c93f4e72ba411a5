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
from biobank.editorial import saving, workflow
from biobank.editorial.absence import Absence, absence
from biobank.editorial.heads import unpublished
from biobank.editorial.inbox.models import Message
from biobank.editorial.making_public import public_revisions
from biobank.editorial.merging.combining import combine
from biobank.editorial.merging.merge import merge, preview
from biobank.editorial.merging.models import Merge
from biobank.editorial.merging.undo import preview_undo, undo
from biobank.editorial.models import ImportKey, Redirect, Revision, TextAge
from biobank.editorial.publishing import save_many
from biobank.errors import BiobankError, EditConflict, Forbidden, NotFound, WrongState
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.reading import Item
from biobank.records.people import queries
from biobank.records.people.models import Person, PersonName
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store.session import Database
from tests.support import seed

KEPT, GONE, THIRD = "kept-person", "gone-person", "third-person"
EDITOR = Identity("editor", "session", "an editor", 1)
OTHER = Identity("editor", "session", "another editor", 2)

Record = dict[str, Any]


def person(person_id: str, **fields: Any) -> Record:
    names = [{"text": f"Sınaq {person_id}", "lang": "az", "kind": "preferred"}]
    return load(person_schema, {"id": person_id, "names": names, **fields})


def save(database: Database, *records: Record, publish: bool = True) -> None:
    with database.write() as session:
        save_many(session, records, OTHER, "", publish=publish)


def public(database: Database) -> dict[str, Record]:
    """Return all public records by id."""
    with database.read() as session:
        return {id_: it for chunk in queries.walk(session) for id_, it in chunk.items()}


def newest(database: Database, person_id: str) -> Revision:
    with database.read() as session:
        found = saving.head(session, person_id)
        assert found is not None
        return found


def merged(database: Database, kept: str = KEPT, gone: str = GONE, **choices: str) -> Merge:
    bases = newest(database, kept).number, newest(database, gone).number
    return merge(database, EDITOR, kept, gone, *bases, choices, "One person")


def where(database: Database, person_id: str) -> Absence | None:
    with database.read() as session:
        return absence(session, person_id)


@pytest.fixture
def three(database: Database) -> Database:
    """Return a bank with two records of one person, and a third person related to both."""
    save(
        database,
        person(KEPT, works=[{"title": {"az": "Birinci"}}], gender="male"),
        person(GONE, works=[{"title": {"az": "İkinci"}}], headline={"en": "A poet"}),
        person(
            THIRD,
            relations=[
                {"type": "teacher", "person": GONE, "date": "1900"},
                {"type": "teacher", "person": KEPT},
            ],
        ),
    )
    return database


def test_two_public_records_become_one_at_once(three: Database) -> None:
    before = public(three)
    row = merged(three)
    now = public(three)
    assert now[KEPT] == combine(before[KEPT], before[GONE], {})
    assert GONE not in now
    assert now[THIRD]["relations"] == [{"type": "teacher", "person": KEPT, "date": "1900"}]
    assert where(three, GONE) == Absence(new_id=KEPT)
    assert (row.by, row.text, row.rewritten) == (
        "an editor",
        "One person",
        [[KEPT, 1, 2], [THIRD, 1, 2]],
    )
    with three.read() as session:
        assert session.get_one(Person, GONE).withdrawal == "merged"
        assert not session.scalars(select(PersonName).where(PersonName.person_id == GONE)).all()
        event = session.scalars(select(AuditEvent)).one()
        assert (event.what, event.subject, event.detail["kept"]) == ("merged", GONE, KEPT)


def test_a_merge_undone_leaves_all_as_it_was(three: Database) -> None:
    before = public(three)
    undo(three, EDITOR, merged(three).id)
    assert public(three) == before
    assert where(three, GONE) is None
    assert newest(three, GONE).number == 2
    with pytest.raises(WrongState):
        undo(three, EDITOR, 1)


def test_pairs_of_the_seed_merge_and_come_apart_again(database: Database) -> None:
    people = [load(person_schema, record) for record in seed.some(8)]
    save(database, *people)
    pairs = [*islice(combinations([it["id"] for it in people], 2), 0, 28, 14)]
    tied = [(it["id"], tie["person"]) for it in people for tie in it.get("relations", ())]
    for kept, gone in (*pairs, *tied[:2]):
        before = public(database)
        row = merged(database, kept, gone)
        after = public(database)
        assert set(before) - set(after) == {gone}
        for record in after.values():
            ties = record.get("relations", ())
            assert all(tie["person"] not in (gone, record["id"]) for tie in ties)
        assert not preview_undo(database, EDITOR, row.id).left
        undo(database, EDITOR, row.id)
        assert public(database) == before


def test_edits_since_the_merge_outlive_its_undoing(three: Database) -> None:
    row = merged(three)
    work = {"title": {"az": "Üçüncü"}}
    now = public(three)[KEPT]
    edited = {**now, "works": [*now["works"], work], "professions": ["poet"]}
    save(three, load(person_schema, edited))
    undo(three, EDITOR, row.id)
    now = public(three)
    assert now[KEPT]["works"] == [{"title": {"az": "Birinci"}}, work]
    assert now[KEPT]["professions"] == ["poet"]
    assert "headline" not in now[KEPT]
    assert now[GONE]["works"] == [{"title": {"az": "İkinci"}}]


def test_what_was_edited_since_and_came_with_the_merge_is_told_and_stays(three: Database) -> None:
    row = merged(three)
    save(three, {**public(three)[KEPT], "headline": {"en": "A great poet"}})
    steps = {step.revision.person_id: step for step in preview_undo(three, EDITOR, row.id).steps}
    assert [conflict.path for conflict in steps[KEPT].conflicts] == [("headline", "en")]
    assert not steps[THIRD].conflicts
    undo(three, EDITOR, row.id)
    assert public(three)[KEPT]["headline"] == {"en": "A great poet"}
    assert public(three)[GONE]["headline"] == {"en": "A poet"}


def test_where_one_is_a_draft_so_is_the_result(three: Database) -> None:
    before = public(three)
    save(three, {**before[GONE], "headline": {"en": "Nobody has read this"}}, publish=False)
    row = merged(three)
    assert public(three)[KEPT] == before[KEPT]
    made = newest(three, KEPT)
    assert (made.state, made.record["headline"]) == ("draft", {"en": "Nobody has read this"})
    undo(three, EDITOR, row.id)
    assert public(three) == before
    assert newest(three, GONE).state == "draft"
    assert newest(three, GONE).record["headline"] == {"en": "Nobody has read this"}
    assert newest(three, KEPT).record == before[KEPT]


@pytest.mark.parametrize("in_review", [False, True])
def test_a_merge_that_was_only_a_draft_leaves_no_draft_when_undone(
    three: Database, in_review: bool
) -> None:
    before = public(three)
    save(three, {**before[GONE], "headline": {"en": "Nobody has read this"}}, publish=False)
    row = merged(three)
    if in_review:
        workflow.submit(three, EDITOR, KEPT, 2)
    assert next(step.ends for step in preview_undo(three, EDITOR, row.id).steps)
    undo(three, EDITOR, row.id)
    assert newest(three, KEPT).state == "published"
    assert public(three) == before
    with three.read() as session:
        assert unpublished(session) == [GONE]
        assert not session.scalars(select(Revision).where(Revision.state == "review")).all()


def test_what_was_written_since_upon_a_merged_draft_stays_a_draft(three: Database) -> None:
    before = public(three)
    save(three, {**before[GONE], "headline": {"en": "Nobody has read this"}}, publish=False)
    row = merged(three)
    edited = {**newest(three, KEPT).record, "countries": ["AZ"]}
    saving.save_draft(three, OTHER, edited, 2)
    undo(three, EDITOR, row.id)
    found = newest(three, KEPT)
    assert (found.state, found.record) == ("draft", {**before[KEPT], "countries": ["AZ"]})


def test_that_texts_were_said_to_agree_outlives_an_undoing(three: Database) -> None:
    """A draft that confirms languages differs from the public record even with equal texts."""
    save(three, {**public(three)[GONE], "gender": "female"}, publish=False)
    row = merged(three)
    saving.save_draft(three, OTHER, newest(three, KEPT).record, 2, agrees=["az"])
    undo(three, EDITOR, row.id)
    found = newest(three, KEPT)
    assert (found.state, found.agrees, found.record) == ("draft", ["az"], public(three)[KEPT])


def test_a_merged_draft_that_was_published_comes_apart_too(three: Database) -> None:
    before = public(three)
    save(three, {**before[GONE], "gender": "female"}, publish=False)
    row = merged(three)
    workflow.submit(three, EDITOR, KEPT, 2)
    # One user wrote the merged draft, the other merged it.
    workflow.publish(three, Identity("editor", "session", "a third editor", 3), KEPT, 2)
    assert public(three)[KEPT]["headline"] == {"en": "A poet"}
    undo(three, EDITOR, row.id)
    assert public(three) == before


def test_a_public_record_is_not_led_to_a_draft(database: Database) -> None:
    save(database, person(GONE))
    save(database, person(KEPT), publish=False)
    with pytest.raises(WrongState):
        merged(database)
    assert GONE in public(database)


def test_drafts_of_others_are_led_on_and_stay_their_authors(three: Database) -> None:
    draft = {**public(three)[THIRD], "gender": "male"}
    saved = saving.save_draft(three, OTHER, draft, 1)
    workflow.submit(three, OTHER, THIRD, saved.number)
    row = merged(three)
    found = newest(three, THIRD)
    assert found.record["relations"] == public(three)[THIRD]["relations"]
    assert (found.number, found.state, found.author_id) == (4, "review", OTHER.user_id)
    with pytest.raises(Forbidden):
        workflow.publish(three, OTHER, THIRD, 4)
    undo(three, EDITOR, row.id)
    found = newest(three, THIRD)
    assert (found.record, found.state) == (load(person_schema, draft), "review")


def test_ids_that_led_to_the_one_that_goes_lead_on_and_back(three: Database) -> None:
    save(three, person("first-person"))
    with three.write() as session:
        session.add(ImportKey(file="people.csv", key="7", person_id=GONE))
    first = merged(three, GONE, "first-person")
    second = merged(three)
    assert where(three, "first-person") == where(three, GONE) == Absence(new_id=KEPT)
    with three.read() as session:
        assert session.scalars(select(ImportKey.person_id)).one() == KEPT
    with pytest.raises(WrongState):
        undo(three, EDITOR, first.id)
    undo(three, EDITOR, second.id)
    assert where(three, "first-person") == Absence(new_id=GONE)
    undo(three, EDITOR, first.id)
    with three.read() as session:
        assert session.scalars(select(Redirect)).all() == []
        assert session.scalars(select(ImportKey.person_id)).one() == GONE


def test_a_stale_base_is_refused_and_changes_nothing(three: Database) -> None:
    before = public(three)
    with pytest.raises(EditConflict):
        merge(three, EDITOR, KEPT, GONE, 1, 7, {})
    with pytest.raises(EditConflict):
        merge(three, EDITOR, KEPT, GONE, 7, 1, {})
    assert public(three) == before


def test_nobody_merges_what_is_not_there_or_is_one(three: Database) -> None:
    merged(three)
    for kept, gone, error in (
        (KEPT, KEPT, WrongState),
        (KEPT, GONE, WrongState),
        (GONE, KEPT, WrongState),
        (KEPT, "nobody", NotFound),
    ):
        with pytest.raises(error):
            preview(three, EDITOR, kept, gone)


def test_contributors_do_not_merge(three: Database) -> None:
    writer = Identity("contributor", "session", "a contributor", 3)
    with pytest.raises(Forbidden):
        merge(three, writer, KEPT, GONE, 1, 1, {})
    with pytest.raises(Forbidden):
        undo(three, writer, 1)


def test_whoever_was_merged_is_not_brought_back_another_way(three: Database) -> None:
    merged(three)
    with pytest.raises(Forbidden):
        workflow.bring_back(three, OTHER, GONE)
    with pytest.raises(WrongState, match="undo the merge"):
        workflow.bring_back(three, OPERATOR, GONE)


def test_what_was_public_of_the_one_that_went_is_so_again(three: Database) -> None:
    undo(three, EDITOR, merged(three).id)
    with three.read() as session:
        states = session.scalars(
            select(Revision.state).where(Revision.person_id == GONE).order_by(Revision.number)
        ).all()
        assert states == ["published", "published"]
        gone = session.get_one(Person, GONE)
        assert (gone.withdrawn_at, gone.withdrawal) == (None, None)
        assert public_revisions(session, [gone])[GONE].reviewer == EDITOR.name


def test_the_index_follows_a_merge_and_its_undoing(own_services: Services) -> None:
    database, indexer = own_services.database, own_services.indexer
    before = public(database)
    row = merged(database, "uzeyir-hacibeyov", "ceyhun-hacibeyli")
    indexer.sync()
    assert indexer.verify().agrees
    undo(database, OPERATOR, row.id)
    indexer.sync()
    assert indexer.verify().agrees
    assert public(database) == before


def test_ties_to_who_was_merged_are_led_on_whenever_they_are_written(three: Database) -> None:
    merged(three)
    tie = {"type": "sibling", "person": GONE}
    save(three, person("late-person", relations=[tie]))
    saved = saving.save_draft(three, OTHER, person("later-person", relations=[tie]), None)
    for record in (public(three)["late-person"], newest(three, saved.person_id).record):
        assert record["relations"] == [{"type": "sibling", "person": KEPT}]


def test_nobody_writes_of_who_was_merged_nor_brings_them_by_a_file(three: Database) -> None:
    merged(three)
    with pytest.raises(WrongState):
        saving.save_draft(three, OPERATOR, person(GONE), 1)
    items = [Item("1", person(GONE)), Item("2", person("new-person"))]
    report = import_people(three, items, file="people.jsonl", who=OPERATOR, publish=True)
    assert [it["problems"][0]["code"] for it in report.refusals] == ["merged"]
    assert GONE not in public(three)
    assert "new-person" in public(three)


def test_of_merges_of_the_same_two_at_once_one_is_done(three: Database) -> None:
    before = public(three)

    def attempt(pair: tuple[str, str]) -> Merge | BiobankError:
        try:
            return merge(three, EDITOR, *pair, 1, 1, {})
        except (WrongState, EditConflict) as error:
            return error

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(attempt, [(KEPT, GONE), (GONE, KEPT), (THIRD, KEPT), (THIRD, GONE)]))
    rows = [it for it in done if isinstance(it, Merge)]
    assert rows
    for row in sorted(rows, key=lambda it: -it.id):
        undo(three, EDITOR, row.id)
    assert public(three) == before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_tie_that_is_made_public_while_a_merge_begins_is_led_on_with_it(three: Database) -> None:
    late = [person("late-person", relations=[{"type": "teacher", "person": GONE}])]

    def heard(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        # The merge has planned and locked the affected people at this point.
        if "FOR NO KEY UPDATE" in statement and late:
            save(three, late.pop())

    event.listen(three.engine, "before_cursor_execute", heard)
    try:
        merged(three)
    finally:
        event.remove(three.engine, "before_cursor_execute", heard)
    assert [tie["person"] for tie in public(three)["late-person"]["relations"]] == [KEPT]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_who_are_tied_to_each_other_are_made_public_at_once(database: Database) -> None:
    save(database, person(KEPT), person(GONE))
    both_hold = Barrier(2, timeout=30)

    def attempt(one: str, other: str) -> None:
        with database.write() as session:
            saving.hold(session, one)
            both_hold.wait()
            tied = person(one, relations=[{"type": "teacher", "person": other}])
            save_many(session, [tied], OTHER, "", publish=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(attempt, (KEPT, GONE), (GONE, KEPT)))
    assert all(public(database)[id_]["relations"] for id_ in (KEPT, GONE))


def test_what_the_public_sent_waits_at_the_kept_one(three: Database) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with three.write() as session:
        for number, state in enumerate(("new", "accepted", "closed")):
            message = Message(
                reference=f"b-{number}", kind="correction", state=state, person_id=GONE, lang="az"
            )
            message.content, message.marks, message.content_hash = {}, [], ""
            message.sent_at = moment
            session.add(message)

    def about() -> list[str | None]:
        with three.read() as session:
            return list(session.scalars(select(Message.person_id).order_by(Message.reference)))

    row = merged(three)
    assert about() == [KEPT, KEPT, GONE]
    undo(three, EDITOR, row.id)
    assert about() == [GONE, GONE, GONE]


def test_texts_are_as_old_after_an_undoing_as_they_were_before(three: Database) -> None:
    now = public(three)
    for id_ in (KEPT, GONE):
        save(three, {**now[id_], "biography": {"en": "One.", "ru": f"Один {id_}."}})
        save(three, {**now[id_], "biography": {"en": f"One more {id_}.", "ru": f"Один {id_}."}})

    def ages() -> list[tuple[str, str, int, int]]:
        query = select(TextAge).order_by(TextAge.person_id, TextAge.lang)
        with three.read() as session:
            return [(it.person_id, it.lang, it.changed, it.agrees) for it in session.scalars(query)]

    before = ages()
    row = merged(three, **{"biography.en": "both"})
    assert ages() != before
    undo(three, EDITOR, row.id)
    assert ages() == before


def test_who_is_brought_back_after_a_merge_is_led_on(three: Database) -> None:
    workflow.withdraw(three, EDITOR, THIRD, "mistake", "")
    merged(three)
    workflow.bring_back(three, EDITOR, THIRD)
    ties = public(three)[THIRD]["relations"]
    assert ties == [{"type": "teacher", "person": KEPT, "date": "1900"}]
