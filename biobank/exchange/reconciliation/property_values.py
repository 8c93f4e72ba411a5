"""Property values of an entity, as cells of an extended table."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any, Final

from biobank.common.i18n import best_text
from biobank.exchange.reconciliation.entity_types import (
    ORGANISATION_TYPE,
    PERSON_TYPE,
    PLACE_TYPE,
    TERM_TYPE,
    Entity,
    entity_name,
    entity_names,
    resolve_entity,
)
from biobank.exchange.reconciliation.properties import (
    IDENTIFIER_SCHEMES,
    RECONCILED_SCHEMES,
    ReconciliationProperty,
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
        if self.earliest is None or self.latest is None:
            return None
        first = year_of(self.earliest)
        return first if first == year_of(self.latest) else None

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

    def names(self) -> list[str]:
        if self.entity.kind == PERSON_TYPE:
            return [name["text"] for name in self.record["names"]]
        return entity_names(self.entity, self.record)

    def entity_cells(self, kind: str, ids: Iterable[str], lang: str) -> Iterator[CellValue]:
        """Yield cells for entities that the record refers to."""
        for id_ in ids:
            if entity_and_record := resolve_entity(self.catalogue, Entity(kind, id_)):
                yield {"id": entity_and_record[0].ref, "name": entity_name(*entity_and_record, lang)}


ValueReader = Callable[[Subject, str], Iterable[CellValue]]


def values_of(subject: Subject, property_: ReconciliationProperty, lang: str) -> Iterable[CellValue]:
    """Return the cells of a property, in the order of the record; empty if there are none."""
    if subject.entity.kind not in property_.kinds:
        return ()
    if property_.id in IDENTIFIER_SCHEMES:
        return _identifier(subject, property_.id, lang)
    return VALUE_READERS[property_.id](subject, lang)


def _texts(texts: Iterable[str | None]) -> Iterator[CellValue]:
    yield from ({"str": text} for text in texts if text)


def _name(subject: Subject, lang: str) -> Iterable[CellValue]:
    return _texts([subject.name(lang)])


def _name_in_language(language: str) -> ValueReader:
    def read(subject: Subject, _lang: str) -> Iterable[CellValue]:
        if subject.entity.kind == TERM_TYPE:
            return _texts([subject.record["labels"].get(language)])
        names = [name for name in subject.record["names"] if name["lang"] == language]
        names.sort(key=lambda name: name.get("kind", "preferred") != "preferred" or "period" in name)
        return _texts(name["text"] for name in names[:1])

    return read


def _other_names(subject: Subject, lang: str) -> Iterable[CellValue]:
    return _texts(dict.fromkeys(name for name in subject.names() if name != subject.name(lang)))


def _date(role: str) -> ValueReader:
    def read(subject: Subject, _lang: str) -> Iterator[CellValue]:
        date = (subject.record.get(role) or {}).get("date")
        span = parse_span(date) if date else None
        if span and span.is_day and span.earliest is not None:
            yield {"date": f"{format_iso(span.earliest)}T00:00:00"}
        elif date:
            yield {"str": date}

    return read


def _year(role: str) -> ValueReader:
    def read(subject: Subject, _lang: str) -> Iterator[CellValue]:
        date = (subject.record.get(role) or {}).get("date")
        year = span.year if date and (span := parse_span(date)) else None
        if date:
            yield {"str": date} if year is None else {"int": year}

    return read


def _place_of(role: str) -> ValueReader:
    def read(subject: Subject, lang: str) -> Iterable[CellValue]:
        place = (subject.record.get(role) or {}).get("place")
        return subject.entity_cells(PLACE_TYPE, [place] if place else (), lang)

    return read


def _localized(part: str) -> ValueReader:
    def read(subject: Subject, lang: str) -> Iterable[CellValue]:
        return _texts([best_text(subject.record.get(part), lang)])

    return read


def _plain(part: str) -> ValueReader:
    def read(subject: Subject, _lang: str) -> Iterable[CellValue]:
        return _texts([subject.record.get(part)])

    return read


def _number(part: str) -> ValueReader:
    def read(subject: Subject, _lang: str) -> Iterator[CellValue]:
        if part in subject.record:
            yield {"float": subject.record[part]}

    return read


def _professions(subject: Subject, lang: str) -> Iterable[CellValue]:
    keys = (term_key("profession", term_id) for term_id in subject.record.get("professions", ()))
    return subject.entity_cells(TERM_TYPE, keys, lang)


def _awards(subject: Subject, lang: str) -> Iterable[CellValue]:
    keys = (term_key("award", award["award"]) for award in subject.record.get("awards", ()))
    return subject.entity_cells(TERM_TYPE, dict.fromkeys(keys), lang)


def _organisations(subject: Subject, lang: str) -> Iterable[CellValue]:
    ids = (membership["organisation"] for membership in subject.record.get("memberships", ()))
    return subject.entity_cells(ORGANISATION_TYPE, dict.fromkeys(ids), lang)


def _countries(subject: Subject) -> list[str]:
    if subject.entity.kind == PERSON_TYPE:
        return list(subject.record.get("countries", ()))
    return [subject.record["country"]] if "country" in subject.record else []


def _country(subject: Subject, _lang: str) -> Iterable[CellValue]:
    return _texts(_countries(subject))


def _country_name(subject: Subject, lang: str) -> Iterable[CellValue]:
    return _texts(country_name(code, lang) for code in _countries(subject))


def _gender(subject: Subject, lang: str) -> Iterable[CellValue]:
    gender = subject.record.get("gender", "")
    return _texts([GENDER_LABELS[gender].translate(lang)] if gender in GENDER_LABELS else ())


def _image(subject: Subject, _lang: str) -> Iterable[CellValue]:
    sha = portrait_sha(subject.record)
    return _texts([subject.absolute_url(picture_path(sha))] if sha else ())


def _url(subject: Subject, _lang: str) -> Iterable[CellValue]:
    return _texts([subject.absolute_url(subject.entity.path)])


def _place(subject: Subject, lang: str) -> Iterable[CellValue]:
    return subject.entity_cells(
        PLACE_TYPE, [subject.record["place"]] if "place" in subject.record else (), lang
    )


def _broader(subject: Subject, lang: str) -> Iterable[CellValue]:
    if "broader" not in subject.record:
        return ()
    broader = subject.record["broader"]
    if subject.entity.kind == PLACE_TYPE:
        return subject.entity_cells(PLACE_TYPE, [broader], lang)
    keys = (term_key(subject.record["vocabulary"], term_id) for term_id in broader)
    return subject.entity_cells(TERM_TYPE, keys, lang)


def _identifier(subject: Subject, scheme: str, lang: str) -> Iterator[CellValue]:
    """Yield an external id; of a service that reconciles it, as an entity of that service."""
    value = subject.record.get("identifiers", {}).get(scheme)
    if value and scheme in RECONCILED_SCHEMES:
        yield {"id": value, "name": subject.name(lang)}
    elif value:
        yield {"str": value}


VALUE_READERS: Final[Mapping[str, ValueReader]] = {
    "name": _name,
    "name_az": _name_in_language("az"),
    "name_en": _name_in_language("en"),
    "name_ru": _name_in_language("ru"),
    "other_name": _other_names,
    "birth_date": _date("birth"),
    "birth_year": _year("birth"),
    "birthplace": _place_of("birth"),
    "death_date": _date("death"),
    "death_year": _year("death"),
    "deathplace": _place_of("death"),
    "gender": _gender,
    "profession": _professions,
    "country": _country,
    "country_name": _country_name,
    "organisation": _organisations,
    "award": _awards,
    "headline": _localized("headline"),
    "connection": _localized("connection"),
    "image": _image,
    "kind": _plain("kind"),
    "place": _place,
    "founded": _plain("founded"),
    "dissolved": _plain("dissolved"),
    "summary": _localized("summary"),
    "website": _plain("website"),
    "broader": _broader,
    "latitude": _number("lat"),
    "longitude": _number("lon"),
    "vocabulary": _plain("vocabulary"),
    "url": _url,
}
