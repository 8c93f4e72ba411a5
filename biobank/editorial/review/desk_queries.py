"""Read-only queries of the editors' desk: latest revisions, review queue, overview, names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from threading import Lock
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.models import UNPUBLISHED_STATES, ReviewNote, Revision
from biobank.editorial.revisions import history
from biobank.editorial.revisions.latest_revisions import RevisionCursor, is_latest
from biobank.editorial.revisions.publication import public_revisions
from biobank.editorial.revisions.record_diff import RecordChange, diff_records
from biobank.names.folding import fold
from biobank.records.people.models import Person
from biobank.store.outbox import MAX_STATEMENT_VALUES, batched
from biobank.store.session import Database, read_page

#: Earlier than any timestamp. SQLite uses an index for a range condition, but not for IS NOT NULL.
_EARLIEST: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass
class LatestNameIndex:
    """The folded words of names and ids. Safe to share between threads.

    The first call reads all people, which takes seconds in a large bank; later calls read only what
    was written since.
    """

    #: By person id: the id of the latest revision, and its words, each preceded by a space.
    _entries: dict[str, tuple[int, str]] = field(default_factory=dict)
    _cursor: RevisionCursor = field(default_factory=RevisionCursor)
    _update_lock: Lock = field(default_factory=Lock)

    def search(self, session: Session, words: str) -> list[int]:
        """Return latest revisions with a word starting with each of `words`, newest first.

        A redacted revision is matched by its person id only.
        """
        prefixes = [f" {prefix}" for prefix in fold(words).split()]
        redacted = _redacted_latest(session)
        with self._update_lock:
            self._update(session)
            entries = list(self._entries.items())
        ids: list[int] = []
        for person_id, (id_, indexed_words) in entries:
            searched = _index_words(person_id) if id_ in redacted else indexed_words
            if all(prefix in searched for prefix in prefixes):
                ids.append(id_)
        return sorted(ids, reverse=True)

    def _update(self, session: Session) -> None:
        changed, cursor = self._cursor.advance(session)
        query = select(Revision.id, Revision.person_id, Revision.record["names"]).where(is_latest())
        query = query.execution_options(yield_per=MAX_STATEMENT_VALUES)
        batches = batched(changed or [], MAX_STATEMENT_VALUES)
        queries = (
            [query] if changed is None else [query.where(Revision.person_id.in_(ids)) for ids in batches]
        )
        for id_, person_id, names in chain.from_iterable(map(session.execute, queries)):
            texts = (name["text"] for name in names or ())
            self._entries[person_id] = (id_, _index_words(person_id, *texts))
        self._cursor = cursor


def _index_words(person_id: str, *names: str) -> str:
    """Return every distinct word of the id and the names, each preceded by a space."""
    words = (word for text in (person_id.replace("-", " "), *names) for word in fold(text).split())
    return "".join(f" {word}" for word in dict.fromkeys(words))


def _redacted_latest(session: Session) -> set[int]:
    """Return redacted latest revisions; only those of withdrawn people can be redacted."""
    withdrawn = select(Person.id).where(Person.withdrawn_at >= _EARLIEST)
    is_redacted = Revision.redacted_at.is_not(None)
    return set(session.scalars(select(Revision.id).where(Revision.person_id.in_(withdrawn), is_redacted)))


#: Number of rows of each list on the first page of the desk.
OVERVIEW_ROWS = 10


@dataclass(frozen=True)
class DeskRecord:
    """A record at the desk: the latest revision and its changes against the public one.

    `is_new` is true if nothing was public before; `note` is the last review action on that
    revision.
    """

    person: Person
    revision: Revision
    changes: tuple[RecordChange, ...]
    is_new: bool
    note: ReviewNote | None

    @property
    def is_returned(self) -> bool:
        """Return whether a reviewer returned the draft and it has not been saved since."""
        note = self.note
        return self.revision.state == "draft" and note is not None and note.kind == "returned"


@dataclass(frozen=True)
class DeskOverview:
    """The lists on the first page of the desk."""

    returned: tuple[DeskRecord, ...]
    drafts: tuple[DeskRecord, ...]
    submitted: tuple[DeskRecord, ...]
    published: tuple[DeskRecord, ...]
    #: Number of records in review, by any author.
    in_review: int


def desk_overview(database: Database, actor: Identity) -> DeskOverview:
    """Return the user's own drafts and submissions, and the most recent publications."""
    require(actor, Action.SEE_DESK)
    is_own = Revision.author_id == actor.user_id
    with database.read() as session:
        own_drafts = _build_rows(session, session.scalars(_latest_query("draft").where(is_own).limit(100)))
        submitted = session.scalars(_latest_query("review").where(is_own).limit(OVERVIEW_ROWS))
        public_query = select(Revision).join(Person).where(Person.published == Revision.number)
        published = session.scalars(public_query.order_by(Person.updated_at.desc()).limit(OVERVIEW_ROWS))
        return DeskOverview(
            returned=tuple(row for row in own_drafts if row.is_returned),
            drafts=tuple(row for row in own_drafts if not row.is_returned),
            submitted=tuple(_build_rows(session, submitted)),
            published=tuple(_published_rows(session, published)),
            in_review=_count(session, _latest_query("review")),
        )


