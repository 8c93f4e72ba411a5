"""Paginated lists of reference records, filtered or in tree order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.reference.checking import above
from biobank.i18n import best
from biobank.names.alphabet import sort_key
from biobank.names.folding import fold
from biobank.records.catalogue import name_of
from biobank.records.reference.kinds import PLACE, SOURCE, TERM, Kind, all_records
from biobank.records.reference.models import ReferenceUnreviewed
from biobank.records.reference.uses import people_counts
from biobank.store.session import Database

Record = Mapping[str, Any]
#: Maximum depth of a tree that is displayed.
DEPTH_MOST = 8


@dataclass(frozen=True)
class Wish:
    """Filters of a list; `vocabulary` applies to terms only."""

    text: str = ""
    vocabulary: str = ""
    only_unreviewed: bool = False


@dataclass(frozen=True)
class Listed:
    """A row of a list; `depth` is its level in the tree, from 0."""

    key: str
    record: Record
    depth: int
    people: int
    unreviewed: bool


@dataclass(frozen=True)
class Listing:
    """A page of a list, with the total and the number of unreviewed records."""

    rows: Sequence[Listed]
    total: int
    unreviewed: int


def listing(
    database: Database, who: Identity, kind: Kind, wish: Wish, lang: str, page: int, size: int
) -> Listing:
    """Return a page of matching records with their number of public people.

    `page` counts from 1.
    """
    require(who, Action.SEE_DESK)
    with database.read() as session:
        records = {
            key: record
            for key, record in all_records(session, kind).items()
            if not wish.vocabulary or record.get("vocabulary") == wish.vocabulary
        }
        new = _unreviewed(session, kind) & set(records)
        found = list(_ordered(kind, records, wish, new, lang))
        shown = found[(page - 1) * size : page * size]
        counts = people_counts(session, kind, [key for key, _ in shown])
    rows = [
        Listed(key, records[key], depth, counts.get(key, 0), key in new) for key, depth in shown
    ]
    return Listing(rows, len(found), len(new))


def label_of(kind: Kind, record: Record, lang: str) -> str:
    """Return the name of a record in the best language for a reader of `lang`."""
    if kind is TERM:
        return best(record["labels"], lang) or str(record["id"])
    if kind is SOURCE:
        return str(record["csl"]["title"])
    return name_of(record, lang) or str(record["id"])


def _ordered(
    kind: Kind, records: Mapping[str, Record], wish: Wish, new: set[str], lang: str
) -> Iterator[tuple[str, int]]:
    """Yield keys and depths: as a tree if there is no filter and the kind is hierarchical."""
    order = {key: sort_key(label_of(kind, record, lang)) for key, record in records.items()}
    if wish.text or wish.only_unreviewed or kind not in (TERM, PLACE):
        sought = fold(wish.text).split()
        fitting = (
            key
            for key, record in records.items()
            if (not wish.only_unreviewed or key in new) and _fits(kind, record, sought)
        )
        yield from ((key, 0) for key in sorted(fitting, key=lambda key: (order[key], key)))
    else:
        yield from _tree(kind, records, order)


def _tree(
    kind: Kind, records: Mapping[str, Record], order: Mapping[str, Any]
) -> Iterator[tuple[str, int]]:
    """Yield every record below each of its parents."""
    below: dict[str, list[str]] = {}
    for key, record in records.items():
        for broader in above(kind, record) or {""}:
            below.setdefault(broader, []).append(key)
    way = [(key, 0) for key in sorted(below.get("", ()), key=lambda key: order[key])][::-1]
    while way:
        key, depth = way.pop()
        yield key, min(depth, DEPTH_MOST)
        narrower = sorted(below.get(key, ()), key=lambda key: order[key], reverse=True)
        way += [(each, depth + 1) for each in narrower]


def _fits(kind: Kind, record: Record, sought: Sequence[str]) -> bool:
    if not sought:
        return True
    text = fold(" ".join(_texts(kind, record)))
    return all(word in text for word in sought)


def _texts(kind: Kind, record: Record) -> Iterator[str]:
    yield record["id"]
    if kind is TERM:
        yield from record["labels"].values()
        for words in record.get("alt", {}).values():
            yield from words
    elif kind is SOURCE:
        csl = record["csl"]
        yield from (str(csl.get(name, "")) for name in ("title", "container-title", "publisher"))
        for person in csl.get("author") or ():
            yield from (str(part) for part in person.values() if isinstance(part, str))
    else:
        yield from (name["text"] for name in record["names"])


def _unreviewed(session: Session, kind: Kind) -> set[str]:
    query = select(ReferenceUnreviewed.key).where(ReferenceUnreviewed.kind == kind.name)
    return set(session.scalars(query))
