"""Words of a query, analysed in every language of the bank."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from biobank.common.i18n import LANGUAGES
from biobank.names.folding import fold_word, tokens
from biobank.search.analysis import analyse
from biobank.search.language.tree import MAX_QUERY_WORDS, AllOf, AnyOf, Phrase, Prefix, QueryNode, Words


@dataclass(frozen=True)
class QueryWord:
    """A query word at `start:end` of the text."""

    text: str
    start: int
    end: int
    #: The folded form as names are indexed.
    name: str
    #: The possible folded stems by language.
    stems: tuple[tuple[str, tuple[str, ...]], ...]
    #: Whether the word is a stopword in any language of the bank: and, və, и.
    stop: bool


@dataclass(frozen=True)
class Marker:
    """A word to highlight in texts: by its stems or by its prefix."""

    stems: tuple[tuple[str, tuple[str, ...]], ...] = ()
    prefix: str = ""


def query_markers(tree: QueryNode) -> tuple[Marker, ...]:
    """Return the highlighted words of a query: all but the excluded ones."""
    return tuple(dict.fromkeys(_markers(tree)))


def _markers(node: QueryNode) -> Iterator[Marker]:
    if isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from _markers(part)
    elif isinstance(node, Prefix):
        yield Marker(prefix=fold_word(node.text))
    elif isinstance(node, Words | Phrase):
        for word in query_words(node.text):
            if not word.stop:
                yield Marker(word.stems)


@lru_cache(maxsize=1024)
def query_words(text: str) -> tuple[QueryWord, ...]:
    """Return the words of a query with stopwords marked; if all are stopwords, none is marked."""
    words = tuple(_analyse_words(text))[:MAX_QUERY_WORDS]
    if all(word.stop for word in words):
        return tuple(
            QueryWord(word.text, word.start, word.end, word.name, word.stems, stop=False) for word in words
        )
    return words


def _analyse_words(text: str) -> Iterator[QueryWord]:
    analysed = {
        lang: {(token.start, token.end): token for token in analyse(text, lang)} for lang in LANGUAGES
    }
    for token in tokens(text):
        span = (token.start, token.end)
        tokens_by_lang = {
            lang: analysed_token[span] for lang, analysed_token in analysed.items() if span in analysed_token
        }
        yield QueryWord(
            text=token.text,
            start=token.start,
            end=token.end,
            name=fold_word(token.text),
            stems=tuple((lang, analysed_token.terms) for lang, analysed_token in tokens_by_lang.items()),
            stop=any(analysed_token.stop for analysed_token in tokens_by_lang.values()),
        )
