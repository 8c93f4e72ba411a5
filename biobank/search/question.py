"""Words of a query, analysed in every language of the bank."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from biobank.i18n import LANGUAGES
from biobank.names.folding import fold_word, tokens
from biobank.search.analysis import analyse
from biobank.search.language.limits import WORDS_MOST
from biobank.search.language.tree import AllOf, AnyOf, Node, Phrase, Prefix, Words


@dataclass(frozen=True)
class Word:
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


def markers_of(tree: Node) -> tuple[Marker, ...]:
    """Return the highlighted words of a query: all but the excluded ones."""
    return tuple(dict.fromkeys(_markers(tree)))


def _markers(node: Node) -> Iterator[Marker]:
    if isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from _markers(part)
    elif isinstance(node, Prefix):
        yield Marker(prefix=fold_word(node.text))
    elif isinstance(node, Words | Phrase):
        for word in words_of(node.text):
            if not word.stop:
                yield Marker(word.stems)


@lru_cache(maxsize=1024)
def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a query with stopwords marked; if all are stopwords, none is marked."""
    found = tuple(_words(text))[:WORDS_MOST]
    if all(word.stop for word in found):
        return tuple(
            Word(word.text, word.start, word.end, word.name, word.stems, stop=False)
            for word in found
        )
    return found


def _words(text: str) -> Iterator[Word]:
    analysed = {
        lang: {(token.start, token.end): token for token in analyse(text, lang)}
        for lang in LANGUAGES
    }
    for token in tokens(text):
        span = (token.start, token.end)
        by_lang = {lang: found[span] for lang, found in analysed.items() if span in found}
        yield Word(
            text=token.text,
            start=token.start,
            end=token.end,
            name=fold_word(token.text),
            stems=tuple((lang, found.terms) for lang, found in by_lang.items()),
            stop=any(found.stop for found in by_lang.values()),
        )
