"""The plan of a merge: the merged record, and the records to rewrite."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from biobank.editorial.making_public import public_revisions
from biobank.editorial.merging.combining import combine, redirected
from biobank.editorial.merging.keeping import open_heads
from biobank.editorial.merging.parts import Part, parts
from biobank.editorial.models import Revision
from biobank.editorial.saving import head
from biobank.errors import MergeRefused, NotFound
from biobank.records.people import queries
from biobank.records.people.models import Person


@dataclass(frozen=True)
class Rewriting:
    """A revision of another person that refers to the duplicate, and its rewritten record."""

    revision: Revision
    record: dict[str, Any]
    public: bool


@dataclass(frozen=True)
class Plan:
    """The plan of a merge; `publishes` is false if the result is a draft."""

    kept: Revision
    gone: Revision
    parts: tuple[Part, ...]
    rewritings: tuple[Rewriting, ...]
    publishes: bool

    @property
    def touched(self) -> set[str]:
        """Return the ids of all people who get a new revision."""
        others = {it.revision.person_id for it in self.rewritings}
        return {self.kept.person_id, self.gone.person_id, *others}

    def result(self, choices: Mapping[str, str]) -> dict[str, Any]:
        """Return the merged record.

        Raises:
            RecordRefused: if the choices make an invalid record.
        """
        return combine(self.kept.record, self.gone.record, choices)


def plan(session: Session, kept_id: str, gone_id: str) -> Plan:
    """Return the plan of merging `duplicate_id` into `survivor_id`.

    Raises:
        NotFound: if one of them does not exist.
        MergeRefused: if the two cannot be merged.
    """
    if kept_id == gone_id:
        raise MergeRefused("same", "These two are one record already; choose another one.", kept_id)
    (kept, kept_head), (gone, gone_head) = (_present(session, it) for it in (kept_id, gone_id))
    if gone.published is not None and kept.published is None:
        raise MergeRefused("draft_kept", "Keep the one that is public.", gone_id)
    return Plan(
        kept=kept_head,
        gone=gone_head,
        parts=tuple(parts(kept_head.record, gone_head.record)),
        rewritings=tuple(_rewritings(session, kept_id, gone_id)),
        publishes=all(
            person.published == newest.number
            for person, newest in ((kept, kept_head), (gone, gone_head))
        ),
    )


def _present(session: Session, person_id: str) -> tuple[Person, Revision]:
    person, newest = session.get(Person, person_id), head(session, person_id)
    if person is None or newest is None:
        raise NotFound(f"There is no person {person_id[:120]!r}.")
    if person.withdrawn_at is not None:
        message = f"{person_id!r} was taken out of the bank, or merged already."
        raise MergeRefused("absent", message, person_id)
    return person, newest


def _rewritings(session: Session, kept_id: str, gone_id: str) -> list[Rewriting]:
    pointing = {row.person_id for row in queries.relations_to(session, [gone_id]).get(gone_id, ())}
    people = [session.get_one(Person, id_) for id_ in sorted(pointing - {kept_id, gone_id})]
    found = {it.id: it for it in public_revisions(session, people).values()}
    # A draft stays on top of the public revision, even if it does not refer to the duplicate.
    above = [head(session, person.id) for person in people]
    drafts = {it.id: it for it in (*open_heads(session, gone_id), *filter(None, above))}
    rewritings = [
        Rewriting(it, redirected(it.record, gone_id, kept_id), it.id in found)
        for it in (drafts | found).values()
        if it.person_id not in (kept_id, gone_id)
    ]
    return sorted(rewritings, key=lambda it: (it.revision.person_id, not it.public))
