"""Merging of people: one record absorbs another, and all references are redirected."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.merging.merge_plan import MergePlan, RecordRewrite, build_merge_plan
from biobank.editorial.merging.revision_writer import (
    add_rebased_draft,
    add_revision,
    lock_people,
    move_references,
)
from biobank.editorial.models import Merge, Revision, TextAge
from biobank.editorial.review.notes import add_note
from biobank.editorial.revisions.drafts import MAX_REVISION_MESSAGE_CHARS
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.editorial.revisions.publication import PersonRevision, publish_revisions, unpublish
from biobank.errors import EditConflict
from biobank.records.people.models import Person
from biobank.store import outbox
from biobank.store.session import Database


def get_text_ages(session: Session, person_id: str) -> list[list[Any]]:
    """Return `[lang, changed, agrees]` of each text of a person."""
    query = select(TextAge).where(TextAge.person_id == person_id).order_by(TextAge.lang)
    return [[age.lang, age.changed, age.agrees] for age in session.scalars(query)]


def restore_text_ages(
    session: Session,
    person_id: str,
    ages: Iterable[list[Any]],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Restore the ages of texts that are equal in `before` and `after`."""
    old, new = before.get("biography", {}), after.get("biography", {})
    for lang, changed, agrees in ages:
        age = session.get(TextAge, (person_id, lang))
        if age is not None and old.get(lang) == new.get(lang):
            age.changed, age.agrees = changed, agrees


def preview_merge(database: Database, actor: Identity, survivor_id: str, duplicate_id: str) -> MergePlan:
    """Return the effects of merging the two, without writing anything.

    Raises:
        NotFound: if one of them does not exist.
        MergeRefused: if they cannot be merged.
    """
    require(actor, Action.MERGE_PEOPLE)
    with database.read() as session:
        return build_merge_plan(session, survivor_id, duplicate_id)


def merge_people(
    database: Database,
    actor: Identity,
    survivor_id: str,
    duplicate_id: str,
    survivor_base: int,
    duplicate_base: int,
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
    require(actor, Action.MERGE_PEOPLE)
    with database.write() as session:
        people: dict[str, Person] = {}
        plan = build_merge_plan(session, survivor_id, duplicate_id)
        # Plan once to know whom to lock, and again once they are locked; repeat if a new relation
        # to the duplicate was saved in between.
        while not people.keys() >= plan.affected_ids:
            people = lock_people(session, plan.affected_ids)
            session.expire_all()
            plan = build_merge_plan(session, survivor_id, duplicate_id)
        for latest, base in ((plan.survivor, survivor_base), (plan.duplicate, duplicate_base)):
            if latest.number != base:
                raise EditConflict(latest.person_id, base, latest.number)
        return _execute_merge(
            session, actor, people, plan, choices, text.strip()[:MAX_REVISION_MESSAGE_CHARS]
        )


def _execute_merge(
    session: Session,
    actor: Identity,
    people: Mapping[str, Person],
    plan: MergePlan,
    choices: Mapping[str, str],
    text: str,
) -> Merge:
    merged_at, duplicate = outbox.now(), people[plan.duplicate.person_id]
    merge_row = _build_merge(session, actor, plan, duplicate, text, merged_at)
    result = plan.merged_record(choices)
    state = "published" if plan.publishes else "draft"
    merged_revision = add_revision(
        session, actor, plan.survivor, result, state, merge_message(merge_row), merged_at, plan.duplicate
    )
    public: list[PersonRevision] = (
        [(people[merged_revision.person_id], merged_revision)] if plan.publishes else []
    )
    merge_row.rewritten = [[merged_revision.person_id, plan.survivor.number, merged_revision.number]]
    for rewrite in plan.rewrites:
        new_revision = _save_rewrite(session, actor, rewrite, merge_message(merge_row), merged_at)
        merge_row.rewritten = [
            *merge_row.rewritten,
            [new_revision.person_id, rewrite.revision.number, new_revision.number],
        ]
        public += [(people[new_revision.person_id], new_revision)] if rewrite.public else []
    for _person, revision in public:
        revision.reviewer, revision.reviewer_id = actor.name, actor.user_id
    publish_revisions(session, public, merged_at)
    _withdraw_duplicate(session, actor, duplicate, plan.duplicate, text, merged_at)
    move_references(session, merge_row, merged_at)
    session.add(merge_row)
    # Consumers of the change feed need the new target of each redirect.
    outbox.add(session, [merge_row.kept_id, *merge_row.redirects])
    audit.record_for(
        session,
        actor,
        "merged",
        "person",
        merge_row.gone_id,
        kept=merge_row.kept_id,
        revision=merged_revision.number,
    )
    session.flush()
    return merge_row


def merge_message(merge_row: Merge) -> str:
    """Return the language-neutral message of the revisions: the ids and the reason."""
    return f"{merge_row.gone_id} → {merge_row.kept_id}" + (f": {merge_row.text}" if merge_row.text else "")


def _build_merge(
    session: Session, actor: Identity, plan: MergePlan, duplicate: Person, text: str, merged_at: datetime
) -> Merge:
    return Merge(
        kept_id=plan.survivor.person_id,
        gone_id=duplicate.id,
        gone_number=plan.duplicate.number,
        gone_published=duplicate.published,
        gone_state=plan.duplicate.state,
        ages=get_text_ages(session, plan.survivor.person_id),
        text=text,
        at=merged_at,
        by=actor.name,
        by_id=actor.user_id,
    )


def _save_rewrite(
    session: Session, actor: Identity, rewrite: RecordRewrite, message: str, merged_at: datetime
) -> Revision:
    revision = rewrite.revision
    if rewrite.public:
        latest = latest_revision(session, revision.person_id) or revision
        return add_revision(session, actor, latest, rewrite.record, "published", message, merged_at)
    return add_rebased_draft(session, revision, revision.state, rewrite.record, message, merged_at)


def _withdraw_duplicate(
    session: Session, actor: Identity, duplicate: Person, latest: Revision, text: str, merged_at: datetime
) -> None:
    """Withdraw the duplicate, including its latest draft."""
    unpublish(session, duplicate, "merged", merged_at)
    latest.state = "withdrawn"
    add_note(session, actor, latest, "withdrawn", text)
