"""An import never undoes local edits: they are merged if possible, else the record is refused."""

from typing import Any

import pytest

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial import saving, workflow
from biobank.editorial.models import Revision
from biobank.exchange.importing.report import Report
from biobank.store.session import Database
from tests.support import seed
from tests.support.contents import contents
from tests.support.jsonl import counts, import_lines

UZEYIR = "uzeyir-hacibeyov"
EDITOR = Identity("editor", "session", "Nigar", 1)
REVIEWER = Identity("editor", "session", "Rəsul", 2)
WRITTEN = {"en": "A headline that was written here"}


def codes(report: Report) -> list[tuple[str, str]]:
    return [(it["path"], it["code"]) for told in report.refusals for it in told["problems"]]


def line(**changes: Any) -> dict[str, Any]:
    return {**seed.alone(UZEYIR), **changes}


def newest(database: Database, person_id: str = UZEYIR) -> Revision:
    with database.read() as session:
        found = saving.head(session, person_id)
        assert found
        return found


def edit(database: Database, **changes: Any) -> None:
    """Save the record with a change."""
    head = newest(database)
    saving.save_draft(database, EDITOR, {**head.record, **changes}, head.number)


def publish(database: Database) -> None:
    head = newest(database)
    workflow.submit(database, EDITOR, UZEYIR, head.number)
    workflow.publish(database, REVIEWER, UZEYIR, head.number)


def test_the_same_file_again_leaves_an_edit_alone(database: Database) -> None:
    import_lines(database, [line()], publish=False)
    edit(database, headline=WRITTEN)
    before = contents(database)
    assert counts(import_lines(database, [line()], publish=False)) == (0, 0, 1, 0)
    assert contents(database) == before


def test_what_the_file_changed_and_what_was_edited_here_are_joined(database: Database) -> None:
    import_lines(database, [line()], publish=False)
    edit(database, headline=WRITTEN)
    changed = line(gender="other")
    report = import_lines(database, [changed], publish=False)
    assert counts(report) == (0, 1, 0, 0)
    assert report.joined == 1
    assert "headline.en" in report.notices[0]["message"]
    record = newest(database).record
    assert (record["headline"], record["gender"]) == (WRITTEN, "other")
    before = contents(database)
    assert counts(import_lines(database, [changed], publish=False)) == (0, 0, 1, 0)
    assert contents(database) == before


def test_a_file_that_changes_once_more_is_compared_with_what_it_said_last(
    database: Database,
) -> None:
    import_lines(database, [line()], publish=False)
    edit(database, headline=WRITTEN)
    import_lines(database, [line(gender="other")], publish=False)
    report = import_lines(database, [line(gender="unknown")], publish=False)
    assert counts(report) == (0, 1, 0, 0)
    record = newest(database).record
    assert (record["headline"], record["gender"]) == (WRITTEN, "unknown")


def test_where_both_changed_one_field_the_record_is_refused_and_the_edit_stays(
    database: Database,
) -> None:
    import_lines(database, [line()], publish=False)
    edit(database, gender="unknown")
    before = contents(database)
    report = import_lines(database, [line(gender="other")], publish=False)
    assert codes(report) == [("gender", "edited_here")]
    assert contents(database) == before


def test_what_was_written_here_and_never_brought_in_is_not_written_over(
    database: Database,
) -> None:
    saving.save_draft(database, EDITOR, line(), None)
    assert counts(import_lines(database, [line()], publish=False)) == (0, 0, 1, 0)
    report = import_lines(database, [line(gender="other")], publish=False)
    assert codes(report) == [("id", "written_here")]
    assert newest(database).record["gender"] == "male"


@pytest.mark.parametrize("gender", ["male", "other"])
def test_publishing_passes_nobodys_unfinished_draft_over(database: Database, gender: str) -> None:
    import_lines(database, [line()], publish=False)
    edit(database, headline=WRITTEN)
    report = import_lines(database, [line(gender=gender)], publish=True)
    assert codes(report) == [("id", "being_edited")]
    assert newest(database).state == "draft"


def test_publishing_joins_with_what_is_public(database: Database) -> None:
    import_lines(database, [line()], publish=True)
    edit(database, headline=WRITTEN)
    publish(database)
    report = import_lines(database, [line(gender="other")], publish=True)
    assert (counts(report), report.joined) == ((0, 1, 0, 0), 1)
    head = newest(database)
    assert (head.record["headline"], head.record["gender"]) == (WRITTEN, "other")
    assert head.state == "published"


def test_a_draft_that_is_read_by_a_reviewer_is_taken_out_of_review(database: Database) -> None:
    import_lines(database, [line()], publish=False)
    workflow.submit(database, EDITOR, UZEYIR, 1)
    import_lines(database, [line(gender="other")], publish=False)
    with database.read() as session:
        states = [it.state for it in session.query(Revision).order_by(Revision.number)]
    assert states == ["draft", "draft"]


def test_a_dry_run_tells_of_joins_and_refusals_alike(database: Database) -> None:
    import_lines(database, [line()], publish=False)
    edit(database, headline=WRITTEN)
    changed = [line(gender="other")]
    dry = import_lines(database, changed, publish=False, dry_run=True)
    assert (counts(dry), dry.joined) == ((0, 1, 0, 0), 1)
    assert newest(database).author == EDITOR.name


def test_who_brings_in_stands_at_the_revision(database: Database) -> None:
    import_lines(database, [line()], publish=False)
    assert newest(database).author == OPERATOR.name
    assert newest(database).import_run
