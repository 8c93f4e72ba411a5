"""The text removed by a redaction, and how to recognise it in other texts.

It is what a revision says and the version in use does not. A text quotes it if three consecutive
words are equal after folding and ignoring punctuation; if it contains all of a passage shorter than
that, or consists of a part of one; or if it contains the same e-mail address or number. A text
names it if it contains a rare name of one or two words.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from biobank.editorial.redaction.identifying_tokens import (
    RareNameMatcher,
    WordSequence,
    extract_names,
    extract_numbers,
    folded_words,
    iter_phrases,
)

#: Number of consecutive equal words that make a quotation: two occur by chance, four miss cut
#: quotes.
QUOTED_WORDS = 3
#: The same for texts that are not about the person, where chance matches are more frequent.
SHARED_QUOTED_WORDS = 4
#: Minimum number of words of a passage to be searched in such texts: a single word, e.g. a year, a
#: country or a profession, is not specific.
MIN_SHARED_PASSAGE_WORDS = 2
#: Length of a passage key, in characters.
PASSAGE_KEY_CHARS = 12
#: Fields with technical values, which are not searched.
TECHNICAL_FIELDS = frozenset(
    ("id", "lang", "script", "kind", "type", "calendar", "licence", "cites", "sources", "checked")
)

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")

#: How a text matches: it quotes the passages, it contains one of their rare names, or neither.
MatchKind = Literal["quoted", "named", ""]
#: The phrases, names and numbers to search for.
SearchTerms = tuple[frozenset[WordSequence], frozenset[WordSequence], frozenset[str]]
#: Returns those of some phrases that are common in the bank.
CommonPhraseFilter = Callable[[set[WordSequence]], set[WordSequence]]


def no_common_phrases(_phrases: set[WordSequence]) -> set[WordSequence]:
    """Return no phrases: the filter that treats every phrase as specific."""
    return set()


@dataclass(frozen=True)
class Passage:
    """One value of a record, or one sentence of it; `key` identifies it without repeating it."""

    key: str
    field: str
    text: str


class RedactedText:
    """The passages to redact, without the phrases that the `remaining` record also contains.

    `common` returns phrases that are common in the bank and thus not specific to a person.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        remaining: Mapping[str, Any],
        common: CommonPhraseFilter = no_common_phrases,
    ) -> None:
        remaining_texts = [text for _field, text in _iter_field_texts(remaining)]
        remaining_phrases = _phrases_of(remaining_texts)
        self._person_quotation = _QuotationMatcher(passages, QUOTED_WORDS, remaining_phrases)
        shared = _QuotationMatcher(
            passages, SHARED_QUOTED_WORDS, remaining_phrases, MIN_SHARED_PASSAGE_WORDS
        )
        names = (
            set().union(*(extract_names(passage.text) for passage in passages)) - remaining_phrases
        )
        common_phrases = common(names | shared.phrases)
        self._shared_quotation = _QuotationMatcher(
            passages,
            SHARED_QUOTED_WORDS,
            remaining_phrases | common_phrases,
            MIN_SHARED_PASSAGE_WORDS,
        )
        self._names = RareNameMatcher(names - common_phrases)
        self._numbers = set().union(*(extract_numbers(passage.text) for passage in passages))
        self._numbers.difference_update(*map(extract_numbers, remaining_texts))

    def quoted_in(self, value: Any) -> bool:
        """Return whether a text, or any text in a list or an object, quotes the passages."""
        return any(
            self._person_quotation.matches(text) or self._has_number(text)
            for text in iter_texts(value)
        )

    def match_in(self, value: Any) -> MatchKind:
        """Return how a text about the person, or a nested value of texts, matches."""
        if self.quoted_in(value):
            return "quoted"
        return "named" if any(map(self._names.matches, iter_texts(value))) else ""

    def match_elsewhere(self, value: Any) -> MatchKind:
        """Return how a text that is not about the person matches; stricter than `match_in`.

        It takes more consecutive words, and common phrases are ignored.
        """
        if self.quoted_elsewhere(value):
            return "quoted"
        return "named" if any(map(self._names.matches_as_written, iter_texts(value))) else ""

    @property
    def shared_terms(self) -> SearchTerms:
        """Return what `match_elsewhere` searches for; results can be cached by it."""
        return self._shared_quotation.phrases, self._names.phrases, frozenset(self._numbers)

    def quoted_elsewhere(self, value: Any) -> bool:
        """Return whether a text that is not about the person quotes the passages."""
        return any(
            self._shared_quotation.matches(text) or self._has_number(text)
            for text in iter_texts(value)
        )

    def _has_number(self, text: str) -> bool:
        return bool(self._numbers) and not self._numbers.isdisjoint(extract_numbers(text))


