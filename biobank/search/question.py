"""A question's words, as every language of the bank would analyse them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from biobank.i18n import LANGUAGES
from biobank.names.folding import fold_word, tokens
from biobank.search.analysis import analyse

#: Words of one question that are sought; the rest of a very long one is let go.
WORDS_MOST = 40


@dataclass(frozen=True)
class Word:
    """One word of a question, at `start:end` of its text."""

    text: str
    start: int
    end: int
    #: The folded form, as names are indexed.
    name: str
    #: By language, the folded stems it may have.
    stems: tuple[tuple[str, tuple[str, ...]], ...]
    #: A word that says nothing by itself in any language of the bank: and, və, и.
    stop: bool


@lru_cache(maxsize=1024)
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a question, stopwords marked; where all are stopwords, none is."""
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
