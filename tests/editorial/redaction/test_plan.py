"""The plan of a redaction: which passages, revisions and people it covers, and what the audit log keeps."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from biobank.accounts.audit_queries import iter_events
from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.models import AuditEvent
from biobank.common.clock import as_utc
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.models import Revision
from biobank.editorial.redaction.service import (
    MAX_REDACTION_REASON_CHARS,
    RedactionPlan,
    first_redaction_since,
    preview_redaction,
    redact,
)
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts
from biobank.editorial.worklists import saved_searches
from biobank.errors import Forbidden, NotFound, RecordRefused, WrongState
from biobank.store.session import Database
from tests.editorial.redaction.redactable import (
    BIOGRAPHY,
    OTHER,
    PART,
    SECRET,
    SINAQ,
    record,
    save,
)

THIRD = "ucuncu-sinaqov"
QUOTATION = "betrayed his closest neighbours to the police"


def numbers(plan: RedactionPlan) -> list[tuple[str, int]]:
    return [(item.person_id, item.number) for item in plan.revisions]


def save_of(database: Database, editor: Identity, person_id: str, base: int | None, biography: str) -> int:
    return drafts.save_draft(database, editor, record(person_id, biography), base).number


def redactions(database: Database) -> list[AuditEvent]:
    """Return the events of redactions, oldest first."""
    return [event for event in iter_events(database, OPERATOR) if event.what == "redacted"]


def test_only_an_administrator_redacts(redactable_bank: Database, second_editor: Identity) -> None:
    with pytest.raises(Forbidden):
        redact(redactable_bank, second_editor, SINAQ, 2, "A court")


@pytest.mark.parametrize(("person_id", "number"), [(SINAQ, 9), ("nobody", 1)])
def test_an_unknown_revision_is_reported(
    redactable_bank: Database, admin: Identity, person_id: str, number: int
) -> None:
    with pytest.raises(NotFound):
        preview_redaction(redactable_bank, admin, person_id, number)
    with pytest.raises(NotFound):
        redact(redactable_bank, admin, person_id, number, "A court")


def test_a_reason_is_required(redactable_bank: Database, admin: Identity) -> None:
    with pytest.raises(RecordRefused) as refusal:
        redact(redactable_bank, admin, SINAQ, 2, " \n")
    (problem,) = refusal.value.problems
    assert (problem.path, problem.code) == ("reason", "no_reason")
    assert problem.message == "Enter a reason; it is recorded in the audit log."


def test_the_public_and_the_latest_revision_are_in_use(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    draft = save(redactable_bank, editor, 4, f"{BIOGRAPHY} He wrote much.")
    for number in (4, draft):
        with pytest.raises(
            WrongState, match=r"This revision is in use. Publish a revision without the words"
        ):
            redact(redactable_bank, admin, SINAQ, number, "A court")


def test_the_latest_revision_of_a_withdrawn_person_is_redacted(
    redactable_bank: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    workflow.withdraw(redactable_bank, second_editor, SINAQ, "law", "A court")
    draft = save(redactable_bank, editor, 4, f"{BIOGRAPHY} {SECRET}")
    plan = preview_redaction(redactable_bank, admin, SINAQ, draft)
    # Nothing of a withdrawn person stays in use, so that all of the record may be removed.
    assert len(plan.passages) > 1
    assert plan.in_use == ()
    redact(redactable_bank, admin, SINAQ, draft, "A court")
    with redactable_bank.read() as session:
        latest = session.scalars(select(Revision).where(Revision.number == draft)).one()
        assert (latest.record, latest.redacted_at is not None) == ({}, True)


def test_the_text_of_the_public_revision_remains_behind_a_newer_draft(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    save(redactable_bank, editor, 4, "He lived in Ganja.")
    plan = preview_redaction(redactable_bank, admin, SINAQ, 2)
    # The draft says nothing of what the public revision and the redacted one share.
    assert [passage.text for passage in plan.passages] == [SECRET]
    assert plan.passages[0].field == "biography"


def test_the_text_of_the_latest_draft_remains_if_nothing_is_public(
    database: Database, editor: Identity, admin: Identity
) -> None:
    save(database, editor, None, f"{BIOGRAPHY} {SECRET}")
    save(database, editor, 1, BIOGRAPHY)
    plan = preview_redaction(database, admin, SINAQ, 1)
    assert [passage.text for passage in plan.passages] == [SECRET]
    assert numbers(plan) == [(SINAQ, 1)]


def test_nothing_chosen_redacts_only_the_revision_itself(redactable_bank: Database, admin: Identity) -> None:
    plan = preview_redaction(redactable_bank, admin, SINAQ, 2, ())
    assert (plan.chosen, numbers(plan)) == ((), [(SINAQ, 2)])
    assert [passage.text for passage in plan.passages] == [SECRET]


def test_a_redacted_revision_may_be_redacted_again_for_new_quotations(
    redactable_bank: Database, second_editor: Identity, admin: Identity
) -> None:
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    # The revisions that are empty already are not listed again.
    assert numbers(preview_redaction(redactable_bank, admin, SINAQ, 2)) == [(SINAQ, 2)]


def test_a_revision_is_found_by_its_credit(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    details = drafts.DraftDetails(credit=f"He who {PART}")
    drafts.save_draft(redactable_bank, editor, record(SINAQ, "He wrote."), 4, details)
    save(redactable_bank, editor, 5, BIOGRAPHY)
    plan = preview_redaction(redactable_bank, admin, SINAQ, 2)
    assert (SINAQ, 5) in numbers(plan)


def test_people_merged_over_several_steps_are_covered(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    save_of(database, editor, THIRD, None, f"{BIOGRAPHY} {SECRET}")
    save_of(database, editor, OTHER, None, BIOGRAPHY)
    save_of(database, editor, SINAQ, None, BIOGRAPHY)
    save_of(database, editor, "dorduncu-sinaqov", None, f"{BIOGRAPHY} {SECRET}")
    merge_people(database, second_editor, OTHER, THIRD, 1, 1, {}, "One person")
    with database.read() as session:
        newest = max(session.scalars(select(Revision.number).where(Revision.person_id == OTHER)))
    merge_people(database, second_editor, SINAQ, OTHER, 1, newest, {}, "One person")
    plan = preview_redaction(database, admin, THIRD, 1)
    assert plan.scope.people == {SINAQ, OTHER, THIRD}
    # From either end: the survivor's redaction covers those merged into it.
    assert preview_redaction(database, admin, SINAQ, 1).scope.people == {SINAQ, OTHER, THIRD}
    assert preview_redaction(database, admin, "dorduncu-sinaqov", 1).scope.people == {"dorduncu-sinaqov"}


def test_a_refusal_names_every_revision_in_use_with_the_words(
    redactable_bank: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    number = save(redactable_bank, editor, 4, f"{BIOGRAPHY} {SECRET} He wrote.")
    plan = preview_redaction(redactable_bank, admin, SINAQ, 2)
    assert [(item.person_id, item.number) for item in plan.in_use] == [(SINAQ, number)]
    with pytest.raises(WrongState) as refusal:
        redact(redactable_bank, admin, SINAQ, 2, "A court")
    assert refusal.value.message == (
        f"Revision {number} of {SINAQ} is in use and contains the words too. "
        "Publish a revision without them first."
    )


def test_a_refusal_for_unseen_places_says_what_to_do(
    redactable_bank: Database, second_editor: Identity, admin: Identity
) -> None:
    plan = preview_redaction(redactable_bank, admin, SINAQ, 2)
    workflow.add_comment(redactable_bank, second_editor, SINAQ, 4, f"He {PART}!")
    with pytest.raises(WrongState) as refusal:
        redact(redactable_bank, admin, SINAQ, 2, "A court", seen_fingerprint=plan.fingerprint)
    assert refusal.value.message == (
        "The words now occur in more places than were shown. Review the list and confirm again."
    )


def test_the_fingerprint_depends_on_each_revision_and_row_but_not_on_their_order(
    redactable_bank: Database, second_editor: Identity, admin: Identity
) -> None:
    workflow.add_comment(redactable_bank, second_editor, SINAQ, 4, f"He {PART}!")
    workflow.add_comment(redactable_bank, second_editor, SINAQ, 4, f"Why: {PART}?")
    plan = preview_redaction(redactable_bank, admin, SINAQ, 2)
    assert len(plan.revisions) == 3
    reordered = replace(plan, occurrences=plan.occurrences[::-1])
    assert reordered.fingerprint == plan.fingerprint
    fewer_rows = replace(plan, occurrences=plan.occurrences[1:])
    fewer_revisions = replace(plan, scope=replace(plan.scope, revisions=plan.revisions[1:]))
    assert len({plan.fingerprint, fewer_rows.fingerprint, fewer_revisions.fingerprint}) == 3


def test_the_audit_log_counts_what_was_erased_and_what_was_left(
    redactable_bank: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    workflow.add_comment(redactable_bank, second_editor, SINAQ, 4, f"He {PART}!")
    saved_searches.save_search(redactable_bank, editor, QUOTATION, "q=poet")
    for person_id in (OTHER, THIRD):
        save_of(redactable_bank, editor, person_id, None, f"{BIOGRAPHY} {SECRET}")
    plan = preview_redaction(redactable_bank, admin, SINAQ, 3)
    assert [item.kind for item in plan.erasable] == ["note", "search"]
    assert [item.kind for item in plan.permanent] == ["other", "other"]
    redact(redactable_bank, admin, SINAQ, 3, "A court of Baku")
    (event,) = redactions(redactable_bank)
    assert (event.kind, event.subject, event.actor) == ("person", SINAQ, admin.email)
    assert event.detail == {
        "revision": 3,
        "reason": "A court of Baku",
        "revisions": [f"{SINAQ}/1", f"{SINAQ}/2"],
        "elsewhere": ["note 1", "search 1"],
        "left": ["other 2"],
    }


def test_the_audit_log_names_nothing_that_there_was_not(
    database: Database, editor: Identity, admin: Identity
) -> None:
    save(database, editor, None, f"{BIOGRAPHY} {SECRET}")
    save(database, editor, 1, BIOGRAPHY)
    redact(database, admin, SINAQ, 1, "x" * (MAX_REDACTION_REASON_CHARS + 1))
    (event,) = redactions(database)
    assert event.detail == {"revision": 1, "reason": "x" * MAX_REDACTION_REASON_CHARS}


def test_the_first_redaction_since_a_time_is_found(
    database: Database, editor: Identity, admin: Identity
) -> None:
    for number, biography in enumerate((f"{BIOGRAPHY} {SECRET}", f"{BIOGRAPHY} He was a thief.", BIOGRAPHY)):
        save(database, editor, number or None, biography)
    redact(database, admin, SINAQ, 1, "A court")
    redact(database, admin, SINAQ, 2, "A court")
    first, second = (as_utc(event.at) for event in redactions(database))
    assert first < second
    with database.read() as session:
        assert first_redaction_since(session, first - timedelta(seconds=1)) == first
        assert first_redaction_since(session, first) == first
        assert first_redaction_since(session, first + timedelta(microseconds=1)) == second
        assert first_redaction_since(session, second + timedelta(microseconds=1)) is None
