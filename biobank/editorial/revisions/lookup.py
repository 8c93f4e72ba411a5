"""Short descriptions of people and sources for editors, including unpublished people."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.editorial.revisions.latest_revisions import join_latest
from biobank.names.folding import fold
from biobank.names.slug import slugify, unused_id
from biobank.records.people.browse_queries import PersonListItem
from biobank.records.sources.models import Source

#: Maximum length, in characters, of an id derived from a title.
MAX_SOURCE_ID_CHARS = 60


def get_person_cards(session: Session, ids: Collection[str]) -> dict[str, PersonListItem]:
    """Return a card of the latest revision of each of `ids`; unknown ids are omitted."""
    cards: dict[str, PersonListItem] = {}
    for id_, record in session.execute(join_latest(select(Revision.person_id, Revision.record), ids)):
        # A redacted revision has an empty record.
        names = record.get("names") or [{"text": id_, "lang": "az", "kind": "preferred"}]
        cards[id_] = PersonListItem.from_record(id_, {**record, "names": names})
    return cards


def find_sources_by_title(session: Session, titles: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the sources with each of `titles`, ignoring case."""
    titles_by_folded = {fold(title): title for title in titles}
    ids_by_title: dict[str, list[str]] = {title: [] for title in titles}
    for row in session.execute(select(Source.id, Source.csl)) if titles_by_folded else ():
        title = titles_by_folded.get(fold(str(row.csl.get("title", ""))))
        if title is not None:
            ids_by_title[title].append(row.id)
    return {title: tuple(sorted(ids)) for title, ids in ids_by_title.items()}


def generate_source_id(session: Session, title: str) -> str:
    """Return an unused source id derived from a title."""
    base_id = slugify(title)[:MAX_SOURCE_ID_CHARS].strip("-")
    existing_ids = set(session.scalars(select(Source.id).where(Source.id.like(f"{base_id}%"))))
    return unused_id(base_id, existing_ids)
