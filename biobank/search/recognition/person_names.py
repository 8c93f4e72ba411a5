"""Names of people in an oblique case beside a relation: Qara Qarayevin tələbələri, муж Зарифы Алиевой."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Final

from biobank.names.folding import fold_word
from biobank.names.matcher import NameMatcher
from biobank.names.mention_detection import NameMention
from biobank.search.analysis.analyser import snowball_stem
from biobank.search.analysis.azerbaijani import noun_stems
from biobank.search.query_context import NAMESAKE_SCORE_MARGIN, detect_exact_names

#: Maximum number of words of a name beside a relation.
MAX_PERSON_NAME_WORDS: Final = 4
#: Endings of Russian names in the nominative, after the stem.
_NOMINATIVE_ENDINGS: Final = ("", "а", "й", "я")
#: Maximum number of forms of a word that are tried.
MAX_FORMS: Final = 2
_POSSESSIVE: Final = re.compile(r"(?i)['’]s?$")
#: Minimum length of an Azerbaijani name without its case ending.
_MIN_STEM_CHARS: Final = 3


class PersonNames:
    """The names of people in the bank, as they stand in sentences."""

    def __init__(self, matcher: Callable[[], NameMatcher]) -> None:
        self._current_matcher = matcher

    @cached_property
    def _matcher(self) -> NameMatcher:
        """Return the matcher, opened only for texts that may hold a condition."""
        return self._current_matcher()

    def mentions(self, text: str) -> Sequence[NameMention]:
        """Return the names of people in `text`."""
        return detect_exact_names(self._matcher, text)

    def people(self, words: Sequence[str], lang: str) -> frozenset[str]:
        """Return the people whom `words` name in any case of a language, the best matches only."""
        forms: list[list[str]] = []
        for word in words:
            forms.append(self._known_forms(word, lang))
            if not forms[-1]:
                return frozenset()
        for name in _combine(forms):
            if scores := self._matcher.people_with_name(name):
                return _best(scores)
        return frozenset()

    def is_as_typed(self, words: Sequence[str]) -> bool:
        """Return whether all `words` occur in names as they are typed."""
        return all(self._is_known(word) for word in words)

    def _known_forms(self, word: str, lang: str) -> list[str]:
        """Return the first forms of a word that occur in names, the word as typed before others."""
        known = (form for form in dict.fromkeys((word, *_forms(word, lang))) if self._is_known(form))
        return list(islice(known, MAX_FORMS))

    def _is_known(self, word: str) -> bool:
        return self._matcher.word_similarity(word) >= 1.0


def _combine(forms: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the names of the first form of each word, then those of the second forms."""
    yield " ".join(form[0] for form in forms)
    yield from (" ".join((*(form[0] for form in forms[:-1]), form_of_last)) for form_of_last in forms[-1][1:])
    if len(forms) > 1:
        yield " ".join(form[-1] for form in forms)


def _forms(word: str, lang: str) -> Iterator[str]:
    if lang == "en":
        yield _POSSESSIVE.sub("", word)
    elif lang == "ru":
        stem = snowball_stem(word, "ru")
        yield from (stem + ending for ending in _NOMINATIVE_ENDINGS)
    else:
        stems = noun_stems(word) - {fold_word(word)}
        yield from sorted((stem for stem in stems if len(stem) >= _MIN_STEM_CHARS), key=len, reverse=True)


def _best(scores: Mapping[str, float]) -> frozenset[str]:
    best = max(scores.values())
    return frozenset(id_ for id_, score in scores.items() if score >= best - NAMESAKE_SCORE_MARGIN)
