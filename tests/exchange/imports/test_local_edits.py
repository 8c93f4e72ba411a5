"""An import never undoes local edits: they are merged if possible, else the record is refused."""

from typing import Any

import pytest

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial.models import Revision
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.exchange.imports.runs import ImportReport
from biobank.store.session import Database
from tests.support import seed
from tests.support.database_contents import database_contents
from tests.support.jsonl import counts, import_lines

UZEYIR = "uzeyir-hacibeyov"
EDITOR = Identity("editor", "session", "Nigar", 1)
REVIEWER = Identity("editor", "session", "Rəsul", 2)
WRITTEN = {"en": "A headline that was written here"}


def codes(report: ImportReport) -> list[tuple[str, str]]:
    return [
        (problem["path"], problem["code"]) for refusal in report.refusals for problem in refusal["problems"]
    ]


def line(**changes: Any) -> dict[str, Any]:
    return {**seed.person_without_relations(UZEYIR), **changes}


def stored_revision(database: Database, person_id: str = UZEYIR) -> Revision:
    with database.read() as session:
        revision = latest_revision(session, person_id)
        assert revision
        return revision


def edit(database: Database, **changes: Any) -> None:
    """Save the record with a change."""
    latest = stored_revision(database)
    drafts.save_draft(database, EDITOR, {**latest.record, **changes}, latest.number)


def publish(database: Database) -> None:
    latest = stored_revision(database)
    workflow.submit(database, EDITOR, UZEYIR, latest.number)
    workflow.publish(database, REVIEWER, UZEYIR, latest.number)


def test_a_repeated_import_keeps_local_edits(database: Database) -> None:
    import_lines(database, [line()], publish=False)
    edit(database, headline=WRITTEN)
    before = database_contents(database)
    assert counts(import_lines(database, [line()], publish=False)) == (0, 0, 1, 0)
    assert database_contents(database) == before


def test_what_the_file_changed_and_what_was_edited_here_are_joined(database: Database) -> None:
    import_lines(database, [line()], publish=False)
    edit(database, headline=WRITTEN)
    changed = line(gender="other")
    report = import_lines(database, [changed], publish=False)
    assert counts(report) == (0, 1, 0, 0)
    assert report.joined == 1
    assert "headline.en" in report.notices[0]["message"]
    record = stored_revision(database).record
    assert (record["headline"], record["gender"]) == (WRITTEN, "other")
    before = database_contents(database)
    assert counts(import_lines(database, [changed], publish=False)) == (0, 0, 1, 0)
    assert database_contents(database) == before


def test_a_changed_file_is_compared_with_its_previous_import(database: Database) -> None:
    import_lines(database, [line()], publish=False)
    edit(database, headline=WRITTEN)
    import_lines(database, [line(gender="other")], publish=False)
    report = import_lines(database, [line(gender="unknown")], publish=False)
    assert counts(report) == (0, 1, 0, 0)
    record = stored_revision(database).record
    assert (record["headline"], record["gender"]) == (WRITTEN, "unknown")


def test_conflicting_changes_refuse_the_record(database: Database) -> None:
    import_lines(database, [line()], publish=False)
    edit(database, gender="unknown")
    before = database_contents(database)
    report = import_lines(database, [line(gender="other")], publish=False)
    assert codes(report) == [("gender", "edited_here")]
    assert database_contents(database) == before


def test_a_record_written_here_is_not_overwritten(database: Database) -> None:
    drafts.save_draft(database, EDITOR, line(), None)
    assert counts(import_lines(database, [line()], publish=False)) == (0, 0, 1, 0)
    report = import_lines(database, [line(gender="other")], publish=False)
    assert codes(report) == [("id", "written_here")]
    assert stored_revision(database).record["gender"] == "male"


@pytest.mark.parametrize("gender", ["male", "other"])
def test_publishing_passes_nobodys_unfinished_draft_over(database: Database, gender: str) -> None:
    import_lines(database, [line()], publish=False)
    edit(database, headline=WRITTEN)
    report = import_lines(database, [line(gender=gender)], publish=True)
    assert codes(report) == [("id", "being_edited")]
    assert stored_revision(database).state == "draft"


def test_publishing_merges_with_the_published_record(database: Database) -> None:
    import_lines(database, [line()], publish=True)
    edit(database, headline=WRITTEN)
    publish(database)
    report = import_lines(database, [line(gender="other")], publish=True)
    assert (counts(report), report.joined) == ((0, 1, 0, 0), 1)
    latest = stored_revision(database)
    assert (latest.record["headline"], latest.record["gender"]) == (WRITTEN, "other")
    assert latest.state == "published"


def test_a_draft_in_review_is_taken_out_of_review(database: Database) -> None:
    import_lines(database, [line()], publish=False)
    workflow.submit(database, EDITOR, UZEYIR, 1)
    import_lines(database, [line(gender="other")], publish=False)
    with database.read() as session:
        states = [revision.state for revision in session.query(Revision).order_by(Revision.number)]
    assert states == ["draft", "draft"]


def test_a_dry_run_reports_merges_and_refusals(database: Database) -> None:
    import_lines(database, [line()], publish=False)
    edit(database, headline=WRITTEN)
    changed = [line(gender="other")]
    dry = import_lines(database, changed, publish=False, dry_run=True)
    assert (counts(dry), dry.joined) == ((0, 1, 0, 0), 1)
    assert stored_revision(database).author == EDITOR.name


def test_the_importer_is_the_author_of_the_revision(database: Database) -> None:
    import_lines(database, [line()], publish=False)
    assert stored_revision(database).author == OPERATOR.name
    assert stored_revision(database).import_run
