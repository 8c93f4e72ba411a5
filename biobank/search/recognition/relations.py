"""Relations with a named person: students of X, X-in tələbələri, ученики X, who taught X."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from biobank.records.vocabulary.models import term_key
from biobank.search.language.tree import QueryNode, Value
from biobank.search.recognition.items import Item
from biobank.search.recognition.person_names import MAX_PERSON_NAME_WORDS
from biobank.search.recognition.phrases import Meaning
from biobank.search.recognition.sentence import Sentence, any_of

#: Maximum number of people that a name in a relation may mean.
MAX_NAMESAKES: Final = 5
#: Role of those who are looked for towards the person named, by the verb.
_VERB_ROLES: Final = {
    "teacher_of": "teacher",
    "student_of": "student",
    "influenced_by": "influenced-by",
    "influence_on": "influence",
}
#: Where the name stands: before the relation in Azerbaijani, after it in English and Russian.
_NAME_STEP: Final = {"az": -1, "en": 1, "ru": 1}


@dataclass(frozen=True)
class _Named:
    """The items that name people beside a relation."""

    positions: tuple[int, ...]
    people: frozenset[str]
    #: Whether the name stands in the nominative, as far as it shows.
    as_typed: bool


def read_relations(sentence: Sentence) -> None:
    """Read each relation that stands beside the name of a person."""
    for position in list(sentence.pending("relation", *_VERB_ROLES)):
        for role, meaning in _meanings(sentence.items[position]):
            if position in sentence.used:
                break
            if named := _named_people(sentence, position, role, meaning):
                nodes = _conditions(sentence, named.people, role, meaning)
                sentence.add(nodes, position, *named.positions)


def _meanings(item: Item) -> Iterator[tuple[str, Meaning]]:
    for role in ("relation", *_VERB_ROLES):
        for meaning in item.meanings.get(role, ()):
            yield role, meaning


def _named_people(sentence: Sentence, position: int, role: str, meaning: Meaning) -> _Named | None:
    """Return the people to whom a relation belongs, named beside it."""
    step = _NAME_STEP[meaning.lang]
    for direction in (step, -step):
        first = sentence.neighbour(position, direction)
        if first is None or first in sentence.used:
            continue
        if role == "relation" and not _may_be_connected(sentence, position, first, meaning.lang):
            continue
        named = _longest_name(sentence, first, direction, meaning.lang)
        # In Russian the genitive tells ученики Низами from учитель Низами.
        is_apposition = sentence.items[position].has("profession") and meaning.lang == "ru"
        if named and not (role == "relation" and is_apposition and named.as_typed):
            return named
    return None


def _may_be_connected(sentence: Sentence, position: int, named: int, lang: str) -> bool:
    """Return whether the grammar may connect a noun with the name beside it."""
    if lang == "en":
        has_of = any(item.has("of") for item in sentence.between(position, named))
        last_word = sentence.words[sentence.items[named].end - 1].text
        is_possessive = last_word.lower().endswith(("'s", "’s", "s'", "s’"))
        return has_of if named > position else is_possessive
    return named < position if lang == "az" else named > position


def _longest_name(sentence: Sentence, first: int, step: int, lang: str) -> _Named | None:
    """Return the longest name that begins or ends at the item `first`."""
    positions: list[int] = []
    words = 0
    position = first
    while 0 <= position < len(sentence.items) and position not in sentence.used:
        item = sentence.items[position]
        words += item.end - item.start
        if item.period or item.is_filler or words > MAX_PERSON_NAME_WORDS:
            break
        positions.append(position)
        position += step
    for size in range(len(positions), 0, -1):
        chosen = tuple(sorted(positions[:size]))
        name = [word.text for index in chosen for word in sentence.words_of(index)]
        people = sentence.names.people(name, lang)
        if people:
            return _Named(chosen, people, sentence.names.is_as_typed(name))
    return None


def _conditions(
    sentence: Sentence, people: frozenset[str], role: str, meaning: Meaning
) -> Iterator[QueryNode]:
    """Yield the relation that those who are looked for have, and their gender if it is told."""
    relation = _VERB_ROLES.get(role) or meaning.values[0]
    term = sentence.catalogue.terms.get(term_key("relation", relation), {})
    yield any_of(str(term.get("inverse", relation)), sorted(people)[:MAX_NAMESAKES])
    if meaning.gender:
        yield Value("gender", meaning.gender)
