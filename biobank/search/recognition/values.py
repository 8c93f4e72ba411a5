"""Professions and gender."""

from biobank.search.language.tree import Value
from biobank.search.recognition.items import Item
from biobank.search.recognition.sentence import Sentence, any_of


def read_values(sentence: Sentence) -> None:
    """Read professions and genders, which are conditions wherever they stand."""
    for position in list(sentence.unread("profession")):
        if _belongs_to_noun(sentence, position):
            sentence.doubt(any_of("profession", sentence.items[position].values("profession")), position)
        else:
            _read_profession(sentence, position)
    for position in list(sentence.unread("gender")):
        sentence.add([Value("gender", sentence.items[position].meanings["gender"][0].values[0])], position)


def _read_profession(sentence: Sentence, position: int) -> None:
    item = sentence.items[position]
    nodes = [any_of("profession", item.values("profession"))]
    if all(meaning.gender for meaning in item.meanings["profession"]):
        nodes.append(Value("gender", item.meanings["profession"][0].gender))
    sentence.add(nodes, position)


def _belongs_to_noun(sentence: Sentence, position: int) -> bool:
    """Return whether a profession tells whose something is: house of writers, союз писателей."""
    return (
        _follows_english_of(sentence, position)
        or _is_russian_genitive(sentence, position)
        or _is_in_organisation(sentence, position)
    )


def _is_in_organisation(sentence: Sentence, position: int) -> bool:
    """Return whether a profession and the word beside it stand in the name of an organisation."""
    return any(
        0 <= neighbour < len(sentence.items)
        and _is_noun(sentence, neighbour)
        and sentence.organisations_with((*sentence.words_of(position), *sentence.words_of(neighbour)))
        for neighbour in (position - 1, position + 1)
    )


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
