"""Redaction in import reports, since refusals and notices quote the file."""

from collections.abc import Iterator, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.editorial.redacted_words import Words, texts, without
from biobank.editorial.word_places import Holder, Place, Scope, ids_of
from biobank.exchange.importing.models import ImportLine, ImportRun

#: Rows read at a time.
CHUNK = 500


def _find(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    """Find lines about the person, and lines without a person in runs that changed them."""
    runs = select(Revision.import_run).where(
        Revision.person_id.in_(scope.people), Revision.import_run.is_not(None)
    )
    about = or_(
        ImportLine.person_id.in_(scope.people),
        (ImportLine.person_id == "") & ImportLine.run_id.in_(runs),
    )
    query = (
        select(ImportLine, ImportRun.file)
        .join(ImportRun, ImportRun.id == ImportLine.run_id)
        .where(about)
        .order_by(ImportLine.id)
    )
    for line, file in session.execute(query.execution_options(yield_per=CHUNK)):
        if how := words.held(line.told):
            held = dict.fromkeys(text for text in texts(line.told) if words.held(text))
            yield Place("import_line", line.id, f"{file}, {line.place}", "\n".join(held), how)


def _empty(session: Session, _scope: Scope, places: Sequence[Place], words: Words) -> None:
    for line in session.scalars(select(ImportLine).where(ImportLine.id.in_(ids_of(places)))):
        line.told = without(line.told, words.held)


IMPORT_LINES = Holder("import_line", _find, _empty)


def _find_runs(session: Session, _scope: Scope, words: Words) -> Iterator[Place]:
    """Find the text in run names and failure messages; file names stay, as keys depend on them."""
    for run in session.scalars(select(ImportRun).order_by(ImportRun.id)):
        if how := words.held_far([run.file, run.mapping]):
            yield Place("import_name", run.id, str(run.id), run.file, how, stays=True)
        if how := words.held_far(run.trouble):
            yield Place("import_run", run.id, run.file, run.trouble, how)


def _empty_runs(session: Session, _scope: Scope, places: Sequence[Place], _words: Words) -> None:
    for run in session.scalars(select(ImportRun).where(ImportRun.id.in_(ids_of(places)))):
        run.trouble = ""


IMPORT_RUNS = Holder("import_run", _find_runs, _empty_runs)
