"""New revisions of people whose rows are held, within a transaction that the caller owns."""

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
    """These people by id, held in one order, so that of two who hold none waits for the other.

    Raises:
        NotFound: where one is not there.
    """
    wanted = sorted(set(ids))
    query = select(Person).where(Person.id.in_(wanted)).order_by(Person.id)
    # Not so firmly that whoever publishes a tie to one of them has to wait, and may hold another.
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
    """A new revision after `newest`, whose review ends unless it is published beside it.

    `beside` is a revision of another person that it takes up as well.
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
        # What is read by a reviewer is never another text than the one handed in.
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
    """As `keep`, after the newest and in the name of the author of `written`: it is their text.

    Else whoever wrote a draft could publish it once a tie in it was led elsewhere; its writers
    stay those of `written` too.
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
    """Languages that any draft since what is public was said to agree in."""
    public = session.get_one(Person, written.person_id).published or 0
    since = select(Revision.agrees).where(
        Revision.person_id == written.person_id,
        Revision.number > public,
        Revision.number <= written.number,
    )
    return sorted({lang for said in session.scalars(since) for lang in said or ()})


def open_heads(session: Session, pointing_at: str = "") -> Sequence[Revision]:
    """The newest revisions that are drafts or in review, of people who are not withdrawn.

    With `pointing_at` only those whose record has a tie to that person.
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
        # Read by the database first: of many drafts few name this person. Ids are of a–z, 0–9, -.
        query = query.where(cast(Revision.record, String).like(f'%"{pointing_at}"%'))
    found = session.scalars(query)
    return [it for it in found if not pointing_at or _points_at(it.record, pointing_at)]


def _points_at(record: Mapping[str, Any], person_id: str) -> bool:
    return any(tie["person"] == person_id for tie in record.get("relations", ()))
