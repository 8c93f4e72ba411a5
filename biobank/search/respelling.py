"""Spelling correction of query words that match no person."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from biobank.names.folding import fold_word, lower, tokens
from biobank.records.people.mapping import Record
from biobank.search.language.tree import plain_words, render, replaced, tidy
from biobank.search.query import SearchQuery
from biobank.search.question import words_of

#: Maximum number of corrected words in a query.
RESPELT_MOST = 3
#: Corrected folded words by position in the query.
Respelt = Mapping[int, str]


def respell(
    query: SearchQuery, unknown: Collection[int], near: Callable[[str], Sequence[str]]
) -> Respelt:
    """Return likely corrections of the plain words at `unknown_positions`."""
    plain = plain_words(query.tree)
    typed = words_of(plain.text) if plain is not None else ()
    found = ((at, near(typed[at].text)) for at in islice(sorted(unknown), RESPELT_MOST))
    return {at: words[0] for at, words in found if words}


def with_words(query: SearchQuery, respelt: Respelt) -> SearchQuery:
    """Return `query` with some of its plain words replaced."""
    plain = plain_words(query.tree)
    if plain is None:
        return query
    text = plain.text
    words = words_of(text)
    for at in sorted(respelt, reverse=True):
        text = text[: words[at].start] + respelt[at] + text[words[at].end :]
    tree = tidy(replaced(query.tree, plain, replace(plain, text=text)))
    return replace(query, text=render(tree), typed=render(tree))


def as_written(respelt: Respelt, records: Iterable[Record]) -> Respelt:
    """Return the corrections as spelled in the texts of `records`: bəstəkar for bestekar."""
    sought = set(respelt.values())
    letters: dict[str, str] = {}
    for lang, text in _texts(records):
        for token in tokens(text):
            if (word := fold_word(token.text)) in sought:
                # Lower case, since the word may start a sentence there.
                letters.setdefault(word, lower(token.text, lang))
        if len(letters) == len(sought):
            break
    return {at: letters.get(word, word) for at, word in respelt.items()}


def _texts(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
    """Yield language and text of headlines and biographies."""
    for record in records:
        yield from record.get("headline", {}).items()
        yield from record.get("biography", {}).items()
