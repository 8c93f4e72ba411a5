"""The text removed by a redaction, and how quotations of it are recognised in other texts.

It is what a revision says and the version in use does not. A text about the person quotes it if
three consecutive words are equal after folding and ignoring punctuation, if it contains all of a
passage shorter than that, or if it consists of a part of one. Any other text quotes it if
SHARED_QUOTED_WORDS consecutive words are equal. Nothing else is searched: see ADR 17.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from biobank.names.folding import fold

#: Number of consecutive equal words that make a quotation: two occur by chance, four miss cut
#: quotes.
QUOTED_WORDS = 3
#: The same for texts that are not about the person, where chance matches are more frequent.
#: Shorter passages are not searched there.
SHARED_QUOTED_WORDS = 6
#: Length of a passage key, in characters.
PASSAGE_KEY_CHARS = 12
#: Fields with technical values, which are not searched.
TECHNICAL_FIELDS = frozenset(
    ("id", "lang", "script", "kind", "type", "calendar", "licence", "cites", "sources", "checked")
)
#: Number of texts cached in folded form; the seed data has about 11,000.
FOLD_CACHE_SIZE = 65_536

WordSequence = tuple[str, ...]

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_WORD_PATTERN = re.compile(r"\w+")


@dataclass(frozen=True)
class Passage:
    """One value of a record, or one sentence of it; `key` identifies it without repeating it."""

    key: str
    field: str
    text: str


class RedactedText:
    """The passages to redact, without the phrases that the `remaining` record also contains."""

    def __init__(self, passages: Sequence[Passage], remaining: Mapping[str, Any]) -> None:
        remaining_phrases = _phrases_of(text for _field, text in _iter_field_texts(remaining))
        self._person_quotation = _QuotationMatcher(remaining_phrases)
        self._shared_quotation = _QuotationMatcher(remaining_phrases)
        for words in (folded_words(passage.text) for passage in passages):
            self._person_quotation.add_phrases(words, min(QUOTED_WORDS, len(words)))
            self._shared_quotation.add_phrases(words, SHARED_QUOTED_WORDS)
            for length in range(2, QUOTED_WORDS):
                self._person_quotation.add_whole_texts(words, length)

    def quoted_in(self, value: Any) -> bool:
        """Return whether a text about the person, or a nested value of texts, quotes them."""
        return any(map(self._person_quotation.matches, iter_texts(value)))

    def quoted_elsewhere(self, value: Any) -> bool:
        """Return whether a text that is not about the person quotes the passages.

        Stricter than `quoted_in`: it takes more consecutive words.
        """
        return any(map(self._shared_quotation.matches, iter_texts(value)))

    @property
    def shared_phrases(self) -> frozenset[WordSequence]:
        """Return what `quoted_elsewhere` searches for; results can be cached by it."""
        return frozenset(self._shared_quotation.phrases)


class _QuotationMatcher:
    """Matches texts that contain one of `phrases`, or consist of one of `whole_texts`."""

    def __init__(self, excluded: set[WordSequence]) -> None:
        self._excluded = excluded
        self.phrases: set[WordSequence] = set()
        self._whole_texts: set[WordSequence] = set()
        self._first_words: set[str] = set()
        self._sizes: set[int] = set()

    def add_phrases(self, words: WordSequence, size: int) -> None:
        phrases = {*iter_phrases(words, size)} - self._excluded - {()}
        self.phrases |= phrases
        self._first_words |= {phrase[0] for phrase in phrases}
        self._sizes |= {len(phrase) for phrase in phrases}

    def add_whole_texts(self, words: WordSequence, size: int) -> None:
        self._whole_texts |= {*iter_phrases(words, size)} - self._excluded

    def matches(self, text: str) -> bool:
        words = folded_words(text)
        if words in self._whole_texts:
            return True
        return not self._first_words.isdisjoint(words) and any(
            not self.phrases.isdisjoint(iter_phrases(words, size)) for size in self._sizes
        )


@lru_cache(maxsize=FOLD_CACHE_SIZE)
def folded_words(text: str) -> WordSequence:
    """Return the folded words of a text."""
    return tuple(_WORD_PATTERN.findall(fold(text)))


@contextmanager
def cached_folding() -> Iterator[None]:
    """Cache folded texts within the context, and clear the cache afterwards."""
    try:
        yield
    finally:
        folded_words.cache_clear()


def iter_phrases(words: WordSequence, size: int) -> Iterator[WordSequence]:
    return (words[start : start + size] for start in range(len(words) - size + 1))


def extract_passages(record: Mapping[str, Any], remaining: Mapping[str, Any]) -> list[Passage]:
    """Return the distinct passages in `record` that are not in `remaining`, in record order."""
    remaining_phrases = _phrases_of(text for _field, text in _iter_field_texts(remaining))
    passages: dict[str, Passage] = {}
    for field, text in _iter_field_texts(record):
        for sentence in filter(None, map(str.strip, _SENTENCE.split(text))):
            words = folded_words(sentence)
            if words and not remaining_phrases.issuperset(iter_phrases(words, min(QUOTED_WORDS, len(words)))):
                key = sha256(f"{field}\n{sentence}".encode()).hexdigest()[:PASSAGE_KEY_CHARS]
                passages.setdefault(key, Passage(key, field, sentence))
    return list(passages.values())


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
        for size in (*range(1, QUOTED_WORDS + 1), SHARED_QUOTED_WORDS):
            phrases.update(iter_phrases(words, size))
    return phrases
