"""Short descriptions of people and sources for editors, including unpublished people."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.names.folding import fold
from biobank.names.slug import slug
from biobank.records.people.browsing import Card
from biobank.records.sources.models import Source

#: Maximum length, in characters, of an id derived from a title.
SOURCE_ID_MOST = 60


def people(session: Session, ids: Collection[str]) -> dict[str, Card]:
    """Return a card of the latest revision of each of `ids`; unknown ids are omitted."""
    newest = (
        select(Revision.person_id, func.max(Revision.number).label("number"))
        .where(Revision.person_id.in_(list(ids)))
        .group_by(Revision.person_id)
        .subquery()
    )
    query = select(Revision.person_id, Revision.record).join(
        newest,
        (newest.c.person_id == Revision.person_id) & (newest.c.number == Revision.number),
    )
    return {row.person_id: _card(row.person_id, row.record) for row in session.execute(query)}


def sources_titled(session: Session, titles: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the sources with each of `titles`, ignoring case."""
    asked = {fold(title): title for title in titles}
    found: dict[str, list[str]] = {title: [] for title in titles}
    for id_, csl in _all(session) if asked else ():
        title = asked.get(fold(str(csl.get("title", ""))))
        if title is not None:
            found[title].append(id_)
    return {title: tuple(sorted(ids)) for title, ids in found.items()}


def free_source_id(session: Session, title: str) -> str:
    """Return an unused source id derived from a title."""
    wanted = slug(title)[:SOURCE_ID_MOST].strip("-")
    taken = set(session.scalars(select(Source.id).where(Source.id.like(f"{wanted}%"))))
    candidate, nth = wanted, 1
    while candidate in taken:
        nth += 1
        candidate = f"{wanted}-{nth}"
    return candidate


def _all(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in session.execute(select(Source.id, Source.csl)):
        yield row.id, row.csl


def _card(person_id: str, record: dict[str, Any]) -> Card:
    # A redacted revision has an empty record.
    names = record.get("names") or [{"text": person_id, "lang": "az", "kind": "preferred"}]
    return Card(
        id=person_id,
        names=tuple(names),
        headline=record.get("headline") or {},
        birth=(record.get("birth") or {}).get("date"),
        death=(record.get("death") or {}).get("date"),
        professions=tuple(record.get("professions", ())),
    )
