"""Specifics of the Whoosh engine: files, segments and memory."""

import errno
import gc
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.query import Phrase, Term
from whoosh.searching import Searcher
from whoosh.writing import SegmentWriter

from biobank.errors import Busy, SearchUnavailable
from biobank.search.query import UNKNOWN, SearchQuery
from biobank.search.whoosh_engine import WhooshEngine, facets, segment
from biobank.search.whoosh_engine.engine import INDEX_NAME, MAX_OPEN_ATTEMPTS
from biobank.search.whoosh_engine.generations import CURRENT_FILE, GenerationStore
from biobank.search.whoosh_engine.postings import MERGE_FACTOR
from tests.support.documents import document

OPERA = SearchQuery("opera", size=100)


def generation(folder: Path) -> Path:
    return folder / (folder / CURRENT_FILE).read_text(encoding="ascii").strip()


def storage(folder: Path) -> FileStorage:
    return FileStorage(str(generation(folder)))


def sizes(folder: Path) -> list[int]:
    """Return the number of live documents of each segment."""
    return sorted(s.doc_count() for s in TOC.read(storage(folder), INDEX_NAME).segments)


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    engine = WhooshEngine(tmp_path)
    engine.activate(engine.build([document("p", "Xan", text="Bakıda opera yazdı")]))
    return engine


def search_ids(engine: WhooshEngine) -> set[str]:
    return {hit.id for hit in engine.search(OPERA).hits}


# Segments


def test_single_changes_keep_few_segments_with_small_merges(engine: WhooshEngine, tmp_path: Path) -> None:
    for turn in range(3 * MERGE_FACTOR):
        engine.apply([document(f"q{turn}", text="opera")], [])
        assert len(sizes(tmp_path)) <= MERGE_FACTOR + 2
    assert sum(sizes(tmp_path)) == 3 * MERGE_FACTOR + 1


def test_empty_segment_is_dropped(engine: WhooshEngine, tmp_path: Path) -> None:
    for turn in range(4):
        engine.apply([document("q", text=f"opera {turn}")], [])
        assert sizes(tmp_path) == [1, 1]
    engine.apply([], ["q"])
    assert sizes(tmp_path) == [1]


def test_merge_size_is_bounded_by_change_size(
    engine: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.search.whoosh_engine.postings.MAX_MERGED_DOCUMENTS", 1)
    monkeypatch.setattr("biobank.search.whoosh_engine.postings.SIZE_RATIO", 2)
    for turn in range(MERGE_FACTOR + 3):
        engine.apply([document(f"q{turn}")], [])
    assert sizes(tmp_path) == [1] * (MERGE_FACTOR + 4)
    engine.apply([document(f"r{turn}") for turn in range(MERGE_FACTOR)], [])
    assert sizes(tmp_path) == [2 * MERGE_FACTOR + 4]


def test_search_continues_after_segment_files_are_removed(engine: WhooshEngine) -> None:
    """Another commit may merge segments away between the index check and the first posting."""
    for turn in range(MERGE_FACTOR - 2):
        engine.apply([document(f"q{turn}", text="opera yazıb")], [])
    view = engine._current_view()
    engine.apply([document("last", text="opera")], [])
    engine.activate(engine.build([]))
    engine.activate(engine.build([]))
    assert sum(len(documents) for documents, _ in view.postings("text_az", "opera")) == 9
    assert view.lengths["text_az"].sum() > 9
    assert search_ids(engine) == set()


def test_unchanged_segments_are_not_reread(engine: WhooshEngine) -> None:
    before = engine._current_view().segments
    engine.apply([document("q", text="opera")], [])
    assert engine._current_view().segments[: len(before)] == before


def test_unused_files_are_closed(engine: WhooshEngine, tmp_path: Path) -> None:
    descriptors = Path("/proc/self/fd")
    if not descriptors.exists():
        pytest.skip("this system does not tell which files are open")

    def publish_and_search() -> int:
        engine.apply([document("q", text="opera")], [])
        assert search_ids(engine) == {"p", "q"}
        gc.collect()
        # Only files of this index; the process may have others open.
        return sum(
            os.path.realpath(descriptor).startswith(str(tmp_path)) for descriptor in descriptors.iterdir()
        )

    # Exclude objects of earlier tests from garbage collection.
    gc.freeze()
    before = [publish_and_search() for _ in range(3)]
    after = [publish_and_search() for _ in range(2 * MERGE_FACTOR)]
    assert max(after) <= max(before)


@pytest.mark.usefixtures("engine")
def test_decoded_postings_cache_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "MAX_CACHED_POSTINGS", 10 * segment.ENTRY_OVERHEAD)
    (only,) = WhooshEngine(tmp_path)._current_view().segments
    for number in range(100):
        only.postings("text_az", f"söz{number}")
    assert len(only._postings._entries) == 10
    assert len(only.postings("text_az", "opera").documents) == 1


