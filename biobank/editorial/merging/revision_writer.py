"""New revisions of locked people, within a transaction of the caller."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.editorial.inbox.triage import SETTLED_STATES
from biobank.editorial.models import ImportKey, InboxMessage, Merge, Redirect, Revision
from biobank.editorial.review.four_eyes import contributing_authors, unreviewed_authors
from biobank.editorial.review.notes import add_note
from biobank.editorial.revisions.latest_revisions import confirmed_languages, join_latest, latest_revision
from biobank.editorial.revisions.publication import related_ids
from biobank.errors import NotFound
from biobank.records.people.models import Person


def lock_people(session: Session, ids: Iterable[str]) -> dict[str, Person]:
    """Return these people by id, locked in a fixed order to prevent deadlocks.

    Raises:
        NotFound: if one does not exist.
    """
    unique_ids = sorted(set(ids))
    query = select(Person).where(Person.id.in_(unique_ids)).order_by(Person.id)
    # The weaker lock mode does not block the publication of relations to these people.
    people = {person.id: person for person in session.scalars(query.with_for_update(key_share=True))}
    for person_id in unique_ids:
        if person_id not in people:
            raise NotFound.person(person_id)
    return people


@dataclass(frozen=True)
class RevisionWriter:
    """Adds the revisions of one change: by whom, with which message and when."""

    session: Session
    actor: Identity
    message: str
    at: datetime

    def add(
        self, latest: Revision, record: Mapping[str, Any], state: str, merged_from: Revision | None = None
    ) -> Revision:
        """Add a revision after `latest`.

        A review of `latest` ends unless the new revision is published. `merged_from` is a revision of
        another person whose contents are included.
        """
        revision = Revision(
            person_id=latest.person_id,
            number=latest.number + 1,
            state=state,
            record=dict(record),
            author=self.actor.name,
            author_id=self.actor.user_id,
            writers=contributing_authors(self.actor, latest, merged_from),
            message=self.message,
            at=self.at,
            base=latest.number,
            agrees=[],
            credit="",
        )
        self.session.add(revision)
        if latest.state == "review" and state != "published":
            # Reviewers must not see the text change.
            latest.state = "draft"
            if state == "draft":
                add_note(self.session, self.actor, latest, "reopened")
        self.session.flush()
        return revision

    def add_draft(
        self, latest: Revision, record: Mapping[str, Any], merged_from: Revision | None = None
    ) -> Revision:
        """Add a draft after `latest`."""
        return self.add(latest, record, "draft", merged_from)

    def publish(
        self, latest: Revision, record: Mapping[str, Any], merged_from: Revision | None = None
    ) -> Revision:
        """Add a published revision, reviewed by the actor, after `latest`."""
        revision = self.add(latest, record, "published", merged_from)
        revision.reviewer, revision.reviewer_id = self.actor.name, self.actor.user_id
        return revision

    def add_rebased_draft(self, draft: Revision, state: str, record: Mapping[str, Any]) -> Revision:
        """Add a revision on top of all others, by the author of `draft`.

        Its contributing authors are those of `draft` too. This keeps the four-eyes rule: the draft's
        author could otherwise publish it after a redirect.
        """
        author = Identity("anonymous", "nothing", draft.author, draft.author_id)
        latest = latest_revision(self.session, draft.person_id) or draft
        revision = replace(self, actor=author).add(latest, record, state)
        revision.agrees = languages_confirmed_since_publication(self.session, draft)
        revision.credit, revision.writers = draft.credit, unreviewed_authors(draft)
        if draft.state == "review":
            draft.state = "draft"
        return revision


def languages_confirmed_since_publication(session: Session, draft: Revision) -> list[str]:
    """Return languages confirmed to agree in any draft since the public revision."""
    return confirmed_languages(session, draft, session.get_one(Person, draft.person_id).published or 0)


def find_open_revisions(session: Session, related_to: str = "") -> Sequence[Revision]:
    """Return the latest revisions that are drafts or in review, of people who are not withdrawn.

    With `related_to` only those whose record has a relation to that person.
    """
    query = (
        join_latest(select(Revision))
        .join(Person, Person.id == Revision.person_id)
        .where(or_(Revision.state == "draft", Revision.state == "review"), Person.withdrawn_at.is_(None))
        .order_by(Revision.person_id)
    )
    if related_to:
        # Prefilter in the database: few drafts contain this id. Ids consist of a–z, 0–9 and
        # hyphens.
        query = query.where(cast(Revision.record, String).like(f'%"{related_to}"%'))
    revisions = session.scalars(query)
    return [item for item in revisions if not related_to or related_to in related_ids(item.record)]


def move_references(session: Session, merge: Merge) -> None:
    """Move redirects, import keys and open messages from the duplicate to the surviving person.

    Existing redirects to the duplicate are updated, so that redirects never chain.
    """
    redirects_query = (
        select(Redirect.old_id).where(Redirect.new_id == merge.gone_id).order_by(Redirect.old_id)
    )
    merge.redirects = list(session.scalars(redirects_query))
    lines_query = select(ImportKey.file, ImportKey.key).where(ImportKey.person_id == merge.gone_id)
    merge.lines = [[line.file, line.key] for line in session.execute(lines_query)]
    messages_query = select(InboxMessage.id).where(
        InboxMessage.person_id == merge.gone_id, InboxMessage.state.not_in(SETTLED_STATES)
    )
    merge.messages = list(session.scalars(messages_query.order_by(InboxMessage.id)))
    _repoint(session, merge, merge.gone_id, merge.kept_id)
    session.add(Redirect(old_id=merge.gone_id, new_id=merge.kept_id, at=merge.at))
    session.flush()


def restore_references(session: Session, merge: Merge) -> None:
    """Revert `move_references` for everything that was not moved again since."""
    session.execute(delete(Redirect).where(Redirect.old_id == merge.gone_id))
    _repoint(session, merge, merge.kept_id, merge.gone_id)


def _repoint(session: Session, merge: Merge, old_id: str, new_id: str) -> None:
    redirects_update = update(Redirect).where(Redirect.old_id.in_(merge.redirects), Redirect.new_id == old_id)
    session.execute(redirects_update.values(new_id=new_id))
    for file, key in merge.lines:
        line_update = update(ImportKey).where(ImportKey.file == file, ImportKey.key == key)
        session.execute(line_update.where(ImportKey.person_id == old_id).values(person_id=new_id))
    messages_update = update(InboxMessage).where(
        InboxMessage.id.in_(merge.messages), InboxMessage.person_id == old_id
    )
    session.execute(messages_update.values(person_id=new_id))
