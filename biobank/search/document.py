"""Index documents: the searchable content of one person, built from the record and its labels."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final, cast

from biobank.common.i18n import LANGUAGES
from biobank.names.alphabet import sort_key
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_adjectives, country_name
from biobank.records.dates import centuries, parse_date
from biobank.records.people.citations import iter_facts, strip_citations
from biobank.records.people.name_parts import preferred_name_parts
from biobank.records.people.record import PersonRecord, vital_event
from biobank.records.proleptic_calendar import years_between
from biobank.records.vocabulary.gendered_labels import labels_for_gender
from biobank.records.vocabulary.models import term_key
from biobank.search.completeness import find_gaps
from biobank.search.lifetime import lifetime
from biobank.search.query import UNKNOWN

#: Work type of works without a recorded type.
OTHER_WORK = "other"
#: Maximum number of centuries indexed for an imprecise date; a birth "before 1500" has no
#: particular one.
MAX_INDEXED_CENTURIES = 5
#: Search words for a gender, besides gendered professions.
GENDER_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "male": {"az": "kişi", "en": "man men male", "ru": "мужчина мужчины"},
    "female": {"az": "qadın", "en": "woman women female", "ru": "женщина женщины"},
}
#: Search words for places of birth and death.
ROLE_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "birth": {"az": "doğulub anadan olub", "en": "born", "ru": "родился родилась уроженец"},
    "death": {"az": "vəfat edib ölüb", "en": "died", "ru": "умер умерла скончался"},
}


@dataclass(frozen=True)
class Document:
    """The indexed content of one person; `facets` hold ids, broader ones included."""

    id: str
    names: tuple[str, ...]
    #: By language: the headline, the vocabulary labels, and all other text.
    headline: Mapping[str, str]
    labels: Mapping[str, str]
    text: Mapping[str, str]
    #: Values by field of `query.INDEXED_FIELDS`; missing fields are unknown.
    facets: Mapping[str, tuple[str, ...]]
    #: Collation keys of the shown names, surname first, by language.
    sort_keys: Mapping[str, str]
    #: Earliest and latest day; None if open or unknown.
    born: tuple[int | None, int | None]
    died: tuple[int | None, int | None]
    #: Time of the last publication in seconds since 1970 (UTC).
    updated: float
    #: Documentation score of the person; breaks ties in ranking.
    documented: int
    #: By language, titles and types of works, one per line.
    works: Mapping[str, str] = field(default_factory=dict)
    #: By language, places of birth and death and roles in relations, one per line.
    ties: Mapping[str, str] = field(default_factory=dict)
    #: Titles of cited sources.
    sources: tuple[str, ...] = ()
    #: Minimum and maximum number of whole years lived; None if open, both None for the living.
    lived: tuple[int | None, int | None] = (None, None)
    #: First and last day on which the person may have been alive, and on which they certainly were;
    #: both None if nothing is known.
    alive: tuple[int | None, int | None] = (None, None)
    certainly_alive: tuple[int | None, int | None] = (None, None)
    #: Date of the last comparison with the sources, as `born`.
    checked: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True)
class RelatedData:
    """Data about a person that other records hold."""

    #: Relations that other people record to this person: id and relation type.
    inbound: Sequence[tuple[str, str]] = ()
    #: Titles of sources by id.
    titles: Mapping[str, str] = field(default_factory=dict)
    #: Languages whose biography is older than in another language.
    stale: Collection[str] = ()


def make_document(
    record: PersonRecord,
    catalogue: Catalogue,
    *,
    related_data: RelatedData | None = None,
    updated: float = 0.0,
) -> Document:
    """Build the index document of a published `record`."""
    related_data = related_data or RelatedData()
    born, died = (
        _day_range(vital_event(record, "birth").get("date")),
        _day_range(vital_event(record, "death").get("date")),
    )
    alive = lifetime(born, died, _day_range(vital_event(record, "floruit").get("date")))
    relations = _relations(record, catalogue, related_data)
    return Document(
        id=record["id"],
        names=tuple(name["text"] for name in record["names"]),
        headline=record.get("headline", {}),
        labels={lang: label_text(record, catalogue, lang) for lang in LANGUAGES},
        works={lang: work_text(record, catalogue, lang) for lang in LANGUAGES},
        ties={lang: tie_text(record, catalogue, relations, lang) for lang in LANGUAGES},
        text={lang: full_text(record, lang) for lang in LANGUAGES},
        facets=_facets(record, catalogue, relations, related_data.stale),
        sort_keys={lang: sort_key(preferred_name_parts(record, lang).sort_text, lang) for lang in LANGUAGES},
        born=born,
        died=died,
        lived=years_lived(born, died),
        alive=alive.possible,
        certainly_alive=alive.certain,
        checked=_day_range(record["checked"]["on"] if "checked" in record else None),
        sources=tuple(t for id_ in record.get("sources", ()) if (t := related_data.titles.get(id_))),
        updated=updated,
        documented=documentation_score(record, len(related_data.inbound)),
    )


def documentation_score(record: PersonRecord, inbound: int) -> int:
    """Return a documentation score; sources and relations weigh more than length of text.

    Text counts per hundred words, so that a long article alone does not outweigh facts.
    """
    words = sum(len(text.split()) for text in record.get("biography", {}).values())
    lists = ("names", "events", "memberships", "works", "awards", "media", "identifiers")
    entry_count = sum(len(cast(Sized, record.get(key, ()))) for key in lists)
    relation_count = len(record.get("relations", ())) + inbound
    return entry_count + words // 100 + 3 * relation_count + 3 * len(record.get("sources", ()))


def years_lived(
    born: tuple[int | None, int | None], died: tuple[int | None, int | None]
) -> tuple[int | None, int | None]:
    """Return the minimum and maximum of whole years from birth to death; None if an end is open."""
    if died == (None, None) or born == (None, None):
        return None, None
    minimum = None if born[1] is None or died[0] is None else years_between(born[1], died[0])
    maximum = None if born[0] is None or died[1] is None else years_between(born[0], died[1])
    return minimum and max(0, minimum), maximum


def _day_range(date: str | None) -> tuple[int | None, int | None]:
    if not date:
        return None, None
    parsed = parse_date(date)
    return parsed.earliest, parsed.latest


def _facets(
    record: PersonRecord, catalogue: Catalogue, relations: Sequence[tuple[str, str]], stale: Collection[str]
) -> dict[str, tuple[str, ...]]:
    places_by_tie = _places_by_tie(record)
    values: dict[str, Iterable[str]] = {
        "profession": catalogue.broader_terms("profession", record.get("professions", ())),
        "main_profession": catalogue.broader_terms("profession", record.get("professions", ())[:1]),
        "country": record.get("countries", ()),
        "place": catalogue.broader_places(chain.from_iterable(places_by_tie.values())),
        "birthplace": catalogue.broader_places(places_by_tie["birth"]),
        "deathplace": catalogue.broader_places(places_by_tie["death"]),
        "century": _centuries(record),
        "gender": [record["gender"]] if "gender" in record else (),
        "organisation": [part["organisation"] for part in record.get("memberships", ())],
        "language": record.get("biography", ()),
        "award": [part["award"] for part in record.get("awards", ())],
        "source": record.get("sources", ()),
        "work": [part.get("type", OTHER_WORK) for part in record.get("works", ())],
        "relation": [person for person, _ in relations],
        "tie": [type_ for _, type_ in relations],
        "related": [related_value(type_, person) for person, type_ in relations],
        "event": [part["type"] for part in record.get("events", ()) if "type" in part],
        **{f"at_{tie}": places for tie, places in places_by_tie.items()},
        **find_gaps(record, has_relations=bool(relations), stale=stale),
    }
    return {name: tuple(dict.fromkeys(field_values)) or (UNKNOWN,) for name, field_values in values.items()}


def related_value(type_: str, person: str) -> str:
    """Return the indexed value of a relation: its type and the id of the other person."""
    return f"{type_}:{person}"


def _places_by_tie(record: PersonRecord) -> dict[str, list[str]]:
    """Return the recorded places of birth, death and activity, without broader places."""
    places_by_tie: dict[str, list[str]] = {"birth": [], "death": [], "activity": []}
    for path, part in iter_facts(record):
        if place := part.get("place"):
            places_by_tie[path if path in places_by_tie else "activity"].append(place)
    return places_by_tie


def _relations(
    record: PersonRecord, catalogue: Catalogue, related_data: RelatedData
) -> list[tuple[str, str]]:
    """Return related people and their relation types, whichever record holds the relation."""
    own = [(part["person"], part["type"]) for part in record.get("relations", ())]
    inbound = [(person, catalogue.inverse_relation_type(type_)) for person, type_ in related_data.inbound]
    return list(dict.fromkeys([*own, *inbound]))


def _centuries(record: PersonRecord) -> list[str]:
    """Return every possible century of the birth, else of the floruit."""
    for role in ("birth", "floruit"):
        earliest, latest = _day_range(vital_event(record, role).get("date"))
        if earliest is not None and latest is not None:
            possible = centuries(earliest, latest)
            return [century_id(century) for century in possible if century][:MAX_INDEXED_CENTURIES]
    return []


def century_id(century: int) -> str:
    """Return `19`, or `1bce` for -1; a leading minus would mean exclusion."""
    return str(century) if century > 0 else f"{-century}bce"


def label_text(record: PersonRecord, catalogue: Catalogue, lang: str) -> str:
    """Return the vocabulary labels of the person with their synonyms, one per line.

    Labels are indexed in all languages whatever the language of the texts, so that a profession or
    place typed in one language matches people described in another.
    """
    gender = record.get("gender", "")
    lines: list[str] = []
    for term_id in catalogue.broader_terms("profession", record.get("professions", ())):
        term = catalogue.terms.get(term_key("profession", term_id), {})
        lines += labels_for_gender(term, lang, gender)
    lines += [catalogue.term_label("award", award["award"], lang) for award in record.get("awards", ())]
    places = [place for _, part in iter_facts(record) if (place := part.get("place"))]
    for place_id in catalogue.broader_places(places):
        lines += _names_in(catalogue.places.get(place_id), lang)
    for membership in record.get("memberships", ()):
        lines += _names_in(catalogue.organisations.get(membership["organisation"]), lang)
    for code in record.get("countries", ()):
        lines += [country_name(code, lang), country_adjectives(code, lang)]
    lines.append(GENDER_WORDS.get(gender, {}).get(lang, ""))
    return _join_lines(lines)


def work_text(record: PersonRecord, catalogue: Catalogue, lang: str) -> str:
    """Return titles of works with their type, one per line."""
    lines = []
    for part in record.get("works", ()):
        kind = catalogue.term_label("work", part["type"], lang) if "type" in part else ""
        lines.append(f"{part['title'].get(lang, '')} {kind}".strip())
    return _join_lines(lines)


def tie_text(
    record: PersonRecord, catalogue: Catalogue, relations: Sequence[tuple[str, str]], lang: str
) -> str:
    """Return the places of birth and death and the roles of the person in relations, one per line.

    `relations` holds ids of other people and their relation to this person. This makes "who died in
    Istanbul" and "pupils of Hajibeyov" match although no text contains these words.
    """
    lines = []
    for role, words in ROLE_WORDS.items():
        if place := vital_event(record, role).get("place"):
            lines.append(f"{words[lang]} {catalogue.place_name(place, lang)}")
    for type_ in dict.fromkeys(type_ for _, type_ in relations):
        lines.append(" ".join(_inverse_labels(catalogue, type_, lang)))
    return _join_lines(lines)


def full_text(record: PersonRecord, lang: str) -> str:
    """Return all texts in `lang` without citation marks."""
    parts = [record.get("biography", {}).get(lang, ""), record.get("connection", {}).get(lang, "")]
    parts += [part.get("text", {}).get(lang, "") for part in record.get("events", ())]
    parts += [part.get("role", {}).get(lang, "") for part in record.get("memberships", ())]
    return strip_citations(_join_lines(parts))


def _inverse_labels(catalogue: Catalogue, type_: str, lang: str) -> Iterator[str]:
    """Yield the labels of the inverse of a relation type: the pupil of a teacher."""
    inverse = catalogue.inverse_relation_type(type_)
    term: Mapping[str, Any] = catalogue.terms.get(term_key("relation", inverse), {})
    yield from labels_for_gender(term, lang)


def _names_in(entry: Mapping[str, Any] | None, lang: str) -> list[str]:
    return [name["text"] for name in (entry or {}).get("names", ()) if name["lang"] == lang]


def _join_lines(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)
