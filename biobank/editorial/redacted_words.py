"""The words that a redaction takes away, and whether they stand in another text.

They are what a revision says and the version in use does not. A text quotes them where three words
in a row are the same, whatever stands between them and however they are spelt; where a passage, or
the text itself, is shorter than that, where all of it is; and where an address of mail or a number
is. It names them where a name of one word or two is that few others in the bank have.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from biobank.editorial.word_signs import Names, Run, folded, in_a_row, names_of, numbers_of

#: Words in a row that make a quotation: two are often said by chance, four are often cut short.
RUN = 3
#: So many where a text is not about the person: more is said by chance in a whole bank.
FAR_RUN = 4
#: Words of a passage that may be quoted there: one alone, as a year, a country or a profession, is
#: said of anybody.
FAR_LEAST = 2
#: Letters of a key.
KEY = 12
#: Fields that say how something is told and not what.
TECHNICAL = frozenset(
    ("id", "lang", "script", "kind", "type", "calendar", "licence", "cites", "sources", "checked")
)

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")

#: How a text holds them: it quotes them, it has a rare name of theirs, or neither.
How = Literal["quoted", "named", ""]
#: Words in a row, names and numbers that are looked for.
Sought = tuple[frozenset[Run], frozenset[Run], frozenset[str]]
#: Which of some words are said of many.
Common = Callable[[set[Run]], set[Run]]


def nothing_common(_runs: set[Run]) -> set[Run]:
    return set()


@dataclass(frozen=True)
class Passage:
    """One value of a record, or a sentence of one. `key` names it without repeating it."""

    key: str
    field: str
    text: str


class Words:
    """Passages that have to go; what is `kept` says is no part of them.

    `common` tells which of their words are said of many, so that they tell of nobody.
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
        """Whether a text quotes them, or any text of a list or an object."""
        return any(self._near.stands_in(it) or self._has_number(it) for it in texts(value))

    def held(self, value: Any) -> How:
        """How a text about the person holds them, or the texts of a list or an object."""
        if self.stand_in(value):
            return "quoted"
        return "named" if any(map(self._names.stand_in, texts(value))) else ""

    def held_far(self, value: Any) -> How:
        """How a text holds them that is not about the person: it takes more words in a row, and
        what is said of many tells nothing there.
        """
        if self.quoted_far(value):
            return "quoted"
        return "named" if any(map(self._names.stand_as_written_in, texts(value))) else ""

    @property
    def sought_far(self) -> Sought:
        """What `held_far` looks for: the same is told of a text wherever this is equal."""
        return self._far.runs, self._names.runs, frozenset(self._numbers)

    def quoted_far(self, value: Any) -> bool:
        return any(self._far.stands_in(it) or self._has_number(it) for it in texts(value))

    def _has_number(self, text: str) -> bool:
        return bool(self._numbers) and not self._numbers.isdisjoint(numbers_of(text))


class _Quotation:
    """So many words in a row as make a quotation of some passages; `stays` are none of theirs.

    Passages of fewer than `least` words are quoted nowhere.
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
    """What `record` says and `kept` does not, in the order of the record, each once."""
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


def said_of(value: Any, held: Callable[[str], object]) -> str:
    """The texts in a value of JSON of which `held` is true, a line each and each once."""
    return "\n".join(dict.fromkeys(text for text in texts(value) if held(text)))


def without(value: Any, held: Callable[[str], object]) -> Any:
    """A value of JSON with nothing in place of every text of which `held` is true."""
    if isinstance(value, str):
        return "" if held(value) else value
    if isinstance(value, Mapping):
        return {key: without(part, held) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [without(part, held) for part in value]
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


def _runs_of(said: Iterable[str]) -> set[Run]:
    found: set[Run] = set()
    for text in said:
        words = folded(text)
        for size in range(1, FAR_RUN + 1):
            found.update(in_a_row(words, size))
    return found
