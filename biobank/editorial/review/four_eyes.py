"""The four-eyes rule: a user cannot publish contributions of their own.

A revision carries the ids of its contributing authors: all users who saved any part of what becomes
public with it. Saving on top of a draft, restoring an old draft or merging two records adds their
authors. Publication resets the list.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.policy import EDITORS, Action, is_allowed, require
from biobank.editorial.models import Revision
from biobank.errors import OwnWork

#: Maximum number of possible reviewers named in a refusal.
MAX_NAMED_REVIEWERS = 5


def unreviewed_authors(revision: Revision | None) -> list[int]:
    """Return ids of users whose contributions were never public; none for a published revision."""
    if revision is None or revision.state == "published" or revision.published_at is not None:
        return []
    return revision.writers


def contributing_authors(actor: Identity, *revisions: Revision | None) -> list[int]:
    """Return the contributing authors of a revision based on others; the operator is not one."""
    authors = {user for revision in revisions for user in unreviewed_authors(revision)}
    return sorted(authors | ({actor.user_id} if actor.user_id is not None else set()))


def ownership(revision: Revision, actor: Identity) -> str:
    """Return `own` if the actor contributed to the revision, otherwise `another's`."""
    writers = {*revision.writers, revision.author_id}
    return "own" if actor.user_id is not None and actor.user_id in writers else "another's"


def blocked_by_four_eyes(revision: Revision, actor: Identity) -> bool:
    """Return whether the actor could publish the revision had they not contributed to it."""
    return not is_allowed(actor, Action.PUBLISH_PEOPLE, ownership(revision, actor)) and is_allowed(
        actor, Action.PUBLISH_PEOPLE, "another's"
    )


def require_four_eyes(session: Session, actor: Identity, revision: Revision) -> None:
    """Check that the actor may publish the revision.

    Raises:
        OwnWork: if the actor contributed to it.
        Forbidden: if the actor has no right to publish.
    """
    if blocked_by_four_eyes(revision, actor):
        raise own_work_error(session, revision)
    require(actor, Action.PUBLISH_PEOPLE, ownership(revision, actor))


def own_work_error(session: Session, revision: Revision) -> OwnWork:
    """Return the error with the names of the authors and of possible reviewers."""
    names = select(User.name).order_by(User.name)
    authors = session.scalars(names.where(User.id.in_(revision.writers)))
    can_publish = User.role.in_(EDITORS) & User.active & User.password.is_not(None)
    reviewers = names.where(can_publish, User.id.not_in(revision.writers)).limit(MAX_NAMED_REVIEWERS)
    return OwnWork(list(authors) or [revision.author], list(session.scalars(reviewers)))
