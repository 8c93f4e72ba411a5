"""Professions and gender."""

from biobank.search.language.tree import Value
from biobank.search.recognition.forms import is_plural
from biobank.search.recognition.items import Item
from biobank.search.recognition.sentence import Sentence, any_of


def read_values(sentence: Sentence) -> None:
    """Read professions and genders, which are conditions wherever they stand."""
    for position in list(sentence.pending("profession")):
        if position in sentence.used:
            continue
        if _belongs_to_noun(sentence, position):
            sentence.doubt(any_of("profession", sentence.items[position].values("profession")), position)
        else:
            _read_professions(sentence, _alternatives(sentence, position))
    for position in list(sentence.pending("gender")):
        sentence.add([Value("gender", sentence.items[position].meanings["gender"][0].values[0])], position)


def _alternatives(sentence: Sentence, position: int) -> list[int]:
    """Return the positions of professions of which one is enough: poets and painters, поэт или певец.

    Joined by "and" they are alternatives in the plural only: a poet and composer is both.
    """
    positions = [position]
    while (following := sentence.neighbour(positions[-1], 1)) is not None:
        joints = sentence.between(positions[-1], following)
        is_profession = following not in sentence.used and sentence.items[following].has("profession")
        if not is_profession or len(joints) != 1 or not joints[0].has("and", "or"):
            break
        both = (sentence.words_of(index)[-1] for index in (positions[-1], following))
        if not joints[0].has("or") and not all(map(is_plural, both)):
            break
        positions.append(following)
    return positions


def _read_professions(sentence: Sentence, positions: list[int]) -> None:
    meanings = [meaning for index in positions for meaning in sentence.items[index].meanings["profession"]]
    nodes = [any_of("profession", dict.fromkeys(meaning.value for meaning in meanings))]
    if all(meaning.gender for meaning in meanings):
        nodes.append(Value("gender", meanings[0].gender))
    sentence.add(nodes, *positions)


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
