"""Index of field values by label: from a label in any language to ids."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from functools import cached_property
from itertools import islice, product
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from biobank.common.i18n import LANGUAGES
from biobank.common.messages import Message
from biobank.names.folding import fold, tokens
from biobank.records.catalogue import Catalogue
from biobank.records.countries import COUNTRY_ALIASES, COUNTRY_CODES, country_name
from biobank.records.reference.redirects import resolve_facet_value
from biobank.records.vocabulary.gendered_labels import all_labels
from biobank.search import labels
from biobank.search.analysis import analyse
from biobank.search.document import GENDER_WORDS
from biobank.search.language.fields import RELATION_FIELDS

#: Maximum number of similar labels offered, and letters of a label per allowed edit.
MAX_SIMILAR_LABELS: Final = 3
CHARS_PER_EDIT: Final = 4
#: Maximum number of stem combinations of a label; an Azerbaijani word has up to three stems.
MAX_STEM_COMBINATIONS: Final = 27
PLACE_FIELDS: Final = frozenset({"place", "birthplace", "deathplace", "near"})
#: Name under which relation types are stored beside the fields.
RELATION_TYPE: Final = "tie"
#: Event types are the values of a query field; work types are selected by label in the editor only.
EVENT_TYPE: Final = "event"
WORK_TYPE: Final = "work type"
ROMAN_DIGITS: Final = {"I": 1, "V": 5, "X": 10, "L": 50}
CENTURY_LABEL_PATTERN: Final = re.compile(
    r"([0-9]{1,2}|[ivxl]{1,7})(?:th|st|nd|rd)? ?(bce|bc|e\.?ə|до н\.? ?э)?"
)

LabelRows = Iterable[tuple[str, str, str]]


class LabelPrefixMatch(NamedTuple):
    """A label with a word that starts as typed: its folded form, and the ids it stands for."""

    label: str
    is_inner_word: bool
    #: The original spelling of the label by id.
    spellings: Mapping[str, str]


class LabelIndex:
    """The labels of one catalogue by field, built on first use."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._people_names: Mapping[str, str] = {}

    def find(self, field: str, text: str) -> tuple[str, ...]:
        """Return the ids for `text` by id, by label, or by an inflected label."""
        if field == "century":
            return _parse_century(text)
        text = resolve_facet_value(self.catalogue.redirects, field, text)
        field_labels = self._labels_by_field["place" if field in PLACE_FIELDS else field]
        if text in field_labels.ids:
            return (text,)
        folded = fold(text)
        if folded.upper() in field_labels.ids and field == "country":
            return (folded.upper(),)
        if label_ids := field_labels.by_label.get(folded):
            return tuple(label_ids)
        stem_matches = (
            matching_ids for key in _stem_keys(text) if (matching_ids := field_labels.by_stems.get(key))
        )
        return tuple(next(stem_matches, ()))

    def spellings(self, field: str) -> Mapping[str, Mapping[str, str]]:
        """Return all folded labels of a field, each with its ids and their original spelling."""
        return self._labels_by_field["place" if field in PLACE_FIELDS else field].by_label

    def starting_with(self, field: str, text: str) -> Iterator[LabelPrefixMatch]:
        """Yield the labels of a field in which a word starts with `text`, and goes on as typed.

        A label may occur twice, once for each such word.
        """
        field_labels = self._labels_by_field["place" if field in PLACE_FIELDS else field]
        typed = fold(text)
        first_word = next(iter(tokens(typed)), None)
        if first_word is None:
            return
        prefix = typed[first_word.start :]
        word_starts = field_labels.word_starts
        for rest, label, is_inner_word in islice(word_starts, bisect_left(word_starts, (prefix,)), None):
            if not rest.startswith(prefix):
                return
            yield LabelPrefixMatch(label, is_inner_word, field_labels.by_label[label])

    def similar_labels(self, field: str, text: str, lang: str) -> tuple[str, ...]:
        """Return labels in language `lang` similar to `text`, the most similar first."""
        field_labels = self._labels_by_field["place" if field in PLACE_FIELDS else field]
        typed = fold(text)
        max_edits = max(1, len(typed) // CHARS_PER_EDIT)
        matches = process.extract(
            typed, list(field_labels.by_label), scorer=OSA.distance, limit=20, score_cutoff=max_edits
        )
        ids = (id_ for label, _, _ in matches for id_ in field_labels.by_label[label])
        display_labels = (self.label(field, id_, lang) for id_ in ids)
        return tuple(islice(dict.fromkeys(display_labels), MAX_SIMILAR_LABELS))

    def with_people(self, names: Mapping[str, str]) -> "LabelIndex":
        """Return the same labels with those of people, by id."""
        index = copy(self)
        index._people_names = names
        return index

    def label(self, field: str, value: str, lang: str) -> str:
        """Return the display label of a value in language `lang`."""
        if value in self._people_names and (field == "relation" or field in RELATION_FIELDS):
            return self._people_names[value]
        if value == "unknown" or field == "gender":
            return _translate(labels.GENDER_LABELS.get(value), lang, value)
        if field == "language":
            return _translate(labels.LANGUAGE_LABELS.get(value), lang, value)
        if field == "century":
            return labels.century_label(value, lang) if labels.CENTURY_ID_PATTERN.fullmatch(value) else value
        if field in labels.GAP_LABELS:
            return _translate(labels.GAP_LABELS[field].get(value), lang, value)
        if field in ("award", EVENT_TYPE):
            return self.catalogue.term_label(field, value, lang)
        if field in (RELATION_TYPE, "relation"):
            return self.catalogue.term_label("relation", value, lang)
        return self.catalogue.label("place" if field == "near" else field, value, lang)

    def field_label(self, field: str, lang: str) -> str:
        """Return the display label of a query field in language `lang`."""
        if field in RELATION_FIELDS:
            return self.catalogue.term_label("relation", field, lang)
        return labels.FIELD_LABELS[field].translate(lang)

    @cached_property
    def _labels_by_field(self) -> "defaultdict[str, _FieldLabels]":
        labels_by_field: defaultdict[str, _FieldLabels] = defaultdict(_FieldLabels)
        language_labels = _by_language(labels.LANGUAGE_LABELS)
        for field, label_rows in (
            ("profession", self._term_labels("profession")),
            ("award", self._term_labels("award")),
            (RELATION_TYPE, self._term_labels("relation")),
            (EVENT_TYPE, self._term_labels("event")),
            (WORK_TYPE, self._term_labels("work")),
            ("place", _entry_names(self.catalogue.places)),
            ("organisation", _entry_names(self.catalogue.organisations)),
            ("country", _country_names()),
            ("gender", _labels_and_words(_by_language(labels.GENDER_LABELS), GENDER_WORDS)),
            ("language", _labels_and_words(language_labels)),
            *((field, _labels_only(_by_language(by_id))) for field, by_id in labels.GAP_LABELS.items()),
            *((field, _labels_and_words(language_labels)) for field in ("lacks", "stale")),
        ):
            labels_by_field[field].add(label_rows)
        return labels_by_field

    def _term_labels(self, vocabulary: str) -> LabelRows:
        prefix = f"{vocabulary}/"
        for key, term in self.catalogue.terms.items():
            if key.startswith(prefix):
                for lang in LANGUAGES:
                    for label in all_labels(term, [lang]):
                        yield key.removeprefix(prefix), lang, label


class _FieldLabels:
    """The labels of one field, folded and stemmed word by word."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.by_label: dict[str, dict[str, str]] = {}
        self.by_stems: dict[tuple[str, ...], dict[str, None]] = {}

    def add(self, label_rows: LabelRows) -> None:
        for id_, lang, label in label_rows:
            self.ids.add(id_)
            self.by_label.setdefault(fold(label), {}).setdefault(id_, label)
            for key in _stem_keys_in(label, lang):
                self.by_stems.setdefault(key, {})[id_] = None

    @cached_property
    def word_starts(self) -> list[tuple[str, str, bool]]:
        """Return the rest of each label from each of its words on, with the label, sorted.

        The third value tells whether another word precedes.
        """
        return sorted(
            (label[token.start :], label, position > 0)
            for label in self.by_label
            for position, token in enumerate(tokens(label))
        )


def _stem_keys(text: str) -> Iterator[tuple[str, ...]]:
    for lang in LANGUAGES:
        yield from _stem_keys_in(text, lang)


def _stem_keys_in(text: str, lang: str) -> Iterator[tuple[str, ...]]:
    """Yield the stem combinations of a text, the most likely first, prefixed by the language."""
    words = [token.terms for token in analyse(text, lang) if not token.stop]
    if words:
        for stems in islice(product(*words), MAX_STEM_COMBINATIONS):
            yield lang, *stems


def _entry_names(entries: Mapping[str, Mapping[str, object]]) -> LabelRows:
    for id_, entry in entries.items():
        for name in entry["names"]:  # type: ignore[attr-defined]
            yield id_, name["lang"], name["text"]


def _country_names() -> LabelRows:
    for code in COUNTRY_CODES:
        for lang in LANGUAGES:
            yield code, lang, country_name(code, lang)
    for name, code in COUNTRY_ALIASES.items():
        yield code, "en", name


def _translate(label: Message | None, lang: str, value: str) -> str:
    return label.translate(lang) if label else value


def _by_language(labels_by_id: Mapping[str, Message]) -> Mapping[str, Mapping[str, str]]:
    return {id_: label.translations() for id_, label in labels_by_id.items()}


def _labels_and_words(*vocabularies: Mapping[str, Mapping[str, str]]) -> LabelRows:
    for vocabulary in vocabularies:
        for id_, by_lang in vocabulary.items():
            for lang, words in by_lang.items():
                # A label of several words is also indexed by each word.
                for word in {words, *words.split()}:
                    yield id_, lang, word


def _labels_only(vocabulary: Mapping[str, Mapping[str, str]]) -> LabelRows:
    for id_, by_lang in vocabulary.items():
        for lang, label in by_lang.items():
            yield id_, lang, label


def _parse_century(text: str) -> tuple[str, ...]:
    """Parse `19`, `XIX`, `19th` or `1bce` into century ids."""
    match = CENTURY_LABEL_PATTERN.fullmatch(" ".join(text.casefold().split()))
    if not match:
        return ()
    number = int(match[1]) if match[1].isdecimal() else _roman_to_int(match[1].upper())
    return (f"{number}{'bce' if match[2] else ''}",) if 1 <= number <= 99 else ()


def _roman_to_int(roman: str) -> int:
    total = 0
    for digit, following in zip(roman, f"{roman[1:]} ", strict=True):
        value = ROMAN_DIGITS[digit]
        total += -value if ROMAN_DIGITS.get(following, 0) > value else value
    return total
