"""Generations: built beside the serving one, activated, unaffected by failures."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from biobank.errors import SearchUnavailable
from biobank.search.document import Document
from biobank.search.query import FACETS, SearchQuery
from tests.contract.engines import EngineFactory, FilledEngineFactory, search_ids, serve
from tests.support.documents import choices_of, document

ROOT = Path(__file__).parents[2]


def test_search_is_unavailable_without_index(open_engine: EngineFactory, tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "new")
    calls: list[Callable[[], object]] = [
        lambda: engine.search(SearchQuery()),
        engine.name_changes,
        engine.ids,
        engine.health,
        lambda: engine.apply([document("1", "Xan")], []),
    ]
    for call in calls:
        with pytest.raises(SearchUnavailable):
            call()
    assert search_ids(serve(engine, [document("1", "Xan")])) == ["1"]


def test_empty_index_has_no_results(filled: FilledEngineFactory) -> None:
    engine = filled()
    for query in (SearchQuery(), SearchQuery("xan", sort="birth", choices=choices_of(gender=["x"]))):
        response = engine.search(query)
        assert (response.total, response.hits, dict(response.relaxations)) == (0, (), {})
        assert response.facets == {facet: {} for facet in FACETS}
    assert list(engine.name_changes().upserts) == []
    assert (engine.health().documents, dict(engine.ids())) == (0, {})
    engine.apply([document("1", "Xan")], [])
    assert search_ids(engine, "xan") == ["1"]


def test_all_documents_can_be_deleted_and_readded(filled: FilledEngineFactory) -> None:
    engine = filled(document("1", "Xan"), document("2", "Bəy"))
    engine.apply([], ["1", "2"])
    assert engine.search(SearchQuery("xan")).total == engine.health().documents == 0
    engine.apply([document("2", "Xan")], [])
    assert search_ids(engine, "xan") == ["2"]


def test_generation_serves_only_after_activation(filled: FilledEngineFactory) -> None:
    engine = filled(document("1", "Xan"))
    old = engine.health().generation
    new = engine.build([document("2", "Bəy")])
    assert (search_ids(engine), engine.health().generation) == (["1"], old)
    engine.activate(new)
    assert (search_ids(engine), engine.health().generation) == (["2"], new)


def test_activation_applies_pending_changes(filled: FilledEngineFactory) -> None:
    engine = filled(document("1", "Xan"), document("2", "Xan"))
    new = engine.build([document("1", "Xan"), document("2", "Xan")])
    engine.activate(new, [document("1", "Bəy"), document("3", "Xan")], ["2"])
    assert search_ids(engine, "xan") == ["3"]
    assert search_ids(engine, "bəy") == ["1"]


def test_another_process_sees_the_new_generation(
    filled: FilledEngineFactory, open_engine: EngineFactory, tmp_path: Path
) -> None:
    engine = filled(document("1", "Xan"))
    other_engine = open_engine(tmp_path)
    assert search_ids(other_engine) == ["1"]
    engine.activate(engine.build([document("2", "Xan")]))
    assert eventually(lambda: search_ids(other_engine) == ["2"])
    engine.apply([document("3", "Xan")], [])
    assert eventually(lambda: search_ids(other_engine) == ["2", "3"])


def test_a_build_that_fails_leaves_the_old_generation_serving(
    filled: FilledEngineFactory, open_engine: EngineFactory, tmp_path: Path
) -> None:
    engine = filled(document("1", "Xan"))

    def dying() -> Iterator[Document]:
        yield document("2", "Bəy")
        raise ConnectionError("the store went away")

    with pytest.raises(ConnectionError):
        engine.build(dying())
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the engine makes of it
        engine.build([document("2", "Bəy", text={"az": 1908})])
    assert search_ids(engine) == search_ids(open_engine(tmp_path)) == ["1"]
    engine.apply([document("3", "Ağa")], [])
    engine.activate(engine.build([document("4", "Xan")]))
    assert search_ids(engine) == ["4"]


KILLED = """
import sys
from pathlib import Path
from tests.contract.engines import ENGINES
from tests.support.documents import document
engine = ENGINES[sys.argv[1]](Path(sys.argv[2]))
print("writing", flush=True)
for turn in range(1_000_000):
    documents = [document(f"p{n}", "Xan", text=f"opera {turn} " * 50) for n in range(40)]
    if sys.argv[3] == "build":
        engine.build(documents)
    else:
        engine.apply(documents, [])
"""


@pytest.mark.parametrize("work", ["build", "apply"])
def test_a_writer_that_is_killed_leaves_an_index_that_answers_and_can_be_written(
    name: str, open_engine: EngineFactory, tmp_path: Path, work: str
) -> None:
    serve(open_engine(tmp_path), [document(f"p{n}", "Xan") for n in range(40)])
    for pause in (0.0, 0.11):
        command = [sys.executable, "-c", KILLED, name, str(tmp_path), work]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(pause)
            process.kill()
        engine = open_engine(tmp_path)
        response = engine.search(SearchQuery("xan", size=100))
        assert {hit.id for hit in response.hits} == {f"p{n}" for n in range(40)}
        engine.apply([document("q", "Bəy")], [])
        assert search_ids(engine, "bəy") == ["q"]
        engine.apply([], ["q"])


def eventually(condition: Callable[[], bool]) -> bool:
    """Return whether `condition` becomes true; benchmarks measure how soon."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
