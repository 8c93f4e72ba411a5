"""Index of field values by label: from a label in any language to ids."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice, product
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from biobank.i18n import LANGUAGES
from biobank.names.folding import fold
from biobank.records.catalogue import Catalogue
from biobank.records.countries import COUNTRIES, OTHER_NAMES, country_name
from biobank.records.reference.redirects import led_on
from biobank.search import labels
from biobank.search.analysis import analyse

#: Maximum number of similar labels offered, and letters of a label per allowed edit.
NEAR_MOST: Final = 3
LETTERS_A_SLIP: Final = 4
#: Maximum number of stem combinations of a label; an Azerbaijani word has up to three stems.
STEMMINGS_MOST: Final = 27
PLACE_FIELDS: Final = frozenset({"place", "birthplace", "deathplace", "near"})
#: Name under which relation types are stored beside the fields.
TIE: Final = "tie"
#: Event and work types: not query fields, but selected by label in the editor.
EVENT_TYPE: Final = "event type"
WORK_TYPE: Final = "work type"
ROMAN: Final = {"I": 1, "V": 5, "X": 10, "L": 50}
CENTURY: Final = re.compile(r"([0-9]{1,2}|[ivxl]{1,7})(?:th|st|nd|rd)? ?(bce|bc|e\.?ə|до н\.? ?э)?")

Labelled = Iterable[tuple[str, str, str]]


class Labels:
    """The labels of one catalogue by field, built on first use."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def find(self, field: str, text: str) -> tuple[str, ...]:
        """Return the ids for `text` by id, by label, or by an inflected label."""
        if field == "century":
            return _century(text)
        text = led_on(self.catalogue.redirects, field, text)
        known = self._known["place" if field in PLACE_FIELDS else field]
        if text in known.ids:
            return (text,)
        folded = fold(text)
        if folded.upper() in known.ids and field == "country":
            return (folded.upper(),)
        if labelled := known.by_label.get(folded):
            return tuple(labelled)
        stems = (found for key in _stems(text) if (found := known.by_stems.get(key)))
        return tuple(next(stems, ()))

    def spellings(self, field: str) -> Mapping[str, Mapping[str, str]]:
        """Return all folded labels of a field, each with its ids and their original spelling."""
        return self._known["place" if field in PLACE_FIELDS else field].by_label

    def near(self, field: str, text: str, lang: str) -> tuple[str, ...]:
        """Return labels in language `lang` similar to `text`, the most similar first."""
        known = self._known["place" if field in PLACE_FIELDS else field]
        typed = fold(text)
        slips = max(1, len(typed) // LETTERS_A_SLIP)
        found = process.extract(
            typed, list(known.by_label), scorer=OSA.distance, limit=20, score_cutoff=slips
        )
        ids = (id_ for label, _, _ in found for id_ in known.by_label[label])
        shown = (self.label(field, id_, lang) for id_ in ids)
        return tuple(islice(dict.fromkeys(shown), NEAR_MOST))

    def label(self, field: str, value: str, lang: str) -> str:
        """Return the display label of a value in language `lang`."""
        if value == "unknown" or field == "gender":
            return labels.GENDERS.get(value, {}).get(lang, value)
        if field == "language":
            return labels.LANGUAGES.get(value, {}).get(lang, value)
        if field == "century":
            return labels.century(value, lang) if labels.CENTURY.fullmatch(value) else value
        if field in labels.GAPS:
            return labels.GAPS[field].get(value, {}).get(lang, value)
        if field == "award":
            return self.catalogue.term_label("award", value, lang)
        if field in (TIE, "relation"):
            return self.catalogue.term_label("relation", value, lang)
        return self.catalogue.label("place" if field == "near" else field, value, lang)

    @cached_property
    def _known(self) -> "defaultdict[str, _Known]":
        made: defaultdict[str, _Known] = defaultdict(_Known)
        for field, labelled in (
            ("profession", self._terms("profession")),
            ("award", self._terms("award")),
            (TIE, self._terms("relation")),
            (EVENT_TYPE, self._terms("event")),
            (WORK_TYPE, self._terms("work")),
            ("place", _names(self.catalogue.places)),
            ("organisation", _names(self.catalogue.organisations)),
            ("country", _countries()),
            ("gender", _words(labels.GENDERS, labels.GENDER_WORDS)),
            ("language", _words(labels.LANGUAGES)),
            *((field, _whole(by_id)) for field, by_id in labels.GAPS.items()),
            *((field, _words(labels.LANGUAGES)) for field in ("lacks", "stale")),
        ):
            made[field].add(labelled)
        return made

    def _terms(self, vocabulary: str) -> Labelled:
        prefix = f"{vocabulary}/"
        for key, term in self.catalogue.terms.items():
            if key.startswith(prefix):
                for lang in LANGUAGES:
                    for label in (term["labels"].get(lang), *term.get("alt", {}).get(lang, ())):
                        if label:
                            yield key.removeprefix(prefix), lang, label


class _Known:
    """The labels of one field, folded and stemmed word by word."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.by_label: dict[str, dict[str, str]] = {}
        self.by_stems: dict[tuple[str, ...], dict[str, None]] = {}

    def add(self, labelled: Labelled) -> None:
        for id_, lang, label in labelled:
            self.ids.add(id_)
            self.by_label.setdefault(fold(label), {}).setdefault(id_, label)
            for key in _stems_in(label, lang):
                self.by_stems.setdefault(key, {})[id_] = None


def _stems(text: str) -> Iterator[tuple[str, ...]]:
    for lang in LANGUAGES:
        yield from _stems_in(text, lang)


def _stems_in(text: str, lang: str) -> Iterator[tuple[str, ...]]:
    """Yield the stem combinations of a text, the most likely first, prefixed by the language."""
    words = [token.terms for token in analyse(text, lang) if not token.stop]
    if words:
        for stems in islice(product(*words), STEMMINGS_MOST):
            yield lang, *stems


def _names(entries: Mapping[str, Mapping[str, object]]) -> Labelled:
    for id_, entry in entries.items():
        for name in entry["names"]:  # type: ignore[attr-defined]
            yield id_, name["lang"], name["text"]


def _countries() -> Labelled:
    for code in COUNTRIES:
        for lang in LANGUAGES:
            yield code, lang, country_name(code, lang)
    for name, code in OTHER_NAMES.items():
        yield code, "en", name


def _words(*vocabularies: Mapping[str, Mapping[str, str]]) -> Labelled:
    for vocabulary in vocabularies:
        for id_, by_lang in vocabulary.items():
            for lang, words in by_lang.items():
                # A label of several words is also indexed by each word.
                for word in {words, *words.split()}:
                    yield id_, lang, word


def _whole(vocabulary: Mapping[str, Mapping[str, str]]) -> Labelled:
    for id_, by_lang in vocabulary.items():
        for lang, label in by_lang.items():
            yield id_, lang, label


def _century(text: str) -> tuple[str, ...]:
    """Parse `19`, `XIX`, `19th` or `1bce` into century ids."""
    found = CENTURY.fullmatch(" ".join(text.casefold().split()))
    if not found:
        return ()
    number = int(found[1]) if found[1].isdecimal() else _arabic(found[1].upper())
    return (f"{number}{'bce' if found[2] else ''}",) if 1 <= number <= 99 else ()


def _arabic(roman: str) -> int:
    total = 0
    for digit, after in zip(roman, f"{roman[1:]} ", strict=True):
        value = ROMAN[digit]
        total += -value if ROMAN.get(after, 0) > value else value
    return total
