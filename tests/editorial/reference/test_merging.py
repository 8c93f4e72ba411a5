"""A merge of reference records updates all references, and its undo restores them."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from biobank.accounts.identity import OPERATOR
from biobank.accounts.models import AuditEvent
from biobank.editorial import workflow
from biobank.editorial.reference import keeping, merging, undoing
from biobank.errors import Forbidden, NotFound, RecordRefused, StillUsed, WrongState
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.reading import Item
from biobank.records.catalogue import load_catalogue
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.records.reference.kinds import ORGANISATION, PLACE, SOURCE, TERM, Kind, all_records
from biobank.records.reference.redirects import readdressed
from biobank.records.vocabulary.models import term_key
from biobank.store.session import Database
from tests.editorial.reference import bank
from tests.editorial.reference.bank import EDITOR, WRITER
from tests.support import records, seed

ALL = pytest.mark.parametrize("kind", bank.PAIRS, ids=lambda kind: kind.name)


def without(kind: Kind, record: dict[str, Any]) -> dict[str, Any]:
    """Return the expected record after the merge of a pair of `kind`."""
    kept, gone = (key.rpartition("/")[2] for key in bank.PAIRS[kind])
    text = repr(record).replace(f"'{gone}'", f"'{kept}'").replace(f"@{gone}", f"@{kept}")
    made: dict[str, Any] = eval(text)
    for name in ("professions", "sources", "memberships"):
        items = made[name]
        made[name] = [item for index, item in enumerate(items) if item not in items[:index]]
    return made


@ALL
def test_everything_that_referred_to_the_one_refers_to_the_other(
    database: Database, kind: Kind
) -> None:
    bank.fill(database)
    before = bank.public(database, "test-first")
    bank.indexed(database)
    kept, gone = bank.PAIRS[kind]
    seen = merging.preview(database, EDITOR, kind, kept, gone)
    merging.merge(database, EDITOR, kind, kept, gone)
    after = bank.public(database, "test-first")
    assert after == without(kind, before)
    assert after == load(person_schema, after)
    assert bank.head(database, "test-first").record == after
    assert set(seen.people) <= bank.indexed(database)
    assert bank.record_of(database, kind, gone) is None
    for other, record in bank.MADE:
        now = bank.record_of(database, other, other.key(record))
        assert now is None or gone.rpartition("/")[2] not in (
            now.get("broader"), now.get("place"), *(now.get("broader") or ())
        )  # fmt: skip
    with database.read() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.what == "merged")).one()
        assert load_catalogue(session).where_now(kind.name, gone) == kept
    assert (event.subject, event.detail["into"]) == (gone, kept)


@ALL
def test_a_merge_is_undone_without_a_trace(database: Database, kind: Kind) -> None:
    bank.fill(database)
    bank.draft(database, bank.person("test-second", gender="other"), review=True)
    bank.draft(database, {**bank.public(database, "test-first"), "professions": ["test-minstrel"]})
    before = bank.state(database)
    kept, gone = bank.PAIRS[kind]
    merged = merging.merge(database, EDITOR, kind, kept, gone)
    assert bank.state(database) != before
    undone = undoing.undo(database, EDITOR, merged)
    assert (undone.people_left, undone.records_left) == ((), ())
    assert bank.state(database) == before
    with pytest.raises(WrongState):
        undoing.undo(database, EDITOR, merged)


def test_a_draft_stays_its_authors_and_in_review(database: Database) -> None:
    bank.fill(database)
    number = bank.draft(database, bank.person("test-first", gender="other"), review=True)
    merging.merge(database, EDITOR, PLACE, "test-town", "test-toun")
    head = bank.head(database, "test-first")
    assert (head.state, head.author_id) == ("review", WRITER.user_id)
    assert head.record["birth"]["place"] == "test-town"
    assert "gender" not in bank.public(database, "test-first")
    assert head.number == number + 2
    with pytest.raises(Forbidden):
        workflow.publish(database, WRITER, "test-first", head.number)
    workflow.publish(database, EDITOR, "test-first", head.number)
    assert bank.public(database, "test-first")["gender"] == "other"


def test_who_changed_since_keeps_that_change_when_a_merge_is_undone(database: Database) -> None:
    bank.fill(database)
    merged = merging.merge(database, EDITOR, SOURCE, "test-book", "test-buch")
    now = bank.public(database, "test-first")
    bank.publish(database, {**now, "gender": "other"})
    undone = undoing.undo(database, EDITOR, merged)
    after = bank.public(database, "test-first")
    assert undone.people_left == ()
    assert after["gender"] == "other"
    assert after["birth"]["cites"] == [{"source": "test-buch"}]
    assert after["biography"]["en"] == "Sang [@test-buch, p. 3; @test-book]."


def test_what_cannot_be_told_apart_is_left_and_told(database: Database) -> None:
    bank.fill(database)
    merged = merging.merge(database, EDITOR, PLACE, "test-town", "test-toun")
    now = bank.public(database, "test-first")
    bank.publish(database, {**now, "birth": {"date": "1901", "place": "test-town"}})
    undone = undoing.undo(database, EDITOR, merged)
    assert undone.people_left == ("test-first",)
    assert bank.public(database, "test-first")["birth"]["place"] == "test-town"
    assert bank.public(database, "test-second")["birth"]["place"] == "test-toun"


def test_an_old_id_in_an_import_and_in_a_draft_is_led_on(database: Database) -> None:
    bank.fill(database)
    for kind, (kept, gone) in bank.PAIRS.items():
        merging.merge(database, EDITOR, kind, kept, gone)
    late = bank.person("test-late", sources=[bank.source("test-buch", note="as it was told")])
    report = import_people(database, [Item("1", late)], file="f", who=OPERATOR, publish=True)
    assert (report.new, report.refusals) == (1, [])
    now = bank.public(database, "test-late")
    assert now["birth"] == {
        "date": "1900",
        "place": "test-town",
        "cites": [{"source": "test-book"}],
    }
    assert now["professions"] == ["test-bard"]
    assert now["sources"] == ["test-book"]
    bank.draft(database, bank.person("test-first"))
    assert bank.head(database, "test-first").record["sources"] == ["test-book"]


def test_whoever_was_withdrawn_comes_back_with_the_ids_of_now(database: Database) -> None:
    bank.fill(database)
    workflow.withdraw(database, EDITOR, "test-first", "mistake", "")
    for kind, (kept, gone) in bank.PAIRS.items():
        merging.merge(database, EDITOR, kind, kept, gone)
    workflow.bring_back(database, EDITOR, "test-first")
    assert bank.public(database, "test-first")["professions"] == ["test-bard"]


def test_the_kept_one_is_found_by_the_names_of_both(database: Database) -> None:
    bank.fill(database)
    for kind in (TERM, PLACE, ORGANISATION):
        merging.merge(database, EDITOR, kind, *bank.PAIRS[kind])
    term = bank.record_of(database, TERM, "profession/test-bard") or {}
    assert term["alt"] == {"en": ["test-minstrel", "test singer"], "az": ["test-minstrel"]}
    place = bank.record_of(database, PLACE, "test-town") or {}
    assert [name["text"] for name in place["names"]] == ["test-town", "test-toun"]
    theatre = bank.record_of(database, ORGANISATION, "test-theatre") or {}
    assert [name["kind"] for name in theatre["names"]] == ["preferred", "variant"]


def test_chains_of_merges_lead_to_the_last_and_are_undone_from_there(database: Database) -> None:
    bank.fill(database)
    keeping.add(database, EDITOR, PLACE, bank.place("test-city"))
    before = bank.state(database)
    first = merging.merge(database, EDITOR, PLACE, "test-town", "test-toun")
    second = merging.merge(database, EDITOR, PLACE, "test-city", "test-town")
    with database.read() as session:
        moved = load_catalogue(session).redirects["place"]
    assert moved == {"test-toun": "test-city", "test-town": "test-city"}
    with pytest.raises(WrongState):
        undoing.undo(database, EDITOR, first)
    undoing.undo(database, EDITOR, second)
    undoing.undo(database, EDITOR, first)
    assert bank.state(database) == before


@ALL
def test_a_new_id_is_a_merge_and_is_undone_like_one(database: Database, kind: Kind) -> None:
    bank.fill(database)
    before = bank.state(database)
    _, old = bank.PAIRS[kind]
    record = bank.record_of(database, kind, old) or {}
    new = merging.rename(database, EDITOR, kind, old, "test-renamed")
    assert bank.record_of(database, kind, new) == {**record, "id": "test-renamed"}
    with database.read() as session:
        [done] = undoing.merges_of(session, kind, new)
    undoing.undo(database, EDITOR, done.id)
    assert bank.state(database) == before


REFUSED: tuple[tuple[Kind, str, str, type[Exception]], ...] = (
    (PLACE, "test-town", "test-town", RecordRefused),
    (PLACE, "test-town", "test-nothing", NotFound),
    (TERM, "profession/test-bard", "award/nobel-prize", NotFound),
    (TERM, "profession/poet", "event/premiere", RecordRefused),
)


@pytest.mark.parametrize(("kind", "kept", "gone", "error"), REFUSED)
def test_what_cannot_be_one_thing_is_refused(
    database: Database, kind: Kind, kept: str, gone: str, error: type[Exception]
) -> None:
    bank.fill(database)
    before = bank.state(database)
    with pytest.raises(error):
        merging.merge(database, EDITOR, kind, kept, gone)
    assert bank.state(database) == before


def test_only_editors_merge_and_rename_and_undo(database: Database) -> None:
    bank.fill(database)
    merged = merging.merge(database, EDITOR, PLACE, "test-town", "test-toun")
    acts: tuple[Callable[[], object], ...] = (
        lambda: merging.merge(database, WRITER, SOURCE, "test-book", "test-buch"),
        lambda: merging.rename(database, WRITER, SOURCE, "test-book", "test-renamed"),
        lambda: undoing.undo(database, WRITER, merged),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act()


def test_a_merge_that_makes_a_ring_is_refused_and_one_step_of_it_is_closed(
    database: Database,
) -> None:
    for record in (
        bank.place("test-a"),
        bank.place("test-b", broader="test-a"),
        bank.place("test-c", broader="test-b"),
    ):
        keeping.add(database, EDITOR, PLACE, record)
    with pytest.raises(RecordRefused, match="within itself"):
        merging.merge(database, EDITOR, PLACE, "test-c", "test-a")
    merging.merge(database, EDITOR, PLACE, "test-c", "test-b")
    assert (bank.record_of(database, PLACE, "test-c") or {})["broader"] == "test-a"


def test_no_new_record_takes_an_id_that_leads_on_and_its_target_stays(database: Database) -> None:
    bank.fill(database)
    keeping.add(database, EDITOR, PLACE, bank.place("test-free"))
    merging.merge(database, EDITOR, PLACE, "test-free", "test-town", keep_names=False)
    with pytest.raises(RecordRefused, match="leads there"):
        keeping.add(database, EDITOR, PLACE, bank.place("test-town"))
    now = bank.record_of(database, PLACE, "test-free") or {}
    with pytest.raises(StillUsed):
        keeping.remove(database, EDITOR, PLACE, "test-free", keeping.version(now))


_drafts = itertools.count()


@given(data=st.data())
@settings(max_examples=8)
def test_whatever_there_is_a_merge_and_its_undoing_leave_no_trace(
    database: Database, data: st.DataObject
) -> None:
    people = data.draw(st.lists(records.records(), min_size=1, max_size=4, unique_by=_id))
    for record in people:
        record.pop("relations", None)
        canonical = load(person_schema, record)
        # Draw from the ids left by earlier examples, so that a second run draws the same.
        public, review = data.draw(st.booleans()), data.draw(st.booleans())
        if public:
            bank.publish(database, canonical)
        elif _id(record) in _ids(database):
            # An earlier example may have left the same draft in review.
            changed = {**canonical, "gender": "other", "headline": {"en": f"Draft {next(_drafts)}"}}
            bank.draft(database, changed, review=review)
    kind = data.draw(st.sampled_from(list(bank.PAIRS)))
    with database.read() as session:
        used = sorted(all_records(session, kind))
    kept, gone = data.draw(st.lists(st.sampled_from(used), min_size=2, max_size=2, unique=True))
    before = bank.state(database)
    try:
        merged = merging.merge(database, EDITOR, kind, kept, gone)
    except RecordRefused:
        assert bank.state(database) == before
        return
    undone = undoing.undo(database, EDITOR, merged)
    assert (undone.people_left, undone.records_left) == ((), ())
    assert bank.state(database) == before


def _id(record: dict[str, Any]) -> str:
    return str(record["id"])


def _ids(database: Database) -> set[str]:
    return set(bank.state(database)["public"])


@given(record=records.records(), data=st.data())
@settings(max_examples=60)
def test_a_record_with_other_ids_is_canonical_and_holds_no_old_one(
    record: dict[str, Any], data: st.DataObject
) -> None:
    canonical = load(person_schema, record)
    sources = dict.fromkeys(data.draw(st.sets(records.sources(), max_size=50)), "elsewhere")
    places = dict.fromkeys(seed.ids("places")[::2], "elsewhere")
    terms = {
        term_key("profession", id_): "profession/elsewhere" for id_ in seed.terms("profession")
    }
    made = readdressed(canonical, {"source": sources, "place": places, "term": terms})
    assert load(person_schema, made) == made
    assert not set(made.get("sources", ())) & set(sources)
    assert set(made.get("professions", ["elsewhere"])) == {"elsewhere"}
    assert readdressed(made, {"source": sources, "place": places, "term": terms}) == made
    assert readdressed(canonical, {}) == canonical
