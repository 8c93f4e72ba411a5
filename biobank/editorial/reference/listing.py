"""Reference records at the desk: paginated lists, filtered or in tree order, and one in detail."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.grouping import group_pairs
from biobank.common.i18n import best_text
from biobank.editorial.reference.person_rewrites import unpublished_using
from biobank.editorial.reference.service import get_reference_record, is_referenced
from biobank.editorial.reference.undo import list_merges_into
from biobank.editorial.reference.validation import parent_keys
from biobank.names.alphabet import sort_key
from biobank.names.folding import fold
from biobank.records.catalogue import current_name
from biobank.records.people.mapping import preferred_name
from biobank.records.reference.kinds import (
    PLACE_KIND,
    SOURCE_KIND,
    TERM_KIND,
    ReferenceKind,
    load_all_records,
)
from biobank.records.reference.models import ReferenceEdit, ReferenceMerge, ReferenceUnreviewed
from biobank.records.reference.redirects import find_redirect
from biobank.records.reference.usage import ReferringRecord, count_people, first_people_using, list_referring
from biobank.records.vocabulary.gendered_labels import all_labels
from biobank.store.session import Database

Record = Mapping[str, Any]
#: Maximum depth of a tree that is displayed.
MAX_TREE_DEPTH = 8
#: Maximum number of people listed; a search shows all.
MAX_DETAIL_PEOPLE = 50
#: Maximum number of edits listed, newest first.
MAX_DETAIL_EDITS = 20


@dataclass(frozen=True)
class ReferenceListQuery:
    """Filters of a list; `vocabulary` applies to terms only."""

    text: str = ""
    vocabulary: str = ""
    only_unreviewed: bool = False
    #: Counts from 1.
    page: int = 1


@dataclass(frozen=True)
class ReferenceListRow:
    """A row of a list; `depth` is its level in the tree, from 0."""

    key: str
    record: Record
    depth: int
    people: int
    unreviewed: bool


@dataclass(frozen=True)
class ReferenceListPage:
    """A page of a list, with the total and the number of unreviewed records."""

    rows: Sequence[ReferenceListRow]
    total: int
    unreviewed: int


def list_reference_records(
    database: Database,
    actor: Identity,
    kind: ReferenceKind,
    query: ReferenceListQuery,
    lang: str,
    size: int,
) -> ReferenceListPage:
    """Return a page of matching records with their number of public people."""
    require(actor, Action.SEE_DESK)
    with database.read() as session:
        records = {
            key: record
            for key, record in load_all_records(session, kind).items()
            if not query.vocabulary or record.get("vocabulary") == query.vocabulary
        }
        unreviewed_query = select(ReferenceUnreviewed.key).where(ReferenceUnreviewed.kind == kind.name)
        unreviewed = records.keys() & set(session.scalars(unreviewed_query))
        ordered = list(_ordered(kind, records, query, unreviewed, lang))
        page_keys = ordered[(query.page - 1) * size : query.page * size]
        counts = count_people(session, kind, [key for key, _ in page_keys])
    rows = [
        ReferenceListRow(key, records[key], depth, counts.get(key, 0), key in unreviewed)
        for key, depth in page_keys
    ]
    return ReferenceListPage(rows, len(ordered), len(unreviewed))


def record_label(kind: ReferenceKind, record: Record, lang: str) -> str:
    """Return the name of a record in the best language for a reader of `lang`."""
    if kind is TERM_KIND:
        return best_text(record["labels"], lang) or str(record["id"])
    if kind is SOURCE_KIND:
        return str(record["csl"]["title"])
    return current_name(record, lang) or str(record["id"])


def _ordered(
    kind: ReferenceKind,
    records: Mapping[str, Record],
    query: ReferenceListQuery,
    unreviewed: set[str],
    lang: str,
) -> Iterator[tuple[str, int]]:
    """Yield keys and depths: as a tree if there is no filter and the kind is hierarchical."""
    sort_keys = {key: sort_key(record_label(kind, record, lang)) for key, record in records.items()}
    if query.text or query.only_unreviewed or kind not in (TERM_KIND, PLACE_KIND):
        words = fold(query.text).split()
        matching = (
            key
            for key, record in records.items()
            if (not query.only_unreviewed or key in unreviewed) and _matches(kind, record, words)
        )
        yield from ((key, 0) for key in sorted(matching, key=lambda key: (sort_keys[key], key)))
    else:
        yield from _tree_order(kind, records, sort_keys)


def _tree_order(
    kind: ReferenceKind, records: Mapping[str, Record], sort_keys: Mapping[str, Any]
) -> Iterator[tuple[str, int]]:
    """Yield every record below each of its parents."""
    children = group_pairs(
        (broader, key) for key, record in records.items() for broader in parent_keys(kind, record) or {""}
    )
    stack = [(key, 0) for key in sorted(children.get("", ()), key=lambda key: sort_keys[key])][::-1]
    while stack:
        key, depth = stack.pop()
        yield key, min(depth, MAX_TREE_DEPTH)
        narrower = sorted(children.get(key, ()), key=lambda key: sort_keys[key], reverse=True)
        stack += [(child, depth + 1) for child in narrower]


def _matches(kind: ReferenceKind, record: Record, words: Sequence[str]) -> bool:
    if not words:
        return True
    text = fold(" ".join(_searchable_texts(kind, record)))
    return all(word in text for word in words)


def _searchable_texts(kind: ReferenceKind, record: Record) -> Iterator[str]:
    yield record["id"]
    if kind is TERM_KIND:
        yield from all_labels(record)
    elif kind is SOURCE_KIND:
        csl = record["csl"]
        yield from (str(csl.get(name, "")) for name in ("title", "container-title", "publisher"))
        for person in csl.get("author") or ():
            yield from (str(part) for part in person.values() if isinstance(part, str))
    else:
        yield from (name["text"] for name in record["names"])


@dataclass(frozen=True)
class ReferenceDetail:
    """The details of a record."""

    record: dict[str, Any]
    #: Ids of the first public people who refer to it, and their total.
    people: Sequence[str]
    people_total: int
    #: Id and name of people with a draft that refers to it.
    drafts: Sequence[tuple[str, str]]
    referring: Sequence[ReferringRecord]
    merges: Sequence[ReferenceMerge]
    edits: Sequence[ReferenceEdit]
    used: bool
    unreviewed: bool


def get_reference_detail(
    database: Database, actor: Identity, kind: ReferenceKind, key: str, lang: str
) -> ReferenceDetail:
    """Return the details of a record.

    Raises:
        NotFound: if the record does not exist.
    """
    require(actor, Action.SEE_DESK)
    with database.read() as session:
        record = get_reference_record(session, kind, key)
        edits_query = select(ReferenceEdit).where(ReferenceEdit.kind == kind.name, ReferenceEdit.key == key)
        drafts = unpublished_using(session, kind, key)
        return ReferenceDetail(
            record,
            first_people_using(session, kind, key, MAX_DETAIL_PEOPLE),
            count_people(session, kind, [key]).get(key, 0),
            [(row.person_id, preferred_name(row.record, lang)) for row in drafts],
            list_referring(session, kind, key),
            list_merges_into(session, kind, key),
            session.scalars(edits_query.order_by(ReferenceEdit.id.desc()).limit(MAX_DETAIL_EDITS)).all(),
            is_referenced(session, kind, key),
            session.get(ReferenceUnreviewed, (kind.name, key)) is not None,
        )


def find_redirect_target(database: Database, actor: Identity, kind: ReferenceKind, key: str) -> str | None:
    """Return the key that a merged key redirects to, or None."""
    require(actor, Action.SEE_DESK)
    with database.read() as session:
        return find_redirect(session, kind.name, key)
