"""Quotations in data that is not about the person: what is found, how it is shown, and what is erased."""

from dataclasses import astuple
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.common.clock import now
from biobank.editorial.models import ImportKey, SavedSearch
from biobank.editorial.redaction import occurrences_shared
from biobank.editorial.redaction.occurrences_person import Occurrence
from biobank.editorial.redaction.service import RedactionPlan, preview_redaction, redact
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts
from biobank.editorial.worklists import saved_searches
from biobank.records.media.models import Picture
from biobank.records.reference.models import ReferenceEdit, ReferenceMerge
from biobank.records.vocabulary.models import Term
from biobank.store.session import Database
from tests.editorial.redaction.redactable import BIOGRAPHY, OTHER, PART, SECRET, SINAQ, record

#: Six consecutive words of the text, which are a quotation in data about others.
QUOTATION = "betrayed his closest neighbours to the police"
UNRELATED = "He was a poet, and this is about somebody else"


def plan_of(database: Database, admin: Identity) -> RedactionPlan:
    return preview_redaction(database, admin, SINAQ, 2)


def occurrences(database: Database, admin: Identity, kind: str) -> list[Occurrence]:
    return [item for item in plan_of(database, admin).occurrences if item.kind == kind]


def described(matching: list[Occurrence]) -> list[tuple[Any, ...]]:
    """Return id, label, text and permanence of each occurrence."""
    return [(item.id, item.label, item.text, item.is_permanent) for item in matching]


def add(database: Database, *rows: Any) -> None:
    with database.write() as session:
        session.add_all(rows)


def test_nothing_is_found_where_nothing_quotes(redactable_bank: Database, admin: Identity) -> None:
    assert plan_of(redactable_bank, admin).occurrences == ()


