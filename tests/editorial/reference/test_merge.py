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
from biobank.editorial.reference import merge, service, undo
from biobank.editorial.review import workflow
from biobank.errors import Forbidden, NotFound, RecordRefused, StillUsed, WrongState
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.items import ImportItem
from biobank.records.catalogue import load_catalogue
from biobank.records.people.schemas import person_schema
from biobank.records.reference.kinds import (
    ORGANISATION_KIND,
    PLACE_KIND,
    SOURCE_KIND,
    TERM_KIND,
    ReferenceKind,
    load_all_records,
)
from biobank.records.reference.redirects import redirect_references
from biobank.records.validation import load_validated
from biobank.records.vocabulary.models import term_key
from biobank.store.session import Database
from tests.editorial.reference import helpers
from tests.editorial.reference.helpers import EDITOR, WRITER
from tests.support import records, seed
from tests.support.profiles import scaled

ALL = pytest.mark.parametrize("kind", helpers.PAIRS, ids=lambda kind: kind.name)


def without(kind: ReferenceKind, record: dict[str, Any]) -> dict[str, Any]:
    """Return the expected record after the merge of a pair of `kind`."""
    survivor, duplicate = (key.rpartition("/")[2] for key in helpers.PAIRS[kind])
    text = repr(record).replace(f"'{duplicate}'", f"'{survivor}'").replace(f"@{duplicate}", f"@{survivor}")
    result: dict[str, Any] = eval(text)
    for name in ("professions", "sources", "memberships"):
        items = result[name]
        result[name] = [item for index, item in enumerate(items) if item not in items[:index]]
    return result


@ALL
def test_merge_redirects_all_references(database: Database, kind: ReferenceKind) -> None:
    helpers.add_test_records(database)
    before = helpers.public_record(database, "test-first")
    helpers.pop_reindexed(database)
    survivor, duplicate = helpers.PAIRS[kind]
    seen = merge.preview_reference_merge(database, EDITOR, kind, survivor, duplicate)
    merge.merge_references(database, EDITOR, kind, survivor, duplicate)
    after = helpers.public_record(database, "test-first")
    assert after == without(kind, before)
    assert after == load_validated(person_schema, after)
    assert helpers.stored_revision(database, "test-first").record == after
    assert set(seen.people) <= helpers.pop_reindexed(database)
    assert helpers.get_record(database, kind, duplicate) is None
    for other, record in helpers.RECORDS:
        now = helpers.get_record(database, other, other.get_key(record))
        assert now is None or duplicate.rpartition("/")[2] not in (
            now.get("broader"), now.get("place"), *(now.get("broader") or ())
        )  # fmt: skip
    with database.read() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.what == "merged")).one()
        assert load_catalogue(session).resolve_redirect(kind.name, duplicate) == survivor
    assert (event.subject, event.detail["into"]) == (duplicate, survivor)


@ALL
def test_undo_restores_everything(database: Database, kind: ReferenceKind) -> None:
    helpers.add_test_records(database)
    helpers.save_draft(database, helpers.person("test-second", gender="other"), review=True)
    helpers.save_draft(
        database, {**helpers.public_record(database, "test-first"), "professions": ["test-minstrel"]}
    )
    before = helpers.snapshot(database)
    survivor, duplicate = helpers.PAIRS[kind]
    merged = merge.merge_references(database, EDITOR, kind, survivor, duplicate)
    assert helpers.snapshot(database) != before
    undone = undo.undo_reference_merge(database, EDITOR, merged)
    assert (undone.people_unchanged, undone.records_unchanged) == ((), ())
    assert helpers.snapshot(database) == before
    with pytest.raises(WrongState):
        undo.undo_reference_merge(database, EDITOR, merged)


def test_rewritten_draft_keeps_author_and_state(database: Database) -> None:
    helpers.add_test_records(database)
    number = helpers.save_draft(database, helpers.person("test-first", gender="other"), review=True)
    merge.merge_references(database, EDITOR, PLACE_KIND, "test-town", "test-toun")
    latest = helpers.stored_revision(database, "test-first")
    assert (latest.state, latest.author_id) == ("review", WRITER.user_id)
    assert latest.record["birth"]["place"] == "test-town"
    assert "gender" not in helpers.public_record(database, "test-first")
    assert latest.number == number + 2
    with pytest.raises(Forbidden):
        workflow.publish(database, WRITER, "test-first", latest.number)
    workflow.publish(database, EDITOR, "test-first", latest.number)
    assert helpers.public_record(database, "test-first")["gender"] == "other"


def test_undo_keeps_later_edits(database: Database) -> None:
    helpers.add_test_records(database)
    merged = merge.merge_references(database, EDITOR, SOURCE_KIND, "test-book", "test-buch")
    now = helpers.public_record(database, "test-first")
    helpers.publish(database, {**now, "gender": "other"})
    undone = undo.undo_reference_merge(database, EDITOR, merged)
    after = helpers.public_record(database, "test-first")
    assert undone.people_unchanged == ()
    assert after["gender"] == "other"
    assert after["birth"]["cites"] == [{"source": "test-buch"}]
    assert after["biography"]["en"] == "Sang [@test-buch, p. 3; @test-book]."


