"""New revisions of locked people, within a transaction of the caller."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.editorial.models import Revision
from biobank.editorial.notes import note
from biobank.editorial.saving import head
from biobank.editorial.second_person import unread, writers_upon
from biobank.errors import NotFound
from biobank.records.people.models import Person


def held(session: Session, ids: Iterable[str]) -> dict[str, Person]:
    """Return these people by id, locked in a fixed order to prevent deadlocks.

    Raises:
        NotFound: if one does not exist.
    """
    wanted = sorted(set(ids))
    query = select(Person).where(Person.id.in_(wanted)).order_by(Person.id)
    # The weaker lock mode does not block the publication of relations to these people.
    found = {it.id: it for it in session.scalars(query.with_for_update(key_share=True))}
    for person_id in wanted:
        if person_id not in found:
            raise NotFound(f"There is no person {person_id[:120]!r}.")
    return found


def keep(
    session: Session,
    who: Identity,
    newest: Revision,
    record: Mapping[str, Any],
    state: str,
    message: str,
    at: datetime,
    beside: Revision | None = None,
) -> Revision:
    """Add a revision after `latest`.

    A review of `latest` ends unless the new revision is published. `merged_from` is a revision of
    another person whose contents are included.
    """
    revision = Revision(
        person_id=newest.person_id,
        number=newest.number + 1,
        state=state,
        record=dict(record),
        author=who.name,
        author_id=who.user_id,
        writers=writers_upon(who, newest, beside),
        message=message,
        at=at,
        base=newest.number,
        agrees=[],
        credit="",
    )
    session.add(revision)
    if newest.state == "review" and state != "published":
        # Reviewers must not see the text change.
        newest.state = "draft"
        if state == "draft":
            note(session, who, newest, "reopened")
    session.flush()
    return revision


def keep_on_top(
    session: Session,
    written: Revision,
    state: str,
    record: Mapping[str, Any],
    message: str,
    at: datetime,
) -> Revision:
    """Add a revision on top of all others, by the author of `draft`.

    Its contributing authors are those of `draft` too. This keeps the four-eyes rule: the draft's
    author could otherwise publish it after a redirect.
    """
    author = Identity("anonymous", "nothing", written.author, written.author_id)
    newest = head(session, written.person_id) or written
    revision = keep(session, author, newest, record, state, message, at)
    revision.agrees, revision.credit = agreed(session, written), written.credit
    revision.writers = unread(written)
    if written.state == "review":
        written.state = "draft"
    return revision


def agreed(session: Session, written: Revision) -> list[str]:
    """Return languages confirmed to agree in any draft since the public revision."""
    public = session.get_one(Person, written.person_id).published or 0
    since = select(Revision.agrees).where(
        Revision.person_id == written.person_id,
        Revision.number > public,
        Revision.number <= written.number,
    )
    return sorted({lang for said in session.scalars(since) for lang in said or ()})


def open_heads(session: Session, pointing_at: str = "") -> Sequence[Revision]:
    """Return the latest revisions that are drafts or in review, of people who are not withdrawn.

    With `related_to` only those whose record has a relation to that person.
    """
    newest = select(Revision.person_id, func.max(Revision.number).label("number"))
    latest = newest.group_by(Revision.person_id).subquery()
    query = (
        select(Revision)
        .join(
            latest,
            (latest.c.person_id == Revision.person_id) & (latest.c.number == Revision.number),
        )
        .join(Person, Person.id == Revision.person_id)
        .where(
            or_(Revision.state == "draft", Revision.state == "review"),
            Person.withdrawn_at.is_(None),
        )
        .order_by(Revision.person_id)
    )
    if pointing_at:
        # Prefilter in the database: few drafts contain this id. Ids consist of a–z, 0–9 and
        # hyphens.
        query = query.where(cast(Revision.record, String).like(f'%"{pointing_at}"%'))
    found = session.scalars(query)
    return [it for it in found if not pointing_at or _points_at(it.record, pointing_at)]


def _points_at(record: Mapping[str, Any], person_id: str) -> bool:
    return any(tie["person"] == person_id for tie in record.get("relations", ()))
