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
from benchmarks.corpus import made_documents, same_chance, seed_documents, sentences
from biobank.i18n import LANGUAGES
from biobank.names.folding import fold_word, tokens
from biobank.names.matcher import Matcher
from biobank.search.analysis import analyse
from biobank.search.document import Document
from biobank.search.known_names import KnownNames
from biobank.search.language.tree import Words
from biobank.search.naming import sure_names
from biobank.search.query import Choice, SearchQuery
from biobank.search.question import markers_of, words_of
from biobank.search.snippets import snippet
from biobank.search.whoosh_engine import WhooshEngine
from biobank.search.whoosh_engine.fields import GROUPS, NAME, field_of

#: The facets that are combined in one query.
FACETS = ("profession", "country", "century", "gender")


def main() -> None:
    arguments = _arguments()
    seed = seed_documents()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _in_another_process(build, folder, seed, arguments.people)
        built = json.loads((folder / "built.json").read_text(encoding="ascii"))
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        size_mb = size / memory.MEGABYTE
        print(f"{arguments.people} people, {arguments.questions} questions of a kind\n")
        print(f"build     {arguments.people / built['seconds']:8.0f} people a second")
        print(f"          {built['memory']:8.0f} MB at most   {size_mb:.0f} MB on disk")
        measure(folder, seed, arguments.people, arguments.questions)


def build(folder: Path, seed: Sequence[Document], people: int) -> None:
    """Build the index and store its measurements beside it."""
    documents = list(made_documents(seed, people))
    before = memory.held()
    started = time.perf_counter()
    engine = WhooshEngine(folder)
    engine.activate(engine.build(documents))
    seconds = time.perf_counter() - started
    facts = {"seconds": seconds, "memory": memory.most() - before}
    (folder / "built.json").write_text(json.dumps(facts), encoding="ascii")


def measure(folder: Path, seed: Sequence[Document], people: int, count: int) -> None:
    before = memory.held()
    engine = WhooshEngine(folder)
    opened = _time(engine.health)
    print(f"open      {opened:8.0f} ms")
    print(f"memory    {memory.held() - before:8.0f} MB opened")
    known = KnownNames(engine)
    while not known.ready:
        time.sleep(0.1)
    matcher = known.matcher()
    print(f"memory    {memory.held() - before:8.0f} MB with names")
    words = _words(seed, count)
    together = _words_together(seed, count)
    print(f"\n{'ms':24}{'first p50':>10}{'p95':>8}{'again p50':>11}{'p95':>8}{'Whoosh':>9}")
    with _searcher(folder) as searcher:
        kinds: list[tuple[str, list[Callable[[], object]], list[Callable[[], object]]]] = [
            _kind("one word", engine, searcher, [SearchQuery(text=word) for word in words]),
            _kind("three words", engine, searcher, [SearchQuery(text=text) for text in together]),
            ("four facets", [_ask(engine, query) for query in _chosen(seed, count)], []),
            ("one word, four facets", _asked_with_facets(engine, words, seed), []),
            ("everyone by name", _everyone(engine, "name", people, count), []),
            ("everyone by birth", _everyone(engine, "birth", people, count), []),
            _suggestions(matcher, searcher, seed, count),
            ("names in a question", [_names(matcher, text) for text in together], []),
        ]
        for name, ours, theirs in kinds:
            _tell(name, ours, theirs)
    _tell("20 snippets", _snippets(seed, words), [])
    print(f"\nmemory    {memory.held() - before:8.0f} MB after these questions")
    _tell_publishing(engine, seed, people)


def _kind(
    name: str, engine: WhooshEngine, searcher: Searcher, queries: Sequence[SearchQuery]
) -> tuple[str, list[Callable[[], object]], list[Callable[[], object]]]:
    ours = [_ask(engine, query) for query in queries]
    return name, ours, [_ask_whoosh(searcher, query) for query in queries]


def _ask(engine: WhooshEngine, query: SearchQuery) -> Callable[[], object]:
    return lambda: engine.search(query)


def _ask_whoosh(searcher: Searcher, query: SearchQuery) -> Callable[[], object]:
    """Return a search for the same words in the same fields by BM25F, without facets."""
    parts = [_alternatives(word.name, word.stems) for word in words_of(query.text) if not word.stop]
    return lambda: searcher.search(And(parts), limit=query.size)


def _alternatives(name: str, stems: Sequence[tuple[str, Sequence[str]]]) -> Query:
    terms = [Term(NAME, name)]
    for lang, found in stems:
        terms += [Term(field_of(group, lang), stem) for group in GROUPS for stem in found]
    return DisjunctionMax(terms)