def test_undo_reports_ambiguous_references(database: Database) -> None:
    helpers.add_test_records(database)
    merged = merge.merge_references(database, EDITOR, PLACE_KIND, "test-town", "test-toun")
    now = helpers.public_record(database, "test-first")
    helpers.publish(database, {**now, "birth": {"date": "1901", "place": "test-town"}})
    undone = undo.undo_reference_merge(database, EDITOR, merged)
    assert undone.people_unchanged == ("test-first",)
    assert helpers.public_record(database, "test-first")["birth"]["place"] == "test-town"
    assert helpers.public_record(database, "test-second")["birth"]["place"] == "test-toun"


def test_old_ids_in_imports_and_drafts_are_redirected(database: Database) -> None:
    helpers.add_test_records(database)
    for kind, (survivor, duplicate) in helpers.PAIRS.items():
        merge.merge_references(database, EDITOR, kind, survivor, duplicate)
    late_person = helpers.person("test-late", sources=[helpers.source("test-buch", note="as it was told")])
    report = import_people(database, [ImportItem("1", late_person)], file="f", actor=OPERATOR, publish=True)
    assert (report.new, report.refusals) == (1, [])
    now = helpers.public_record(database, "test-late")
    assert now["birth"] == {"date": "1900", "place": "test-town", "cites": [{"source": "test-book"}]}
    assert now["professions"] == ["test-bard"]
    assert now["sources"] == ["test-book"]
    helpers.save_draft(database, helpers.person("test-first"))
    assert helpers.stored_revision(database, "test-first").record["sources"] == ["test-book"]


def test_reinstated_person_has_current_ids(database: Database) -> None:
    helpers.add_test_records(database)
    workflow.withdraw(database, EDITOR, "test-first", "mistake", "")
    for kind, (survivor, duplicate) in helpers.PAIRS.items():
        merge.merge_references(database, EDITOR, kind, survivor, duplicate)
    workflow.reinstate(database, EDITOR, "test-first")
    assert helpers.public_record(database, "test-first")["professions"] == ["test-bard"]


def test_survivor_is_found_by_names_of_both(database: Database) -> None:
    helpers.add_test_records(database)
    for kind in (TERM_KIND, PLACE_KIND, ORGANISATION_KIND):
        merge.merge_references(database, EDITOR, kind, *helpers.PAIRS[kind])
    term = helpers.get_record(database, TERM_KIND, "profession/test-bard") or {}
    assert term["alt"] == {"en": ["test-minstrel", "test singer"], "az": ["test-minstrel"]}
    place = helpers.get_record(database, PLACE_KIND, "test-town") or {}
    assert [name["text"] for name in place["names"]] == ["test-town", "test-toun"]
    theatre = helpers.get_record(database, ORGANISATION_KIND, "test-theatre") or {}
    assert [name["kind"] for name in theatre["names"]] == ["preferred", "variant"]


def test_chained_merges_redirect_to_last_and_are_undone_in_reverse(database: Database) -> None:
    helpers.add_test_records(database)
    service.add_record(database, EDITOR, PLACE_KIND, helpers.place("test-city"))
    before = helpers.snapshot(database)
    first = merge.merge_references(database, EDITOR, PLACE_KIND, "test-town", "test-toun")
    second = merge.merge_references(database, EDITOR, PLACE_KIND, "test-city", "test-town")
    with database.read() as session:
        moved = load_catalogue(session).redirects["place"]
    assert moved == {"test-toun": "test-city", "test-town": "test-city"}
    with pytest.raises(WrongState):
        undo.undo_reference_merge(database, EDITOR, first)
    undo.undo_reference_merge(database, EDITOR, second)
    undo.undo_reference_merge(database, EDITOR, first)
    assert helpers.snapshot(database) == before


@ALL
def test_rename_is_undone_like_a_merge(database: Database, kind: ReferenceKind) -> None:
    helpers.add_test_records(database)
    before = helpers.snapshot(database)
    _, old = helpers.PAIRS[kind]
    record = helpers.get_record(database, kind, old) or {}
    new = merge.rename_record(database, EDITOR, kind, old, "test-renamed")
    assert helpers.get_record(database, kind, new) == {**record, "id": "test-renamed"}
    with database.read() as session:
        [merge_row] = undo.list_merges_into(session, kind, new)
    undo.undo_reference_merge(database, EDITOR, merge_row.id)
    assert helpers.snapshot(database) == before


REFUSED: tuple[tuple[ReferenceKind, str, str, type[Exception]], ...] = (
    (PLACE_KIND, "test-town", "test-town", RecordRefused),
    (PLACE_KIND, "test-town", "test-nothing", NotFound),
    (TERM_KIND, "profession/test-bard", "award/nobel-prize", NotFound),
    (TERM_KIND, "profession/poet", "event/premiere", RecordRefused),
)


