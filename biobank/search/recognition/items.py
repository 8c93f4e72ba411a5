"""Segmentation of plain words into phrases, names and times that do not overlap."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from biobank.names.folding import fold
from biobank.names.mention_detection import NameMention
from biobank.search.recognition.forms import Word
from biobank.search.recognition.phrases import Meaning, PhraseMatch
from biobank.search.recognition.times import Period

PLACE_ROLES: Final = ("place", "country")
ADJECTIVE_ROLES: Final = ("place_adjective", "country_adjective")
#: Words without a condition of their own: they stand between the parts of one.
FILLER_ROLES: Final = ("fillers", "of", "and", "or", "people")
#: Verbs of birth, death and life, which are conditions with a place or a time.
VERBS: Final = ("born", "died", "lived")


@dataclass(frozen=True)
class Item:
    """Consecutive words with the meanings they may have, by role; none for an unknown word."""

    start: int
    end: int
    meanings: Mapping[str, tuple[Meaning, ...]] = field(default_factory=dict)
    #: Whether the words are written as in a label, not inflected.
    exact: bool = False
    name: NameMention | None = None
    period: Period | None = None

    def has(self, *roles: str) -> bool:
        """Return whether the item may have one of `roles`."""
        return any(role in self.meanings for role in roles)

    @property
    def is_filler(self) -> bool:
        return bool(self.meanings) and set(self.meanings) <= set(FILLER_ROLES)

    @property
    def is_idle_verb(self) -> bool:
        """Return whether a verb may as well be a filler: olmuş is folded like ölmüş."""
        return self.has(*FILLER_ROLES) and set(self.meanings) <= {*FILLER_ROLES, *VERBS}

    @property
    def is_unknown(self) -> bool:
        return not self.meanings and self.period is None

    def values(self, role: str) -> tuple[str, ...]:
        """Return the ids that the item has in a role, without repeats."""
        return tuple(dict.fromkeys(meaning.value for meaning in self.meanings.get(role, ())))

    @property
    def is_inflected_name(self) -> bool:
        return self.name is not None and not self.name_is_as_typed

    #: Whether the name stands in the nominative.
    name_is_as_typed: bool = True


def is_adjective(item: Item) -> bool:
    """Return whether an item is an adjective of a place or country and nothing else."""
    return item.has(*ADJECTIVE_ROLES) and not item.has(*PLACE_ROLES)


def segment(
    words: Sequence[Word],
    matches: Iterable[PhraseMatch],
    names: Iterable[NameMention],
    periods: Iterable[Period],
) -> list[Item]:
    """Return the items of `words` in order: the longest phrases, then names, then shorter ones."""
    candidates = [
        *_phrase_items(matches),
        *(_name_item(words, name) for name in names),
        *_period_items(words, periods),
    ]
    chosen: dict[int, Item] = {}
    taken: set[int] = set()
    for item in sorted(candidates, key=lambda item: _rank(words, item)):
        positions = set(range(item.start, item.end))
        same = chosen.get(item.start)
        if same and same.end == item.end and item.name and not same.name:
            # A word that is both a name and a condition keeps both meanings.
            chosen[item.start] = _with_name(same, item)
        elif not positions & taken:
            taken |= positions
            chosen[item.start] = item
    unknown = (Item(position, position + 1) for position in range(len(words)) if position not in taken)
    return sorted([*chosen.values(), *unknown], key=lambda item: item.start)


def _phrase_items(matches: Iterable[PhraseMatch]) -> list[Item]:
    by_span: dict[tuple[int, int], list[PhraseMatch]] = {}
    for match in matches:
        by_span.setdefault((match.start, match.end), []).append(match)
    return [
        Item(
            *span,
            {match.role: match.meanings for match in group},
            exact=any(match.exact for match in group if match.role not in FILLER_ROLES),
        )
        for span, group in by_span.items()
    ]


def _name_item(words: Sequence[Word], name: NameMention) -> Item:
    typed = " ".join(word.folded for word in words[name.start : name.end])
    return Item(name.start, name.end, name=name, name_is_as_typed=typed == fold(name.text))


def _with_name(item: Item, named: Item) -> Item:
    return Item(
        item.start, item.end, item.meanings, item.exact, named.name, item.period, named.name_is_as_typed
    )


def _period_items(words: Sequence[Word], periods: Iterable[Period]) -> Iterable[Item]:
    for period in periods:
        covered = [
            position
            for position, word in enumerate(words)
            if word.start < period.end and word.end > period.start
        ]
        if covered:
            yield Item(covered[0], covered[-1] + 1, period=period)


def _rank(words: Sequence[Word], item: Item) -> tuple[int, int, int]:
    """Return the sort key of an item: longer ones first, of equal ones times, names, conditions."""
    size = item.end - item.start
    if item.period:
        return (-size, 0, item.start)
    if item.name is None:
        return (-size, 2 if not item.is_filler else 4, item.start)
    if size > 1:
        return (-size, 1, item.start)
    return (-size, 3, item.start)
