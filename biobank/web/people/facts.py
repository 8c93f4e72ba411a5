"""The box of dated facts: when, where, how certain, and by which source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biobank.common.i18n import FALLBACKS
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.dates import DateError, parse_date, parse_vital_date
from biobank.web.core.footnotes import FootnoteMark, Footnotes
from biobank.web.core.gettext import _
from biobank.web.core.labels import CALENDAR_LABELS, format_edtf_date
from biobank.web.core.urls import Link, browse_url, filter_url


@dataclass(frozen=True)
class PlaceLink:
    """A place under its present name; `historical_label` is its name at the time, if different."""

    label: str
    url: str
    historical_label: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of the box. `uncertainty` describes the uncertainty of the date, if any."""

    label: str
    date: str = ""
    uncertainty: str = ""
    original: str = ""
    place: PlaceLink | None = None
    links: tuple[Link, ...] = ()
    marks: tuple[FootnoteMark, ...] = ()
    #: The field of the record, if readers may suggest a correction of it.
    field: str = ""
    #: The id of the statement, by which its address leads here; empty if it is none.
    id: str = ""


def make_facts(
    record: Mapping[str, Any], catalogue: Catalogue, lang: str, footnotes: Footnotes
) -> tuple[Fact, ...]:
    """Return the known facts in chronological order."""
    titles = (("birth", _("Born")), ("death", _("Died")), ("floruit", _("Active")))
    facts = [
        _dated_fact(title, record[role], role, catalogue, lang, footnotes)
        for role, title in titles
        if record.get(role)
    ]
    professions = tuple(
        Link(
            catalogue.term_label("profession", id_, lang, record.get("gender", "")),
            browse_url("profession", id_, lang),
        )
        for id_ in record.get("professions", ())
    )
    countries = tuple(
        Link(country_name(code, lang), filter_url(lang, country=code)) for code in record.get("countries", ())
    )
    facts += [Fact(_("Professions"), links=professions, field="professions")] if professions else []
    facts += [Fact(_("Countries"), links=countries, field="countries")] if countries else []
    return tuple(fact for fact in facts if fact.date or fact.place or fact.links or fact.original)


def place_link(place_id: str | None, date: str | None, catalogue: Catalogue, lang: str) -> PlaceLink | None:
    """Return the link to a place, with its name at the time if that was different."""
    if not place_id:
        return None
    name = catalogue.place_name(place_id, lang)
    historical_name = _name_at(catalogue.places.get(place_id, {}), date, lang)
    return PlaceLink(
        label=name,
        url=browse_url("place", place_id, lang),
        historical_label=historical_name if historical_name != name else "",
    )


def describe_uncertainty(date: str | None, *, point: bool) -> str:
    """Describe the uncertainty of a date; empty if it is certain. `point` for birth and death."""
    if not date:
        return ""
    try:
        parsed = parse_vital_date(date)[0] if point else parse_date(date)
    except DateError:
        return ""
    if parsed.approximate and parsed.uncertain:
        return _("approximate and uncertain")
    if parsed.approximate:
        return _("approximate (± 5 years)")
    if parsed.uncertain:
        return _("uncertain")
    if parsed.text.startswith("["):
        return _("one of several possible dates") if "," in parsed.text else _("at some point in these years")
    return ""


def _dated_fact(
    label: str, part: Mapping[str, Any], role: str, catalogue: Catalogue, lang: str, footnotes: Footnotes
) -> Fact:
    date = part.get("date")
    original = part.get("original") or {}
    calendar = CALENDAR_LABELS.get(original.get("calendar", ""), "")
    return Fact(
        label=label,
        date=_format_date(date, lang, point=role != "floruit"),
        uncertainty=describe_uncertainty(date, point=role != "floruit"),
        original=", ".join(str(text) for text in (original.get("text"), calendar) if text),
        place=place_link(part.get("place"), date, catalogue, lang),
        marks=footnotes.marks_for_fact(part),
        field=role,
        id=role,
    )


def _format_date(date: str | None, lang: str, *, point: bool) -> str:
    if date and point and "/" in date:
        try:
            date = parse_vital_date(date)[0].text
        except DateError:
            return date or ""
    return format_edtf_date(date, lang)


def _name_at(place: Mapping[str, Any], date: str | None, lang: str) -> str:
    """Return the name in use at `date`, if the place has one whose period covers it."""
    if not date:
        return ""
    try:
        parsed = parse_date(date)
    except DateError:
        return ""
    names = [name for name in place.get("names", ()) if "period" in name]
    for candidate in FALLBACKS[lang][:1]:
        for name in names:
            period = parse_date(name["period"])
            starts_before = period.earliest is None or (
                parsed.earliest is not None and parsed.earliest >= period.earliest
            )
            ends_after = period.latest is None or (
                parsed.latest is not None and parsed.latest <= period.latest
            )
            if name["lang"] == candidate and starts_before and ends_after:
                return str(name["text"])
    return ""
