"""Query trees evaluated against documents in plain Python."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from biobank.names.folding import fold_word, tokens
from biobank.names.suffixes import other_gender_surname
from biobank.search.analysis import analyse
from biobank.search.document import Document
from biobank.search.language.tree import (
    AllOf,
    AnyOf,
    Not,
    Phrase,
    Prefix,
    QueryLeaf,
    QueryNode,
    Value,
    Words,
    tidy,
)
from biobank.search.query import UNKNOWN
from biobank.search.query_words import QueryWord, query_words
from tests.support.documents import ABSENT, NAME_WORDS, TEXT_WORDS, VALUES

#: Searched parts of a document, by query field.
GROUPS = {
    "": ("headline", "labels", "works", "ties", "text"),
    "text": ("headline", "text"),
    "work": ("works",),
}


def evaluate(node: QueryNode, leaf_matches: Callable[[QueryLeaf], bool]) -> bool:
    """Return the value of a tree, given the value of each leaf."""
    if isinstance(node, Not):
        return not evaluate(node.part, leaf_matches)
    if isinstance(node, AllOf):
        return all(evaluate(part, leaf_matches) for part in node.parts)
    if isinstance(node, AnyOf):
        return any(evaluate(part, leaf_matches) for part in node.parts)
    return leaf_matches(node)


def matches_leaf(document: Document, leaf: QueryLeaf) -> bool:
    """Return whether a document matches a leaf of a query."""
    if isinstance(leaf, Words):
        searched_words = [word for word in query_words(leaf.text) if not word.stop]
        by_id = leaf.field == "source" and leaf.text in document.facets.get("source", ())
        return by_id or all(_has_word(document, word, leaf.field) for word in searched_words)
    if isinstance(leaf, Phrase):
        return any(_contains_phrase(leaf.text, line) for line in _field_lines(document, leaf.field))
    if isinstance(leaf, Prefix):
        folded_prefix = fold_word(leaf.text)
        lines = _field_lines(document, leaf.field)
        return any(word.startswith(folded_prefix) for line in lines for word in _folded(line))
    return _has_value(document, leaf)


def _has_word(document: Document, word: QueryWord, field: str) -> bool:
    names = {word.name, other_gender_surname(word.text)}
    if field in ("", "name") and any(names & {*_folded(name)} for name in document.names):
        return True
    if field == "source":
        return any(word.name in _folded(title) for title in document.sources)
    return any(
        not _terms(getattr(document, group).get(lang, ""), lang).isdisjoint(stems)
        for group in GROUPS.get(field, ())
        for lang, stems in word.stems
    )


@lru_cache(maxsize=4096)
def _terms(text: str, lang: str) -> frozenset[str]:
    return frozenset(term for token in analyse(text, lang) if not token.stop for term in token.terms)


def _has_value(document: Document, leaf: Value) -> bool:
    if leaf.field == "age":
        earliest, latest = document.lived
        if leaf.value == UNKNOWN or (earliest, latest) == (None, None):
            return leaf.value == UNKNOWN and (earliest, latest) == (None, None)
        first, dots, last = leaf.value.partition("..")
        last = last if dots else first
        return not (first and latest is not None and latest < int(first)) and not (
            last and earliest is not None and earliest > int(last)
        )
    return leaf.value in document.facets.get(leaf.field, (UNKNOWN,))


def _field_lines(document: Document, field: str) -> Iterator[str]:
    """Return the texts that phrases match within: names, titles, lines."""
    if field in ("", "name"):
        yield from document.names
    if field == "source":
        yield from document.sources
    for group in GROUPS.get(field, ()):
        texts: Mapping[str, str] = getattr(document, group)
        for text in texts.values():
            yield from text.split("\n")


@lru_cache(maxsize=4096)
def _folded(text: str) -> list[str]:
    return [fold_word(token.text) for token in tokens(text)]


def _contains_phrase(phrase: str, line: str) -> bool:
    wanted, words = _folded(phrase), _folded(line)
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words)))


_words = st.sampled_from(
    sorted({*NAME_WORDS, *(word for words in TEXT_WORDS.values() for word in words), ABSENT})
)
_runs = st.lists(_words, min_size=1, max_size=2).map(" ".join)
_fields = st.sampled_from(("", "", "text", "work", "source", "name"))
_values = st.sampled_from((*VALUES, UNKNOWN, "nowhere"))
_valued = ("profession", "country", "gender", "award", "birthplace", "century", "lacks", "stale")
_leaves = st.one_of(
    st.builds(Words, _runs, _fields),
    st.builds(Phrase, _runs, _fields.map(lambda field: "" if field == "name" else field)),
    st.builds(Prefix, _words.filter(lambda word: len(word) > 3).map(lambda w: w[:3]), _fields),
    st.builds(Value, st.sampled_from(_valued), _values),
    st.builds(Value, st.just("age"), st.sampled_from(("5", "3..6", "..4", "7..", UNKNOWN))),
)


def trees() -> SearchStrategy[QueryNode]:
    """Return a strategy of normalised trees over the contents of `banks`."""
    return st.recursive(
        _leaves,
        lambda part: st.one_of(
            st.lists(part, min_size=2, max_size=3).map(lambda parts: AllOf(tuple(parts))),
            st.lists(part, min_size=2, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
            part.map(Not),
        ),
        max_leaves=7,
    ).map(tidy)
