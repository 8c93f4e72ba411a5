"""Relations between public people as a graph: those of one person, and the shortest paths between two."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from biobank.records.catalogue import Catalogue
from biobank.records.people import models as m
from biobank.records.vocabulary.models import term_id
from biobank.store.outbox import MAX_STATEMENT_VALUES, batched

#: Relations of the longest path that is searched for.
MAX_PATH_RELATIONS = 6
#: Paths of the shortest length that are returned.
MAX_PATHS = 5
#: People that a search for paths visits; a bank of 100,000 could otherwise be read as a whole.
MAX_VISITED_PEOPLE = 20_000


@dataclass(frozen=True)
class RelationLink:
    """A relation as seen from `person`: the other person's role is `type`.

    `owner` is the person whose record states it, as entry `number` of its relations, from 1.
    """

    person: str
    other: str
    type: str
    date: str | None
    owner: str
    number: int


def relation_links(session: Session, ids: Collection[str], catalogue: Catalogue) -> list[RelationLink]:
    """Return the relations of `ids` to public people, from both ends; those of their own records first."""
    links: list[RelationLink] = []
    for chunk in batched(sorted(ids), MAX_STATEMENT_VALUES):
        links += _links(session, chunk, catalogue)
    return links


def shortest_paths(session: Session, start: str, end: str, catalogue: Catalogue) -> list[tuple[str, ...]]:
    """Return the people on each shortest path from `start` to `end`, both included.

    At most MAX_PATHS, in the order of ids; none if there is no path of MAX_PATH_RELATIONS or fewer.
    """
    if start == end:
        return [(start,)]
    predecessors: dict[str, list[str]] = {start: []}
    frontier = {start}
    for _ in range(MAX_PATH_RELATIONS):
        reached: dict[str, list[str]] = {}
        for link in relation_links(session, frontier, catalogue):
            if link.other not in predecessors and link.person not in reached.setdefault(link.other, []):
                reached[link.other].append(link.person)
        predecessors |= reached
        if end in reached:
            return _first_paths(predecessors, end)
        frontier = set(reached)
        if not frontier or len(predecessors) > MAX_VISITED_PEOPLE:
            break
    return []


def _first_paths(predecessors: Mapping[str, Sequence[str]], end: str) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = []
    for path in _iter_paths(predecessors, (end,)):
        paths.append(path)
        if len(paths) == MAX_PATHS:
            break
    return paths


def _iter_paths(
    predecessors: Mapping[str, Sequence[str]], path: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """Yield the paths from the start that end with `path`."""
    if not predecessors[path[0]]:
        yield path
    for previous in sorted(predecessors[path[0]]):
        yield from _iter_paths(predecessors, (previous, *path))


def _links(session: Session, ids: Sequence[str], catalogue: Catalogue) -> Iterator[RelationLink]:
    owner, other = aliased(m.Person), aliased(m.Person)
    query = (
        select(m.Relation)
        .join(owner, owner.id == m.Relation.person_id)
        .join(other, other.id == m.Relation.other_id)
        .where(owner.published.is_not(None), other.published.is_not(None))
        .order_by(m.Relation.person_id, m.Relation.position)
    )
    for row in session.scalars(query.where(m.Relation.person_id.in_(ids))):
        type_id, number = term_id(row.type_key), row.position + 1
        yield RelationLink(row.person_id, row.other_id, type_id, row.date, row.person_id, number)
    for row in session.scalars(query.where(m.Relation.other_id.in_(ids))):
        type_id, number = catalogue.inverse_relation_type(term_id(row.type_key)), row.position + 1
        yield RelationLink(row.other_id, row.person_id, type_id, row.date, row.person_id, number)
