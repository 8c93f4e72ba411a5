"""Quotations in data about the person: what is found, how it is shown, and what is erased."""

from typing import Any

from sqlalchemy import select

from biobank.accounts.identity import Identity, anonymous
from biobank.editorial.inbox import triage
from biobank.editorial.inbox.submission import Submission, submit_message
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.models import InboxMessage, Merge, MessageNote, ReviewNote, Revision, WorkingCopy
from biobank.editorial.redaction.service import preview_redaction, redact
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts, working_copies
from biobank.store.session import Database
from tests.editorial.redaction.redactable import BIOGRAPHY, OTHER, PART, SECRET, SINAQ, record, save

#: Enough words for a quotation in data that may be about somebody else.
LONG_PART = "betrayed his closest neighbours to the police"
UNRELATED = "He was a poet who travelled"

Described = tuple[Any, ...]


def described(database: Database, admin: Identity, kind: str, number: int = 2) -> list[Described]:
    """Return id, label and text of the occurrences of a kind, all of which can be erased."""
    matching = [
        item for item in preview_redaction(database, admin, SINAQ, number).occurrences if item.kind == kind
    ]
    assert not any(item.is_permanent for item in matching)
    return [(item.id, item.label, item.text) for item in matching]


def rows(database: Database, model: Any) -> list[Any]:
    with database.read() as session:
        key = model.__table__.primary_key.columns[0]
        return list(session.scalars(select(model).order_by(key)))


def send(database: Database, reference: str, kind: str = "correction", **values: str) -> InboxMessage:
    """Send a message about the person, or about nobody yet if it is a proposal."""
    about = () if kind == "proposal" else (SINAQ, "biography.en")
    submit_message(
        database,
        anonymous("192.0.2.1"),
        Submission(kind, reference, "en", {"source": "A book", **values}, *about),
    )
    (message,) = [row for row in rows(database, InboxMessage) if row.reference == reference]
    return message


def add_person(database: Database, editor: Identity) -> None:
    drafts.save_draft(database, editor, record(OTHER), None)


