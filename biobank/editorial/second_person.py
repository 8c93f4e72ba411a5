"""The second person: nobody publishes what holds words of theirs that nobody else has read yet.

A revision carries the ids of its writers: of everybody who saved any of what becomes public with
it. Who saves upon a draft joins its writers, who restores an old draft joins the writers of that
one, and who merges two records those of both. Publishing ends it: what is public was read.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.policy import EDITORS, Action, allows, require
from biobank.editorial.models import Revision
from biobank.errors import OwnWork

#: Names that a refusal tells of those who may publish.
TOLD_MOST = 5


def unread(revision: Revision | None) -> list[int]:
    """Ids of the users whose words in it were never public; none where it was public itself."""
    if revision is None or revision.state == "published" or revision.published_at is not None:
        return []
    return revision.writers


def writers_upon(who: Identity, *taken_up: Revision | None) -> list[int]:
    """The writers of what `who` makes of these revisions. The operator is none: free of it all."""
    before = {user for revision in taken_up for user in unread(revision)}
    return sorted(before | ({who.user_id} if who.user_id is not None else set()))


def whose_work(revision: Revision, who: Identity) -> str:
    """`own` where any of it is theirs, else `another's`: what the table of rights asks."""
    writers = {*revision.writers, revision.author_id}
    return "own" if who.user_id is not None and who.user_id in writers else "another's"


def only_work_forbids(revision: Revision, who: Identity) -> bool:
    """Whether `who` could publish it, had they written none of it."""
    return not allows(who, Action.PUBLISH_PEOPLE, whose_work(revision, who)) and allows(
        who, Action.PUBLISH_PEOPLE, "another's"
    )


def require_second_person(session: Session, who: Identity, revision: Revision) -> None:
    """Raises OwnWork where `who` wrote any of it, Forbidden where they publish nothing at all."""
    if only_work_forbids(revision, who):
        raise own_work(session, revision)
    require(who, Action.PUBLISH_PEOPLE, whose_work(revision, who))


def own_work(session: Session, revision: Revision) -> OwnWork:
    """The refusal, with the names of its writers and of those who may publish it."""
    return OwnWork(
        _names(session, revision.writers) or [revision.author],
        _others(session, revision.writers),
    )


def _names(session: Session, ids: Sequence[int]) -> list[str]:
    query = select(User.name).where(User.id.in_(ids)).order_by(User.name)
    return list(session.scalars(query))


def _others(session: Session, writers: Sequence[int]) -> list[str]:
    """Names of some who may publish it: those who signed up, and are let in."""
    query = select(User.name).where(
        User.role.in_(EDITORS), User.active, User.password.is_not(None), User.id.not_in(writers)
    )
    return list(session.scalars(query.order_by(User.name).limit(TOLD_MOST)))