def review_queue(database: Database, actor: Identity, page: int, size: int) -> tuple[list[DeskRecord], int]:
    """Return a page of the records in review, the longest waiting first, and the total."""
    require(actor, Action.SEE_DESK)
    submitted_at = (
        select(func.max(ReviewNote.at))
        .where(ReviewNote.revision_id == Revision.id, ReviewNote.kind == "submitted")
        .scalar_subquery()
    )
    query = _latest_query("review").order_by(None).order_by(func.coalesce(submitted_at, Revision.at))
    with database.read() as session:
        revisions, total = read_page(session, query, page, size)
        return _build_rows(session, revisions), total


def list_people(
    database: Database,
    names: LatestNameIndex,
    actor: Identity,
    state: str,
    text: str,
    page: int,
    size: int,
    import_run: int | None = None,
) -> tuple[list[DeskRecord], int]:
    """Return a page of all records, last saved first, and the total.

    `state` filters by the state of the latest revision (empty: any); every word of `text` must be a
    prefix of a word of a name; `import_run` filters by the import that made the revision.
    """
    require(actor, Action.SEE_DESK)
    query = _latest_query(state)
    if import_run is not None:
        query = query.where(Revision.import_run == import_run)
    with database.read() as session:
        if not fold(text).strip():
            revisions = session.scalars(query.limit(size).offset((page - 1) * size))
            rows = _build_rows(session, revisions)
            return rows, _count_latest(session, state) if import_run is None else _count(session, query)
        ids = names.search(session, text)
        if state or import_run is not None:
            ids = _filter_ids(session, query, ids)
        page_ids = ids[(page - 1) * size : page * size]
        selected = session.scalars(select(Revision).where(Revision.id.in_(page_ids)))
        return _build_rows(session, sorted(selected, key=lambda revision: -revision.id)), len(ids)


def latest_names(session: Session, ids: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """Return the names of people, public or not, as in their latest revisions."""
    query = _latest_query().where(Revision.person_id.in_(ids))
    rows = session.execute(query.with_only_columns(Revision.person_id, Revision.record["names"]))
    return {person_id: names for person_id, names in rows if names}


def _latest_query(state: str = "") -> Select[Revision]:
    """Return a query for the latest revision of every person, last saved first.

    Revision ids grow with time, and ordering by them is faster than ordering by a timestamp.
    """
    query = select(Revision).where(is_latest()).order_by(Revision.id.desc())
    if state == "withdrawn":
        # A withdrawn person may already have a newer draft.
        return query.join(Person).where(Person.withdrawn_at.is_not(None))
    return query.where(Revision.state == state) if state else query


def _count(session: Session, query: Select[Revision]) -> int:
    return session.scalar(query.order_by(None).with_only_columns(func.count(Revision.id))) or 0


def _count_latest(session: Session, state: str) -> int:
    """Return the number of latest revisions in a state (empty: any).

    Almost all are published. These are counted as the number of people minus the others, which an
    index answers without reading the revisions.
    """
    if state not in ("", "published"):
        return _count(session, _latest_query(state))
    total = session.scalar(select(func.count(Revision.person_id.distinct()))) or 0
    if not state:
        return total
    return total - _count(session, _latest_query().where(Revision.state.in_(UNPUBLISHED_STATES)))


def _filter_ids(session: Session, query: Select[Revision], ids: Sequence[int]) -> list[int]:
    """Return those of `ids` that the query matches, in the same order."""
    id_query = query.order_by(None).with_only_columns(Revision.id)
    batches = batched(ids, MAX_STATEMENT_VALUES)
    matching = {id_ for batch in batches for id_ in session.scalars(id_query.where(Revision.id.in_(batch)))}
    return [id_ for id_ in ids if id_ in matching]


def _build_rows(session: Session, revisions: Iterable[Revision]) -> list[DeskRecord]:
    latest = list(revisions)
    ids = [revision.person_id for revision in latest]
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
    public = public_revisions(session, people.values())
    notes = _last_notes(session, [revision.id for revision in latest])
    return [
        _build_row(people[item.person_id], item, public.get(item.person_id), notes.get(item.id))
        for item in latest
    ]


def _build_row(
    person: Person, revision: Revision, before: Revision | None, note: ReviewNote | None
) -> DeskRecord:
    changes = diff_records(before.record if before else {}, revision.record)
    return DeskRecord(person, revision, tuple(changes), before is None, note)


def _published_rows(session: Session, revisions: Iterable[Revision]) -> list[DeskRecord]:
    """Return rows of public revisions with the changes against the previous public one."""
    rows = []
    for row in _build_rows(session, revisions):
        number = history.previous_number(session, row.person.id, row.revision.number)
        before = history.get_revision(session, row.person.id, number) if number else None
        rows.append(_build_row(row.person, row.revision, before, None))
    return rows


def _last_notes(session: Session, revisions: Sequence[int]) -> dict[int, ReviewNote]:
    """Return the last review action on each revision; comments are ignored."""
    query = select(ReviewNote).where(ReviewNote.revision_id.in_(revisions), ReviewNote.kind != "comment")
    return {note.revision_id: note for note in session.scalars(query.order_by(ReviewNote.id))}
