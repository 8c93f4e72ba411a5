"""Shortest paths between people, compared with a search over the records of the whole seed."""

import itertools
from collections import defaultdict

import pytest

from biobank.bootstrap import Services
from biobank.records.people.connections import MAX_PATH_RELATIONS, MAX_PATHS, relation_links, shortest_paths
from tests.support import seed

STARTS = ("uzeyir-hacibeyov", "nizami-gencevi", "niyazi")


def neighbours() -> dict[str, set[str]]:
    """Return the related people of each, from both ends."""
    graph: dict[str, set[str]] = defaultdict(set)
    for id_, record in seed.people().items():
        for relation in record.get("relations", ()):
            graph[id_].add(relation["person"])
            graph[relation["person"]].add(id_)
    return graph


def distances(start: str) -> dict[str, int]:
    """Return the number of relations from `start` to everyone who can be reached."""
    graph, known, frontier = neighbours(), {start: 0}, [start]
    while frontier:
        frontier = [other for id_ in frontier for other in graph[id_] if known.setdefault(other, known[id_] + 1)
                    and known[other] == known[id_] + 1]  # fmt: skip
        frontier = list(dict.fromkeys(frontier))
    return known


@pytest.mark.parametrize("start", STARTS)
def test_every_path_is_a_shortest_chain_of_relations(services: Services, start: str) -> None:
    graph, known = neighbours(), distances(start)
    with services.database.read() as session:
        for end in seed.people():
            paths = shortest_paths(session, start, end, services.catalogue())
            assert bool(paths) == (known.get(end, MAX_PATH_RELATIONS + 1) <= MAX_PATH_RELATIONS)
            assert len(paths) <= MAX_PATHS
            for path in paths:
                assert (path[0], path[-1], len(path) - 1) == (start, end, known[end])
                assert all(other in graph[id_] for id_, other in itertools.pairwise(path))


def test_a_relation_has_its_place_in_the_record_that_states_it(services: Services) -> None:
    records = seed.people()
    with services.database.read() as session:
        links = relation_links(session, set(records), services.catalogue())
    assert links
    for link in links:
        stated = records[link.owner]["relations"][link.number - 1]
        assert {link.owner, stated["person"]} == {link.person, link.other}
        if link.owner == link.person:
            assert stated["type"] == link.type
