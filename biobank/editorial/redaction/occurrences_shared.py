"""Occurrences of redacted text in data not specific to the person.

Shared records are only reported, with a link to their editor; saved searches and the edit history
of reference records are erased.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final
from urllib.parse import parse_qs

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from biobank.accounts.models import AuditEvent, User
from biobank.editorial.models import ImportKey, Revision, SavedSearch
from biobank.editorial.redaction.occurrences_person import (
    PERSON_OCCURRENCE_SOURCES,
    Occurrence,
    OccurrenceSource,
    RedactionScope,
    blank_columns,
)
from biobank.editorial.redaction.passages import RedactedText, matching_texts
from biobank.records.media.models import Picture
from biobank.records.people.models import Person
from biobank.records.reference.kinds import REFERENCE_KINDS, load_all_records
from biobank.records.reference.models import ReferenceEdit, ReferenceMerge

#: Maximum number of other people whose records are searched.
MAX_SEARCHED_PEOPLE: Final = 1_000
#: Number of rows read at a time.
OCCURRENCE_CHUNK_ROWS: Final = 200


def _find_searches(session: Session, _scope: RedactionScope, redacted: RedactedText) -> Iterator[Occurrence]:
    query = select(SavedSearch, User.name).join(User, User.id == SavedSearch.user_id)
    for search, owner in session.execute(query.order_by(SavedSearch.id)):
        # Only the search text: the other parameters are ids and dates.
        if redacted.quoted_elsewhere([search.name, *parse_qs(search.address).get("q", [])]):
            # The name of a private search is shown only to its owner.
            text = search.name if search.shared else ""
            yield Occurrence("search", search.id, owner, text, partial(session.delete, search))


def _find_reference(session: Session, _scope: RedactionScope, redacted: RedactedText) -> Iterator[Occurrence]:
    for kind in REFERENCE_KINDS:
        for key, record in load_all_records(session, kind).items():
            if text := matching_texts(record, redacted.quoted_elsewhere):
                yield Occurrence(kind.name, key, key, text)


def _find_edits(session: Session, _scope: RedactionScope, redacted: RedactedText) -> Iterator[Occurrence]:
    for edit in session.scalars(select(ReferenceEdit).order_by(ReferenceEdit.id)):
        if text := matching_texts([edit.before, edit.after], redacted.quoted_elsewhere):
            erase = partial(blank_columns, edit, "before", "after", matches=redacted.quoted_elsewhere)
            yield Occurrence("reference_edit", edit.id, edit.key, text, erase)


def _find_reference_merges(
    session: Session, _scope: RedactionScope, redacted: RedactedText
) -> Iterator[Occurrence]:
    for merge in session.scalars(select(ReferenceMerge).order_by(ReferenceMerge.id)):
        if text := matching_texts(merge.changed, redacted.quoted_elsewhere):
            erase = partial(blank_columns, merge, "changed", matches=redacted.quoted_elsewhere)
            yield Occurrence("reference_merge", merge.id, f"{merge.gone} → {merge.kept}", text, erase)


def _find_pictures(session: Session, _scope: RedactionScope, redacted: RedactedText) -> Iterator[Occurrence]:
    for picture in session.scalars(select(Picture).order_by(Picture.id)):
        texts = [picture.alt, picture.author, picture.source]
        if text := matching_texts(texts, redacted.quoted_elsewhere):
            yield Occurrence("picture", picture.id, str(picture.id), text)


def _find_other_records(
    session: Session, scope: RedactionScope, redacted: RedactedText
) -> Iterator[Occurrence]:
    """Find quotations in other people's latest and public records; skipped in a large bank."""
    other_ids = select(Person.id).where(Person.id.not_in(scope.people))
    total = session.scalar(select(func.count()).select_from(other_ids.subquery())) or 0
    if total > MAX_SEARCHED_PEOPLE:
        # A fixed id, so that the fingerprint does not change when a person is added.
        yield Occurrence("unread", "others", str(total))
        return
    latest_ids = select(func.max(Revision.id)).group_by(Revision.person_id)
    public_ids = select(Revision.id).join(
        Person, (Person.id == Revision.person_id) & (Person.published == Revision.number)
    )
    query = select(Revision).where(
        Revision.person_id.not_in(scope.people), or_(Revision.id.in_(latest_ids), Revision.id.in_(public_ids))
    )
    chunks = query.order_by(Revision.id).execution_options(yield_per=OCCURRENCE_CHUNK_ROWS)
    for revision in session.scalars(chunks):
        if text := matching_texts([revision.record, revision.message], redacted.quoted_elsewhere):
            yield Occurrence("other", f"{revision.person_id}/{revision.number}", revision.person_id, text)


def _find_file_names(session: Session, scope: RedactionScope, redacted: RedactedText) -> Iterator[Occurrence]:
    """Find occurrences in the names of imported files, on which import keys depend."""
    query = select(ImportKey.file).where(ImportKey.person_id.in_(scope.people)).distinct()
    for file in session.scalars(query):
        if redacted.quoted_elsewhere(file):
            yield Occurrence("import_key", file, file)


def _find_audit(session: Session, scope: RedactionScope, redacted: RedactedText) -> Iterator[Occurrence]:
    """Find occurrences in the audit log, whose chained rows cannot be changed."""
    condition = or_(AuditEvent.subject.in_(scope.people), AuditEvent.kind == "file")
    query = select(AuditEvent).where(condition).order_by(AuditEvent.id)
    for event in session.scalars(query.execution_options(yield_per=OCCURRENCE_CHUNK_ROWS)):
        if text := matching_texts([event.subject, event.detail], redacted.quoted_elsewhere):
            yield Occurrence("audit", event.id, event.what, text)


#: All sources of occurrences known to this package.
OCCURRENCE_SOURCES: tuple[OccurrenceSource, ...] = (
    *PERSON_OCCURRENCE_SOURCES,
    _find_searches,
    _find_edits,
    _find_reference_merges,
    _find_reference,
    _find_pictures,
    _find_other_records,
    _find_file_names,
    _find_audit,
)
