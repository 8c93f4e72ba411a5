"""Merging of people: one record absorbs another, and all references are redirected."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.editorial.merging.merge_plan import MergePlan, build_merge_plan
from biobank.editorial.merging.revision_writer import RevisionWriter, lock_people, move_references
from biobank.editorial.models import Merge, TextAge
from biobank.editorial.review.notes import add_note
from biobank.editorial.revisions.drafts import MAX_REVISION_MESSAGE_CHARS
from biobank.editorial.revisions.latest_revisions import latest_revision, require_seen
from biobank.editorial.revisions.publication import PersonRevision, publish_revisions, unpublish
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
        require_seen(plan.survivor, survivor_base)
        require_seen(plan.duplicate, duplicate_base)
        merge_row = _build_merge(session, actor, plan, text.strip()[:MAX_REVISION_MESSAGE_CHARS])
        _execute_merge(session, actor, people, plan, merge_row, choices)
        return merge_row


def _execute_merge(
    session: Session,
    actor: Identity,
    people: Mapping[str, Person],
    plan: MergePlan,
    merge_row: Merge,
    choices: Mapping[str, str],
) -> None:
    writer = RevisionWriter(session, actor, merge_message(merge_row), merge_row.at)
    result = plan.merged_record(choices)
    add = writer.publish if plan.publishes else writer.add_draft
    merged = add(plan.survivor, result, plan.duplicate)
    public: list[PersonRevision] = [(people[merged.person_id], merged)] if plan.publishes else []
    rewritten = [[merged.person_id, plan.survivor.number, merged.number]]
    for rewrite in plan.rewrites:
        revision, person = rewrite.revision, people[rewrite.revision.person_id]
        if rewrite.public:
            new_revision = writer.publish(latest_revision(session, person.id) or revision, rewrite.record)
            public.append((person, new_revision))
        else:
            new_revision = writer.add_rebased_draft(revision, revision.state, rewrite.record)
        rewritten.append([person.id, revision.number, new_revision.number])
    merge_row.rewritten = rewritten
    publish_revisions(session, public, merge_row.at)
    unpublish(session, people[merge_row.gone_id], "merged", merge_row.at)
    plan.duplicate.state = "withdrawn"
    add_note(session, actor, plan.duplicate, "withdrawn", merge_row.text)
    move_references(session, merge_row)
    session.add(merge_row)
    # Consumers of the change feed need the new target of each redirect.
    outbox.add(session, [merge_row.kept_id, *merge_row.redirects])
    kept = {"kept": merge_row.kept_id, "revision": merged.number}
    audit.record_for(session, actor, "merged", "person", merge_row.gone_id, **kept)
    session.flush()


def merge_message(merge_row: Merge) -> str:
    """Return the language-neutral message of the revisions: the ids and the reason."""
    return f"{merge_row.gone_id} → {merge_row.kept_id}" + (f": {merge_row.text}" if merge_row.text else "")


def _build_merge(session: Session, actor: Identity, plan: MergePlan, text: str) -> Merge:
    return Merge(
        kept_id=plan.survivor.person_id,
        gone_id=plan.duplicate.person_id,
        gone_number=plan.duplicate.number,
        gone_published=session.get_one(Person, plan.duplicate.person_id).published,
        gone_state=plan.duplicate.state,
        ages=get_text_ages(session, plan.survivor.person_id),
        text=text,
        at=now(),
        by=actor.name,
        by_id=actor.user_id,
    )
