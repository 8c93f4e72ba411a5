"""What lies on the desk: every record by its newest revision, what waits for whom. Read only."""

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

#: Rows of each list on the first page of the desk.
FIRST = 10


@dataclass(frozen=True)
class Row:
    """A record at the desk: its newest revision, and what that changes of what is public.

    `is_new` where nothing was public before; `note` is what was done last to that revision.
    """

    person: Person
    head: Revision
    changes: tuple[Change, ...]
    is_new: bool
    note: ReviewNote | None

    @property
    def is_returned(self) -> bool:
        """Whether a reviewer gave it back, and nobody has saved since."""
        note = self.note
        return self.head.state == "draft" and note is not None and note.kind == "returned"


@dataclass(frozen=True)
class Waiting:
    """What the first page of the desk shows to one who works there."""

    returned: tuple[Row, ...]
    drafts: tuple[Row, ...]
    handed_in: tuple[Row, ...]
    published: tuple[Row, ...]
    #: How many records wait for a review, whoever wrote them.
    in_review: int


def waiting(database: Database, who: Identity) -> Waiting:
    """What waits for `who`, and what became public last."""
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
    """A page of what waits for a review, the longest first, and how much there is."""
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
    """A page of all records, last saved first, and how many there are.

    `state` is that of the newest revision, none for any; of `words` each begins a word of a name;
    `run` is the import that made it.
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
    """The names of people, public or not, as their newest revisions have them."""
    query = _heads().where(Revision.person_id.in_(ids))
    rows = session.execute(query.with_only_columns(Revision.person_id, Revision.record["names"]))
    return {person_id: names for person_id, names in rows if names}


def _heads(state: str = "") -> Select[Revision]:
    """The newest revision of every person, last saved first.

    Revisions get their ids when they are saved: there is no quicker order of time than theirs.
    """
    query = select(Revision).where(is_newest()).order_by(Revision.id.desc())
    if state == "withdrawn":
        # Something newer may be written already of who is out of the bank.
        return query.join(Person).where(Person.withdrawn_at.is_not(None))
    return query.where(Revision.state == state) if state else query


def _count(session: Session, query: Select[Revision]) -> int:
    return session.scalar(query.order_by(None).with_only_columns(func.count(Revision.id))) or 0


def _count_heads(session: Session, state: str) -> int:
    """How many heads there are in a state, none for any.

    Nearly all are published, and are counted as those that are left: whoever has a revision has a
    newest one, which an index tells without a look at them.
    """
    if state not in ("", "published"):
        return _count(session, _heads(state))
    everybody = session.scalar(select(func.count(Revision.person_id.distinct()))) or 0
    others = _count(session, _heads().where(Revision.state.in_(NOT_PUBLISHED))) if state else 0
    return everybody - others


def _within(session: Session, query: Select[Revision], ids: Sequence[int]) -> list[int]:
    """Those of `ids` that a query has, in their order."""
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
    """Public revisions with what each changed of the public one before it."""
    rows = []
    for row in _rows(session, revisions):
        number = history.before(session, row.person.id, row.head.number)
        before = history.at(session, row.person.id, number) if number else None
        rows.append(_row(row.person, row.head, before, None))
    return rows


def _last_notes(session: Session, revisions: Sequence[int]) -> dict[int, ReviewNote]:
    """What was done last to each revision; a comment does nothing to it."""
    query = select(ReviewNote).where(
        ReviewNote.revision_id.in_(revisions), ReviewNote.kind != "comment"
    )
    return {note.revision_id: note for note in session.scalars(query.order_by(ReviewNote.id))}
