"""The people that the subject of a question names, without doubt."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from biobank.names.folding import fold, has_letter, lower
from biobank.names.matcher import NameMatcher
from biobank.names.structure import is_optional, is_patronymic
from biobank.names.transliteration import detect_script
from biobank.search.query_context import NAMESAKE_SCORE_MARGIN

#: Maximum number of words of a name in a question.
MAX_SUBJECT_WORDS = 6
#: Maximum number of people of one full name, and of inflected forms tried.
MAX_NAMED_PEOPLE = 3
MAX_NAME_FORMS = 12
#: Minimum length of what is left of a name without its ending.
MIN_STEM_CHARS = 3
#: Case endings of names in Russian, and the endings of the nominative: Караева, Кары, Бюльбюля.
_RUSSIAN_CASES = re.compile(r"(?:ого|ому|ой|ей|ом|ем|ым|а|я|у|ю|е|ы|и)$")
_RUSSIAN_NOMINATIVES = ("", "а", "ь", "й", "я", "е")
#: Endings of the last word of a name in English and Azerbaijani, folded: Nizami's, Nizaminin, Füzulidir.
_LATIN_CASES = re.compile(r"(?:s|n?[iu]n|n?[iu]|d[ae]n?|y[ae]|l[ae]|d[iu]r)$")


@dataclass(frozen=True)
class NamedPeople:
    """The ids of the people of one name, and whether the name has more than one word."""

    ids: tuple[str, ...]
    is_full_name: bool


def find_named_people(matcher: NameMatcher, words: Sequence[str]) -> NamedPeople | None:
    """Return who is named by all of `words`, exact, transliterated or inflected.

    A title may be missing in the bank. Returns None if some word belongs to no name, if nobody has
    them all, or if a single word or more than MAX_NAMED_PEOPLE people leave it open who is meant.
    """
    people = _find(matcher, words)
    if people is None and (untitled := without_titles(words)) != list(words):
        people = _find(matcher, untitled)
    return people


def without_titles(words: Sequence[str]) -> list[str]:
    """Return the words that are no title or initial: Üzeyir bəy."""
    return [
        word
        for position, word in enumerate(words)
        if not is_optional(words, position) or is_patronymic(words, position)
    ]


def _find(matcher: NameMatcher, words: Sequence[str]) -> NamedPeople | None:
    if not 0 < len(words) <= MAX_SUBJECT_WORDS or not all(map(has_letter, words)):
        return None
    forms = [tuple(_known_forms(matcher, words, position)) for position in range(len(words))]
    if not all(forms):
        return None
    optional = sum(is_optional(words, position) for position in range(len(words)))
    for candidate in islice(product(*forms), MAX_NAME_FORMS):
        ids = _people_of(matcher, " ".join(candidate), optional)
        if ids:
            is_full = len(words) > 1
            return NamedPeople(ids, is_full) if len(ids) <= (MAX_NAMED_PEOPLE if is_full else 1) else None
    return None


def _known_forms(matcher: NameMatcher, words: Sequence[str], position: int) -> Iterator[str]:
    """Yield the forms of a word that some name contains, as written first."""
    word = words[position]
    if is_optional(words, position):
        yield word
        return
    for form in dict.fromkeys(_nominatives(word, is_last=position == len(words) - 1)):
        if matcher.word_similarity(form) >= 1.0:
            yield form


def _nominatives(word: str, *, is_last: bool) -> Iterator[str]:
    """Yield the word as written, and the names of which it may be an inflected form."""
    yield word
    if detect_script(word) == "Cyrl":
        stem = _RUSSIAN_CASES.sub("", lower(word, "ru"))
        if MIN_STEM_CHARS <= len(stem) < len(word):
            yield from (stem + ending for ending in _RUSSIAN_NOMINATIVES)
    elif is_last:
        folded = fold(word)
        yield from (
            folded[: match.start()]
            for start in range(MIN_STEM_CHARS, len(folded))
            if (match := _LATIN_CASES.match(folded, start))
        )


def _people_of(matcher: NameMatcher, name: str, optional: int) -> tuple[str, ...]:
    """Return the best of those who have every word of a name but `optional` ones, ordered by id."""
    scores = matcher.people_with_name(name)
    best = max(scores.values(), default=0.0)
    ids = (id_ for id_, score in scores.items() if score >= best - NAMESAKE_SCORE_MARGIN)
    return tuple(sorted(id_ for id_ in ids if _has_every_word(matcher, name, id_, optional)))


def _has_every_word(matcher: NameMatcher, name: str, person_id: str, optional: int) -> bool:
    match = matcher.match(name, person_id)
    if match is None or match.quality == "similar":
        return False
    missing = [pair for pair in match.pairs if not pair.name]
    return len(missing) <= optional and not any(pair.is_name for pair in missing)
