"""The people that the subject of a question names, without doubt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from biobank.names.folding import has_letter
from biobank.names.matcher import NameMatcher
from biobank.names.structure import is_optional
from biobank.names.transliteration import detect_script
from biobank.search.analysis import stem_terms
from biobank.search.query_context import NAMESAKE_SCORE_MARGIN

#: Maximum number of words of a name in a question.
MAX_NAME_WORDS = 6
#: Maximum number of people of one full name, and of inflected forms tried.
MAX_NAMESAKES = 3
MAX_FORMS = 12
#: Endings of the nominative after a Russian stem: Караев, Кара, Бюльбюль, Низами, Азизе.
RUSSIAN_ENDINGS = ("", "а", "ь", "й", "и", "я", "е", "ы")
#: Endings after the stem of an English or Azerbaijani name are none: Nizami's, Nizaminin.
_POSSESSIVE_LANGS = ("en", "az")


@dataclass(frozen=True)
class NamedPeople:
    """The ids of the people of one name, and whether the name has more than one word."""

    ids: tuple[str, ...]
    is_full_name: bool


def find_named_people(matcher: NameMatcher, words: Sequence[str]) -> NamedPeople | None:
    """Return who is named by all of `words`, exact, transliterated or inflected.

    Returns None if some word belongs to no name, if nobody has them all, or if a single word or
    more than MAX_NAMESAKES people leave it open who is meant.
    """
    if not 0 < len(words) <= MAX_NAME_WORDS or not all(map(has_letter, words)):
        return None
    forms = [tuple(_known_forms(matcher, words, position)) for position in range(len(words))]
    if not all(forms):
        return None
    for candidate in islice(product(*forms), MAX_FORMS):
        ids = _people_of(matcher, " ".join(candidate))
        if ids:
            is_full = len(words) > 1
            return NamedPeople(ids, is_full) if len(ids) <= (MAX_NAMESAKES if is_full else 1) else None
    return None


def _known_forms(matcher: NameMatcher, words: Sequence[str], position: int) -> Iterator[str]:
    """Yield the forms of a word that some name contains, as written first."""
    word = words[position]
    if is_optional(words, position):
        yield word
        return
    for form in dict.fromkeys(_nominatives(word)):
        if matcher.word_similarity(form) >= 1.0:
            yield form


def _nominatives(word: str) -> Iterator[str]:
    """Yield the word as written, and what it may be the inflected form of."""
    yield word
    if detect_script(word) == "Cyrl":
        stem = stem_terms(word, "ru")[0]
        yield from (stem + ending for ending in RUSSIAN_ENDINGS)
    else:
        yield from (stem for lang in _POSSESSIVE_LANGS for stem in stem_terms(word, lang))


def _people_of(matcher: NameMatcher, name: str) -> tuple[str, ...]:
    """Return the best of those who have every word of a name, ordered by id."""
    scores = matcher.people_with_name(name)
    best = max(scores.values(), default=0.0)
    ids = (id_ for id_, score in scores.items() if score >= best - NAMESAKE_SCORE_MARGIN)
    return tuple(sorted(id_ for id_ in ids if _has_every_word(matcher, name, id_)))


def _has_every_word(matcher: NameMatcher, name: str, person_id: str) -> bool:
    match = matcher.match(name, person_id)
    return (
        match is not None
        and match.quality != "similar"
        and all(pair.name for pair in match.pairs if pair.is_name)
    )
