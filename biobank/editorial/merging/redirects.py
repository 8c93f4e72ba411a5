"""Redirects of merged people, and resolution of all merged ids in records."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from biobank.common.grouping import group_pairs
from biobank.editorial.merging.record_merge import redirect_relations, without_relations_to
from biobank.editorial.models import Redirect, Revision
from biobank.records.people.reference_checks import referenced_keys
from biobank.records.reference.redirects import load_redirects, redirect_references


def load_person_redirects(session: Session, ids: Collection[str] | None = None) -> dict[str, str]:
    """Return the target of each merged id; or of those among `ids`."""
    query = select(Redirect.old_id, Redirect.new_id)
    if ids is not None:
        query = query.where(Redirect.old_id.in_(ids))
    rows = session.execute(query) if ids is None or ids else ()
    return {row.old_id: row.new_id for row in rows}


def find_survivor_id(session: Session, person_id: str) -> str:
    """Return the id that a merged person redirects to, public or not; empty if not merged."""
    query = select(Redirect.new_id).where(Redirect.old_id == person_id)
    return session.scalar(query) or ""


def find_public_redirects(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Return the targets of those of `ids` that were public before their merge."""
    query = select(Redirect.old_id, Redirect.new_id)
    rows = session.execute(query.where(Redirect.old_id.in_(ids), _was_public()))
    return {row.old_id: row.new_id for row in rows}


def find_public_aliases(session: Session, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the formerly public ids that were merged into each of `ids`, sorted."""
    query = select(Redirect.old_id, Redirect.new_id).where(Redirect.new_id.in_(ids), _was_public())
    rows = session.execute(query.order_by(Redirect.old_id))
    return group_pairs((row.new_id, row.old_id) for row in rows)


def _was_public() -> ColumnElement[bool]:
    return exists().where(Revision.person_id == Redirect.old_id, Revision.published_at.is_not(None))


def resolve_redirects(session: Session, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the records with the ids of merged reference records and merged people replaced.

    Relations of a record to itself that this causes are removed. For a single record only its own
    ids are looked up.
    """
    keys = referenced_keys(records[0]) if len(records) == 1 else None
    redirects = load_redirects(session, keys)
    people = {relation["person"] for item in records for relation in item.get("relations", ())}
    person_redirects = load_person_redirects(session, people if keys is not None else None)
    return [
        _resolve_relations(redirect_references(record, redirects), person_redirects) for record in records
    ]


def _resolve_relations(record: Mapping[str, Any], redirects: Mapping[str, str]) -> dict[str, Any]:
    result = dict(record)
    for old_id in {relation["person"] for relation in record.get("relations", ())} & redirects.keys():
        result = redirect_relations(result, old_id, redirects[old_id])
        if redirects[old_id] == record.get("id"):
            result = without_relations_to(result, redirects[old_id])
    return result
