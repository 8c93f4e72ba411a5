"""The box of dated facts: when, where, how certain, and by which source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from biobank.i18n import FALLBACKS
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.dates import DateError, moment, parse_date
from biobank.web.footnotes import Footnotes, Mark
from biobank.web.links import Link, filter_url
from biobank.web.text import _
from biobank.web.words import CALENDARS, date_words


@dataclass(frozen=True)
class PlaceLink:
    """A place under its present name; `historical_label` is its name at the time, if different."""

    label: str
    url: str
    then: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of the box. `uncertainty` describes the uncertainty of the date, if any."""

    label: str
    date: str = ""
    doubt: str = ""
    original: str = ""
    place: PlaceLink | None = None
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()
    #: The field of the record, if readers may suggest a correction of it.
    field: str = ""


def make_facts(
    record: Mapping[str, Any], catalogue: Catalogue, lang: str, footnotes: Footnotes
) -> tuple[Fact, ...]:
    """Return the known facts in chronological order."""
    titles = (("birth", _("Born")), ("death", _("Died")), ("floruit", _("Active")))
    found = [
        _moment(title, record[role], role, catalogue, lang, footnotes)
        for role, title in titles
        if record.get(role)
    ]
    professions = tuple(
        Link(
            catalogue.term_label("profession", id_, lang),
            url_for("web.browse_profession", lang=lang, profession_id=id_),
        )
        for id_ in record.get("professions", ())
    )
    countries = tuple(
        Link(country_name(code, lang), filter_url(lang, country=code))
        for code in record.get("countries", ())
    )
    found += [Fact(_("Professions"), links=professions, field="professions")] if professions else []
    found += [Fact(_("Countries"), links=countries, field="countries")] if countries else []
    return tuple(fact for fact in found if fact.date or fact.place or fact.links or fact.original)


def place_link(
    place_id: str | None, date: str | None, catalogue: Catalogue, lang: str
) -> PlaceLink | None:
    """Return the link to a place, with its name at the time if that was different."""
    if not place_id:
        return None
    name = catalogue.place_name(place_id, lang)
    then = _name_then(catalogue.places.get(place_id, {}), date, lang)
    return PlaceLink(
        label=name,
        url=url_for("web.browse_place", lang=lang, place_id=place_id),
        then=then if then != name else "",
    )


def doubt(date: str | None, *, point: bool) -> str:
    """Describe the uncertainty of a date; empty if it is certain. `point` for birth and death."""
    if not date:
        return ""
    try:
        parsed = moment(date)[0] if point else parse_date(date)
    except DateError:
        return ""
    if parsed.approximate and parsed.uncertain:
        return _("approximate, and not certain")
    if parsed.approximate:
        return _("approximate: give or take five years")
    if parsed.uncertain:
        return _("not certain")
    if parsed.text.startswith("["):
        return (
            _("one of several possible dates")
            if "," in parsed.text
            else _("some time in these years")
        )
    return ""


def _moment(
    label: str,
    part: Mapping[str, Any],
    role: str,
    catalogue: Catalogue,
    lang: str,
    footnotes: Footnotes,
) -> Fact:
    date = part.get("date")
    original = part.get("original") or {}
    calendar = CALENDARS.get(original.get("calendar", ""), "")
    return Fact(
        label=label,
        date=_words(date, lang, point=role != "floruit"),
        doubt=doubt(date, point=role != "floruit"),
        original=", ".join(str(text) for text in (original.get("text"), calendar) if text),
        place=place_link(part.get("place"), date, catalogue, lang),
        marks=footnotes.of_fact(part),
        field=role,
    )


def _words(date: str | None, lang: str, *, point: bool) -> str:
    if date and point and "/" in date:
        try:
            date = moment(date)[0].text
        except DateError:
            return date or ""
    return date_words(date, lang)


def _name_then(place: Mapping[str, Any], date: str | None, lang: str) -> str:
    """Return the name in use at `date`, if the place has one whose period covers it."""
    if not date:
        return ""
    try:
        when = parse_date(date)
    except DateError:
        return ""
    names = [name for name in place.get("names", ()) if "period" in name]
    for candidate in FALLBACKS[lang][:1]:
        for name in names:
            span = parse_date(name["period"])
            begun = span.earliest is None or (
                when.earliest is not None and when.earliest >= span.earliest
            )
            lasted = span.latest is None or (when.latest is not None and when.latest <= span.latest)
            if name["lang"] == candidate and begun and lasted:
                return str(name["text"])
    return ""
