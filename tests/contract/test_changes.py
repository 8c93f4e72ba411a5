"""Changes are visible at once and atomically."""

import pytest

from biobank.search.query import SearchQuery
from tests.contract.engines import FilledEngineFactory, search_ids
from tests.support.documents import VALUES, document


def test_changes_are_visible_at_once(filled: FilledEngineFactory) -> None:
    engine = filled(document("1", "Xan"), document("2", "Bəy"))
    for turn in range(12):
        engine.apply([document("1", "Xan", text=f"musiqi{turn}")], [])
        assert search_ids(engine, f"musiqi{turn}") == ["1"]
        assert engine.search(SearchQuery("xan")).total == 1
    engine.apply([], ["2"])
    assert search_ids(engine, "bəy") == []
    assert engine.health().documents == 1


def test_the_deleted_are_in_no_total_facet_suggestion_or_order(filled: FilledEngineFactory) -> None:
    engine = filled(*(document(f"p{n}", "Xan", facets={"gender": (VALUES[n % 2],)}) for n in range(10)))
    engine.apply([], [f"p{n}" for n in range(0, 10, 2)])
    response = engine.search(SearchQuery(size=100, sort="name"))
    assert [hit.id for hit in response.hits] == ["p1", "p3", "p5", "p7", "p9"]
    assert response.total == engine.search(SearchQuery("xan")).total == 5
    assert response.facets["gender"] == {"b": 5}
    assert {id_ for id_, _, _ in engine.name_changes().upserts} == set(engine.ids())
    assert set(engine.ids()) == {"p1", "p3", "p5", "p7", "p9"}


def test_deleted_documents_do_not_affect_idf(filled: FilledEngineFactory) -> None:
    bank = [document(f"p{n}", "Ağa", text="opera") for n in range(9)]
    engine = filled(*bank, document("q", "Bəy", text="opera"), document("r", "Xan"))
    before = engine.search(SearchQuery("opera")).hits[0].score
    engine.apply([], [f"p{n}" for n in range(9)])
    assert engine.search(SearchQuery("opera")).hits[0].score > before


def test_changing_missing_documents_is_no_error(filled: FilledEngineFactory) -> None:
    engine = filled(document("1", "Xan"))
    engine.apply([], ["nobody"])
    engine.apply([], [])
    engine.apply([document("2", "Bəy")], ["nobody"])
    assert sorted(engine.ids()) == ["1", "2"]


def test_failed_change_has_no_effect(filled: FilledEngineFactory) -> None:
    engine = filled(document("1", "Xan"))
    broken = document("2", "Bəy", text={"az": 1908})
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the engine makes of it
        engine.apply([document("3", "Ağa"), broken, document("4", "Bəy")], ["1"])
    assert list(engine.ids()) == ["1"]
    engine.apply([document("5", "Ağa")], [])
    assert sorted(engine.ids()) == ["1", "5"]