class _QuotationMatcher:
    """Matches texts that share `size` consecutive words with a passage, except `excluded` phrases.

    Passages of fewer than `min_words` words are ignored.
    """

    def __init__(
        self,
        passages: Iterable[Passage],
        size: int,
        excluded: set[WordSequence],
        min_words: int = 1,
    ) -> None:
        self._size = size
        self._phrases: set[WordSequence] = set()
        self._sub_phrases: set[WordSequence] = set()
        for passage in passages:
            words = folded_words(passage.text)
            if len(words) >= min_words:
                self._phrases |= {*iter_phrases(words, min(size, len(words)))} - excluded
            for length in range(2, size):
                self._sub_phrases |= {*iter_phrases(words, length)} - excluded
        self._first_words = {phrase[0] for phrase in self._phrases if phrase}

    @property
    def phrases(self) -> frozenset[WordSequence]:
        return frozenset(self._phrases | self._sub_phrases)

    def matches(self, text: str) -> bool:
        words = folded_words(text)
        if len(words) < self._size and tuple(words) in self._sub_phrases:
            return True
        return not self._first_words.isdisjoint(words) and any(
            not self._phrases.isdisjoint(iter_phrases(words, size))
            for size in range(1, self._size + 1)
        )


def extract_passages(record: Mapping[str, Any], remaining: Mapping[str, Any]) -> list[Passage]:
    """Return the distinct passages in `record` that are not in `remaining`, in record order."""
    remaining_phrases = _phrases_of(text for _field, text in _iter_field_texts(remaining))
    passages: dict[str, Passage] = {}
    for field, text in _iter_field_texts(record):
        for sentence in filter(None, map(str.strip, _SENTENCE.split(text))):
            words = folded_words(sentence)
            if words and not remaining_phrases.issuperset(
                iter_phrases(words, min(QUOTED_WORDS, len(words)))
            ):
                key = sha256(f"{field}\n{sentence}".encode()).hexdigest()[:PASSAGE_KEY_CHARS]
                passages.setdefault(key, Passage(key, field, sentence))
    return list(passages.values())


def select_passages(passages: Iterable[Passage], keys: Collection[str] | None) -> list[Passage]:
    """Return the passages with the given keys, or all if `keys` is None."""
    return [passage for passage in passages if keys is None or passage.key in keys]


def iter_texts(value: Any) -> Iterator[str]:
    """Yield every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from iter_texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from iter_texts(part)


def matching_texts(value: Any, matches: Callable[[str], object]) -> str:
    """Return the distinct strings in a JSON value for which `matches` is true, one per line."""
    return "\n".join(dict.fromkeys(text for text in iter_texts(value) if matches(text)))


def blank_matching(value: Any, matches: Callable[[str], object]) -> Any:
    """Return a JSON value with every string that `matches` accepts replaced by an empty one."""
    if isinstance(value, str):
        return "" if matches(value) else value
    if isinstance(value, Mapping):
        return {key: blank_matching(part, matches) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [blank_matching(part, matches) for part in value]
    return value


def _iter_field_texts(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a record with its top-level field."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key not in TECHNICAL_FIELDS:
                yield from _iter_field_texts(part, field or key)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _iter_field_texts(part, field)


def _phrases_of(strings: Iterable[str]) -> set[WordSequence]:
    phrases: set[WordSequence] = set()
    for text in strings:
        words = folded_words(text)
        for size in range(1, SHARED_QUOTED_WORDS + 1):
            phrases.update(iter_phrases(words, size))
    return phrases
