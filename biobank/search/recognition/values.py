"""Professions, gender, organisations and awards."""

from biobank.search.language.tree import Value
from biobank.search.recognition.items import Item
from biobank.search.recognition.sentence import Sentence, any_of


def read_values(sentence: Sentence) -> None:
    """Read the labels of values that are conditions wherever they stand."""
    for position in list(sentence.unread("organisation", "award")):
        _read_membership(sentence, position)
    for position in list(sentence.unread("profession")):
        if _belongs_to_noun(sentence, position):
            sentence.doubt(any_of("profession", sentence.items[position].values("profession")), position)
        else:
            _read_profession(sentence, position)
    for position in list(sentence.unread("gender")):
        sentence.add([Value("gender", sentence.items[position].meanings["gender"][0].values[0])], position)


def _read_membership(sentence: Sentence, position: int) -> None:
    """Read an organisation or an award with the word that leads to it: member of, laureate."""
    item = sentence.items[position]
    field, lead = ("organisation", "member") if item.has("organisation") else ("award", "awarded")
    positions = [position]
    for step in (-1, 1):
        neighbour = sentence.neighbour(position, step)
        if neighbour is not None and neighbour not in sentence.used and sentence.items[neighbour].has(lead):
            positions.append(neighbour)
            break
    # The name of an organisation of one word is also a word of another meaning.
    if len(positions) > 1 or item.end - item.start > 1:
        sentence.add([any_of(field, item.values(field))], *positions)


def _read_profession(sentence: Sentence, position: int) -> None:
    item = sentence.items[position]
    nodes = [any_of("profession", item.values("profession"))]
    if all(meaning.gender for meaning in item.meanings["profession"]):
        nodes.append(Value("gender", item.meanings["profession"][0].gender))
    sentence.add(nodes, position)


def _belongs_to_noun(sentence: Sentence, position: int) -> bool:
    """Return whether a profession tells whose something is: house of writers, союз писателей."""
    return _follows_english_of(sentence, position) or _is_russian_genitive(sentence, position)


def _follows_english_of(sentence: Sentence, position: int) -> bool:
    if position < 2 or not sentence.items[position - 1].has("of"):
        return False
    return _is_noun(sentence, position - 2)


def _is_russian_genitive(sentence: Sentence, position: int) -> bool:
    item = sentence.items[position]
    if item.exact or position == 0 or not _is_noun(sentence, position - 1):
        return False
    word = sentence.words[item.end - 1].folded
    return word.endswith(("ов", "ев", "ей", "а", "я", "ого", "ых", "их", "у", "ю", "ом"))


def _is_noun(sentence: Sentence, position: int) -> bool:
    """Return whether an item is an unknown word that may be a noun."""
    item: Item = sentence.items[position]
    return position not in sentence.used and item.is_unknown and item.name is None
