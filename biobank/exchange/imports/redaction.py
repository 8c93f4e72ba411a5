"""Redaction in import reports, since refusals and notices quote the file."""

from collections.abc import Iterator, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.editorial.redaction.occurrences_person import (
    Occurrence,
    OccurrenceSource,
    RedactionScope,
    occurrence_ids,
)
from biobank.editorial.redaction.passages import RedactedText, blank_matching, matching_texts
from biobank.exchange.imports.models import ImportLine, ImportRun

#: Rows read at a time.
REDACTION_CHUNK_ROWS = 500


def _find_lines(
    session: Session, scope: RedactionScope, words: RedactedText
) -> Iterator[Occurrence]:
    """Find lines about the person, and lines without a person in runs that changed them."""
    runs = select(Revision.import_run).where(
        Revision.person_id.in_(scope.people), Revision.import_run.is_not(None)
    )
    condition = or_(
        ImportLine.person_id.in_(scope.people),
        (ImportLine.person_id == "") & ImportLine.run_id.in_(runs),
    )
    query = (
        select(ImportLine, ImportRun.file)
        .join(ImportRun, ImportRun.id == ImportLine.run_id)
        .where(condition)
        .order_by(ImportLine.id)
    )
    for line, file in session.execute(query.execution_options(yield_per=REDACTION_CHUNK_ROWS)):
        if text := matching_texts(line.told, words.quoted_in):
            yield Occurrence("import_line", line.id, f"{file}, {line.place}", text)


def _clear_lines(
    session: Session, _scope: RedactionScope, places: Sequence[Occurrence], words: RedactedText
) -> None:
    for line in session.scalars(
        select(ImportLine).where(ImportLine.id.in_(occurrence_ids(places)))
    ):
        line.told = blank_matching(line.told, words.quoted_in)


IMPORT_LINE_OCCURRENCES = OccurrenceSource("import_line", _find_lines, _clear_lines)


def _find_runs(
    session: Session, _scope: RedactionScope, words: RedactedText
) -> Iterator[Occurrence]:
    """Find the text in run names and failure messages; file names stay, as keys depend on them."""
    for run in session.scalars(select(ImportRun).order_by(ImportRun.id)):
        if words.quoted_elsewhere([run.file, run.mapping]):
            yield Occurrence("import_name", run.id, str(run.id), run.file, is_permanent=True)
        if words.quoted_elsewhere(run.trouble):
            yield Occurrence("import_run", run.id, run.file, run.trouble)


def _clear_runs(
    session: Session, _scope: RedactionScope, places: Sequence[Occurrence], _words: RedactedText
) -> None:
    for run in session.scalars(select(ImportRun).where(ImportRun.id.in_(occurrence_ids(places)))):
        run.trouble = ""


IMPORT_RUN_OCCURRENCES = OccurrenceSource("import_run", _find_runs, _clear_runs)