def test_facet_counts_by_value_and_by_document_agree(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    countries = ("AZ", "TR", "GE")
    few = [document(f"q{n}", text="opera", facets={"country": countries[:n]}) for n in range(4)]
    documents = [document(f"r{n}", facets={"country": countries[n % 3 :]}) for n in range(200)]
    engine.apply([*documents[:90], *few, *documents[90:]], [])
    by_value = engine.search(OPERA)
    monkeypatch.setattr(facets, "MIN_VALUES_BY_DOCUMENT", 0)
    assert engine.search(OPERA) == by_value
    assert by_value.facets["country"] == {"AZ": 3, "TR": 2, "GE": 1, UNKNOWN: 1}


# Files


def test_whooshs_own_searcher_reads_the_index_phrases_included(engine: WhooshEngine, tmp_path: Path) -> None:
    """Keeps the index readable by other readers of Whoosh's format."""
    engine.apply([document("q", "Xan", text="opera Bakıda " * 90)], [])
    for turn in range(MERGE_FACTOR):
        engine.apply([document(f"r{turn}", text="musiqi")], [])
    index = storage(tmp_path).open_index()
    searcher: Searcher = index.searcher()
    with searcher:
        assert len(searcher.search(Term("text_az", "opera"))) == 2
        assert len(searcher.search(Term("name", "xan"))) == 2
        assert len(searcher.search(Phrase("text_az", ["opera", "baki"]))) == 1
        assert len(searcher.search(Phrase("text_az", ["baki", "opera"]))) == 2
        for field, term in (("text_az", "opera"), ("text_az", "musiqi"), ("id", "r3")):
            matcher = searcher.postings(field, term)
            numbers, weights = [], []
            while matcher.is_active():
                numbers.append(matcher.id())
                weights.append(matcher.weight())
                matcher.next()
            ours = [
                (int(number), float(count))
                for documents, counts in engine._current_view().postings(field, term)
                for number, count in zip(documents, counts, strict=True)
            ]
            assert ours == list(zip(numbers, weights, strict=True))


def test_postings_of_many_blocks_are_read_completely(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    bank = [document(f"p{n}", text="opera " * (1 + n % 3 if n > 300 else 1)) for n in range(700)]
    engine.activate(engine.build(bank))
    ((documents, counts),) = engine._current_view().postings("text_az", "opera")
    assert documents.tolist() == list(range(700))
    assert counts.tolist() == [1 + n % 3 if n > 300 else 1 for n in range(700)]
    # Each word is indexed as written and by its only stem.
    assert engine._current_view().lengths["text_az"].tolist() == (2 * counts).tolist()


def test_missing_index_files_make_search_unavailable_until_restored(
    engine: WhooshEngine, tmp_path: Path
) -> None:
    assert search_ids(engine) == {"p"}
    folder = generation(tmp_path)
    shutil.copytree(folder, tmp_path / "copy")
    for file in folder.iterdir():
        if file.is_file():
            file.unlink()
    with pytest.raises(SearchUnavailable, match="the index is damaged"):
        WhooshEngine(tmp_path).search(OPERA)
    with pytest.raises(SearchUnavailable, match="the index is damaged"):
        engine.health()
    shutil.rmtree(folder)
    with pytest.raises(SearchUnavailable, match="index rebuild"):
        engine.health()
    (tmp_path / "copy").rename(folder)
    assert engine.health().documents == 1
    assert search_ids(engine) == {"p"}


def test_segment_vanishing_while_opened_is_retried(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    attempts = 0
    read = TOC.read.__func__

    def vanishing(*arguments: object) -> TOC:
        nonlocal attempts
        attempts += 1
        if attempts < MAX_OPEN_ATTEMPTS:
            raise FileNotFoundError
        contents: TOC = read(TOC, *arguments)
        return contents

    other_engine = WhooshEngine(tmp_path)
    monkeypatch.setattr(TOC, "read", vanishing)
    assert search_ids(other_engine) == {"p"}


def test_writer_times_out_with_message(tmp_path: Path) -> None:
    generations = GenerationStore(tmp_path)
    with (
        generations.write_lock(),
        pytest.raises(Busy, match="another process"),
        GenerationStore(tmp_path).write_lock(timeout=0.05),
    ):
        pass
    with GenerationStore(tmp_path).write_lock(timeout=0.05):
        pass


# Failing writes


def fail(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("function", ["fsync_folder", "_fsync_new_files"])
def test_a_failed_rebuild_leaves_no_generation(
    engine: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    monkeypatch.setattr(f"biobank.search.whoosh_engine.engine.{function}", fail)
    with pytest.raises(SearchUnavailable, match=r"the index cannot be written: .*No space left"):
        engine.build([document("q", text="opera")])
    assert list(tmp_path.glob("g*")) == [generation(tmp_path)]
    assert search_ids(engine) == {"p"}


def test_a_failed_switch_leaves_the_serving_generation(
    engine: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = engine.build([document("q", text="opera")])
    monkeypatch.setattr(GenerationStore, "switch", fail)
    with pytest.raises(SearchUnavailable, match="the index cannot be written"):
        engine.activate(built)
    assert list(tmp_path.glob("g*")) == [generation(tmp_path)]
    assert search_ids(engine) == {"p"}


def test_the_first_error_of_a_write_is_shown_and_the_lock_released(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoosh's own `cancel` writes as well, so it fails on a full disk."""
    with monkeypatch.context() as patch:
        patch.setattr(SegmentWriter, "commit", fail)
        patch.setattr(SegmentWriter, "cancel", lambda *_: 1 / 0)
        with pytest.raises(SearchUnavailable, match="No space left"):
            engine.apply([document("q", text="opera")], [])
    engine.apply([document("q", text="opera")], [])
    assert search_ids(engine) == {"p", "q"}


def test_an_unfinished_table_of_contents_is_removed_by_the_next_write(
    engine: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoosh writes it under a temporary name and renames it."""
    folder = generation(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(FileStorage, "rename_file", fail)
        with pytest.raises(SearchUnavailable, match="No space left"):
            engine.apply([document("q", text="opera")], [])
    assert list(folder.glob("*.toc.*"))
    engine.apply([document("q", text="opera")], [])
    assert not list(folder.glob("*.toc.*"))
    assert search_ids(engine) == {"p", "q"}
