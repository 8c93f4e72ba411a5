"""Redaction removes all occurrences of the text, and the audit log does not repeat it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text

from biobank.accounts.audit_reading import walk
from biobank.accounts.identity import OPERATOR, Identity, anonymous
from biobank.accounts.models import AuditEvent
from biobank.editorial import far_word_places, saving, workflow, working_copies
from biobank.editorial.far_word_places import HOLDERS
from biobank.editorial.inbox import applying, replies, triage
from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.sending import Sent, send
from biobank.editorial.merging.merge import merge
from biobank.editorial.models import Revision
from biobank.editorial.redacted_words import Words, passages_of, without
from biobank.editorial.redaction import preview, redact
from biobank.editorial.worklists import saved
from biobank.errors import Forbidden, RecordRefused, WrongState
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.models import ImportLine, ImportRun
from biobank.exchange.importing.reading import Item
from biobank.exchange.importing.redacting import IMPORT_LINES
from biobank.store import outbox
from biobank.store.session import Database
from tests.support.users import add_user

SINAQ, OTHER = "sinaq-sinaqov", "basqa-sinaqov"
EVERYWHERE = (*HOLDERS, IMPORT_LINES)
#: The text to redact; PART is quoted elsewhere.
SECRET = "In 1931 he betrayed his closest neighbours to the police."
PART = "betrayed his closest neighbours"
LIFE = "He was a poet. He lived in Shusha."


def record(person_id: str = SINAQ, life: str = LIFE, **fields: Any) -> dict[str, Any]:
    names = [{"text": f"Sınaq {person_id}", "lang": "az", "kind": "preferred"}]
    return {"id": person_id, "names": names, "biography": {"en": life}, **fields}


def save(database: Database, who: Identity, base: int | None, *life: Any, **fields: Any) -> int:
    return saving.save_draft(database, who, record(SINAQ, *life, **fields), base).number


def publish(database: Database, writer: Identity, reader: Identity, number: int) -> None:
    workflow.submit(database, writer, SINAQ, number)
    workflow.publish(database, reader, SINAQ, number)


def everything(database: Database) -> str:
    """Return the contents of all tables as text."""
    said = []
    with database.read() as session:
        for table in inspect(database.engine).get_table_names():
            said += [repr(tuple(row)) for row in session.execute(text(f"SELECT * FROM {table}"))]
    return "\n".join(said)


def message(database: Database, reference: str, **given: str) -> Message:
    sent = Sent("correction", reference, "en", {"source": "A book", **given}, SINAQ, "biography.en")
    send(database, anonymous("192.0.2.1"), sent)
    with database.read() as session:
        return session.scalars(select(Message).where(Message.reference == reference)).one()


@pytest.fixture
def rasul(database: Database) -> Identity:
    return add_user(database, "Rəsul", "admin")


@pytest.fixture
def told(database: Database, aysel: Identity, bahar: Identity, rasul: Identity) -> Database:
    """Return a bank where revisions 1 to 3 contain the text and the public one, 4, does not."""
    publish(database, aysel, bahar, save(database, aysel, None, f"{LIFE} {SECRET}"))
    save(database, aysel, 1, f"{LIFE} {SECRET}", gender="male")
    save(database, bahar, 2, f"{LIFE} {SECRET} He wrote.", gender="male")
    publish(database, aysel, rasul, save(database, aysel, 3, f"{LIFE} He wrote.", gender="male"))
    return database


def fill(database: Database, aysel: Identity, bahar: Identity) -> None:
    """Add quotations of the text wherever users can write about a person."""
    workflow.comment(database, bahar, SINAQ, 4, f"Why did you drop “{PART.upper()}”?")
    save(database, aysel, 4, f"{LIFE} He wrote much.", gender="male")
    said = {**record(SINAQ, f"{LIFE} He wrote a lot.", gender="male")}
    saving.save_draft(database, aysel, said, 5, message=f"No word of: {PART}")
    publish(database, aysel, bahar, 6)
    quoting = message(database, "M-1", quote=PART, text="He did not.")
    triage.decide(database, bahar, quoting.id, "decline", f"He {PART}: the archive says so.")
    answered = message(database, "M-2", text="He was born later.", email="reader@example.az")
    replies.reply(database, bahar, answered.id, f"You mean that he {PART}?", None)
    fields = [("biography-en", f"{LIFE} He {PART}."), ("gender", "male")]
    working_copies.keep(database, bahar, fields, person_id=SINAQ, base=6)
    working_copies.keep(database, aysel, fields)
    with database.write() as session:
        run = ImportRun(
            file="people.csv",
            format="csv",
            author="x",
            state="done",
            created_at=outbox.now(),
        )
        session.add(run)
        session.flush()
        told = {"at": "line 3", "id": SINAQ, "message": f"biography.en: “He {PART}” is too long"}
        session.add(
            ImportLine(run_id=run.id, kind="notice", place="line 3", person_id=SINAQ, told=told)
        )


def test_the_words_are_nowhere_in_the_bank_any_more(
    told: Database, aysel: Identity, bahar: Identity, rasul: Identity
) -> None:
    fill(told, aysel, bahar)
    assert everything(told).casefold().count(PART) > 8
    plan = preview(told, rasul, SINAQ, 2, holders=EVERYWHERE)
    assert [it.text for it in plan.chosen] == [SECRET]
    assert [it.number for it in plan.revisions if it.number != 2] == [1, 3]
    assert sorted(it.kind for it in plan.places) == [
        "answer",
        "answer",
        "copy",
        "copy",
        "import_line",
        "message",
        "note",
        "said",
    ]
    redact(told, rasul, SINAQ, 2, "A court of Baku", seen=plan.mark, holders=EVERYWHERE)
    left = everything(told).casefold()
    assert PART not in left
    assert "in 1931 he" not in left
    # Unrelated text remains.
    for stays in ("he was born later.", "he wrote a lot.", "people.csv", "line 3", "m-1"):
        assert stays in left


def test_the_audit_tells_what_was_emptied_without_the_words(
    told: Database, aysel: Identity, bahar: Identity, rasul: Identity
) -> None:
    fill(told, aysel, bahar)
    redact(told, rasul, SINAQ, 2, "A court of Baku", holders=EVERYWHERE)
    event = next(it for it in walk(told, OPERATOR) if it.what == "redacted")
    assert event.detail == {
        "revision": 2,
        "reason": "A court of Baku",
        "revisions": [f"{SINAQ}/1", f"{SINAQ}/3"],
        "elsewhere": ["answer 2", "copy 2", "import_line 1", "message 1", "note 1", "said 1"],
    }
    with told.read() as session:
        events = session.scalars(select(AuditEvent)).all()
        assert [it.subject for it in events if it.what == "message_redacted"] == ["M-1"]
        assert PART not in repr([(it.subject, it.detail) for it in events]).casefold()


def test_the_message_that_a_revision_came_from_goes_with_it(
    database: Database, aysel: Identity, bahar: Identity, rasul: Identity
) -> None:
    publish(database, aysel, bahar, save(database, aysel, None))
    sent = message(database, "M-1", quote="He was a poet.", text="He was a secret poet.")
    applying.apply(database, aysel, sent.id, f"{LIFE} {SECRET}")
    save(database, bahar, 2, LIFE, gender="male")
    redact(database, rasul, SINAQ, 2, "A court")
    with database.read() as session:
        assert session.get_one(Message, sent.id).content == {}


def test_a_message_that_waits_is_closed_and_takes_nothing_away(
    told: Database, aysel: Identity, rasul: Identity
) -> None:
    sent = message(told, "M-1", quote=PART, text="He did not.")
    redact(told, rasul, SINAQ, 2, "A court")
    triage.decide(told, aysel, sent.id, "reopen")
    with told.read() as session:
        again = session.get_one(Message, sent.id)
    assert (again.state, again.content) == ("new", {})
    assert not applying.is_simple(again)


def test_only_what_is_chosen_goes(told: Database, aysel: Identity, rasul: Identity) -> None:
    save(told, aysel, 4, f"{LIFE} He liked to swim in cold water.", gender="male")
    save(told, aysel, 5, f"{LIFE} {SECRET} He liked to swim in cold water.", gender="male")
    save(told, aysel, 6, f"{LIFE} He wrote.", gender="male")
    plan = preview(told, rasul, SINAQ, 6)
    assert [it.text for it in plan.passages] == [SECRET, "He liked to swim in cold water."]
    assert {it.number for it in plan.revisions} == {1, 2, 3, 5, 6}
    chosen = [plan.passages[0].key]
    redact(told, rasul, SINAQ, 6, "A court", chosen)
    with told.read() as session:
        rows = session.scalars(select(Revision).order_by(Revision.number)).all()
    assert [row.number for row in rows if row.redacted_at] == [1, 2, 3, 6]


def test_what_was_not_shown_is_not_emptied(
    told: Database, bahar: Identity, rasul: Identity
) -> None:
    plan = preview(told, rasul, SINAQ, 2)
    workflow.comment(told, bahar, SINAQ, 4, f"He {PART}!")
    with pytest.raises(WrongState) as refusal:
        redact(told, rasul, SINAQ, 2, "A court", seen=plan.mark)
    assert refusal.value.code == "words_elsewhere"
    assert PART in everything(told)
    redact(told, rasul, SINAQ, 2, "A court", seen=preview(told, rasul, SINAQ, 2).mark)
    assert PART not in everything(told)


def test_one_word_that_is_said_of_anybody_takes_nothing_of_others(
    database: Database, aysel: Identity, bahar: Identity, rasul: Identity
) -> None:
    publish(database, aysel, bahar, save(database, aysel, None))
    fields = {"professions": ["composer"], "countries": ["TR"], "birth": {"date": "1931"}}
    number = save(database, aysel, 1, **fields)
    save(database, aysel, number)
    life = "Born 1931 in Ganja, a composer of songs."
    working_copies.keep(database, bahar, [("countries-0", "TR"), ("biography-en", life)])
    given = {"names": "Somebody Else", "why": life, "source": "A book"}
    send(database, anonymous("192.0.2.1"), Sent("proposal", "M-1", "en", given))
    saved.save(database, bahar, "Mine", "country=TR&born=1931&profession=composer")
    assert len(preview(database, rasul, SINAQ, number).passages) == 3
    redact(database, rasul, SINAQ, number, "A court of Baku")
    assert everything(database).count(life) == 2
    assert [it.name for it in saved.kept_for(database, bahar)] == ["Mine"]


def test_a_place_that_was_shown_as_left_alone_is_not_emptied_unseen(
    told: Database, aysel: Identity, bahar: Identity, rasul: Identity
) -> None:
    fill(told, aysel, bahar)
    plan = preview(told, rasul, SINAQ, 1, holders=EVERYWHERE)
    first, *others = plan.places
    for shown in (replace(first, how="named"), replace(first, stays=True)):
        assert replace(plan, places=(shown, *others)).mark != plan.mark


def test_a_bank_too_large_to_be_looked_through_may_grow_meanwhile(
    told: Database, aysel: Identity, rasul: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(far_word_places, "OTHERS_MOST", 0)
    saving.save_draft(told, aysel, record("a-other"), None)
    plan = preview(told, rasul, SINAQ, 1)
    saving.save_draft(told, aysel, record("b-other"), None)
    redact(told, rasul, SINAQ, 1, "A court of Baku", seen=plan.mark)
    assert [it.kind for it in plan.staying] == ["unread"]


def test_a_reason_that_repeats_the_words_is_refused(told: Database, rasul: Identity) -> None:
    with pytest.raises(RecordRefused) as refusal:
        redact(told, rasul, SINAQ, 2, f"That he {PART} is not proven")
    assert [(it.path, it.code) for it in refusal.value.problems] == [("reason", "repeats_words")]


def test_a_draft_in_use_that_says_it_is_written_anew_first(
    told: Database, aysel: Identity, rasul: Identity
) -> None:
    save(told, aysel, 4, f"{LIFE} {SECRET}")
    with pytest.raises(WrongState) as refusal:
        redact(told, rasul, SINAQ, 2, "A court")
    assert refusal.value.code == "words_in_use"
    assert "Revision 5" in refusal.value.message
    save(told, aysel, 5, LIFE)
    redact(told, rasul, SINAQ, 2, "A court")
    assert PART not in everything(told)


def test_it_reaches_the_record_that_was_merged_away(
    database: Database, aysel: Identity, bahar: Identity, rasul: Identity
) -> None:
    publish(database, aysel, bahar, save(database, aysel, None))
    saving.save_draft(database, aysel, record(OTHER, f"{LIFE} {SECRET}"), None)
    merge(database, bahar, SINAQ, OTHER, 1, 1, {}, f"Both {PART}, so they are one")
    saving.save_draft(database, aysel, record(SINAQ, LIFE, gender="male"), 2)
    with database.read() as session:
        gone = [it.number for it in session.scalars(select(Revision)) if SECRET in str(it.record)]
    assert gone
    plan = preview(database, rasul, OTHER, 1)
    redact(database, rasul, OTHER, 1, "A court", [it.key for it in plan.chosen if "19" in it.text])
    assert PART not in everything(database)


def test_a_draft_that_was_redacted_keeps_no_file_from_being_brought_in(
    told: Database, aysel: Identity, bahar: Identity, rasul: Identity
) -> None:
    workflow.withdraw(told, bahar, SINAQ, "law", "A court")
    redact(told, rasul, SINAQ, save(told, bahar, 4, f"{LIFE} {SECRET}"), "A court")
    report = import_people(
        told, [Item("line 1", record("somebody-else"))], file="f.jsonl", who=aysel, publish=False
    )
    assert (report.new, report.refusals) == (1, [])


def test_an_editor_sees_no_plan_of_it(told: Database, bahar: Identity) -> None:
    with pytest.raises(Forbidden):
        preview(told, bahar, SINAQ, 2)


def said(*texts: str) -> Iterator[Words]:
    before = {"biography": {"en": " ".join(texts)}}
    yield Words(passages_of(before, {}), {})


@pytest.mark.parametrize(
    ("other", "holds"),
    [
        (PART, True),
        ("They say that he BETRAYED — his\nclosest friends", True),
        ("his closest", True),
        ("He betrayed nobody to the English police", False),
        ("", False),
        ("his", False),
    ],
)
def test_three_words_in_a_row_are_a_quotation(other: str, *, holds: bool) -> None:
    (words,) = said(SECRET)
    assert words.stand_in(other) is holds
    assert without({"a": [other, "else"]}, words.stand_in) == {
        "a": ["" if holds else other, "else"]
    }


def test_what_the_version_in_use_says_as_well_is_no_part_of_it() -> None:
    kept = record(life="He was born in Shusha in 1886.")
    before = record(life="He was born in Shusha in 1885 and died young.")
    words = Words(passages_of(before, kept), kept)
    assert not words.stand_in(kept)
    assert not words.stand_in("He was born in Shusha, was he not?")
    assert words.stand_in("He died young, as they say: 1885 and died")


@given(st.text(min_size=1), st.text())
def test_whatever_is_taken_out_does_not_stand_there_any_more(secret: str, around: str) -> None:
    (words,) = said(secret)
    assert not words.stand_in(without([around, secret, f"{around} {secret}"], words.stand_in))
