"""Property values of an entity, as cells of an extended table."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from biobank.exchange.reconciling.entities import (
    ORGANISATION,
    PERSON,
    PLACE,
    TERM,
    Entity,
    thing,
    thing_name,
    thing_names,
)
from biobank.exchange.reconciling.properties import SCHEMES, SERVICES, Property
from biobank.exchange.reconciling.spans import span_of
from biobank.i18n import best
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.days import iso_day
from biobank.records.media.addresses import picture_address, portrait_of
from biobank.records.people.mapping import preferred_name
from biobank.records.vocabulary.models import term_key
from biobank.search.labels import GENDERS

Cell = dict[str, Any]
#: Builds an absolute URL from a path.
Absolute = Callable[[str], str]


@dataclass(frozen=True)
class Subject:
    """An entity with everything that its property values are derived from."""

    entity: Entity
    record: Mapping[str, Any]
    catalogue: Catalogue
    absolute: Absolute

    def name(self, lang: str) -> str:
        if self.entity.kind == PERSON:
            return preferred_name(self.record, lang)
        return thing_name(self.entity, self.record, lang)

    def names(self) -> list[str]:
        if self.entity.kind == PERSON:
            return [name["text"] for name in self.record["names"]]
        return thing_names(self.entity, self.record)

    def pointed(self, kind: str, ids: Iterable[str], lang: str) -> Iterator[Cell]:
        """Yield cells for entities that the record refers to."""
        for id_ in ids:
            if found := thing(self.catalogue, Entity(kind, id_)):
                yield {"id": found[0].ref, "name": thing_name(*found, lang)}


Maker = Callable[[Subject, str], Iterable[Cell]]


def values_of(subject: Subject, its: Property, lang: str) -> Iterable[Cell]:
    """Return the cells of a property, in the order of the record; empty if there are none."""
    if subject.entity.kind not in its.kinds:
        return ()
    if its.id in SCHEMES:
        return _identifier(subject, its.id, lang)
    return MAKERS[its.id](subject, lang)


def _texts(texts: Iterable[str | None]) -> Iterator[Cell]:
    yield from ({"str": text} for text in texts if text)


def _name(subject: Subject, lang: str) -> Iterable[Cell]:
    return _texts([subject.name(lang)])


def _name_in(own: str) -> Maker:
    def make(subject: Subject, _lang: str) -> Iterable[Cell]:
        if subject.entity.kind == TERM:
            return _texts([subject.record["labels"].get(own)])
        names = [name for name in subject.record["names"] if name["lang"] == own]
        names.sort(
            key=lambda name: name.get("kind", "preferred") != "preferred" or "period" in name
        )
        return _texts(name["text"] for name in names[:1])

    return make


def _other_names(subject: Subject, lang: str) -> Iterable[Cell]:
    return _texts(dict.fromkeys(name for name in subject.names() if name != subject.name(lang)))


def _date(role: str) -> Maker:
    def make(subject: Subject, _lang: str) -> Iterator[Cell]:
        date = (subject.record.get(role) or {}).get("date")
        span = span_of(date) if date else None
        if span and span.is_day and span.earliest is not None:
            yield {"date": f"{iso_day(span.earliest)}T00:00:00"}
        elif date:
            yield {"str": date}

    return make


def _year(role: str) -> Maker:
    def make(subject: Subject, _lang: str) -> Iterator[Cell]:
        date = (subject.record.get(role) or {}).get("date")
        year = span.year if date and (span := span_of(date)) else None
        if date:
            yield {"str": date} if year is None else {"int": year}

    return make


def _place_of(role: str) -> Maker:
    def make(subject: Subject, lang: str) -> Iterable[Cell]:
        place = (subject.record.get(role) or {}).get("place")
        return subject.pointed(PLACE, [place] if place else (), lang)

    return make


def _localized(part: str) -> Maker:
    def make(subject: Subject, lang: str) -> Iterable[Cell]:
        return _texts([best(subject.record.get(part), lang)])

    return make


def _plain(part: str) -> Maker:
    def make(subject: Subject, _lang: str) -> Iterable[Cell]:
        return _texts([subject.record.get(part)])

    return make


def _number(part: str) -> Maker:
    def make(subject: Subject, _lang: str) -> Iterator[Cell]:
        if part in subject.record:
            yield {"float": subject.record[part]}

    return make


def _professions(subject: Subject, lang: str) -> Iterable[Cell]:
    keys = (term_key("profession", one) for one in subject.record.get("professions", ()))
    return subject.pointed(TERM, keys, lang)


def _awards(subject: Subject, lang: str) -> Iterable[Cell]:
    keys = (term_key("award", one["award"]) for one in subject.record.get("awards", ()))
    return subject.pointed(TERM, dict.fromkeys(keys), lang)


def _organisations(subject: Subject, lang: str) -> Iterable[Cell]:
    ids = (one["organisation"] for one in subject.record.get("memberships", ()))
    return subject.pointed(ORGANISATION, dict.fromkeys(ids), lang)


def _countries(subject: Subject) -> list[str]:
    if subject.entity.kind == PERSON:
        return list(subject.record.get("countries", ()))
    return [subject.record["country"]] if "country" in subject.record else []


def _country(subject: Subject, _lang: str) -> Iterable[Cell]:
    return _texts(_countries(subject))


def _country_name(subject: Subject, lang: str) -> Iterable[Cell]:
    return _texts(country_name(code, lang) for code in _countries(subject))


def _gender(subject: Subject, lang: str) -> Iterable[Cell]:
    gender = subject.record.get("gender", "")
    return _texts([GENDERS[gender][lang]] if gender in GENDERS else ())


def _image(subject: Subject, _lang: str) -> Iterable[Cell]:
    sha = portrait_of(subject.record)
    return _texts([subject.absolute(picture_address(sha))] if sha else ())


def _url(subject: Subject, _lang: str) -> Iterable[Cell]:
    return _texts([subject.absolute(subject.entity.path)])


def _place(subject: Subject, lang: str) -> Iterable[Cell]:
    return subject.pointed(
        PLACE, [subject.record["place"]] if "place" in subject.record else (), lang
    )


def _broader(subject: Subject, lang: str) -> Iterable[Cell]:
    if "broader" not in subject.record:
        return ()
    above = subject.record["broader"]
    if subject.entity.kind == PLACE:
        return subject.pointed(PLACE, [above], lang)
    keys = (term_key(subject.record["vocabulary"], one) for one in above)
    return subject.pointed(TERM, keys, lang)


def _identifier(subject: Subject, scheme: str, lang: str) -> Iterator[Cell]:
    """Yield an external id; of a service that reconciles it, as an entity of that service."""
    value = subject.record.get("identifiers", {}).get(scheme)
    if value and scheme in SERVICES:
        yield {"id": value, "name": subject.name(lang)}
    elif value:
        yield {"str": value}


MAKERS: Final[Mapping[str, Maker]] = {
    "name": _name,
    "name_az": _name_in("az"),
    "name_en": _name_in("en"),
    "name_ru": _name_in("ru"),
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
