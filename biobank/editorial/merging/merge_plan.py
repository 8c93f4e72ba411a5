"""The plan of a merge: the records found, the merged record, and the records to rewrite."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.merging.field_choices import FieldChoice, build_field_choices
from biobank.editorial.merging.record_merge import merge_two_records, redirect_relations
from biobank.editorial.merging.revision_writer import find_open_revisions
from biobank.editorial.models import Revision
from biobank.editorial.revisions.latest_revisions import (
    latest_revision,
    load_latest_revisions,
    require_latest,
)
from biobank.editorial.revisions.publication import public_revisions
from biobank.errors import MergeRefused
from biobank.names.folding import fold
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.search.service import SearchService
from biobank.store.session import Database

#: Maximum number of records offered.
MAX_OFFERED_RECORDS = 8


@dataclass(frozen=True)
class RecordRewrite:
    """A revision of another person that refers to the duplicate, and its rewritten record."""

    revision: Revision
    record: dict[str, Any]
    public: bool


@dataclass(frozen=True)
class MergePlan:
    """The plan of a merge; `publishes` is false if the result is a draft."""

    survivor: Revision
    duplicate: Revision
    field_choices: tuple[FieldChoice, ...]
    rewrites: tuple[RecordRewrite, ...]
    publishes: bool

    @property
    def affected_ids(self) -> set[str]:
        """Return the ids of all people who get a new revision."""
        other_ids = {rewrite.revision.person_id for rewrite in self.rewrites}
        return {self.survivor.person_id, self.duplicate.person_id, *other_ids}

    def merged_record(self, choices: Mapping[str, str]) -> dict[str, Any]:
        """Return the merged record.

        Raises:
            RecordRefused: if the choices make an invalid record.
        """
        return merge_two_records(self.survivor.record, self.duplicate.record, choices)


def build_merge_plan(session: Session, survivor_id: str, duplicate_id: str) -> MergePlan:
    """Return the plan of merging `duplicate_id` into `survivor_id`.

    Raises:
        NotFound: if one of them does not exist.
        MergeRefused: if the two cannot be merged.
    """
    if survivor_id == duplicate_id:
        raise MergeRefused("same", "These are already one record. Choose another one.", survivor_id)
    (survivor, survivor_latest), (duplicate, duplicate_latest) = (
        require_present(session, person_id) for person_id in (survivor_id, duplicate_id)
    )
    if duplicate.published is not None and survivor.published is None:
        raise MergeRefused("draft_kept", "Choose the published record as the target.", duplicate_id)
    return MergePlan(
        survivor=survivor_latest,
        duplicate=duplicate_latest,
        field_choices=tuple(build_field_choices(survivor_latest.record, duplicate_latest.record)),
        rewrites=tuple(_find_rewrites(session, survivor_id, duplicate_id)),
        publishes=all(
            person.published == latest.number
            for person, latest in ((survivor, survivor_latest), (duplicate, duplicate_latest))
        ),
    )


def require_present(session: Session, person_id: str) -> tuple[Person, Revision]:
    """Return a person who was not withdrawn, and the latest revision.

    Raises:
        NotFound: if the person does not exist.
        MergeRefused: if the person was withdrawn or merged.
    """
    latest = require_latest(session, person_id)
    person = session.get_one(Person, person_id)
    if person.withdrawn_at is not None:
        raise MergeRefused("absent", f"{person_id!r} was withdrawn or already merged.", person_id)
    return person, latest


def _find_rewrites(session: Session, survivor_id: str, duplicate_id: str) -> list[RecordRewrite]:
    related_ids = {
        row.person_id for row in queries.relations_to(session, [duplicate_id]).get(duplicate_id, ())
    }
    people = [session.get_one(Person, id_) for id_ in sorted(related_ids - {survivor_id, duplicate_id})]
    public = {item.id: item for item in public_revisions(session, people).values()}
    # A draft stays on top of the public revision, even if it does not refer to the duplicate.
    latest = [latest_revision(session, person.id) for person in people]
    drafts = {item.id: item for item in (*find_open_revisions(session, duplicate_id), *filter(None, latest))}
    rewrites = [
        RecordRewrite(item, redirect_relations(item.record, duplicate_id, survivor_id), item.id in public)
        for item in (drafts | public).values()
        if item.person_id not in (survivor_id, duplicate_id)
    ]
    return sorted(rewrites, key=lambda item: (item.revision.person_id, not item.public))


def find_records(
    database: Database, search: SearchService, actor: Identity, text: str, lang: str
) -> list[Revision]:
    """Return the latest revisions of people with the id `text` or a matching name."""
    require(actor, Action.MERGE_PEOPLE)
    public = [item.id for item in search.suggest(text, lang, MAX_OFFERED_RECORDS)] if text.strip() else []
    with database.read() as session:
        folded_text = fold(text.strip())
        drafts = [
            item.person_id
            for item in find_open_revisions(session)
            if folded_text and _matches_name(item, folded_text)
        ]
        return list(load_present(session, [text.strip(), *public, *drafts]).values())[:MAX_OFFERED_RECORDS]


def load_present(session: Session, ids: Sequence[str]) -> dict[str, Revision]:
    """Return the latest revisions of those of `ids` that are not withdrawn, in that order."""
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
    revisions = load_latest_revisions(session, ids)
    return {item.person_id: item for item in revisions if people[item.person_id].withdrawn_at is None}


def _matches_name(revision: Revision, folded_text: str) -> bool:
    return any(folded_text in fold(name["text"]) for name in revision.record.get("names", ()))
