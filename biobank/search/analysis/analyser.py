"""Analysis of words into index terms, and stopwords, the same for indexing and queries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from biobank.names.folding import HYPHENS, fold, fold_word, lower, normalise, tokens
from biobank.search.analysis import azerbaijani

_AZERBAIJANI = """
və ilə də da ki bu o bir hər həm isə ya yaxud üçün kimi qədər sonra əvvəl daha artıq
amma lakin ancaq çünki əgər hətta yalnız bəzi bütün digər başqa onun onu ona ondan onlar onların
onları biz siz mənim sənin bizim sizin özü həmin elə hansı var yox imiş
olan olaraq olub oldu olmuşdur edib etdi etmişdir haqqında tərəfindən üzrə arasında deyil
"""
_ENGLISH = """
a an the and or but nor of in on at to from by for with without into about as than then that this
these those it its he she his her him they their them we our you your my me who whom whose
which what when where how is are was were be been being has have had do does did not no so also
such there here after before between during over under s
"""
_RUSSIAN = """
и в во на с со к ко у о об от до из за по под над при про для без через между а но или же бы не
ни как так что чтобы это этот эта эти того тот та те он она оно они его ее их ему ей них нем
ней мы вы я нас вас нам вам свой своя свои который которая которые которого был была было были
быть есть также тоже только уже еще если когда где кто чей какой какая какие там тут все всех
"""
# Endings written after numbers, abbreviations and quotations: 1885-ci, ABŞ-ın, “Koroğlu”nun.
_DETACHED_ENDINGS = """
ci cı cu cü inci ıncı uncu üncü nci ncı ncu ncü ın in un ün nın nin nun nün ı i u ü nı ni nu nü
sı si su sü a ə ya yə na nə da də dan dən nda ndə ndan ndən la lə lar lər dır dir dur dür
"""


def _fold_words(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


STOPWORDS: dict[str, frozenset[str]] = {
    "az": _fold_words(_AZERBAIJANI),
    "en": _fold_words(_ENGLISH),
    "ru": _fold_words(_RUSSIAN),
}
DETACHED_ENDINGS = _fold_words(_DETACHED_ENDINGS)
_CLOSING_QUOTES = '"”“»'


def is_stopword(word: str, lang: str) -> bool:
    """Return whether a word is a stopword of a language, however it is typed."""
    # English has no accents to remove: iş (work) and ət (meat) are not is and et.
    normalised = lower(normalise(word), lang) if lang == "en" else fold_word(word)
    return normalised in STOPWORDS.get(lang, frozenset())


def is_detached_ending(text: str, start: int, word: str) -> bool:
    """Return whether the word at `start` is an ending that is written apart from its word.

    This holds only after a number or an abbreviation and a hyphen, or after a quotation: elsewhere
    the same letters are a name (Dan, Nin) or a word (su: water).
    """
    if not start or fold_word(word) not in DETACHED_ENDINGS:
        return False
    before, sign = text[max(start - 3, 0) : start - 1], text[start - 1]
    if sign in HYPHENS:
        return before[-1:].isdigit() or (len(before) == 2 and before.isupper())
    return sign in _CLOSING_QUOTES and bool(before[-1:].strip())


class AnalysedToken(NamedTuple):
    """A word with ``word == text[start:end]`` and its folded stems, the most likely first."""

    start: int
    end: int
    word: str
    terms: tuple[str, ...]
    stop: bool


def analyse(text: str, lang: str) -> Iterator[AnalysedToken]:
    """Yield the words of a text in order, with up to three terms in "az" and one in "en" and "ru".

    `lang` is the language of the text: an English word in an Azerbaijani text is stemmed as
    Azerbaijani. In a language without a stemmer the term is the folded word.
    """
    for token in tokens(text):
        terms, stop = _cached_terms(token.text, lang)
        stop = stop or (lang == "az" and is_detached_ending(text, token.start, token.text))
        yield AnalysedToken(token.start, token.end, token.text, terms, stop)


@lru_cache(maxsize=131_072)
def _cached_terms(word: str, lang: str) -> tuple[tuple[str, ...], bool]:
    """Return the terms of a word and whether it is a stopword; cached because words repeat."""
    return stem_terms(word, lang), is_stopword(word, lang)


def stem_terms(word: str, lang: str) -> tuple[str, ...]:
    """Return the terms of one word, at least one."""
    if lang == "az":
        return azerbaijani.stems(word)
    if lang in ("en", "ru"):
        return (snowball_stem(word, lang),)
    return (fold_word(word),)


_ALGORITHMS = {"en": "english", "ru": "russian"}
# A stemmer stores the current word in itself, so threads must not share one.
_thread_local = threading.local()


@lru_cache(maxsize=65_536)
def snowball_stem(word: str, lang: str) -> str:
    """Return the folded stem of a word in "en" or "ru", ignoring case and accents (ё is е)."""
    word = normalise(word)
    if lang == "en":
        # Remove the possessive first, since folding removes apostrophes.
        word = word.removesuffix("'").removesuffix("'s").removesuffix("'S")
    return fold(str(_stemmer(lang).stemWord(fold(word))))


def _stemmer(lang: str) -> snowballstemmer.stemmer:
    stemmers: dict[str, snowballstemmer.stemmer] = _thread_local.__dict__
    if lang not in stemmers:
        stemmers[lang] = snowballstemmer.stemmer(_ALGORITHMS[lang])
    return stemmers[lang]
