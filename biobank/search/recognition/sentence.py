"""The state of reading one text: its items, what was read of them, and what is left."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from biobank.common.i18n import LANGUAGES
from biobank.records.catalogue import Catalogue
from biobank.search.analysis.analyser import is_stopword
from biobank.search.language.tree import UNKNOWN_ORIGIN, AnyOf, QueryNode, Value, Words
from biobank.search.recognition.conditions import RecognisedCondition, Recognition
from biobank.search.recognition.forms import Word
from biobank.search.recognition.items import ADJECTIVE_ROLES, PLACE_ROLES, Item
from biobank.search.recognition.person_names import PersonNames

#: Maximum number of conditions recognised at once; the other words stay words.
MAX_RECOGNISED: Final = 12
_NON_SPACES: Final = re.compile(r"\S+")


class Sentence:
    """The items of one text; the steps of reading mark those that they have read."""

    def __init__(
        self,
        catalogue: Catalogue,
        names: PersonNames,
        organisations_with: Callable[[Sequence[Word]], frozenset[str]],
        plain: Words,
        words: Sequence[Word],
        items: Sequence[Item],
    ) -> None:
        self.catalogue = catalogue
        self.names = names
        #: Returns the organisations with a name that has all of some words.
        self.organisations_with = organisations_with
        self.words = words
        self.items = items
        self.used: set[int] = set()
        self._plain = plain
        self._readings: list[tuple[int, int, QueryNode]] = []
        self._doubtful: list[tuple[int, int, QueryNode]] = []

    def pending(self, *roles: str) -> Iterator[int]:
        """Yield the positions of items that are not read yet and may have one of `roles`."""
        for position, item in enumerate(self.items):
            if position not in self.used and item.has(*roles):
                yield position

    def neighbour(self, position: int, step: int) -> int | None:
        """Return the next item in a direction that is not a filler; None at the end."""
        position += step
        while 0 <= position < len(self.items):
            if not self.items[position].is_filler:
                return position
            position += step
        return None

    def between(self, first: int, second: int) -> list[Item]:
        """Return the items between two positions."""
        return list(self.items[min(first, second) + 1 : max(first, second)])

    def words_of(self, position: int) -> Sequence[Word]:
        """Return the words of an item."""
        return self.words[self.items[position].start : self.items[position].end]

    def is_weak(self, position: int) -> bool:
        """Return whether an item is a condition only beside another one."""
        item = self.items[position]
        if item.period:
            return not item.period.is_year
        return item.has(*PLACE_ROLES, *ADJECTIVE_ROLES) and not self._is_name(position)

    def is_explained(self, position: int) -> bool:
        """Return whether an item is read, may be read, or is a filler."""
        return position in self.used or self.is_weak(position) or self.items[position].is_filler

    def _is_name(self, position: int) -> bool:
        """Return whether a word that is also a place is the name of a person: not from Füzuli."""
        item = self.items[position]
        if item.name is None or not item.name_is_as_typed or not item.exact:
            return False
        is_adjective = item.has(*ADJECTIVE_ROLES) and not item.has(*PLACE_ROLES)
        return not is_adjective and not (position and self.items[position - 1].is_filler)

    def add(self, nodes: Iterable[QueryNode], *positions: int) -> None:
        """Add conditions read in the items at `positions` and in the fillers between them."""
        first, last = min(positions), max(positions)
        nodes = list(nodes)
        if len(self._readings) + len(nodes) <= MAX_RECOGNISED:
            self.used.update(range(first, last + 1))
            self._readings += [(first, last, node) for node in nodes]

    def doubt(self, node: QueryNode, position: int) -> None:
        """Add a condition that may be meant; its words stay words."""
        self._doubtful.append((position, position, node))

    def recognition(self) -> Recognition:
        """Return what was read, in the order of the text."""
        readings = sorted(self._readings, key=lambda reading: reading[:2])
        if not readings:
            return Recognition(self._plain, doubtful=self._described(self._doubtful))
        return Recognition(
            self._remaining_words(), self._described(readings), self._described(self._doubtful)
        )

    def _described(self, readings: Sequence[tuple[int, int, QueryNode]]) -> tuple[RecognisedCondition, ...]:
        described = []
        for first, last, node in readings:
            start = self.words[self.items[first].start].start
            end = self.words[self.items[last].end - 1].end
            typed = (self._plain.typed_span(start, start), self._plain.typed_span(end, end))
            described.append(
                RecognisedCondition(
                    self._plain.text[start:end],
                    node,
                    typed[0][0] if typed[0] else None,
                    typed[1][0] if typed[1] else None,
                )
            )
        return tuple(described)

    def _remaining_words(self) -> Words | None:
        """Return the unread words without fillers at the edges of each stretch."""
        text, origins = "", []
        for stretch in self._remaining_stretches():
            start, end = self.words[stretch[0]].start, self.words[stretch[-1]].end
            for piece in _NON_SPACES.finditer(self._plain.text, start, end):
                offset = len(text) + 1 if text else 0
                typed = self._plain.typed_span(*piece.span())
                origins.append((offset, typed[0] if typed else UNKNOWN_ORIGIN))
                text = f"{text} {piece[0]}" if text else piece[0]
        if not text:
            return None
        return Words(text, span=self._plain.span, origins=tuple(origins))

    def _remaining_stretches(self) -> Iterator[list[int]]:
        stretch: list[int] = []
        for position, item in enumerate((*self.items, None)):
            if item is None or position in self.used:
                while stretch and self._is_idle(stretch[-1]):
                    stretch.pop()
                while stretch and self._is_idle(stretch[0]):
                    stretch.pop(0)
                if stretch:
                    yield [
                        word
                        for index in stretch
                        for word in range(self.items[index].start, self.items[index].end)
                    ]
                stretch = []
            else:
                stretch.append(position)

    def _is_idle(self, position: int) -> bool:
        item = self.items[position]
        if item.is_filler or item.is_idle_verb:
            return True
        return (
            item.is_unknown
            and item.name is None
            and any(is_stopword(self.words[item.start].text, lang) for lang in LANGUAGES)
        )


def any_of(field: str, values: Iterable[str]) -> QueryNode:
    """Return the condition that `field` has one of `values`."""
    nodes = tuple(Value(field, value) for value in values)
    return nodes[0] if len(nodes) == 1 else AnyOf(nodes)
