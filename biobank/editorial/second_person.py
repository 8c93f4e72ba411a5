"""The four-eyes rule: a user cannot publish contributions of their own.

A revision carries the ids of its contributing authors: all users who saved any part of what becomes
public with it. Saving on top of a draft, restoring an old draft or merging two records adds their
authors. Publication resets the list.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.policy import EDITORS, Action, allows, require
from biobank.editorial.models import Revision
from biobank.errors import OwnWork

#: Maximum number of possible reviewers named in a refusal.
TOLD_MOST = 5


def unread(revision: Revision | None) -> list[int]:
    """Return ids of users whose contributions were never public; none for a published revision."""
    if revision is None or revision.state == "published" or revision.published_at is not None:
        return []
    return revision.writers


def writers_upon(who: Identity, *taken_up: Revision | None) -> list[int]:
    """Return the contributing authors of a revision based on others; the operator is not one."""
    before = {user for revision in taken_up for user in unread(revision)}
    return sorted(before | ({who.user_id} if who.user_id is not None else set()))


def whose_work(revision: Revision, who: Identity) -> str:
    """Return `own` if the actor contributed to the revision, otherwise `another's`."""
    writers = {*revision.writers, revision.author_id}
    return "own" if who.user_id is not None and who.user_id in writers else "another's"


def only_work_forbids(revision: Revision, who: Identity) -> bool:
    """Return whether the actor could publish the revision had they not contributed to it."""
    return not allows(who, Action.PUBLISH_PEOPLE, whose_work(revision, who)) and allows(
        who, Action.PUBLISH_PEOPLE, "another's"
    )


def require_second_person(session: Session, who: Identity, revision: Revision) -> None:
    """Check that the actor may publish the revision.

    Raises:
        OwnWork: if the actor contributed to it.
        Forbidden: if the actor has no right to publish.
    """
    if only_work_forbids(revision, who):
        raise own_work(session, revision)
    require(who, Action.PUBLISH_PEOPLE, whose_work(revision, who))


def own_work(session: Session, revision: Revision) -> OwnWork:
    """Return the error with the names of the authors and of possible reviewers."""
    return OwnWork(
        _names(session, revision.writers) or [revision.author],
        _others(session, revision.writers),
    )


def _names(session: Session, ids: Sequence[int]) -> list[str]:
    query = select(User.name).where(User.id.in_(ids)).order_by(User.name)
    return list(session.scalars(query))


def _others(session: Session, writers: Sequence[int]) -> list[str]:
    """Return names of active users who may publish it."""
    query = select(User.name).where(
        User.role.in_(EDITORS), User.active, User.password.is_not(None), User.id.not_in(writers)
    )
    return list(session.scalars(query.order_by(User.name).limit(TOLD_MOST)))
