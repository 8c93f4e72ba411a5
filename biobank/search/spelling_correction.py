"""Spelling correction of query words that match no person."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from biobank.names.folding import fold_word, lower, tokens
from biobank.records.people.mapping import PersonRecord
from biobank.search.language.tree import plain_words, render, replace_node, tidy
from biobank.search.query import SearchQuery
from biobank.search.query_words import query_words

#: Maximum number of corrected words in a query.
MAX_CORRECTIONS = 3
#: Corrected folded words by position in the query.
Corrections = Mapping[int, str]


def correct(
    query: SearchQuery,
    unknown_positions: Collection[int],
    similar_words: Callable[[str], Sequence[str]],
) -> Corrections:
    """Return likely corrections of the plain words at `unknown_positions`."""
    plain = plain_words(query.tree)
    words = query_words(plain.text) if plain is not None else ()
    candidates = (
        (position, similar_words(words[position].text))
        for position in islice(sorted(unknown_positions), MAX_CORRECTIONS)
    )
    return {position: similar[0] for position, similar in candidates if similar}


def apply_corrections(query: SearchQuery, corrections: Corrections) -> SearchQuery:
    """Return `query` with some of its plain words replaced."""
    plain = plain_words(query.tree)
    if plain is None:
        return query
    text = plain.text
    words = query_words(text)
    for position in sorted(corrections, reverse=True):
        text = text[: words[position].start] + corrections[position] + text[words[position].end :]
    tree = tidy(replace_node(query.tree, plain, replace(plain, text=text)))
    return replace(query, text=render(tree), typed=render(tree))


def restore_spelling(corrections: Corrections, records: Iterable[PersonRecord]) -> Corrections:
    """Return the corrections as spelled in the texts of `records`: bəstəkar for bestekar."""
    wanted = set(corrections.values())
    spellings: dict[str, str] = {}
    for lang, text in _texts(records):
        for token in tokens(text):
            if (word := fold_word(token.text)) in wanted:
                # Lower case, since the word may start a sentence there.
                spellings.setdefault(word, lower(token.text, lang))
        if len(spellings) == len(wanted):
            break
    return {position: spellings.get(word, word) for position, word in corrections.items()}


def _texts(records: Iterable[PersonRecord]) -> Iterator[tuple[str, str]]:
    """Yield language and text of headlines and biographies."""
    for record in records:
        yield from record.get("headline", {}).items()
        yield from record.get("biography", {}).items()
