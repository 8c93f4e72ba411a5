"""Organisations and awards, with the word that leads to them: members of, laureate, məzunu, окончил."""

from typing import Final

from biobank.search.recognition.items import VERBS
from biobank.search.recognition.sentence import Sentence, any_of

#: Maximum number of words of a shortened name of an organisation.
MAX_SHORT_NAME_WORDS: Final = 6
_LEADS: Final = {"organisation": "member", "award": "awarded"}


def read_memberships(sentence: Sentence) -> None:
    """Read organisations and awards by their names, and shortened names beside a lead."""
    for position in list(sentence.pending("organisation", "award")):
        _read_name(sentence, position)
    for position in list(sentence.pending("member")):
        _read_short_name(sentence, position)


def _read_name(sentence: Sentence, position: int) -> None:
    item = sentence.items[position]
    field = "organisation" if item.has("organisation") else "award"
    positions = [position]
    for step in (-1, 1):
        neighbour = sentence.neighbour(position, step)
        if neighbour is None or neighbour in sentence.used:
            continue
        if sentence.items[neighbour].has(_LEADS[field]):
            positions.append(neighbour)
            break
    condition = any_of(field, item.values(field))
    # Who types nothing but the name of an organisation looks for all that is written about it.
    if field == "organisation" and len(positions) == 1 and _is_only_condition(sentence, position):
        sentence.doubt(condition, position)
    # A name of one word is also a word of another meaning.
    elif len(positions) > 1 or item.end - item.start > 1:
        sentence.add([condition], *positions)


def _is_only_condition(sentence: Sentence, position: int) -> bool:
    return all(item.is_filler for index, item in enumerate(sentence.items) if index != position)


def _read_short_name(sentence: Sentence, position: int) -> None:
    """Read the words beside a lead that stand in the name of one organisation only."""
    for step in (-1, 1):
        positions = _adjacent_positions(sentence, position, step)
        for size in range(len(positions), 0, -1):
            words = [
                word
                for index in positions[:size]
                if not sentence.items[index].is_filler
                for word in sentence.words_of(index)
            ]
            organisations = sentence.organisations_with(words) if len(words) > 1 else frozenset()
            if len(organisations) == 1:
                sentence.add([any_of("organisation", organisations)], position, *positions[:size])
                return


def _adjacent_positions(sentence: Sentence, position: int, step: int) -> list[int]:
    """Return the positions beside a lead, the nearest first, that may be a name."""
    positions: list[int] = []
    words = 0
    position += step
    while 0 <= position < len(sentence.items) and position not in sentence.used:
        item = sentence.items[position]
        words += item.end - item.start
        if item.period or item.has(*VERBS, "event", "gender", "member") or words > MAX_SHORT_NAME_WORDS:
            break
        positions.append(position)
        position += step
    return positions
