"""Read-only queries of the editors' desk: latest revisions, review queue and overview."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial import history
from biobank.editorial.differences import Change, difference
from biobank.editorial.head_names import HeadNames
from biobank.editorial.making_public import public_revisions
from biobank.editorial.models import NOT_PUBLISHED, ReviewNote, Revision
from biobank.editorial.newest import is_newest
from biobank.names.folding import fold
from biobank.records.people.models import Person
from biobank.store.outbox import PORTION, batched
from biobank.store.session import Database

#: Number of rows of each list on the first page of the desk.
FIRST = 10


@dataclass(frozen=True)
class Row:
    """A record at the desk: the latest revision and its changes against the public one.

    `is_new` is true if nothing was public before; `note` is the last review action on that
    revision.
    """

    person: Person
    head: Revision
    changes: tuple[Change, ...]
    is_new: bool
    note: ReviewNote | None

    @property
    def is_returned(self) -> bool:
        """Return whether a reviewer returned the draft and it has not been saved since."""
        note = self.note
        return self.head.state == "draft" and note is not None and note.kind == "returned"


@dataclass(frozen=True)
class Waiting:
    """The lists on the first page of the desk."""

    returned: tuple[Row, ...]
    drafts: tuple[Row, ...]
    handed_in: tuple[Row, ...]
    published: tuple[Row, ...]
    #: Number of records in review, by any author.
    in_review: int


def waiting(database: Database, who: Identity) -> Waiting:
    """Return the user's own drafts and submissions, and the most recent publications."""
    require(who, Action.SEE_DESK)
    own = Revision.author_id == who.user_id
    with database.read() as session:
        mine = _rows(session, session.scalars(_heads("draft").where(own).limit(100)))
        handed_in = session.scalars(_heads("review").where(own).limit(FIRST))
        last = select(Revision).join(Person).where(Person.published == Revision.number)
        published = session.scalars(last.order_by(Person.updated_at.desc()).limit(FIRST))
        return Waiting(
            returned=tuple(row for row in mine if row.is_returned),
            drafts=tuple(row for row in mine if not row.is_returned),
            handed_in=tuple(_rows(session, handed_in)),
            published=tuple(_published(session, published)),
            in_review=_count(session, _heads("review")),
        )


def reviews(database: Database, who: Identity, page: int, size: int) -> tuple[list[Row], int]:
    """Return a page of the records in review, the longest waiting first, and the total."""
    require(who, Action.SEE_DESK)
    handed_in = (
        select(func.max(ReviewNote.at))
        .where(ReviewNote.revision_id == Revision.id, ReviewNote.kind == "submitted")
        .scalar_subquery()
    )
    query = _heads("review").order_by(None).order_by(func.coalesce(handed_in, Revision.at))
    with database.read() as session:
        found = session.scalars(query.limit(size).offset((page - 1) * size))
        return _rows(session, found), _count(session, query)


def people(
    database: Database,
    names: HeadNames,
    who: Identity,
    state: str,
    words: str,
    page: int,
    size: int,
    run: int | None = None,
) -> tuple[list[Row], int]:
    """Return a page of all records, last saved first, and the total.

    `state` filters by the state of the latest revision (empty: any); every word of `text` must be a
    prefix of a word of a name; `import_run` filters by the import that made the revision.
    """
    require(who, Action.SEE_DESK)
    query = _heads(state)
    if run is not None:
        query = query.where(Revision.import_run == run)
    with database.read() as session:
        if not fold(words).strip():
            found = session.scalars(query.limit(size).offset((page - 1) * size))
            its = _rows(session, found)
            return its, _count_heads(session, state) if run is None else _count(session, query)
        ids = names.bearing(session, words)
        if state or run is not None:
            ids = _within(session, query, ids)
        wanted = ids[(page - 1) * size : page * size]
        named = session.scalars(select(Revision).where(Revision.id.in_(wanted)))
        return _rows(session, sorted(named, key=lambda row: -row.id)), len(ids)


def newest_names(session: Session, ids: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """Return the names of people, public or not, as in their latest revisions."""
    query = _heads().where(Revision.person_id.in_(ids))
    rows = session.execute(query.with_only_columns(Revision.person_id, Revision.record["names"]))
    return {person_id: names for person_id, names in rows if names}


def _heads(state: str = "") -> Select[Revision]:
    """Return a query for the latest revision of every person, last saved first.

    Revision ids grow with time, and ordering by them is faster than ordering by a timestamp.
    """
    query = select(Revision).where(is_newest()).order_by(Revision.id.desc())
    if state == "withdrawn":
        # A withdrawn person may already have a newer draft.
        return query.join(Person).where(Person.withdrawn_at.is_not(None))
    return query.where(Revision.state == state) if state else query


def _count(session: Session, query: Select[Revision]) -> int:
    return session.scalar(query.order_by(None).with_only_columns(func.count(Revision.id))) or 0


def _count_heads(session: Session, state: str) -> int:
    """Return the number of latest revisions in a state (empty: any).

    Almost all are published. These are counted as the number of people minus the others, which an
    index answers without reading the revisions.
    """
    if state not in ("", "published"):
        return _count(session, _heads(state))
    everybody = session.scalar(select(func.count(Revision.person_id.distinct()))) or 0
    others = _count(session, _heads().where(Revision.state.in_(NOT_PUBLISHED))) if state else 0
    return everybody - others


def _within(session: Session, query: Select[Revision], ids: Sequence[int]) -> list[int]:
    """Return those of `ids` that the query matches, in the same order."""
    ask = query.order_by(None).with_only_columns(Revision.id)
    portions = batched(ids, PORTION)
    found = {id_ for it in portions for id_ in session.scalars(ask.where(Revision.id.in_(it)))}
    return [id_ for id_ in ids if id_ in found]


def _rows(session: Session, heads: Iterable[Revision]) -> list[Row]:
    found = list(heads)
    ids = [head.person_id for head in found]
    people = {
        person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))
    }
    public = public_revisions(session, people.values())
    notes = _last_notes(session, [head.id for head in found])
    return [
        _row(people[it.person_id], it, public.get(it.person_id), notes.get(it.id)) for it in found
    ]


def _row(person: Person, head: Revision, before: Revision | None, note: ReviewNote | None) -> Row:
    changes = difference(before.record if before else {}, head.record)
    return Row(person, head, tuple(changes), before is None, note)


def _published(session: Session, revisions: Iterable[Revision]) -> list[Row]:
    """Return rows of public revisions with the changes against the previous public one."""
    rows = []
    for row in _rows(session, revisions):
        number = history.before(session, row.person.id, row.head.number)
        before = history.at(session, row.person.id, number) if number else None
        rows.append(_row(row.person, row.head, before, None))
    return rows


def _last_notes(session: Session, revisions: Sequence[int]) -> dict[int, ReviewNote]:
    """Return the last review action on each revision; comments are ignored."""
    query = select(ReviewNote).where(
        ReviewNote.revision_id.in_(revisions), ReviewNote.kind != "comment"
    )
    return {note.revision_id: note for note in session.scalars(query.order_by(ReviewNote.id))}
