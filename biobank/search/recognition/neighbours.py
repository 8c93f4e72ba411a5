"""Places, countries, nationalities and times that are conditions only beside another one.

`Baku poets` and `poets from Baku` mean people, `Baku oil` means oil: such a word is read if it stands
beside a condition, or if the whole text consists of such words.
"""

from biobank.search.language.tree import QueryNode
from biobank.search.recognition.forms import is_plural
from biobank.search.recognition.items import is_adjective
from biobank.search.recognition.lives import place_condition, time_condition
from biobank.search.recognition.sentence import Sentence


def read_neighbours(sentence: Sentence) -> None:
    """Read weak conditions beside strong ones, and those beside them in turn."""
    if all(sentence.is_explained(position) for position in range(len(sentence.items))):
        for position in _pending_positions(sentence):
            if _needs_no_noun(sentence, position):
                sentence.add([_condition(sentence, position)], position)
    pending = _pending_positions(sentence)
    while pending:
        adjacent = [position for position in pending if _is_adjacent_to_condition(sentence, position)]
        if not adjacent:
            break
        sentence.add([_condition(sentence, adjacent[0])], adjacent[0])
        pending = _pending_positions(sentence)
    for position in pending:
        sentence.doubt(_condition(sentence, position), position)


def _needs_no_noun(sentence: Sentence, position: int) -> bool:
    """Return whether a word is a condition without a noun: bakılılar is, Шушинский is a surname."""
    item = sentence.items[position]
    return not item.has("place_adjective") or item.has("place") or is_plural(sentence.words[item.start])


def _pending_positions(sentence: Sentence) -> list[int]:
    return [
        position
        for position, item in enumerate(sentence.items)
        if position not in sentence.used and sentence.is_weak(position)
    ]


def _condition(sentence: Sentence, position: int) -> QueryNode:
    item = sentence.items[position]
    return time_condition("alive", item.period) if item.period else place_condition(item)


def _is_adjacent_to_condition(sentence: Sentence, position: int) -> bool:
    item = sentence.items[position]
    steps = (1,) if is_adjective(item) else (-1, 1)
    for step in steps:
        neighbour = sentence.neighbour(position, step)
        if neighbour is not None and neighbour in sentence.used:
            return True
    return False
