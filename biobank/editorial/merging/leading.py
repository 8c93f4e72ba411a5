"""Redirects of merged people, and resolution of relations to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from biobank.editorial.merging.combining import redirected, without_ties
from biobank.editorial.models import Redirect, Revision


def redirects(session: Session) -> dict[str, str]:
    """Return the target of each merged id."""
    rows = session.execute(select(Redirect.old_id, Redirect.new_id))
    return {row.old_id: row.new_id for row in rows}


def merged_into(session: Session, person_id: str) -> str:
    """Return the id that a merged person redirects to, public or not; empty if not merged."""
    query = select(Redirect.new_id).where(Redirect.old_id == person_id)
    return session.scalar(query) or ""


def public_redirects(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Return the targets of those of `ids` that were public before their merge."""
    query = select(Redirect.old_id, Redirect.new_id)
    rows = session.execute(query.where(Redirect.old_id.in_(ids), _was_public()))
    return {row.old_id: row.new_id for row in rows}


def led_to(session: Session, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the formerly public ids that were merged into each of `ids`, sorted."""
    query = select(Redirect.old_id, Redirect.new_id).where(Redirect.new_id.in_(ids), _was_public())
    found: dict[str, list[str]] = {}
    for row in session.execute(query.order_by(Redirect.old_id)):
        found.setdefault(row.new_id, []).append(row.old_id)
    return found


def _was_public() -> ColumnElement[bool]:
    return exists().where(Revision.person_id == Redirect.old_id, Revision.published_at.is_not(None))


def led_on(session: Session, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the records with redirected relations; relations of a record to itself are removed."""
    leads = redirects(session) if any(record.get("relations") for record in records) else {}
    return [_led(record, leads) if leads else dict(record) for record in records]


def _led(record: Mapping[str, Any], leads: Mapping[str, str]) -> dict[str, Any]:
    made = dict(record)
    for old_id in {tie["person"] for tie in record.get("relations", ())} & leads.keys():
        made = redirected(made, old_id, leads[old_id])
        if leads[old_id] == record.get("id"):
            made = without_ties(made, leads[old_id])
    return made
