"""Birth, death, life and what befell people: born in Tbilisi, умер до 1914 года, güllələnmiş."""

from typing import Final

from biobank.search.language.fields import FIELD_KINDS
from biobank.search.language.tree import QueryNode, Value
from biobank.search.recognition.items import ADJECTIVE_ROLES, PLACE_ROLES, VERBS, Item
from biobank.search.recognition.sentence import Sentence, any_of
from biobank.search.recognition.times import Period

_PLACE_FIELDS: Final = {"born": "birthplace", "died": "deathplace", "lived": "place"}
_TIME_FIELDS: Final = {"born": "born", "died": "died", "lived": "alive"}
#: Where place and time stand: before the verb in Azerbaijani, after it in English and Russian.
_STEPS: Final = {"az": (-1, 1), "en": (1, -1), "ru": (1, -1)}


def read_verbs(sentence: Sentence) -> None:
    """Read each verb of birth, death or life with the places and times that it governs."""
    for position in list(sentence.pending(*VERBS)):
        item = sentence.items[position]
        verb = next(role for role in VERBS if item.has(role))
        lang = item.meanings[verb][0].lang
        governed = next(filter(None, (_governed(sentence, position, step) for step in _STEPS[lang])), [])
        if governed:
            nodes = [_verb_condition(verb, sentence.items[argument]) for argument in governed]
            sentence.add(nodes, position, *governed)


def _governed(sentence: Sentence, position: int, step: int) -> list[int]:
    """Return the places and times next to a verb in a direction, one of each."""
    governed: list[int] = []
    kinds: set[bool] = set()
    neighbour = sentence.neighbour(position, step)
    while neighbour is not None and neighbour not in sentence.used:
        item = sentence.items[neighbour]
        is_place = item.has(*PLACE_ROLES)
        if not (is_place or item.period) or is_place in kinds:
            break
        kinds.add(is_place)
        governed.append(neighbour)
        neighbour = sentence.neighbour(neighbour, step)
    return governed


def _verb_condition(verb: str, item: Item) -> QueryNode:
    if item.period:
        return time_condition(_TIME_FIELDS[verb], item.period)
    if item.has("place"):
        return any_of(_PLACE_FIELDS[verb], item.values("place"))
    return any_of("country", item.values("country"))


def time_condition(field: str, period: Period) -> QueryNode:
    """Return the condition of a period; a whole century of birth is a facet."""
    if field == "born" and period.century:
        return Value("century", str(period.century))
    known_field = field if field in FIELD_KINDS else "born"
    return Value(known_field, period.condition)


def place_condition(item: Item) -> QueryNode:
    """Return the condition of a place or country without a verb: any tie to it."""
    for role in (*ADJECTIVE_ROLES, *PLACE_ROLES)[::-1]:
        if item.has(role):
            return any_of(role.removesuffix("_adjective"), item.values(role))
    raise ValueError("the item is no place")


def read_events(sentence: Sentence) -> None:
    """Read what befell people; who was executed in a year died in it."""
    for position in list(sentence.pending("event")):
        meaning = sentence.items[position].meanings["event"][0]
        if "event" not in FIELD_KINDS:
            continue
        nodes, positions = [any_of("event", meaning.values)], [position]
        for step in _STEPS[meaning.lang]:
            neighbour = sentence.neighbour(position, step)
            if neighbour is None or neighbour in sentence.used:
                continue
            if period := sentence.items[neighbour].period:
                nodes.append(time_condition("died" if meaning.values == ("execution",) else "alive", period))
                positions.append(neighbour)
                break
        sentence.add(nodes, *positions)
