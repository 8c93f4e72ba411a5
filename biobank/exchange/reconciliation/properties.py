"""Properties: what a query may state besides the name, and what data extension may fetch.

Their values are read as cells of an extended table.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any, Final

from biobank.common.i18n import best_text
from biobank.common.messages import Message, pgettext_noop
from biobank.exchange.reconciliation.entity_types import (
    ENTITY_KINDS,
    ORGANISATION_TYPE,
    PERSON_TYPE,
    PLACE_TYPE,
    TERM_TYPE,
    Entity,
    entity_name,
    entity_names,
    resolve_entity,
)
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.date_parser.parser import parse_typed_date
from biobank.records.dates import DateError, parse_vital_date, year_of
from biobank.records.media.urls import picture_path, portrait_sha
from biobank.records.people.mapping import preferred_name
from biobank.records.proleptic_calendar import format_iso
from biobank.records.vocabulary.models import term_key
from biobank.search.labels import GENDER_LABELS


@dataclass(frozen=True)
class DateSpan:
    """The possible days of a birth or death, both ends included; None if an end is open."""

    earliest: int | None
    latest: int | None

    @property
    def is_day(self) -> bool:
        return self.earliest is not None and self.earliest == self.latest

    @property
    def year(self) -> int | None:
        """Return the year if it is certain."""
        return year_of(self.earliest) if self.earliest is not None and self.width == 1 else None

    @property
    def width(self) -> float:
        """Return the number of possible years; infinite if an end is open."""
        if self.earliest is None or self.latest is None:
            return inf
        return year_of(self.latest) - year_of(self.earliest) + 1

    def years_between(self, other: "DateSpan") -> int:
        """Return the number of years between two spans; 0 if they touch."""
        gaps = [0]
        for earlier, later in ((self, other), (other, self)):
            if earlier.latest is not None and later.earliest is not None:
                gaps.append(year_of(later.earliest) - year_of(earlier.latest))
        return max(gaps)


@lru_cache(maxsize=4096)
def parse_span(text: str) -> DateSpan | None:
    """Parse EDTF, a date as people type it, or an ISO 8601 timestamp; None if it is no date."""
    # Tables contain timestamps such as 1885-09-18T00:00:00Z for a day.
    day = text.partition("T")[0] if text[:4].isdigit() else text
    try:
        bounds = parse_vital_date(parse_typed_date(day))[0]
    except DateError:
        return None
    return DateSpan(bounds.earliest, bounds.latest)


CellValue = dict[str, Any]
#: Builds an absolute URL from a path.
AbsoluteUrl = Callable[[str], str]


@dataclass(frozen=True)
class Subject:
    """An entity with everything that its property values are derived from."""

    entity: Entity
    record: Mapping[str, Any]
    catalogue: Catalogue
    absolute_url: AbsoluteUrl

    def name(self, lang: str) -> str:
        if self.entity.kind == PERSON_TYPE:
            return preferred_name(self.record, lang)
        return entity_name(self.entity, self.record, lang)

    def life_event(self, role: str, key: str) -> str | None:
        """Return the `date` or `place` of a `birth` or `death`."""
        value: str | None = (self.record.get(role) or {}).get(key)
        return value

    def countries(self) -> list[str]:
        if self.entity.kind == PERSON_TYPE:
            return list(self.record.get("countries", ()))
        return [self.record["country"]] if "country" in self.record else []

    def entity_cells(self, kind: str, ids: Iterable[str | None], lang: str) -> Iterator[CellValue]:
        """Yield cells for entities that the record refers to."""
        for id_ in dict.fromkeys(ids):
            if id_ and (entity_and_record := resolve_entity(self.catalogue, Entity(kind, id_))):
                yield {"id": entity_and_record[0].ref, "name": entity_name(*entity_and_record, lang)}

    def term_cells(self, vocabulary: str, ids: Iterable[str], lang: str) -> Iterator[CellValue]:
        return self.entity_cells(TERM_TYPE, (term_key(vocabulary, id_) for id_ in ids), lang)


#: From an entity and a language to the cells of a property, in the order of the record.
ValueReader = Callable[[Subject, str], Iterable[CellValue]]


def _texts(texts: Iterable[str | None]) -> Iterator[CellValue]:
    yield from ({"str": text} for text in texts if text)


def _name(subject: Subject, lang: str) -> Iterable[CellValue]:
    return _texts([subject.name(lang)])


def _name_in(language: str) -> ValueReader:
    def read(subject: Subject, _lang: str) -> Iterable[CellValue]:
        if subject.entity.kind == TERM_TYPE:
            return _texts([subject.record["labels"].get(language)])
        names = [name for name in subject.record["names"] if name["lang"] == language]
        names.sort(key=lambda name: name.get("kind", "preferred") != "preferred" or "period" in name)
        return _texts(name["text"] for name in names[:1])

    return read


def _other_names(subject: Subject, lang: str) -> Iterable[CellValue]:
    names = dict.fromkeys(entity_names(subject.entity, subject.record))
    return _texts(name for name in names if name != subject.name(lang))


def _date(role: str) -> ValueReader:
    def read(subject: Subject, _lang: str) -> Iterator[CellValue]:
        if date := subject.life_event(role, "date"):
            span = parse_span(date)
            if span and span.is_day and span.earliest is not None:
                yield {"date": f"{format_iso(span.earliest)}T00:00:00"}
            else:
                yield {"str": date}

    return read


def _year(role: str) -> ValueReader:
    def read(subject: Subject, _lang: str) -> Iterator[CellValue]:
        if date := subject.life_event(role, "date"):
            span = parse_span(date)
            year = span.year if span else None
            yield {"str": date} if year is None else {"int": year}

    return read


def _place_of(role: str) -> ValueReader:
    return lambda subject, lang: subject.entity_cells(PLACE_TYPE, [subject.life_event(role, "place")], lang)


def _localized(part: str) -> ValueReader:
    return lambda subject, lang: _texts([best_text(subject.record.get(part), lang)])


def _plain(part: str) -> ValueReader:
    return lambda subject, _: _texts([subject.record.get(part)])


def _number(part: str) -> ValueReader:
    return lambda subject, _: [{"float": subject.record[part]}] if part in subject.record else ()


def _professions(subject: Subject, lang: str) -> Iterable[CellValue]:
    return subject.term_cells("profession", subject.record.get("professions", ()), lang)


def _awards(subject: Subject, lang: str) -> Iterable[CellValue]:
    ids = (award["award"] for award in subject.record.get("awards", ()))
    return subject.term_cells("award", ids, lang)


def _organisations(subject: Subject, lang: str) -> Iterable[CellValue]:
    ids = (membership["organisation"] for membership in subject.record.get("memberships", ()))
    return subject.entity_cells(ORGANISATION_TYPE, ids, lang)


def _country(subject: Subject, _lang: str) -> Iterable[CellValue]:
    return _texts(subject.countries())


def _country_name(subject: Subject, lang: str) -> Iterable[CellValue]:
    return _texts(country_name(code, lang) for code in subject.countries())


def _gender(subject: Subject, lang: str) -> Iterable[CellValue]:
    gender = subject.record.get("gender", "")
    return _texts([GENDER_LABELS[gender].translate(lang)] if gender in GENDER_LABELS else ())


def _image(subject: Subject, _lang: str) -> Iterable[CellValue]:
    sha = portrait_sha(subject.record)
    return _texts([subject.absolute_url(picture_path(sha))] if sha else ())


def _url(subject: Subject, _lang: str) -> Iterable[CellValue]:
    return _texts([subject.absolute_url(subject.entity.path)])


def _place(subject: Subject, lang: str) -> Iterable[CellValue]:
    return subject.entity_cells(PLACE_TYPE, [subject.record.get("place")], lang)


def _broader(subject: Subject, lang: str) -> Iterable[CellValue]:
    broader = subject.record.get("broader")
    if subject.entity.kind == PLACE_TYPE:
        return subject.entity_cells(PLACE_TYPE, [broader], lang)
    return subject.term_cells(subject.record["vocabulary"], broader or (), lang)


def _identifier(scheme: str) -> ValueReader:
    """Return a reader of an external id; of a service that reconciles it, as an entity of that service."""

    def read(subject: Subject, lang: str) -> Iterator[CellValue]:
        if value := subject.record.get("identifiers", {}).get(scheme):
            is_entity = scheme in RECONCILED_SCHEMES
            yield {"id": value, "name": subject.name(lang)} if is_entity else {"str": value}

    return read


#: Catalogues whose ids can be queried and fetched, and services that reconcile with them.
_SCHEME_LABELS: Final[Mapping[str, Message]] = {
    "wikidata": pgettext_noop("property", "Wikidata"),
    "viaf": pgettext_noop("property", "VIAF"),
    "isni": pgettext_noop("property", "ISNI"),
    "gnd": pgettext_noop("property", "GND"),
    "lcnaf": pgettext_noop("property", "Library of Congress"),
    "bnf": pgettext_noop("property", "BnF"),
    "orcid": pgettext_noop("property", "ORCID"),
}
IDENTIFIER_SCHEMES: Final = tuple(_SCHEME_LABELS)
RECONCILED_SCHEMES: Final = {"wikidata": "https://wikidata.reconci.link/en/api"}
#: Properties that distinguish people; queries may state them.
COMPARED_PROPERTIES: Final = (
    *("birth_year", "birth_date", "birthplace", "death_year", "death_date", "deathplace"),
    *("gender", "profession", "country", "organisation", *IDENTIFIER_SCHEMES),
)
#: Types of values that are entities of the bank.
VALUE_TYPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("birthplace", "deathplace", "place"), PLACE_TYPE),
    "profession": "term/profession",
    "organisation": ORGANISATION_TYPE,
    "award": "term/award",
}


@dataclass(frozen=True)
class ReconciliationProperty:
    """A property of the entity kinds `kinds`, with the function that reads its values."""

    id: str
    label: Message
    kinds: tuple[str, ...]
    read: ValueReader

    @property
    def compared(self) -> bool:
        return self.id in COMPARED_PROPERTIES

    @property
    def points_to(self) -> str:
        """Return the type of the values if they are entities of the bank."""
        return VALUE_TYPES.get(self.id, "")

    def name(self, lang: str) -> str:
        return self.label.translate(lang)

    def to_dict(self, lang: str) -> dict[str, Any]:
        return {"id": self.id, "name": self.name(lang)}

    def values(self, subject: Subject, lang: str) -> Iterable[CellValue]:
        """Return the cells of an entity; empty if there are none."""
        return self.read(subject, lang) if subject.entity.kind in self.kinds else ()


_ALL, _PEOPLE, _ORGANISATIONS, _PLACES = ENTITY_KINDS, (PERSON_TYPE,), (ORGANISATION_TYPE,), (PLACE_TYPE,)
_LOCATED = (*_ORGANISATIONS, *_PLACES)
_property = ReconciliationProperty
_PROPERTIES: Final = (
    _property("name", pgettext_noop("property", "name"), _ALL, _name),
    _property("name_az", pgettext_noop("property", "name in Azerbaijani"), _ALL, _name_in("az")),
    _property("name_en", pgettext_noop("property", "name in English"), _ALL, _name_in("en")),
    _property("name_ru", pgettext_noop("property", "name in Russian"), _ALL, _name_in("ru")),
    _property("other_name", pgettext_noop("property", "other names"), _ALL, _other_names),
    _property("birth_year", pgettext_noop("property", "year of birth"), _PEOPLE, _year("birth")),
    _property("birth_date", pgettext_noop("property", "date of birth"), _PEOPLE, _date("birth")),
    _property("birthplace", pgettext_noop("property", "place of birth"), _PEOPLE, _place_of("birth")),
    _property("death_year", pgettext_noop("property", "year of death"), _PEOPLE, _year("death")),
    _property("death_date", pgettext_noop("property", "date of death"), _PEOPLE, _date("death")),
    _property("deathplace", pgettext_noop("property", "place of death"), _PEOPLE, _place_of("death")),
    _property("gender", pgettext_noop("property", "gender"), _PEOPLE, _gender),
    _property("profession", pgettext_noop("property", "profession"), _PEOPLE, _professions),
    _property("country", pgettext_noop("property", "country code"), (*_PEOPLE, *_LOCATED), _country),
    _property("country_name", pgettext_noop("property", "country"), (*_PEOPLE, *_LOCATED), _country_name),
    _property("organisation", pgettext_noop("property", "organisation"), _PEOPLE, _organisations),
    _property("award", pgettext_noop("property", "award"), _PEOPLE, _awards),
    _property("headline", pgettext_noop("property", "in one line"), _PEOPLE, _localized("headline")),
    _property(
        "connection",
        pgettext_noop("property", "why the person is in the bank"),
        _PEOPLE,
        _localized("connection"),
    ),
    _property("image", pgettext_noop("property", "portrait"), _PEOPLE, _image),
    _property("kind", pgettext_noop("property", "kind"), _LOCATED, _plain("kind")),
    _property("place", pgettext_noop("property", "place"), _ORGANISATIONS, _place),
    _property("founded", pgettext_noop("property", "founded"), _ORGANISATIONS, _plain("founded")),
    _property("dissolved", pgettext_noop("property", "dissolved"), _ORGANISATIONS, _plain("dissolved")),
    _property("summary", pgettext_noop("property", "summary"), _ORGANISATIONS, _localized("summary")),
    _property("website", pgettext_noop("property", "website"), _ORGANISATIONS, _plain("website")),
    _property("broader", pgettext_noop("property", "broader"), (PLACE_TYPE, TERM_TYPE), _broader),
    _property("latitude", pgettext_noop("property", "latitude"), _PLACES, _number("lat")),
    _property("longitude", pgettext_noop("property", "longitude"), _PLACES, _number("lon")),
    _property("vocabulary", pgettext_noop("property", "vocabulary"), (TERM_TYPE,), _plain("vocabulary")),
    *(
        _property(scheme, label, (*_PEOPLE, *_LOCATED), _identifier(scheme))
        for scheme, label in _SCHEME_LABELS.items()
    ),
    _property("url", pgettext_noop("property", "permanent address"), _ALL, _url),
)
PROPERTIES_BY_ID: Final = {property_.id: property_ for property_ in _PROPERTIES}
#: Other names that people use for properties.
PROPERTY_ALIASES: Final = {
    "birth": "birth_date",
    "born": "birth_date",
    "death": "death_date",
    "died": "death_date",
    "occupation": "profession",
    "place_of_birth": "birthplace",
    "place_of_death": "deathplace",
    "sex": "gender",
}


def find_property(property_id: str) -> ReconciliationProperty | None:
    """Return the property with an id or alias; None if there is none."""
    return PROPERTIES_BY_ID.get(PROPERTY_ALIASES.get(property_id, property_id))
