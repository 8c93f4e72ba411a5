"""Occurrences of redacted text in data not specific to the person: shared records and accounts.

Shared records are only reported, with a link to their editor; saved searches and the edit history
of reference records are erased.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import parse_qs

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from biobank.accounts.models import ApiToken, AuditEvent, User
from biobank.editorial.models import ImportKey, Redirect, Revision
from biobank.editorial.redacted_words import Words, said_of, without
from biobank.editorial.word_places import NEAR_HOLDERS, Holder, Place, Scope, ids_of
from biobank.editorial.worklists.models import SavedSearch
from biobank.records.media.models import Picture
from biobank.records.organisations.registrations import Registration
from biobank.records.people.models import Person
from biobank.records.reference.kinds import KINDS, all_records
from biobank.records.reference.models import ReferenceEdit, ReferenceMerge

#: Maximum number of other people whose records are searched.
OTHERS_MOST: Final = 1_000
#: Number of rows read at a time.
CHUNK: Final = 200


def _find_searches(session: Session, _scope: Scope, words: Words) -> Iterator[Place]:
    query = select(SavedSearch, User.name).join(User, User.id == SavedSearch.user_id)
    for it, owner in session.execute(query.order_by(SavedSearch.id)):
        if how := words.held_far([it.name, *_asked(it.address)]):
            # The name of a private search is shown only to its owner.
            yield Place("search", it.id, owner, it.name if it.shared else "", how)


def _empty_searches(
    session: Session, _scope: Scope, places: Sequence[Place], _words: Words
) -> None:
    session.execute(delete(SavedSearch).where(SavedSearch.id.in_(ids_of(places))))


def _asked(address: str) -> list[str]:
    """Return the search text; the other parameters are ids and dates."""
    return parse_qs(address).get("q", [])


def _find_reference(session: Session, _scope: Scope, words: Words) -> Iterator[Place]:
    for kind in KINDS:
        for key, record in all_records(session, kind).items():
            if how := words.held_far(record):
                text = said_of(record, words.held_far)
                yield Place(kind.name, key, key, text, how, stays=True)


def _find_registrations(session: Session, _scope: Scope, words: Words) -> Iterator[Place]:
    for it in session.scalars(select(Registration).where(Registration.city != "")):
        if how := words.held_far(it.city):
            yield Place("registration", it.organisation_id, it.number, it.city, how, stays=True)


def _find_edits(session: Session, _scope: Scope, words: Words) -> Iterator[Place]:
    for it in session.scalars(select(ReferenceEdit).order_by(ReferenceEdit.id)):
        if how := words.held_far([it.before, it.after]):
            text = said_of([it.before, it.after], words.held_far)
            yield Place("reference_edit", it.id, it.key, text, how)


def _empty_edits(session: Session, _scope: Scope, places: Sequence[Place], words: Words) -> None:
    its = select(ReferenceEdit).where(ReferenceEdit.id.in_(ids_of(places)))
    for it in session.scalars(its):
        it.before = without(it.before, words.held_far)
        it.after = without(it.after, words.held_far)


def _find_reference_merges(session: Session, _scope: Scope, words: Words) -> Iterator[Place]:
    for it in session.scalars(select(ReferenceMerge).order_by(ReferenceMerge.id)):
        if how := words.held_far(it.changed):
            text = said_of(it.changed, words.held_far)
            yield Place("reference_merge", it.id, f"{it.gone} → {it.kept}", text, how)


def _empty_reference_merges(
    session: Session, _scope: Scope, places: Sequence[Place], words: Words
) -> None:
    its = select(ReferenceMerge).where(ReferenceMerge.id.in_(ids_of(places)))
    for it in session.scalars(its):
        it.changed = without(it.changed, words.held_far)


def _find_pictures(session: Session, _scope: Scope, words: Words) -> Iterator[Place]:
    for it in session.scalars(select(Picture).order_by(Picture.id)):
        said = [it.alt, it.author, it.source, it.uploader]
        if how := words.held_far(said):
            text = said_of(said, words.held_far)
            yield Place("picture", it.id, str(it.id), text, how, stays=True)


def _find_others(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    """Find quotations in other people's latest and public records; skipped in a large bank."""
    others = select(Person.id).where(Person.id.not_in(scope.people))
    total = session.scalar(select(func.count()).select_from(others.subquery())) or 0
    if total > OTHERS_MOST:
        # A fixed id, so that the fingerprint does not change when a person is added.
        yield Place("unread", "others", str(total), stays=True)
        return
    newest = select(func.max(Revision.id)).group_by(Revision.person_id)
    public = select(Revision.id).join(
        Person, (Person.id == Revision.person_id) & (Person.published == Revision.number)
    )
    query = select(Revision).where(
        Revision.person_id.not_in(scope.people),
        or_(Revision.id.in_(newest), Revision.id.in_(public)),
    )
    chunks = query.order_by(Revision.id).execution_options(yield_per=CHUNK)
    for it in session.scalars(chunks):
        if words.quoted_far([it.record, it.message]):
            text = said_of([it.record, it.message], words.quoted_far)
            yield Place("other", f"{it.person_id}/{it.number}", it.person_id, text, stays=True)


def _find_ids(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    """Find occurrences in redirecting ids and in the names of imported files."""
    for it in session.scalars(select(Redirect).where(Redirect.new_id.in_(scope.people))):
        if how := words.held_far(it.old_id.replace("-", " ")):
            yield Place("redirect", it.old_id, it.old_id, how=how, stays=True)
    query = select(ImportKey.file).where(ImportKey.person_id.in_(scope.people)).distinct()
    for file in session.scalars(query):
        if how := words.held_far(file):
            yield Place("import_key", file, file, how=how, stays=True)


def _find_accounts(session: Session, _scope: Scope, words: Words) -> Iterator[Place]:
    for user in session.scalars(select(User).order_by(User.id)):
        if how := words.held_far([user.name, user.email]):
            yield Place("account", user.id, user.name, user.email, how, stays=True)
    for token in session.scalars(select(ApiToken).order_by(ApiToken.key_hash)):
        if how := words.held_far(token.name):
            yield Place("account", f"token {token.name}", token.name, how=how, stays=True)


def _find_audit(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    """Find occurrences in the audit log, whose chained rows cannot be changed."""
    about = or_(AuditEvent.subject.in_(scope.people), AuditEvent.kind == "file")
    query = select(AuditEvent).where(about).order_by(AuditEvent.id)
    for it in session.scalars(query.execution_options(yield_per=CHUNK)):
        if words.quoted_far([it.subject, it.detail]):
            text = said_of([it.subject, it.detail], words.quoted_far)
            yield Place("audit", it.id, it.what, text, stays=True)


def _stays(_session: Session, _scope: Scope, _places: Sequence[Place], _words: Words) -> None:
    """Do nothing: other data depends on these rows."""


#: All sources of occurrences known to this package.
HOLDERS = (
    *NEAR_HOLDERS,
    Holder("search", _find_searches, _empty_searches),
    Holder("reference_edit", _find_edits, _empty_edits),
    Holder("reference_merge", _find_reference_merges, _empty_reference_merges),
    Holder("reference", _find_reference, _stays),
    Holder("registration", _find_registrations, _stays),
    Holder("picture", _find_pictures, _stays),
    Holder("other", _find_others, _stays),
    Holder("id", _find_ids, _stays),
    Holder("account", _find_accounts, _stays),
    Holder("audit", _find_audit, _stays),
)