def _chosen(seed: Sequence[Document], count: int) -> list[SearchQuery]:
    chance = same_chance()
    people = chance.choices(seed, k=count)
    return [
        SearchQuery(choices={facet: Choice((person.facets[facet][0],)) for facet in FACETS})
        for person in people
    ]


def _asked_with_facets(
    engine: WhooshEngine, words: Sequence[str], seed: Sequence[Document]
) -> list[Callable[[], object]]:
    queries = zip(words, _chosen(seed, len(words)), strict=True)
    return [_ask(engine, replace(query, text=word)) for word, query in queries]


def _everyone(
    engine: WhooshEngine, sort: str, people: int, count: int
) -> list[Callable[[], object]]:
    pages = [1 + number % max(1, people // 20) for number in range(count)]
    return [_ask(engine, SearchQuery(sort=sort, page=page)) for page in pages]


def _suggestions(
    matcher: Matcher, searcher: Searcher, seed: Sequence[Document], count: int
) -> tuple[str, list[Callable[[], object]], list[Callable[[], object]]]:
    """Return queries of the first one to five letters of names."""
    chance = same_chance()
    names = [chance.choice(chance.choice(seed).names) for _ in range(count)]
    typed = [name[: chance.randint(1, 5)].strip() for name in names]
    ours: list[Callable[[], object]] = [_suggest(matcher, text) for text in typed]
    return "suggest", ours, [_suggest_whoosh(searcher, text) for text in typed]


def _suggest(matcher: Matcher, text: str) -> Callable[[], object]:
    return lambda: matcher.complete(text, 10)


def _suggest_whoosh(searcher: Searcher, text: str) -> Callable[[], object]:
    parts = [Prefix(NAME, fold_word(word.text)) for word in tokens(text)]
    return lambda: searcher.search(And(parts), limit=10)


def _names(matcher: Matcher, text: str) -> Callable[[], object]:
    return lambda: sure_names(matcher, text)


def _snippets(seed: Sequence[Document], words: Sequence[str]) -> list[Callable[[], object]]:
    """Return calls that build a page of results: one passage of each of twenty biographies."""
    chance = same_chance()

    def page(word: str, texts: Sequence[str]) -> Callable[[], object]:
        return lambda: [snippet(text, "az", markers_of(Words(word))) for text in texts]

    texts = [document.text["az"] for document in seed]
    return [page(word, chance.choices(texts, k=20)) for word in words]


def _tell_publishing(engine: WhooshEngine, seed: Sequence[Document], people: int) -> None:
    """Measure a change of one person until the next search finds it."""

    def publish(document: Document) -> Callable[[], object]:
        def change() -> None:
            engine.apply([document], [])
            engine.search(SearchQuery(text=document.names[0]))

        return change

    changed = list(made_documents(seed, min(people, 30)))
    took = sorted(_time(publish(document)) for document in changed)
    print(f"publish   {_share(took, 0.5):8.0f} ms p50   {_share(took, 0.95):.0f} ms p95")


def _words(seed: Sequence[Document], count: int) -> list[str]:
    """Return different words of the texts, without very common ones."""
    chance = same_chance()
    found = {
        token.word
        for lang in LANGUAGES
        for text in chance.sample(sentences(seed, lang), min(count, 200))
        for token in analyse(text, lang)
        if not token.stop and len(token.word) > 3
    }
    return chance.sample(sorted(found), min(count, len(found)))


def _words_together(seed: Sequence[Document], count: int) -> list[str]:
    """Return three words of one sentence each, so that at least one person matches all."""
    chance = same_chance()
    usable = [
        words
        for lang in LANGUAGES
        for text in sentences(seed, lang)
        if len(words := [t.word for t in analyse(text, lang) if not t.stop]) >= 3
    ]
    return [" ".join(chance.sample(chance.choice(usable), 3)) for _ in range(count)]


def _searcher(folder: Path) -> Searcher:
    generation = (folder / "CURRENT").read_text(encoding="ascii").strip()
    return FileStorage(str(folder / generation)).open_index().searcher()


def _tell(
    name: str, ours: Sequence[Callable[[], object]], theirs: Sequence[Callable[[], object]]
) -> None:
    first, again, whoosh = (sorted(map(_time, asked)) for asked in (ours, ours, theirs))
    line = f"{name:24}{_share(first, 0.5):10.2f}{_share(first, 0.95):8.2f}"
    line += f"{_share(again, 0.5):11.2f}{_share(again, 0.95):8.2f}"
    if whoosh:
        line += f"{_share(whoosh, 0.5) / max(_share(again, 0.5), 1e-3):8.1f}×"
    print(line, flush=True)


def _time(work: Callable[[], object]) -> float:
    """Return the duration of a call in milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _share(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _in_another_process(work: Callable[..., None], *arguments: object) -> None:
    """Run a function in a subprocess, so that its memory is not counted here."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
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
