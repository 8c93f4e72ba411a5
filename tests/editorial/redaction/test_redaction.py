"""Redaction removes all occurrences of the text, and the audit log does not repeat it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from biobank.accounts.audit_queries import iter_events
from biobank.accounts.identity import OPERATOR, Identity, anonymous
from biobank.accounts.models import AuditEvent
from biobank.common.clock import now
from biobank.editorial.inbox import accept_correction, triage
from biobank.editorial.inbox.submission import Submission, submit_message
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.models import InboxMessage, Revision
from biobank.editorial.redaction import occurrences_shared
from biobank.editorial.redaction.passages import RedactedText, blank_matching, extract_passages
from biobank.editorial.redaction.service import preview_redaction, redact
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts, working_copies
from biobank.editorial.worklists import saved_searches
from biobank.errors import Forbidden, RecordRefused, WrongState
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.items import ImportItem
from biobank.exchange.imports.models import ImportLine, ImportRun
from biobank.store.session import Database
from tests.editorial.redaction.redactable import (
    BIOGRAPHY,
    EVERYWHERE,
    OTHER,
    PART,
    SECRET,
    SINAQ,
    dump_database,
    publish,
    record,
    save,
    submit_correction,
)


def add_quotations(database: Database, editor: Identity, second_editor: Identity) -> None:
    """Add quotations of the text wherever users can write about a person."""
    workflow.add_comment(database, second_editor, SINAQ, 4, f"Why did you drop “{PART.upper()}”?")
    save(database, editor, 4, f"{BIOGRAPHY} He wrote much.", gender="male")
    changed = {**record(SINAQ, f"{BIOGRAPHY} He wrote a lot.", gender="male")}
    drafts.save_draft(database, editor, changed, 5, drafts.DraftDetails(message=f"No word of: {PART}"))
    publish(database, editor, second_editor, 6)
    quoting = submit_correction(database, "M-1", quote=PART, text="He did not.")
    triage.decide(database, second_editor, quoting.id, "decline", f"He {PART}: the archive says so.")
    answered = submit_correction(database, "M-2", text="He was born later.", email="reader@example.az")
    triage.reply(database, second_editor, answered.id, f"You mean that he {PART}?", None)
    fields = [("biography-en", f"{BIOGRAPHY} In 1931 he {PART}."), ("gender", "male")]
    working_copies.save_copy(database, second_editor, fields, person_id=SINAQ, base=6)
    working_copies.save_copy(database, editor, fields)
    with database.write() as session:
        run = ImportRun(file="people.csv", format="csv", author="x", state="done", created_at=now())
        session.add(run)
        session.flush()
        message_data = {"at": "line 3", "id": SINAQ, "message": f"biography.en: “He {PART}” is too long"}
        session.add(
            ImportLine(run_id=run.id, kind="notice", place="line 3", person_id=SINAQ, told=message_data)
        )


def test_redacted_text_is_removed_everywhere(
    redactable_bank: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    add_quotations(redactable_bank, editor, second_editor)
    assert dump_database(redactable_bank).casefold().count(PART) > 8
    plan = preview_redaction(redactable_bank, admin, SINAQ, 2, sources=EVERYWHERE)
    assert [item.text for item in plan.chosen] == [SECRET]
    assert [item.number for item in plan.revisions if item.number != 2] == [1, 3]
    assert sorted(item.kind for item in plan.occurrences) == [
        "answer",
        "answer",
        "copy",
        "copy",
        "import_line",
        "message",
        "note",
        "said",
    ]
    redact(
        redactable_bank,
        admin,
        SINAQ,
        2,
        "A court of Baku",
        seen_fingerprint=plan.fingerprint,
        sources=EVERYWHERE,
    )
    left = dump_database(redactable_bank).casefold()
    assert PART not in left
    assert "in 1931 he" not in left
    # Unrelated text remains.
    for unrelated in ("he was born later.", "he wrote a lot.", "people.csv", "line 3", "m-1"):
        assert unrelated in left


def test_audit_describes_redaction_without_the_text(
    redactable_bank: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    add_quotations(redactable_bank, editor, second_editor)
    redact(redactable_bank, admin, SINAQ, 2, "A court of Baku", sources=EVERYWHERE)
    event = next(entry for entry in iter_events(redactable_bank, OPERATOR) if entry.what == "redacted")
    assert event.detail == {
        "revision": 2,
        "reason": "A court of Baku",
        "revisions": [f"{SINAQ}/1", f"{SINAQ}/3"],
        "elsewhere": ["answer 2", "copy 2", "import_line 1", "message 1", "note 1", "said 1"],
    }
    with redactable_bank.read() as session:
        events = session.scalars(select(AuditEvent)).all()
        assert [entry.subject for entry in events if entry.what == "message_redacted"] == ["M-1"]
        assert PART not in repr([(entry.subject, entry.detail) for entry in events]).casefold()


def test_originating_message_is_erased(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    publish(database, editor, second_editor, save(database, editor, None))
    correction = submit_correction(database, "M-1", quote="He was a poet.", text="He was a secret poet.")
    accept_correction.apply_correction(database, editor, correction.id, f"{BIOGRAPHY} {SECRET}")
    save(database, second_editor, 2, BIOGRAPHY, gender="male")
    redact(database, admin, SINAQ, 2, "A court")
    with database.read() as session:
        assert session.get_one(InboxMessage, correction.id).content == {}


def test_open_message_is_closed(redactable_bank: Database, editor: Identity, admin: Identity) -> None:
    correction = submit_correction(redactable_bank, "M-1", quote=PART, text="He did not.")
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    triage.decide(redactable_bank, editor, correction.id, "reopen")
    with redactable_bank.read() as session:
        reloaded = session.get_one(InboxMessage, correction.id)
    assert (reloaded.state, reloaded.content) == ("new", {})
    assert not accept_correction.can_apply(reloaded)


def test_only_chosen_passages_are_redacted(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    save(redactable_bank, editor, 4, f"{BIOGRAPHY} He liked to swim in cold water.", gender="male")
    save(redactable_bank, editor, 5, f"{BIOGRAPHY} {SECRET} He liked to swim in cold water.", gender="male")
    save(redactable_bank, editor, 6, f"{BIOGRAPHY} He wrote.", gender="male")
    plan = preview_redaction(redactable_bank, admin, SINAQ, 6)
    assert [item.text for item in plan.passages] == [SECRET, "He liked to swim in cold water."]
    assert {item.number for item in plan.revisions} == {1, 2, 3, 5, 6}
    chosen = [plan.passages[0].key]
    redact(redactable_bank, admin, SINAQ, 6, "A court", chosen)
    with redactable_bank.read() as session:
        rows = session.scalars(select(Revision).order_by(Revision.number)).all()
    assert [row.number for row in rows if row.redacted_at] == [1, 2, 3, 6]


def test_unconfirmed_occurrences_are_not_erased(
    redactable_bank: Database, second_editor: Identity, admin: Identity
) -> None:
    plan = preview_redaction(redactable_bank, admin, SINAQ, 2)
    workflow.add_comment(redactable_bank, second_editor, SINAQ, 4, f"He {PART}!")
    with pytest.raises(WrongState) as refusal:
        redact(redactable_bank, admin, SINAQ, 2, "A court", seen_fingerprint=plan.fingerprint)
    assert refusal.value.code == "words_elsewhere"
    assert PART in dump_database(redactable_bank)
    redact(
        redactable_bank,
        admin,
        SINAQ,
        2,
        "A court",
        seen_fingerprint=preview_redaction(redactable_bank, admin, SINAQ, 2).fingerprint,
    )
    assert PART not in dump_database(redactable_bank)


def test_common_word_erases_nothing_of_others(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    publish(database, editor, second_editor, save(database, editor, None))
    fields = {"professions": ["composer"], "countries": ["TR"], "birth": {"date": "1931"}}
    number = save(database, editor, 1, **fields)
    save(database, editor, number)
    biography = "Born 1931 in Ganja, a composer of songs."
    working_copies.save_copy(database, second_editor, [("countries-0", "TR"), ("biography-en", biography)])
    values = {"names": "Somebody Else", "why": biography, "source": "A book"}
    submit_message(database, anonymous("192.0.2.1"), Submission("proposal", "M-1", "en", values))
    saved_searches.save_search(database, second_editor, "Mine", "country=TR&born=1931&profession=composer")
    assert len(preview_redaction(database, admin, SINAQ, number).passages) == 3
    redact(database, admin, SINAQ, number, "A court of Baku")
    assert dump_database(database).count(biography) == 2
    assert [search.name for search in saved_searches.list_searches(database, second_editor)] == ["Mine"]


def test_changed_occurrence_kind_needs_confirmation(
    redactable_bank: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    add_quotations(redactable_bank, editor, second_editor)
    plan = preview_redaction(redactable_bank, admin, SINAQ, 1, sources=EVERYWHERE)
    first, *remaining = plan.occurrences
    changed = replace(first, erase=None)
    assert replace(plan, occurrences=(changed, *remaining)).fingerprint != plan.fingerprint


def test_unsearched_large_bank_may_grow(
    redactable_bank: Database, editor: Identity, admin: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(occurrences_shared, "MAX_SEARCHED_PEOPLE", 0)
    drafts.save_draft(redactable_bank, editor, record("a-other"), None)
    plan = preview_redaction(redactable_bank, admin, SINAQ, 1)
    drafts.save_draft(redactable_bank, editor, record("b-other"), None)
    redact(redactable_bank, admin, SINAQ, 1, "A court of Baku", seen_fingerprint=plan.fingerprint)
    assert [occurrence.kind for occurrence in plan.permanent] == ["unread"]


def test_reason_quoting_the_text_is_refused(redactable_bank: Database, admin: Identity) -> None:
    with pytest.raises(RecordRefused) as refusal:
        redact(redactable_bank, admin, SINAQ, 2, f"That he {PART} is not proven")
    assert [(problem.path, problem.code) for problem in refusal.value.problems] == [
        ("reason", "repeats_words")
    ]


def test_revision_in_use_must_be_replaced_first(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    save(redactable_bank, editor, 4, f"{BIOGRAPHY} {SECRET}")
    with pytest.raises(WrongState) as refusal:
        redact(redactable_bank, admin, SINAQ, 2, "A court")
    assert refusal.value.code == "words_in_use"
    assert "Revision 5" in refusal.value.message
    save(redactable_bank, editor, 5, BIOGRAPHY)
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    assert PART not in dump_database(redactable_bank)


def test_redaction_includes_merged_records(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    publish(database, editor, second_editor, save(database, editor, None))
    drafts.save_draft(database, editor, record(OTHER, f"{BIOGRAPHY} {SECRET}"), None)
    merge_people(database, second_editor, SINAQ, OTHER, 1, 1, {}, f"Both {PART}, so they are one")
    drafts.save_draft(database, editor, record(SINAQ, BIOGRAPHY, gender="male"), 2)
    with database.read() as session:
        matching = [item.number for item in session.scalars(select(Revision)) if SECRET in str(item.record)]
    assert matching
    plan = preview_redaction(database, admin, OTHER, 1)
    redact(database, admin, OTHER, 1, "A court", [item.key for item in plan.chosen if "19" in item.text])
    assert PART not in dump_database(database)


def test_redacted_draft_does_not_block_imports(
    redactable_bank: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    workflow.withdraw(redactable_bank, second_editor, SINAQ, "law", "A court")
    redact(
        redactable_bank,
        admin,
        SINAQ,
        save(redactable_bank, second_editor, 4, f"{BIOGRAPHY} {SECRET}"),
        "A court",
    )
    report = import_people(
        redactable_bank,
        [ImportItem("line 1", record("somebody-else"))],
        file="f.jsonl",
        actor=editor,
        publish=False,
    )
    assert (report.new, report.refusals) == (1, [])


def test_preview_requires_admin(redactable_bank: Database, second_editor: Identity) -> None:
    with pytest.raises(Forbidden):
        preview_redaction(redactable_bank, second_editor, SINAQ, 2)


def quotation_matchers(*texts: str) -> Iterator[RedactedText]:
    before = {"biography": {"en": " ".join(texts)}}
    yield RedactedText(extract_passages(before, {}), {})


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (PART, True),
        ("They say that he BETRAYED — his\nclosest friends", True),
        ("his closest", True),
        ("He betrayed nobody to the English police", False),
        ("", False),
        ("his", False),
    ],
)
def test_three_consecutive_words_are_a_quotation(other: str, *, expected: bool) -> None:
    (words,) = quotation_matchers(SECRET)
    assert words.quoted_in(other) is expected
    assert blank_matching({"a": [other, "else"]}, words.quoted_in) == {
        "a": ["" if expected else other, "else"]
    }


def test_text_of_version_in_use_is_not_a_passage() -> None:
    remaining = record(biography="He was born in Shusha in 1886.")
    before = record(biography="He was born in Shusha in 1885 and died young.")
    words = RedactedText(extract_passages(before, remaining), remaining)
    assert not words.quoted_in(remaining)
    assert not words.quoted_in("He was born in Shusha, was he not?")
    assert words.quoted_in("He died young, as they say: 1885 and died")


@pytest.mark.parametrize(
    ("other", "expected"),
    [(f"In 1931, HE {PART.upper()}!", True), (f"He {PART}", False), ("The police", False)],
)
def test_six_consecutive_words_are_a_quotation_elsewhere(other: str, *, expected: bool) -> None:
    (words,) = quotation_matchers(SECRET)
    assert words.quoted_elsewhere([other, "else"]) is expected


def test_names_and_numbers_alone_are_not_searched() -> None:
    (words,) = quotation_matchers("He met Ramiz Quliyev, telephone 050 123 45 67.")
    for text_ in ("Quliyev", "Quliyevin evi", "0501234567", "Nizami 14"):
        assert not words.quoted_in(text_)


@given(st.text(min_size=1), st.text())
def test_blanked_text_contains_no_secret(secret: str, context: str) -> None:
    (words,) = quotation_matchers(secret)
    assert not words.quoted_in(blank_matching([context, secret, f"{context} {secret}"], words.quoted_in))
