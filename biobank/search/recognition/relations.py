"""Relations with a named person: students of X, X-in tələbələri, ученики X, who taught X."""

from collections.abc import Iterator
from typing import Final

from biobank.records.vocabulary.models import term_key
from biobank.search.language.fields import FIELD_KINDS
from biobank.search.language.tree import QueryNode, Value
from biobank.search.recognition.items import Item
from biobank.search.recognition.phrases import Meaning
from biobank.search.recognition.sentence import Sentence, any_of

#: Maximum number of people that a name in a relation may mean.
MAX_NAMESAKES: Final = 5
#: How much lower than the best score a namesake may score to be included.
NAMESAKE_SCORE_MARGIN: Final = 0.02
#: Role of the person who is looked for, by the phrase before or after the name.
_VERB_ROLES: Final = {"teacher_of": "teacher", "student_of": "student"}
#: Where the name stands: before the relation in Azerbaijani, after it in English and Russian.
_NAME_STEP: Final = {"az": -1, "en": 1, "ru": 1}


def read_relations(sentence: Sentence) -> None:
    """Read each relation that stands beside the name of a person."""
    for position in list(sentence.unread("relation", *_VERB_ROLES)):
        for role, meaning in _meanings(sentence.items[position]):
            named = _named_person(sentence, position, role, meaning)
            if named is not None and position not in sentence.used:
                sentence.add(_conditions(sentence, named, role, meaning), position, named)


def _meanings(item: Item) -> Iterator[tuple[str, Meaning]]:
    for role in ("relation", *_VERB_ROLES):
        for meaning in item.meanings.get(role, ()):
            yield role, meaning


def _named_person(sentence: Sentence, position: int, role: str, meaning: Meaning) -> int | None:
    """Return the position of the name that a relation belongs to."""
    step = _NAME_STEP[meaning.lang]
    for direction in (step, -step):
        named = sentence.neighbour(position, direction)
        if named is None or named in sentence.used or sentence.items[named].name is None:
            continue
        if role in _VERB_ROLES or _is_connected(sentence, position, named, meaning.lang):
            return named
    return None


def _is_connected(sentence: Sentence, position: int, named: int, lang: str) -> bool:
    """Return whether the grammar connects a noun with a name, instead of naming them one by one."""
    if lang == "en":
        has_of = any(item.has("of") for item in sentence.between(position, named))
        last_word = sentence.words[sentence.items[named].end - 1].text
        is_possessive = last_word.lower().endswith(("'s", "’s", "s'", "s’"))
        return (has_of and named > position) or (is_possessive and named < position)
    if lang == "az":
        return named < position
    # In Russian the name stands in the genitive, which some names do not show: ученики Низами.
    item = sentence.items[position]
    return named > position and (not item.has("profession") or sentence.items[named].is_inflected_name)


def _conditions(sentence: Sentence, named: int, role: str, meaning: Meaning) -> Iterator[QueryNode]:
    """Yield the relation that those who are looked for have, and their gender if it is told."""
    relation = _VERB_ROLES.get(role) or meaning.values[0]
    term = sentence.catalogue.terms.get(term_key("relation", relation), {})
    field = str(term.get("inverse", relation))
    name = sentence.items[named].name
    if name is None:
        return
    best = max(name.scores.values(), default=0.0)
    people = sorted(id_ for id_, score in name.scores.items() if score >= best - NAMESAKE_SCORE_MARGIN)
    known_field = field if field in FIELD_KINDS else "relation"
    if len(people) > MAX_NAMESAKES:
        yield Value(known_field, name.text)
    else:
        yield any_of(known_field, people)
    if meaning.gender:
        yield Value("gender", meaning.gender)