def test_saved_searches_are_found_by_name_and_by_question(
    redactable_bank: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    address = f"q={quote(QUOTATION)}&country=TR"
    shared_id = saved_searches.save_search(redactable_bank, editor, QUOTATION, "q=poet", shared=True)
    private_id = saved_searches.save_search(redactable_bank, second_editor, "Mine", address)
    saved_searches.save_search(redactable_bank, editor, "Poets", f"place={quote(QUOTATION)}")
    assert described(occurrences(redactable_bank, admin, "search")) == [
        (shared_id, "Aysel", QUOTATION, False),
        # The name of a private search is not shown to others.
        (private_id, "Bahar", "", False),
    ]
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    with redactable_bank.read() as session:
        assert [search.name for search in session.scalars(select(SavedSearch))] == ["Poets"]


def reference_edit(before: dict[str, Any] | None, after: dict[str, Any] | None, key: str) -> ReferenceEdit:
    return ReferenceEdit(
        kind="organisation", key=key, what="changed", before=before, after=after, author="x", at=now()
    )


def test_edits_of_reference_records_keep_what_does_not_quote(
    redactable_bank: Database, admin: Identity
) -> None:
    before = {"id": "akademiya", "note": QUOTATION, "names": {"az": "Akademiya"}}
    add(
        redactable_bank,
        reference_edit(before, {"note": [QUOTATION, UNRELATED]}, "akademiya"),
        reference_edit(None, {"note": UNRELATED}, "basqa"),
        reference_edit(None, {"note": f"They say: {QUOTATION}!"}, "ucuncu"),
    )
    matching = occurrences(redactable_bank, admin, "reference_edit")
    assert [(item.label, item.text) for item in matching] == [
        ("akademiya", QUOTATION),
        ("ucuncu", f"They say: {QUOTATION}!"),
    ]
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    with redactable_bank.read() as session:
        edits = session.scalars(select(ReferenceEdit).order_by(ReferenceEdit.id)).all()
        assert [(edit.before, edit.after) for edit in edits] == [
            ({"id": "akademiya", "note": "", "names": {"az": "Akademiya"}}, {"note": ["", UNRELATED]}),
            (None, {"note": UNRELATED}),
            (None, {"note": ""}),
        ]


def reference_merge(gone: str, changed: list[Any]) -> ReferenceMerge:
    return ReferenceMerge(
        kind="place",
        kept="susa",
        gone=gone,
        renamed=False,
        changed=changed,
        people=[],
        rows=[],
        followed=[],
        author="x",
        at=now(),
    )


def test_merges_of_reference_records_keep_what_does_not_quote(
    redactable_bank: Database, admin: Identity
) -> None:
    add(
        redactable_bank,
        reference_merge("penahabad", [["place", "penahabad", {"note": QUOTATION}, None]]),
        reference_merge("basqa", [["place", "basqa", {"note": UNRELATED}, None]]),
    )
    (occurrence,) = occurrences(redactable_bank, admin, "reference_merge")
    assert (occurrence.label, occurrence.text, occurrence.is_permanent) == (
        "penahabad → susa",
        QUOTATION,
        False,
    )
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    with redactable_bank.read() as session:
        assert [merge.changed for merge in session.scalars(select(ReferenceMerge).order_by("id"))] == [
            [["place", "penahabad", {"note": ""}, None]],
            [["place", "basqa", {"note": UNRELATED}, None]],
        ]


def test_reference_records_are_reported_and_kept(redactable_bank: Database, admin: Identity) -> None:
    with redactable_bank.write() as session:
        term = session.scalars(select(Term).order_by(Term.key)).first()
        assert term
        key = term.key
        term.labels = {**term.labels, "en": f"They {QUOTATION}"}
    assert described(occurrences(redactable_bank, admin, "term")) == [(key, key, f"They {QUOTATION}", True)]
    redact(redactable_bank, admin, SINAQ, 2, "A court")
    with redactable_bank.read() as session:
        assert session.get_one(Term, key).labels["en"] == f"They {QUOTATION}"


def picture(sha: str, **texts: Any) -> Picture:
    values = {"alt": {"en": "A portrait"}, "author": "A photographer", "source": "An album"} | texts
    return Picture(sha=sha, width=9, height=9, sizes=[9], licence="CC0-1.0", uploader="x", at=now(), **values)


def test_pictures_are_reported_by_each_of_their_texts(redactable_bank: Database, admin: Identity) -> None:
    rows = [
        picture("a", alt={"en": QUOTATION}),
        picture("b", author=f"One of those {QUOTATION}"),
        picture("c"),
        picture("d", source=f"Album: {QUOTATION}"),
    ]
    add(redactable_bank, *rows)
    with redactable_bank.read() as session:
        ids = {row.sha: row.id for row in session.scalars(select(Picture))}
    assert described(occurrences(redactable_bank, admin, "picture")) == [
        (ids["a"], str(ids["a"]), QUOTATION, True),
        (ids["b"], str(ids["b"]), f"One of those {QUOTATION}", True),
        (ids["d"], str(ids["d"]), f"Album: {QUOTATION}", True),
    ]


def save_other(
    database: Database, editor: Identity, base: int | None, biography: str, message: str = ""
) -> None:
    details = drafts.DraftDetails(message=message)
    drafts.save_draft(database, editor, record(OTHER, biography), base, details)


def test_the_latest_and_the_public_record_of_others_are_reported(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    save_other(redactable_bank, editor, None, f"{BIOGRAPHY} He {QUOTATION}.")
    assert described(occurrences(redactable_bank, admin, "other")) == [
        (f"{OTHER}/1", OTHER, f"{BIOGRAPHY} He {QUOTATION}.", True)
    ]
    # An older revision that was never public is not read, the message of the latest is.
    save_other(redactable_bank, editor, 1, f"{BIOGRAPHY} He wrote.", f"Not: {QUOTATION}")
    assert described(occurrences(redactable_bank, admin, "other")) == [
        (f"{OTHER}/2", OTHER, f"Not: {QUOTATION}", True)
    ]


def test_the_public_record_of_another_person_is_reported_behind_a_newer_draft(
    redactable_bank: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    save_other(redactable_bank, editor, None, f"{BIOGRAPHY} He {QUOTATION}.")
    workflow.submit(redactable_bank, editor, OTHER, 1)
    workflow.publish(redactable_bank, second_editor, OTHER, 1)
    save_other(redactable_bank, editor, 1, f"{BIOGRAPHY} He wrote.")
    assert [item.id for item in occurrences(redactable_bank, admin, "other")] == [f"{OTHER}/1"]


@pytest.mark.parametrize(("max_people", "kinds"), [(1, ["other"]), (0, ["unread"])])
def test_records_of_others_are_read_up_to_a_number_of_people(
    redactable_bank: Database,
    editor: Identity,
    admin: Identity,
    monkeypatch: pytest.MonkeyPatch,
    max_people: int,
    kinds: list[str],
) -> None:
    monkeypatch.setattr(occurrences_shared, "MAX_SEARCHED_PEOPLE", max_people)
    save_other(redactable_bank, editor, None, f"{BIOGRAPHY} He {QUOTATION}.")
    matching = plan_of(redactable_bank, admin).occurrences
    assert [item.kind for item in matching] == kinds
    if kinds == ["unread"]:
        assert astuple(matching[0])[:4] == ("unread", "others", "1", "")


def test_names_of_imported_files_are_reported_once_for_the_person(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    save_other(redactable_bank, editor, None, BIOGRAPHY)
    file, other_file = f"{QUOTATION}.csv", f"who {QUOTATION}.csv"
    add(
        redactable_bank,
        ImportKey(file=file, key="1", person_id=SINAQ),
        ImportKey(file=file, key="2", person_id=SINAQ),
        ImportKey(file="people.csv", key="1", person_id=SINAQ),
        ImportKey(file=other_file, key="1", person_id=OTHER),
    )
    assert described(occurrences(redactable_bank, admin, "import_key")) == [(file, file, "", True)]


def test_the_audit_log_is_reported_and_kept(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    def log(session: Session, kind: str, subject: str, **detail: Any) -> None:
        audit.record_for(session, editor, "noticed", kind, subject, **detail)

    with redactable_bank.write() as session:
        log(session, "person", SINAQ, reason=QUOTATION)
        log(session, "file", f"{QUOTATION}.csv")
        log(session, "person", OTHER, reason=QUOTATION)
        log(session, "person", SINAQ, reason=UNRELATED)
    with redactable_bank.read() as session:
        ids = session.scalars(select(AuditEvent.id).where(AuditEvent.what == "noticed")).all()
    assert described(occurrences(redactable_bank, admin, "audit")) == [
        (ids[0], "noticed", QUOTATION, True),
        (ids[1], "noticed", f"{QUOTATION}.csv", True),
    ]


def test_fewer_words_are_no_quotation_in_data_about_others(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    assert len(PART.split()) < len(QUOTATION.split())
    saved_searches.save_search(redactable_bank, editor, f"He {PART}", "q=poet")
    save_other(redactable_bank, editor, None, f"{BIOGRAPHY} He {PART}.")
    add(redactable_bank, picture("a", author=PART), reference_edit(None, {"note": PART}, "akademiya"))
    assert plan_of(redactable_bank, admin).occurrences == ()


def test_the_text_of_others_is_found_whatever_its_letters(
    redactable_bank: Database, editor: Identity, admin: Identity
) -> None:
    save_other(redactable_bank, editor, None, f"{BIOGRAPHY} {SECRET.upper()}")
    assert [item.id for item in occurrences(redactable_bank, admin, "other")] == [f"{OTHER}/1"]
