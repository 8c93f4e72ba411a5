"""Dated lists of a person: events, works, memberships and awards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biobank.common.i18n import best_with_language
from biobank.records.catalogue import Catalogue
from biobank.records.dates import DateError, parse_date
from biobank.records.people.statement_ids import list_fact_id
from biobank.web.core.footnotes import FootnoteMark, Footnotes
from biobank.web.core.labels import format_edtf_date
from biobank.web.core.urls import organisation_url
from biobank.web.people.facts import PlaceLink, describe_uncertainty, place_link

#: Sort key of entries without a date, after all dated ones.
_UNDATED_SORT_KEY = 10**9


@dataclass(frozen=True)
class TimelineEntry:
    """One entry of a list. `alternative_titles` are titles in other languages, with their tags."""

    #: The id of the statement, by which its address leads here.
    id: str
    date: str
    uncertainty: str
    text: str
    lang: str
    kind: str = ""
    url: str = ""
    place: PlaceLink | None = None
    original: str = ""
    alternative_titles: tuple[tuple[str, str], ...] = ()
    marks: tuple[FootnoteMark, ...] = ()


def make_events(
    record: Mapping[str, Any], catalogue: Catalogue, lang: str, notes: Footnotes
) -> tuple[TimelineEntry, ...]:
    """Return events in chronological order."""
    entries = []
    for id_, part in _chronological(record, "events"):
        text, text_lang = best_with_language(part.get("text"), lang)
        kind = catalogue.term_label("event", part["type"], lang) if part.get("type") else ""
        entries.append(
            TimelineEntry(
                id=id_,
                date=format_edtf_date(part.get("date"), lang),
                uncertainty=describe_uncertainty(part.get("date"), point=False),
                text=text or kind,
                lang=text_lang,
                kind=kind if text else "",
                place=place_link(part.get("place"), part.get("date"), catalogue, lang),
                original=(part.get("original") or {}).get("text", ""),
                marks=notes.marks_for_fact(part),
            )
        )
    return tuple(entries)


def make_works(
    record: Mapping[str, Any], catalogue: Catalogue, lang: str, notes: Footnotes
) -> tuple[TimelineEntry, ...]:
    """Return works in chronological order, with the original title where it differs."""
    entries = []
    for id_, part in _chronological(record, "works"):
        title, title_lang = best_with_language(part["title"], lang)
        original_title = part["title"].get("az", "")
        alternatives = ((original_title, "az"),) if original_title and original_title != title else ()
        entries.append(
            TimelineEntry(
                id=id_,
                date=format_edtf_date(part.get("date"), lang),
                uncertainty=describe_uncertainty(part.get("date"), point=False),
                text=title,
                lang=title_lang,
                kind=catalogue.term_label("work", part["type"], lang) if part.get("type") else "",
                alternative_titles=alternatives,
                marks=notes.marks_for_fact(part),
            )
        )
    return tuple(entries)


def make_memberships(
    record: Mapping[str, Any], catalogue: Catalogue, lang: str, notes: Footnotes
) -> tuple[TimelineEntry, ...]:
    """Return education, employment and memberships, with the role."""
    entries = []
    for id_, part in _chronological(record, "memberships"):
        role, _role_lang = best_with_language(part.get("role"), lang)
        entries.append(
            TimelineEntry(
                id=id_,
                date=format_edtf_date(part.get("date"), lang),
                uncertainty=describe_uncertainty(part.get("date"), point=False),
                text=catalogue.organisation_name(part["organisation"], lang),
                lang=lang,
                kind=role,
                url=organisation_url(part["organisation"], lang),
                marks=notes.marks_for_fact(part),
            )
        )
    return tuple(entries)


def make_awards(
    record: Mapping[str, Any], catalogue: Catalogue, lang: str, notes: Footnotes
) -> tuple[TimelineEntry, ...]:
    """Return awards in chronological order."""
    return tuple(
        TimelineEntry(
            id=id_,
            date=format_edtf_date(part.get("date"), lang),
            uncertainty=describe_uncertainty(part.get("date"), point=False),
            text=catalogue.term_label("award", part["award"], lang),
            lang=lang,
            marks=notes.marks_for_fact(part),
        )
        for id_, part in _chronological(record, "awards")
    )


def _chronological(record: Mapping[str, Any], name: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the entries of a list of facts with their ids."""
    entries = ((list_fact_id(name, position), part) for position, part in enumerate(record.get(name, ())))
    return sorted(entries, key=lambda entry: _first_day(entry[1].get("date")))


def _first_day(date: str | None) -> int:
    if not date:
        return _UNDATED_SORT_KEY
    try:
        parsed = parse_date(date)
    except DateError:
        return _UNDATED_SORT_KEY
    day = parsed.earliest if parsed.earliest is not None else parsed.latest
    return _UNDATED_SORT_KEY if day is None else day
