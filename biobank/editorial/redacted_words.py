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

from biobank.editorial.word_signs import Names, Run, folded, in_a_row, names_of, numbers_of

#: Number of consecutive equal words that make a quotation: two occur by chance, four miss cut
#: quotes.
RUN = 3
#: The same for texts that are not about the person, where chance matches are more frequent.
FAR_RUN = 4
#: Minimum number of words of a passage to be searched in such texts: a single word, e.g. a year, a
#: country or a profession, is not specific.
FAR_LEAST = 2
#: Length of a passage key, in characters.
KEY = 12
#: Fields with technical values, which are not searched.
TECHNICAL = frozenset(
    ("id", "lang", "script", "kind", "type", "calendar", "licence", "cites", "sources", "checked")
)

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")

#: How a text matches: it quotes the passages, it contains one of their rare names, or neither.
How = Literal["quoted", "named", ""]
#: The phrases, names and numbers to search for.
Sought = tuple[frozenset[Run], frozenset[Run], frozenset[str]]
#: Returns those of some phrases that are common in the bank.
Common = Callable[[set[Run]], set[Run]]


def nothing_common(_runs: set[Run]) -> set[Run]:
    """Return no phrases: the filter that treats every phrase as specific."""
    return set()


@dataclass(frozen=True)
class Passage:
    """One value of a record, or one sentence of it; `key` identifies it without repeating it."""

    key: str
    field: str
    text: str


class Words:
    """The passages to redact, without the phrases that the `remaining` record also contains.

    `common` returns phrases that are common in the bank and thus not specific to a person.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        kept: Mapping[str, Any],
        common: Common = nothing_common,
    ) -> None:
        said = [text for _field, text in _leaves(kept)]
        stays = _runs_of(said)
        self._near = _Quotation(passages, RUN, stays)
        far = _Quotation(passages, FAR_RUN, stays, FAR_LEAST)
        names = set().union(*(names_of(it.text) for it in passages)) - stays
        many = common(names | far.runs)
        self._far = _Quotation(passages, FAR_RUN, stays | many, FAR_LEAST)
        self._names = Names(names - many)
        self._numbers = set().union(*(numbers_of(it.text) for it in passages))
        self._numbers.difference_update(*map(numbers_of, said))

    def stand_in(self, value: Any) -> bool:
        """Return whether a text, or any text in a list or an object, quotes the passages."""
        return any(self._near.stands_in(it) or self._has_number(it) for it in texts(value))

    def held(self, value: Any) -> How:
        """Return how a text about the person, or a nested value of texts, matches."""
        if self.stand_in(value):
            return "quoted"
        return "named" if any(map(self._names.stand_in, texts(value))) else ""

    def held_far(self, value: Any) -> How:
        """Return how a text that is not about the person matches; stricter than `match_in`.

        It takes more consecutive words, and common phrases are ignored.
        """
        if self.quoted_far(value):
            return "quoted"
        return "named" if any(map(self._names.stand_as_written_in, texts(value))) else ""

    @property
    def sought_far(self) -> Sought:
        """Return what `match_elsewhere` searches for; results can be cached by it."""
        return self._far.runs, self._names.runs, frozenset(self._numbers)

    def quoted_far(self, value: Any) -> bool:
        """Return whether a text that is not about the person quotes the passages."""
        return any(self._far.stands_in(it) or self._has_number(it) for it in texts(value))

    def _has_number(self, text: str) -> bool:
        return bool(self._numbers) and not self._numbers.isdisjoint(numbers_of(text))


class _Quotation:
    """Matches texts that share `size` consecutive words with a passage, except `excluded` phrases.

    Passages of fewer than `min_words` words are ignored.
    """

    def __init__(
        self, passages: Iterable[Passage], size: int, stays: set[Run], least: int = 1
    ) -> None:
        self._size = size
        self._telling: set[Run] = set()
        self._parts: set[Run] = set()
        for passage in passages:
            words = folded(passage.text)
            if len(words) >= least:
                self._telling |= {*in_a_row(words, min(size, len(words)))} - stays
            for part in range(2, size):
                self._parts |= {*in_a_row(words, part)} - stays
        self._firsts = {run[0] for run in self._telling if run}

    @property
    def runs(self) -> frozenset[Run]:
        return frozenset(self._telling | self._parts)

    def stands_in(self, text: str) -> bool:
        words = folded(text)
        if len(words) < self._size and tuple(words) in self._parts:
            return True
        return not self._firsts.isdisjoint(words) and any(
            not self._telling.isdisjoint(in_a_row(words, size)) for size in range(1, self._size + 1)
        )


def passages_of(record: Mapping[str, Any], kept: Mapping[str, Any]) -> list[Passage]:
    """Return the distinct passages in `record` that are not in `remaining`, in record order."""
    stays = _runs_of(text for _field, text in _leaves(kept))
    found: dict[str, Passage] = {}
    for field, text in _leaves(record):
        for sentence in filter(None, map(str.strip, _SENTENCE.split(text))):
            words = folded(sentence)
            if words and not stays.issuperset(in_a_row(words, min(RUN, len(words)))):
                key = sha256(f"{field}\n{sentence}".encode()).hexdigest()[:KEY]
                found.setdefault(key, Passage(key, field, sentence))
    return list(found.values())


def chosen_of(passages: Iterable[Passage], keys: Collection[str] | None) -> list[Passage]:
    """Return the passages with the given keys, or all if `keys` is None."""
    return [it for it in passages if keys is None or it.key in keys]


def texts(value: Any) -> Iterator[str]:
    """Yield every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)


def said_of(value: Any, held: Callable[[str], object]) -> str:
    """Return the distinct strings in a JSON value for which `matches` is true, one per line."""
    return "\n".join(dict.fromkeys(text for text in texts(value) if held(text)))


def without(value: Any, held: Callable[[str], object]) -> Any:
    """Return a JSON value with every string that `matches` accepts replaced by an empty one."""
    if isinstance(value, str):
        return "" if held(value) else value
    if isinstance(value, Mapping):
        return {key: without(part, held) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [without(part, held) for part in value]
    return value


def _leaves(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a record with its top-level field."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key not in TECHNICAL:
                yield from _leaves(part, field or key)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(part, field)


def _runs_of(said: Iterable[str]) -> set[Run]:
    found: set[Run] = set()
    for text in said:
        words = folded(text)
        for size in range(1, FAR_RUN + 1):
            found.update(in_a_row(words, size))
    return found
