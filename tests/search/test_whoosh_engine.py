"""Specifics of the Whoosh engine: files, segments and memory."""

import gc
import os
import shutil
from pathlib import Path

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.query import Phrase, Term
from whoosh.searching import Searcher

from biobank.errors import Busy, SearchUnavailable
from biobank.search.query import UNKNOWN, SearchQuery
from biobank.search.whoosh_engine import WhooshEngine, facets, kept, segment
from biobank.search.whoosh_engine.engine import INDEX_NAME, OPEN_TRIES
from biobank.search.whoosh_engine.generations import CURRENT, Generations
from biobank.search.whoosh_engine.merging import TOGETHER
from tests.support.documents import document

OPERA = SearchQuery("opera", size=100)


def generation(folder: Path) -> Path:
    return folder / (folder / CURRENT).read_text(encoding="ascii").strip()


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


def found(engine: WhooshEngine) -> set[str]:
    return {hit.id for hit in engine.search(OPERA).hits}


# Segments


def test_single_changes_make_few_segments_and_each_change_merges_little(
    engine: WhooshEngine, tmp_path: Path
) -> None:
    for turn in range(3 * TOGETHER):
        engine.apply([document(f"q{turn}", text="opera")], [])
        assert len(sizes(tmp_path)) <= TOGETHER + 2
    assert sum(sizes(tmp_path)) == 3 * TOGETHER + 1


def test_a_segment_of_nobody_is_dropped(engine: WhooshEngine, tmp_path: Path) -> None:
    for turn in range(4):
        engine.apply([document("q", text=f"opera {turn}")], [])
        assert sizes(tmp_path) == [1, 1]
    engine.apply([], ["q"])
    assert sizes(tmp_path) == [1]


def test_what_one_change_brings_bounds_what_it_merges(
    engine: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.search.whoosh_engine.merging.MERGED_MOST", 1)
    monkeypatch.setattr("biobank.search.whoosh_engine.merging.TIMES_ITS_OWN", 2)
    for turn in range(TOGETHER + 3):
        engine.apply([document(f"q{turn}")], [])
    assert sizes(tmp_path) == [1] * (TOGETHER + 4)
    engine.apply([document(f"r{turn}") for turn in range(TOGETHER)], [])
    assert sizes(tmp_path) == [2 * TOGETHER + 4]


def test_a_search_goes_on_with_segments_whose_files_are_gone(engine: WhooshEngine) -> None:
    """Another commit may merge segments away between the index check and the first posting."""
    for turn in range(TOGETHER - 2):
        engine.apply([document(f"q{turn}", text="opera yazıb")], [])
    view = engine._fresh_view()
    engine.apply([document("last", text="opera")], [])
    engine.activate(engine.build([]))
    engine.activate(engine.build([]))
    assert sum(len(documents) for documents, _ in view.postings("text_az", "opera")) == 9
    assert view.lengths["text_az"].sum() > 9
    assert found(engine) == set()


def test_segments_that_stay_are_not_read_again(engine: WhooshEngine) -> None:
    before = engine._fresh_view().segments
    engine.apply([document("q", text="opera")], [])
    assert engine._fresh_view().segments[: len(before)] == before


def test_files_are_closed_when_nobody_reads_them_any_more(
    engine: WhooshEngine, tmp_path: Path
) -> None:
    descriptors = Path("/proc/self/fd")
    if not descriptors.exists():
        pytest.skip("this system does not tell which files are open")

    def publish_and_search() -> int:
        engine.apply([document("q", text="opera")], [])
        assert found(engine) == {"p", "q"}
        gc.collect()
        # Only files of this index; the process may have others open.
        return sum(os.path.realpath(it).startswith(str(tmp_path)) for it in descriptors.iterdir())

    before = [publish_and_search() for _ in range(3)]
    after = [publish_and_search() for _ in range(2 * TOGETHER)]
    assert max(after) <= max(before)


@pytest.mark.usefixtures("engine")
def test_decoded_postings_are_kept_up_to_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment, "POSTINGS_KEPT", 10 * kept.TERM_COSTS)
    (only,) = WhooshEngine(tmp_path)._fresh_view().segments
    for number in range(100):
        only.postings("text_az", f"söz{number}")
    assert len(only._postings._things) == 10
    assert len(only.postings("text_az", "opera").documents) == 1


def test_facets_count_alike_by_value_and_by_document(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    countries = ("AZ", "TR", "GE")
    few = [document(f"q{n}", text="opera", facets={"country": countries[:n]}) for n in range(4)]
    many = [document(f"r{n}", facets={"country": countries[n % 3 :]}) for n in range(200)]
    engine.apply([*many[:90], *few, *many[90:]], [])
    by_value = engine.search(OPERA)
    monkeypatch.setattr(facets, "MANY_VALUES", 0)
    assert engine.search(OPERA) == by_value
    assert by_value.facets["country"] == {"AZ": 3, "TR": 2, "GE": 1, UNKNOWN: 1}


# Files


def test_whooshs_own_searcher_reads_the_index_phrases_included(
    engine: WhooshEngine, tmp_path: Path
) -> None:
    """Keeps the index readable by other readers of Whoosh's format."""
    engine.apply([document("q", "Xan", text="opera Bakıda " * 90)], [])
    for turn in range(TOGETHER):
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
                for documents, counts in engine._fresh_view().postings(field, term)
                for number, count in zip(documents, counts, strict=True)
            ]
            assert ours == list(zip(numbers, weights, strict=True))


def test_postings_of_many_blocks_are_read_whole(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    bank = [document(f"p{n}", text="opera " * (1 + n % 3 if n > 300 else 1)) for n in range(700)]
    engine.activate(engine.build(bank))
    ((documents, counts),) = engine._fresh_view().postings("text_az", "opera")
    assert documents.tolist() == list(range(700))
    assert counts.tolist() == [1 + n % 3 if n > 300 else 1 for n in range(700)]
    # Each word is indexed as written and by its only stem.
    assert engine._fresh_view().lengths["text_az"].tolist() == (2 * counts).tolist()


def test_an_index_whose_files_were_taken_away_is_unavailable_and_comes_back(
    engine: WhooshEngine, tmp_path: Path
) -> None:
    assert found(engine) == {"p"}
    folder = generation(tmp_path)
    shutil.copytree(folder, tmp_path / "copy")
    for file in folder.iterdir():
        if file.is_file():
            file.unlink()
    with pytest.raises(SearchUnavailable, match="cannot be read"):
        WhooshEngine(tmp_path).search(OPERA)
    with pytest.raises(SearchUnavailable, match="cannot be read"):
        engine.health()
    shutil.rmtree(folder)
    with pytest.raises(SearchUnavailable, match="index rebuild"):
        engine.health()
    (tmp_path / "copy").rename(folder)
    assert engine.health().documents == 1
    assert found(engine) == {"p"}


def test_a_segment_that_vanishes_just_as_it_is_opened_is_looked_for_again(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tries = 0
    read = TOC.read.__func__

    def vanishing(*arguments: object) -> TOC:
        nonlocal tries
        tries += 1
        if tries < OPEN_TRIES:
            raise FileNotFoundError
        contents: TOC = read(TOC, *arguments)
        return contents

    other = WhooshEngine(tmp_path)
    monkeypatch.setattr(TOC, "read", vanishing)
    assert found(other) == {"p"}


def test_a_writer_gives_up_with_a_message_when_another_does_not_end(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    with (
        generations.writing(),
        pytest.raises(Busy, match="another process"),
        Generations(tmp_path).writing(wait=0.05),
    ):
        pass
    with Generations(tmp_path).writing(wait=0.05):
        pass
