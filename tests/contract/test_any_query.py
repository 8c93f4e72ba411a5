"""Results for any documents and queries equal a brute-force search."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biobank.search.document import Document
from biobank.search.engine import EngineResponse
from biobank.search.query import SearchQuery
from tests.contract.engines import ENGINES, EngineFactory, serve
from tests.support.brute_force import check_answer
from tests.support.documents import VALUES, banks, document, documents, names_read, queries
from tests.support.profiles import scaled


@pytest.mark.parametrize("name", ENGINES)
@given(data=st.data())
@settings(max_examples=scaled(20))
def test_answers_equal_a_brute_force_over_any_documents(
    name: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    bank = data.draw(banks(max_size=30, min_size=12))
    engine = serve(ENGINES[name](tmp_path_factory.mktemp("engine")), bank)
    for query in data.draw(st.lists(queries(), min_size=10, max_size=10)):
        check_answer(engine, {d.id: d for d in bank}, query, data.draw(names_read))


@pytest.mark.parametrize("name", ENGINES)
@given(data=st.data())
@settings(max_examples=scaled(20), suppress_health_check=list(HealthCheck))
def test_results_after_changes_equal_fresh_build(
    name: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Updates, deletions and reinsertions in any batches leave no trace."""
    folder = tmp_path_factory.mktemp("engine")
    bank = {d.id: d for d in data.draw(banks(max_size=10))}
    updated_engine = serve(ENGINES[name](folder / "grown"), list(bank.values()))
    for _ in range(data.draw(st.integers(1, 5))):
        # Existing people again, to change them, and new ones.
        known = st.sampled_from(sorted(bank)) if bank else st.nothing()
        some = documents(known | st.sampled_from(["n1", "n2", "n3", "n4"]))
        upserts = data.draw(st.lists(some, max_size=4, unique_by=lambda d: d.id))
        written = {d.id for d in upserts}
        untouched = sorted({*bank, "nobody"} - written)
        deletes = data.draw(st.lists(st.sampled_from(untouched), max_size=2, unique=True))
        updated_engine.apply(upserts, deletes)
        bank.update({d.id: d for d in upserts})
        bank = {id_: d for id_, d in bank.items() if id_ not in deletes}
        assert updated_engine.ids() == {id_: d.updated for id_, d in bank.items()}
    built = serve(ENGINES[name](folder / "built"), list(bank.values()))
    assert updated_engine.health().documents == built.health().documents == len(bank)
    for query in data.draw(st.lists(queries(), min_size=4, max_size=4)):
        assert comparable(check_answer(updated_engine, bank, query)) == comparable(built.search(query))


def test_many_small_changes_equal_one_build(open_engine: EngineFactory, tmp_path: Path) -> None:
    """More changes than segments are kept; half of them update or delete earlier documents."""
    bank: dict[str, Document] = {}
    updated_engine = serve(open_engine(tmp_path / "grown"), [])
    for turn in range(45):
        id_, text = (f"p{turn % 30}", " ".join(["opera"] * (turn % 5 + 1) + ["və musiqi"] * (turn % 7)))
        bank[id_] = document(id_, "Xan", text=text, facets={"gender": (VALUES[turn % 3],)})
        deleted = [f"p{turn - 5}"] if turn % 6 == 5 else []
        updated_engine.apply([bank[id_]], deleted)
        for deleted_id in deleted:
            bank.pop(deleted_id, None)
    built = serve(open_engine(tmp_path / "built"), list(bank.values()))
    for text in ("", "opera", "musiqi opera", "xan"):
        query = SearchQuery(text, size=50)
        assert comparable(check_answer(updated_engine, bank, query)) == comparable(built.search(query))


def comparable(response: EngineResponse) -> EngineResponse:
    """Return the response with scores rounded as displayed."""
    hits = tuple(replace(hit, score=round(hit.score, 3)) for hit in response.hits)
    return replace(response, hits=hits)
