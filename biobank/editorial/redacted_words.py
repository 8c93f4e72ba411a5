"""The words that a redaction takes away, and whether they stand in another text.

They are what a revision says and the version in use does not. A text holds them where three words
in a row are the same, whatever stands between them and however they are spelt in capitals; where a
passage, or the text itself, is shorter than that, where all of it is.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

#: Words in a row that make a quotation: two are often said by chance, four are often cut short.
RUN = 3
#: Letters of a key.
KEY = 12
#: Fields that say how something is told and not what.
TECHNICAL = frozenset(
    ("id", "lang", "script", "kind", "type", "calendar", "licence", "cites", "sources", "checked")
)

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")

Run = tuple[str, ...]


@dataclass(frozen=True)
class Passage:
    """One value of a record, or a sentence of one. `key` names it without repeating it."""

    key: str
    field: str
    text: str


class Words:
    """Passages that have to go; what is `kept` says is no part of them."""

    def __init__(self, passages: Iterable[Passage], kept: Mapping[str, Any]) -> None:
        stays = _runs_of(text for _field, text in _leaves(kept))
        self._telling: set[Run] = set()
        self._parts: set[Run] = set()
        for passage in passages:
            words = _words(passage.text)
            self._telling |= {*_runs(words, min(RUN, len(words)))} - stays
            self._parts |= {*_runs(words, 2)} - stays

    def stand_in(self, value: Any) -> bool:
        """Whether they stand in a text, or in any text of a list or an object."""
        return any(self._stand_in(text) for text in texts(value))

    def _stand_in(self, text: str) -> bool:
        words = _words(text)
        if len(words) < RUN and tuple(words) in self._parts:
            return True
        return any(not self._telling.isdisjoint(_runs(words, size)) for size in range(1, RUN + 1))


def passages_of(record: Mapping[str, Any], kept: Mapping[str, Any]) -> list[Passage]:
    """What `record` says and `kept` does not, in the order of the record, each once."""
    stays = _runs_of(text for _field, text in _leaves(kept))
    found: dict[str, Passage] = {}
    for field, text in _leaves(record):
        for sentence in filter(None, map(str.strip, _SENTENCE.split(text))):
            words = _words(sentence)
            if words and not stays.issuperset(_runs(words, min(RUN, len(words)))):
                key = sha256(f"{field}\n{sentence}".encode()).hexdigest()[:KEY]
                found.setdefault(key, Passage(key, field, sentence))
    return list(found.values())


def chosen_of(passages: Iterable[Passage], keys: Collection[str] | None) -> list[Passage]:
    """Those of `keys`; all where none are named."""
    return [it for it in passages if keys is None or it.key in keys]


def texts(value: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)


def without(value: Any, words: Words) -> Any:
    """A value of JSON with nothing in place of every text that holds the words."""
    if isinstance(value, str):
        return "" if words.stand_in(value) else value
    if isinstance(value, Mapping):
        return {key: without(part, words) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [without(part, words) for part in value]
    return value


def _leaves(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a record, with the field of the record in which it stands."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key not in TECHNICAL:
                yield from _leaves(part, field or key)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(part, field)


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _runs(words: list[str], size: int) -> Iterator[Run]:
    return (tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def _runs_of(said: Iterable[str]) -> set[Run]:
    found: set[Run] = set()
    for text in said:
        words = _words(text)
        for size in range(1, RUN + 1):
            found.update(_runs(words, size))
    return found
