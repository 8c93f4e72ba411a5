"""Questions with words that nobody has, asked again as they are perhaps meant."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from biobank.names.folding import fold_word, lower, tokens
from biobank.records.people.mapping import Record
from biobank.search.language.tree import plain_words, render, replaced, tidy
from biobank.search.query import SearchQuery
from biobank.search.question import words_of

#: Words of one question that are respelt at most.
RESPELT_MOST = 3
#: By the place of a word in a question, the folded word that is perhaps meant.
Respelt = Mapping[int, str]


def respell(
    query: SearchQuery, unknown: Collection[int], near: Callable[[str], Sequence[str]]
) -> Respelt:
    """What the words at `unknown` of the plain words are perhaps meant for, where that is known."""
    plain = plain_words(query.tree)
    typed = words_of(plain.text) if plain is not None else ()
    found = ((at, near(typed[at].text)) for at in islice(sorted(unknown), RESPELT_MOST))
    return {at: words[0] for at, words in found if words}


def with_words(query: SearchQuery, respelt: Respelt) -> SearchQuery:
    """`query` with some of its plain words replaced."""
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
    """The same in the letters of texts of `records`: bəstəkar for bestekar."""
    sought = set(respelt.values())
    letters: dict[str, str] = {}
    for lang, text in _texts(records):
        for token in tokens(text):
            if (word := fold_word(token.text)) in sought:
                # In small letters, as one types: it may begin a sentence there.
                letters.setdefault(word, lower(token.text, lang))
        if len(letters) == len(sought):
            break
    return {at: letters.get(word, word) for at, word in respelt.items()}


def _texts(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
    """Language and text, one after another."""
    for record in records:
        yield from record.get("headline", {}).items()
        yield from record.get("biography", {}).items()
