"""Measure the search: `python -m benchmarks.search --people 20000`.

Each query runs twice on a newly opened engine: `first` must decode the postings of its words,
`again` finds them in memory. Where Whoosh's own searcher can answer the same query on the same
index, its time is given as a multiple of ours (`again`).
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.query import And, DisjunctionMax, Prefix, Query, Term
from whoosh.searching import Searcher

from benchmarks import memory
from benchmarks.corpus import generate_documents, seed_documents, seeded_random, sentences
from biobank.common.i18n import LANGUAGES
from biobank.names.folding import fold_word, tokens
from biobank.names.matcher import NameMatcher
from biobank.search.analysis import analyse
from biobank.search.document import Document
from biobank.search.executor import NameMatcherCache
from biobank.search.language.tree import Words
from biobank.search.query import FacetChoice, SearchQuery
from biobank.search.query_context import detect_exact_names
from biobank.search.query_words import query_markers, query_words
from biobank.search.snippets import snippet
from biobank.search.whoosh_engine import WhooshEngine
from biobank.search.whoosh_engine.fields import FIELD_GROUPS, NAME_FIELD, field_name

#: The facets that are combined in one query.
COMBINED_FACETS = ("profession", "country", "century", "gender")


def main() -> None:
    arguments = _arguments()
    seed = seed_documents()
    with tempfile.TemporaryDirectory() as temp_folder:
        folder = Path(temp_folder)
        _run_in_subprocess(build, folder, seed, arguments.people)
        build_report = json.loads((folder / "built.json").read_text(encoding="ascii"))
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        size_mb = size / memory.MEGABYTE
        print(f"{arguments.people} people, {arguments.questions} questions of a kind\n")
        print(f"build     {arguments.people / build_report['seconds']:8.0f} people a second")
        print(f"          {build_report['memory']:8.0f} MB at most   {size_mb:.0f} MB on disk")
        measure(folder, seed, arguments.people, arguments.questions)


def build(folder: Path, seed: Sequence[Document], people: int) -> None:
    """Build the index and store its measurements beside it."""
    documents = list(generate_documents(seed, people))
    memory_before = memory.resident_mb()
    started = time.perf_counter()
    engine = WhooshEngine(folder)
    engine.activate(engine.build(documents))
    seconds = time.perf_counter() - started
    report = {"seconds": seconds, "memory": memory.peak_mb() - memory_before}
    (folder / "built.json").write_text(json.dumps(report), encoding="ascii")


def measure(folder: Path, seed: Sequence[Document], people: int, count: int) -> None:
    memory_before = memory.resident_mb()
    engine = WhooshEngine(folder)
    open_ms = _duration_ms(engine.health)
    print(f"open      {open_ms:8.0f} ms")
    print(f"memory    {memory.resident_mb() - memory_before:8.0f} MB opened")
    name_cache = NameMatcherCache(engine)
    while not name_cache.is_ready:
        time.sleep(0.1)
    matcher = name_cache.matcher()
    print(f"memory    {memory.resident_mb() - memory_before:8.0f} MB with names")
    words = _sample_words(seed, count)
    phrases = _sample_phrases(seed, count)
    print(f"\n{'ms':24}{'first p50':>10}{'p95':>8}{'again p50':>11}{'p95':>8}{'Whoosh':>9}")
    with _searcher(folder) as searcher:
        kinds: list[tuple[str, list[Callable[[], object]], list[Callable[[], object]]]] = [
            _word_kind("one word", engine, searcher, [SearchQuery(text=word) for word in words]),
            _word_kind("three words", engine, searcher, [SearchQuery(text=text) for text in phrases]),
            ("four facets", [_search_call(engine, query) for query in _facet_queries(seed, count)], []),
            ("one word, four facets", _word_and_facet_calls(engine, words, seed), []),
            ("everyone by name", _match_all_calls(engine, "name", people, count), []),
            ("everyone by birth", _match_all_calls(engine, "birth", people, count), []),
            _suggestion_kind(matcher, searcher, seed, count),
            ("names in a question", [_detect_names_call(matcher, text) for text in phrases], []),
        ]
        for name, ours, theirs in kinds:
            _report(name, ours, theirs)
    _report("20 snippets", _snippet_calls(seed, words), [])
    print(f"\nmemory    {memory.resident_mb() - memory_before:8.0f} MB after these questions")
    _report_publishing(engine, seed, people)


def _word_kind(
    name: str, engine: WhooshEngine, searcher: Searcher, queries: Sequence[SearchQuery]
) -> tuple[str, list[Callable[[], object]], list[Callable[[], object]]]:
    ours = [_search_call(engine, query) for query in queries]
    return name, ours, [_whoosh_call(searcher, query) for query in queries]


def _search_call(engine: WhooshEngine, query: SearchQuery) -> Callable[[], object]:
    return lambda: engine.search(query)


def _whoosh_call(searcher: Searcher, query: SearchQuery) -> Callable[[], object]:
    """Return a search for the same words in the same fields by BM25F, without facets."""
    parts = [_alternatives(word.name, word.stems) for word in query_words(query.text) if not word.stop]
    return lambda: searcher.search(And(parts), limit=query.size)


def _alternatives(name: str, stems: Sequence[tuple[str, Sequence[str]]]) -> Query:
    terms = [Term(NAME_FIELD, name)]
    for lang, lang_stems in stems:
        terms += [Term(field_name(group, lang), stem) for group in FIELD_GROUPS for stem in lang_stems]
    return DisjunctionMax(terms)


def _facet_queries(seed: Sequence[Document], count: int) -> list[SearchQuery]:
    rng = seeded_random()
    people = rng.choices(seed, k=count)
    return [
        SearchQuery(choices={facet: FacetChoice((person.facets[facet][0],)) for facet in COMBINED_FACETS})
        for person in people
    ]


def _word_and_facet_calls(
    engine: WhooshEngine, words: Sequence[str], seed: Sequence[Document]
) -> list[Callable[[], object]]:
    queries = zip(words, _facet_queries(seed, len(words)), strict=True)
    return [_search_call(engine, replace(query, text=word)) for word, query in queries]


def _match_all_calls(engine: WhooshEngine, sort: str, people: int, count: int) -> list[Callable[[], object]]:
    pages = [1 + number % max(1, people // 20) for number in range(count)]
    return [_search_call(engine, SearchQuery(sort=sort, page=page)) for page in pages]


def _suggestion_kind(
    matcher: NameMatcher, searcher: Searcher, seed: Sequence[Document], count: int
) -> tuple[str, list[Callable[[], object]], list[Callable[[], object]]]:
    """Return queries of the first one to five letters of names."""
    rng = seeded_random()
    names = [rng.choice(rng.choice(seed).names) for _ in range(count)]
    typed = [name[: rng.randint(1, 5)].strip() for name in names]
    ours: list[Callable[[], object]] = [_suggest_call(matcher, text) for text in typed]
    return "suggest", ours, [_suggest_whoosh_call(searcher, text) for text in typed]


def _suggest_call(matcher: NameMatcher, text: str) -> Callable[[], object]:
    return lambda: matcher.complete(text, 10)


def _suggest_whoosh_call(searcher: Searcher, text: str) -> Callable[[], object]:
    parts = [Prefix(NAME_FIELD, fold_word(word.text)) for word in tokens(text)]
    return lambda: searcher.search(And(parts), limit=10)


def _detect_names_call(matcher: NameMatcher, text: str) -> Callable[[], object]:
    return lambda: detect_exact_names(matcher, text)


def _snippet_calls(seed: Sequence[Document], words: Sequence[str]) -> list[Callable[[], object]]:
    """Return calls that build a page of results: one passage of each of twenty biographies."""
    rng = seeded_random()

    def page(word: str, texts: Sequence[str]) -> Callable[[], object]:
        return lambda: [snippet(text, "az", query_markers(Words(word))) for text in texts]

    texts = [document.text["az"] for document in seed]
    return [page(word, rng.choices(texts, k=20)) for word in words]


def _report_publishing(engine: WhooshEngine, seed: Sequence[Document], people: int) -> None:
    """Measure a change of one person until the next search finds it."""

    def publish(document: Document) -> Callable[[], object]:
        def change() -> None:
            engine.apply([document], [])
            engine.search(SearchQuery(text=document.names[0]))

        return change

    changed = list(generate_documents(seed, min(people, 30)))
    durations = sorted(_duration_ms(publish(document)) for document in changed)
    print(f"publish   {_percentile(durations, 0.5):8.0f} ms p50   {_percentile(durations, 0.95):.0f} ms p95")


def _sample_words(seed: Sequence[Document], count: int) -> list[str]:
    """Return different words of the texts, without very common ones."""
    rng = seeded_random()
    distinct_words = {
        token.word
        for lang in LANGUAGES
        for text in rng.sample(sentences(seed, lang), min(count, 200))
        for token in analyse(text, lang)
        if not token.stop and len(token.word) > 3
    }
    return rng.sample(sorted(distinct_words), min(count, len(distinct_words)))


def _sample_phrases(seed: Sequence[Document], count: int) -> list[str]:
    """Return three words of one sentence each, so that at least one person matches all."""
    rng = seeded_random()
    usable = [
        words
        for lang in LANGUAGES
        for text in sentences(seed, lang)
        if len(words := [t.word for t in analyse(text, lang) if not t.stop]) >= 3
    ]
    return [" ".join(rng.sample(rng.choice(usable), 3)) for _ in range(count)]


def _searcher(folder: Path) -> Searcher:
    generation = (folder / "CURRENT").read_text(encoding="ascii").strip()
    return FileStorage(str(folder / generation)).open_index().searcher()


def _report(name: str, ours: Sequence[Callable[[], object]], theirs: Sequence[Callable[[], object]]) -> None:
    first, repeat, whoosh = (sorted(map(_duration_ms, calls)) for calls in (ours, ours, theirs))
    line = f"{name:24}{_percentile(first, 0.5):10.2f}{_percentile(first, 0.95):8.2f}"
    line += f"{_percentile(repeat, 0.5):11.2f}{_percentile(repeat, 0.95):8.2f}"
    if whoosh:
        line += f"{_percentile(whoosh, 0.5) / max(_percentile(repeat, 0.5), 1e-3):8.1f}×"
    print(line, flush=True)


def _duration_ms(function: Callable[[], object]) -> float:
    """Return the duration of a call in milliseconds."""
    started = time.perf_counter()
    function()
    return (time.perf_counter() - started) * 1000


def _percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _run_in_subprocess(function: Callable[..., None], *arguments: object) -> None:
    """Run a function in a subprocess, so that its memory is not counted here."""
    process = multiprocessing.get_context("spawn").Process(target=function, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"building failed: {process.exitcode}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--questions", type=int, default=200)
    return parser.parse_args()


if __name__ == "__main__":
    main()
