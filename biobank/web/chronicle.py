"""Dated lists of a person: events, works, memberships and awards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biobank.i18n import best_with_language
from biobank.records.catalogue import Catalogue
from biobank.records.dates import DateError, parse_date
from biobank.web.facts import PlaceLink, doubt, place_link
from biobank.web.footnotes import Footnotes, Mark
from biobank.web.links import organisation_url
from biobank.web.words import date_words

#: Sort key of entries without a date, after all dated ones.
_LAST = 10**9


@dataclass(frozen=True)
class Entry:
    """One entry of a list. `alternative_titles` are titles in other languages, with their tags."""

    date: str
    doubt: str
    text: str
    lang: str
    kind: str = ""
    url: str = ""
    place: PlaceLink | None = None
    original: str = ""
    others: tuple[tuple[str, str], ...] = ()
    marks: tuple[Mark, ...] = ()


def make_events(
    record: Mapping[str, Any], catalogue: Catalogue, lang: str, notes: Footnotes
) -> tuple[Entry, ...]:
    """Return events in chronological order."""
    found = []
    for part in _in_order(record.get("events", ())):
        text, text_lang = best_with_language(part.get("text"), lang)
        kind = catalogue.term_label("event", part["type"], lang) if part.get("type") else ""
        found.append(
            Entry(
                date=date_words(part.get("date"), lang),
                doubt=doubt(part.get("date"), point=False),
                text=text or kind,
                lang=text_lang,
                kind=kind if text else "",
                place=place_link(part.get("place"), part.get("date"), catalogue, lang),
                original=(part.get("original") or {}).get("text", ""),
                marks=notes.of_fact(part),
            )
        )
    return tuple(found)


def make_works(
    record: Mapping[str, Any], catalogue: Catalogue, lang: str, notes: Footnotes
) -> tuple[Entry, ...]:
    """Return works in chronological order, with the original title where it differs."""
    found = []
    for part in _in_order(record.get("works", ())):
        title, title_lang = best_with_language(part["title"], lang)
        own = part["title"].get("az", "")
        other = ((own, "az"),) if own and own != title else ()
        found.append(
            Entry(
                date=date_words(part.get("date"), lang),
                doubt=doubt(part.get("date"), point=False),
                text=title,
                lang=title_lang,
                kind=catalogue.term_label("work", part["type"], lang) if part.get("type") else "",
                others=other,
                marks=notes.of_fact(part),
            )
        )
    return tuple(found)


def make_memberships(
    record: Mapping[str, Any], catalogue: Catalogue, lang: str, notes: Footnotes
) -> tuple[Entry, ...]:
    """Return education, employment and memberships, with the role."""
    found = []
    for part in _in_order(record.get("memberships", ())):
        role, _role_lang = best_with_language(part.get("role"), lang)
        found.append(
            Entry(
                date=date_words(part.get("date"), lang),
                doubt=doubt(part.get("date"), point=False),
                text=catalogue.organisation_name(part["organisation"], lang),
                lang=lang,
                kind=role,
                url=organisation_url(part["organisation"], lang),
                marks=notes.of_fact(part),
            )
        )
    return tuple(found)


def make_awards(
    record: Mapping[str, Any], catalogue: Catalogue, lang: str, notes: Footnotes
) -> tuple[Entry, ...]:
    """Return awards in chronological order."""
    return tuple(
        Entry(
            date=date_words(part.get("date"), lang),
            doubt=doubt(part.get("date"), point=False),
            text=catalogue.term_label("award", part["award"], lang),
            lang=lang,
            marks=notes.of_fact(part),
        )
        for part in _in_order(record.get("awards", ()))
    )


def _in_order(parts: Any) -> list[Mapping[str, Any]]:
    return sorted(parts, key=lambda part: _first_day(part.get("date")))


def _first_day(date: str | None) -> int:
    if not date:
        return _LAST
    try:
        parsed = parse_date(date)
    except DateError:
        return _LAST
    day = parsed.earliest if parsed.earliest is not None else parsed.latest
    return _LAST if day is None else day
