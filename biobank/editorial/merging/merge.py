"""Merging of people: one record absorbs another, and all references are redirected."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.making_public import Pair, make_public, take_out
from biobank.editorial.merging.ages import ages_of
from biobank.editorial.merging.following import lead_on
from biobank.editorial.merging.keeping import held, keep, keep_on_top
from biobank.editorial.merging.models import Merge
from biobank.editorial.merging.planning import Plan, Rewriting, plan
from biobank.editorial.models import Revision
from biobank.editorial.notes import note
from biobank.editorial.saving import MESSAGE_MOST, head
from biobank.errors import EditConflict
from biobank.records.people.models import Person
from biobank.store import outbox
from biobank.store.session import Database


def preview(database: Database, who: Identity, kept_id: str, gone_id: str) -> Plan:
    """Return the effects of merging the two, without writing anything.

    Raises:
        NotFound: if one of them does not exist.
        MergeRefused: if they cannot be merged.
    """
    require(who, Action.MERGE_PEOPLE)
    with database.read() as session:
        return plan(session, kept_id, gone_id)


def merge(
    database: Database,
    who: Identity,
    kept_id: str,
    gone_id: str,
    base_kept: int,
    base_gone: int,
    choices: Mapping[str, str],
    text: str = "",
) -> Merge:
    """Merge `duplicate_id` into `survivor_id`, and redirect the former permanently.

    The bases are the numbers of the latest revisions that the actor saw; `choices` are by the keys
    of the plan's field choices. If both latest revisions were public, the result is published at
    once, because all of it was reviewed. Otherwise it is a draft, and the survivor's public
    revision remains.

    Raises:
        NotFound: if one of them does not exist.
        MergeRefused: if they cannot be merged.
        EditConflict: if one of them was saved since.
        RecordRefused: if the result is invalid.
    """
    require(who, Action.MERGE_PEOPLE)
    with database.write() as session:
        people: dict[str, Person] = {}
        found = plan(session, kept_id, gone_id)
        # Plan once to know whom to lock, and again once they are locked; repeat if a new relation
        # to the duplicate was saved in between.
        while not people.keys() >= found.touched:
            people = held(session, found.touched)
            session.expire_all()
            found = plan(session, kept_id, gone_id)
        for newest, base in ((found.kept, base_kept), (found.gone, base_gone)):
            if newest.number != base:
                raise EditConflict(newest.person_id, base, newest.number)
        return _merge(session, who, people, found, choices, text.strip()[:MESSAGE_MOST])


def _merge(
    session: Session,
    who: Identity,
    people: Mapping[str, Person],
    found: Plan,
    choices: Mapping[str, str],
    text: str,
) -> Merge:
    at, gone = outbox.now(), people[found.gone.person_id]
    row = _row(session, who, found, gone, text, at)
    result = found.result(choices)
    state = "published" if found.publishes else "draft"
    made = keep(session, who, found.kept, result, state, message_of(row), at, found.gone)
    public: list[Pair] = [(people[made.person_id], made)] if found.publishes else []
    row.rewritten = [[made.person_id, found.kept.number, made.number]]
    for rewriting in found.rewritings:
        new = _rewrite(session, who, rewriting, message_of(row), at)
        row.rewritten = [*row.rewritten, [new.person_id, rewriting.revision.number, new.number]]
        public += [(people[new.person_id], new)] if rewriting.public else []
    for _person, revision in public:
        revision.reviewer, revision.reviewer_id = who.name, who.user_id
    make_public(session, public, at)
    _take_out(session, who, gone, found.gone, text, at)
    lead_on(session, row, at)
    session.add(row)
    # Consumers of the change feed need the new target of each redirect.
    outbox.add(session, [row.kept_id, *row.redirects])
    audit.note_about(
        session, who, "merged", "person", row.gone_id, kept=row.kept_id, revision=made.number
    )
    session.flush()
    return row


def message_of(row: Merge) -> str:
    """Return the language-neutral message of the revisions: the ids and the reason."""
    return f"{row.gone_id} → {row.kept_id}" + (f": {row.text}" if row.text else "")


def _row(
    session: Session, who: Identity, found: Plan, gone: Person, text: str, at: datetime
) -> Merge:
    return Merge(
        kept_id=found.kept.person_id,
        gone_id=gone.id,
        gone_number=found.gone.number,
        gone_published=gone.published,
        gone_state=found.gone.state,
        ages=ages_of(session, found.kept.person_id),
        text=text,
        at=at,
        by=who.name,
        by_id=who.user_id,
    )


def _rewrite(
    session: Session, who: Identity, rewriting: Rewriting, message: str, at: datetime
) -> Revision:
    old = rewriting.revision
    if rewriting.public:
        newest = head(session, old.person_id) or old
        return keep(session, who, newest, rewriting.record, "published", message, at)
    return keep_on_top(session, old, old.state, rewriting.record, message, at)


def _take_out(
    session: Session, who: Identity, gone: Person, newest: Revision, text: str, at: datetime
) -> None:
    """Withdraw the duplicate, including its latest draft."""
    take_out(session, gone, "merged", at)
    newest.state = "withdrawn"
    note(session, who, newest, "withdrawn", text)