def test_notes_on_redacted_revisions_and_quoting_ones_lose_text_and_path(
    redactable_bank: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    add_person(redactable_bank, editor)
    workflow.add_comment(redactable_bank, second_editor, SINAQ, 1, UNRELATED, "biography.en")
    workflow.add_comment(redactable_bank, editor, SINAQ, 4, f"He {PART}", "biography.en")
    workflow.add_comment(redactable_bank, editor, SINAQ, 4, UNRELATED, "biography.az")
    workflow.add_comment(redactable_bank, editor, OTHER, 1, f"He {PART}")
    ids = [note.id for note in rows(redactable_bank, ReviewNote) if note.kind == "comment"]
    assert described(redactable_bank, admin, "note") == [
        (ids[0], f"{SINAQ}, 1: Bahar", UNRELATED),
        (ids[1], f"{SINAQ}, 4: Aysel", f"He {PART}"),
    ]
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    left = [(note.text, note.path) for note in rows(redactable_bank, ReviewNote) if note.kind == "comment"]
    assert left == [("", ""), ("", ""), (UNRELATED, "biography.az"), (f"He {PART}", "")]


def test_messages_of_other_revisions_are_erased_where_they_quote(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    def save_with(person_id: str, base: int | None, message: str) -> None:
        fields = record(person_id, f"{BIOGRAPHY} He wrote {len(message)} books.")
        drafts.save_draft(redactable_bank, editor, fields, base, drafts.DraftDetails(message=message))

    save_with(SINAQ, 4, f"Without: {PART}")
    save_with(SINAQ, 5, "Spelling")
    save_with(OTHER, None, f"Without: {PART}")
    ids = {(row.person_id, row.number): row.id for row in rows(redactable_bank, Revision)}
    assert described(redactable_bank, admin, "said") == [(ids[SINAQ, 5], f"{SINAQ}, 5", f"Without: {PART}")]
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    left = {(row.person_id, row.number): row.message for row in rows(redactable_bank, Revision)}
    assert (left[SINAQ, 5], left[SINAQ, 6], left[OTHER, 1]) == ("", "Spelling", f"Without: {PART}")
    assert next(row for row in rows(redactable_bank, Revision) if row.id == ids[SINAQ, 5]).record


def test_redacted_revisions_keep_number_author_and_time(redactable_bank: Database, admin: Identity) -> None:
    before = {row.number: row for row in rows(redactable_bank, Revision)}
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    first = {row.number: row.redacted_at for row in rows(redactable_bank, Revision)}
    assert [number for number, at in first.items() if at] == [1, 2, 3]
    for row in rows(redactable_bank, Revision):
        kept = before[row.number]
        assert (row.author, row.at, row.state) == (kept.author, kept.at, kept.state)
        if row.redacted_at:
            assert (row.record, row.message, row.credit) == ({}, "", "")
    # A second redaction does not change when the text was removed.
    redact(redactable_bank, admin, SINAQ, 2, "Another court")
    assert {row.number: row.redacted_at for row in rows(redactable_bank, Revision)} == first


def test_messages_of_the_public_are_erased_and_closed_where_they_quote(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    quoting = send(
        redactable_bank, "M-1", quote=PART, text="He did not.", name="A Reader", email="a@example.az"
    )
    by_name = send(redactable_bank, "M-2", text="Born later.", name=f"Not {PART}")
    other = send(redactable_bank, "M-3", text="Born earlier.", name="A Reader")
    assert described(redactable_bank, admin, "message") == [
        (quoting.id, "M-1", "\n".join([*quoting.content.values(), "A Reader"])),
        (by_name.id, "M-2", "\n".join([*by_name.content.values(), f"Not {PART}"])),
    ]
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    first, second, third = rows(redactable_bank, InboxMessage)
    assert (first.content, first.name, first.state, first.outcome) == ({}, "A Reader", "closed", "")
    # The address stays for a reply.
    assert first.address == "a@example.az"
    assert (second.content, second.name, second.state) == ({}, "", "closed")
    assert first.content_hash != second.content_hash
    assert quoting.content_hash not in (first.content_hash, second.content_hash)
    assert (third.content, third.state) == (other.content, "new")
    assert [(note.message_id, note.kind) for note in rows(redactable_bank, MessageNote)] == [
        (first.id, "redacted"),
        (second.id, "redacted"),
    ]


def test_a_decided_message_keeps_its_decision(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    message = send(redactable_bank, "M-1", quote=PART, text="He did not.")
    triage.decide(redactable_bank, editor, message.id, "decline", "No source")
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    (left,) = rows(redactable_bank, InboxMessage)
    assert (left.state, left.content) == ("declined", {})


def test_an_erased_message_is_not_found_again(redactable_bank: Database, admin: Identity) -> None:
    send(redactable_bank, "M-1", quote=PART, text="He did not.")
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    assert described(redactable_bank, admin, "message") == []


def test_messages_about_new_people_need_a_longer_quotation(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    short = send(redactable_bank, "P-1", "proposal", names="Somebody", why=f"He {PART}")
    long = send(redactable_bank, "P-2", "proposal", names="Somebody", why=f"He {LONG_PART}")
    assert [id_ for id_, *_ in described(redactable_bank, admin, "message")] == [long.id]
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    left = {row.id: row.content for row in rows(redactable_bank, InboxMessage)}
    assert left == {short.id: short.content, long.id: {}}


def test_replies_are_erased_where_they_quote(
    redactable_bank: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    message = send(redactable_bank, "M-1", text="Born later.", email="reader@example.az")
    proposal = send(redactable_bank, "P-1", "proposal", names="Somebody", why="A poet", email="b@example.az")
    triage.reply(redactable_bank, second_editor, message.id, f"He {PART}?", None)
    triage.reply(redactable_bank, editor, message.id, UNRELATED, None)
    triage.reply(redactable_bank, editor, proposal.id, f"He {PART}?", None)
    triage.reply(redactable_bank, editor, proposal.id, f"He {LONG_PART}?", None)
    ids = [note.id for note in rows(redactable_bank, MessageNote)]
    assert described(redactable_bank, admin, "answer") == [
        (ids[0], "M-1: Bahar", f"He {PART}?"),
        (ids[3], "P-1: Aysel", f"He {LONG_PART}?"),
    ]
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    left = [note.text for note in rows(redactable_bank, MessageNote) if note.id in ids]
    assert left == ["", UNRELATED, f"He {PART}?", ""]


def test_working_copies_are_deleted_if_they_quote_or_start_from_a_redacted_revision(
    redactable_bank: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    def copy(actor: Identity, biography: str, **about: Any) -> str:
        return working_copies.save_copy(redactable_bank, actor, [("biography-en", biography)], **about).key

    add_person(redactable_bank, editor)
    old = copy(editor, UNRELATED, person_id=SINAQ, base=3)
    quoting = copy(second_editor, f"He {PART}", person_id=SINAQ, base=4)
    new_long = copy(second_editor, f"He {LONG_PART}")
    kept = {
        copy(admin, UNRELATED, person_id=SINAQ, base=4),
        copy(editor, f"He {PART}"),
        copy(editor, f"He {PART}", person_id=OTHER, base=1),
    }
    matching = described(redactable_bank, admin, "copy")
    # The text is shown to its author only.
    assert matching == sorted([(old, "Aysel", ""), (quoting, "Bahar", ""), (new_long, "Bahar", "")])
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    assert {row.key for row in rows(redactable_bank, WorkingCopy)} == kept


def test_reasons_of_merges_on_either_side_are_erased_where_they_quote(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    save(database, editor, None, f"{BIOGRAPHY} {SECRET}")
    save(database, editor, 1, BIOGRAPHY)
    for gone, reason in ((OTHER, f"Both {PART}"), ("ucuncu-sinaqov", UNRELATED)):
        drafts.save_draft(database, editor, record(gone), None)
        newest = max(row.number for row in rows(database, Revision) if row.person_id == SINAQ)
        merge_people(database, second_editor, SINAQ, gone, newest, 1, {}, reason)
    merges = rows(database, Merge)
    assert described(database, admin, "merge", 1) == [(merges[0].id, f"{OTHER} → {SINAQ}", f"Both {PART}")]
    redact(database, admin, SINAQ, 1, "A court")
    assert [merge.text for merge in rows(database, Merge)] == ["", UNRELATED]