@pytest.mark.parametrize(("kind", "survivor", "duplicate", "error"), REFUSED)
def test_incompatible_merges_are_refused(
    database: Database, kind: ReferenceKind, survivor: str, duplicate: str, error: type[Exception]
) -> None:
    helpers.add_test_records(database)
    before = helpers.snapshot(database)
    with pytest.raises(error):
        merge.merge_references(database, EDITOR, kind, survivor, duplicate)
    assert helpers.snapshot(database) == before


def test_merge_rename_and_undo_require_editor(database: Database) -> None:
    helpers.add_test_records(database)
    merged = merge.merge_references(database, EDITOR, PLACE_KIND, "test-town", "test-toun")
    acts: tuple[Callable[[], object], ...] = (
        lambda: merge.merge_references(database, WRITER, SOURCE_KIND, "test-book", "test-buch"),
        lambda: merge.rename_record(database, WRITER, SOURCE_KIND, "test-book", "test-renamed"),
        lambda: undo.undo_reference_merge(database, WRITER, merged),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act()


def test_merge_creating_a_cycle_is_refused(database: Database) -> None:
    for record in (
        helpers.place("test-a"),
        helpers.place("test-b", broader="test-a"),
        helpers.place("test-c", broader="test-b"),
    ):
        service.add_record(database, EDITOR, PLACE_KIND, record)
    with pytest.raises(RecordRefused, match="within itself"):
        merge.merge_references(database, EDITOR, PLACE_KIND, "test-c", "test-a")
    merge.merge_references(database, EDITOR, PLACE_KIND, "test-c", "test-b")
    assert (helpers.get_record(database, PLACE_KIND, "test-c") or {})["broader"] == "test-a"


def test_redirected_ids_cannot_be_reused(database: Database) -> None:
    helpers.add_test_records(database)
    service.add_record(database, EDITOR, PLACE_KIND, helpers.place("test-free"))
    merge.merge_references(database, EDITOR, PLACE_KIND, "test-free", "test-town", keep_names=False)
    with pytest.raises(RecordRefused, match="redirects to"):
        service.add_record(database, EDITOR, PLACE_KIND, helpers.place("test-town"))
    now = helpers.get_record(database, PLACE_KIND, "test-free") or {}
    with pytest.raises(StillUsed):
        service.remove_record(database, EDITOR, PLACE_KIND, "test-free", service.record_version(now))


_drafts = itertools.count()


@given(data=st.data())
@settings(max_examples=scaled(8))
def test_merge_and_undo_restore_any_state(database: Database, data: st.DataObject) -> None:
    people = data.draw(st.lists(records.records(), min_size=1, max_size=4, unique_by=_id))
    for record in people:
        record.pop("relations", None)
        canonical = load_validated(person_schema, record)
        # Draw from the ids left by earlier examples, so that a second run draws the same.
        public, review = data.draw(st.booleans()), data.draw(st.booleans())
        if public:
            helpers.publish(database, canonical)
        elif _id(record) in _ids(database):
            # An earlier example may have left the same draft in review.
            changed = {**canonical, "gender": "other", "headline": {"en": f"Draft {next(_drafts)}"}}
            helpers.save_draft(database, changed, review=review)
    kind = data.draw(st.sampled_from(list(helpers.PAIRS)))
    with database.read() as session:
        used = sorted(load_all_records(session, kind))
    survivor, duplicate = data.draw(st.lists(st.sampled_from(used), min_size=2, max_size=2, unique=True))
    before = helpers.snapshot(database)
    try:
        merged = merge.merge_references(database, EDITOR, kind, survivor, duplicate)
    except RecordRefused:
        assert helpers.snapshot(database) == before
        return
    undone = undo.undo_reference_merge(database, EDITOR, merged)
    assert (undone.people_unchanged, undone.records_unchanged) == ((), ())
    assert helpers.snapshot(database) == before


def _id(record: dict[str, Any]) -> str:
    return str(record["id"])


def _ids(database: Database) -> set[str]:
    return set(helpers.snapshot(database)["public"])


@given(record=records.records(), data=st.data())
@settings(max_examples=scaled(60))
def test_redirected_record_is_canonical(record: dict[str, Any], data: st.DataObject) -> None:
    canonical = load_validated(person_schema, record)
    sources = dict.fromkeys(data.draw(st.sets(records.sources(), max_size=50)), "elsewhere")
    places = dict.fromkeys(seed.ids("places")[::2], "elsewhere")
    terms = {term_key("profession", id_): "profession/elsewhere" for id_ in seed.terms("profession")}
    result = redirect_references(canonical, {"source": sources, "place": places, "term": terms})
    assert load_validated(person_schema, result) == result
    assert not set(result.get("sources", ())) & set(sources)
    assert set(result.get("professions", ["elsewhere"])) == {"elsewhere"}
    assert redirect_references(result, {"source": sources, "place": places, "term": terms}) == result
    assert redirect_references(canonical, {}) == canonical
