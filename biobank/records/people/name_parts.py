"""The preferred name of a record in a language, and its surname and given name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from biobank.common.i18n import LANGUAGES
from biobank.names.surnames import NameParts, find_surname, is_li_surname, match_surname, split_name
from biobank.records.dates import parse_date
from biobank.records.people.record import NameRecord
from biobank.records.proleptic_calendar import to_ordinal

#: Surnames came with Russian rule, complete with the treaty of 1828; of those who died before, -li
#: marks a place of origin.
FIRST_SURNAME_DAY = to_ordinal(1828, 1, 1)


def find_preferred_name(record: Mapping[str, Any], lang: str) -> NameRecord:
    """Return the preferred name in `lang`, else in another language, else the first name."""
    names: Sequence[NameRecord] = record["names"]
    preferred = {name["lang"]: name for name in reversed(names) if name["kind"] == "preferred"}
    for candidate in (lang, *LANGUAGES):
        if candidate in preferred:
            return preferred[candidate]
    return next(iter(preferred.values()), names[0])


def preferred_name_parts(record: Mapping[str, Any], lang: str) -> NameParts:
    """Return the parts of the name shown in `lang`."""
    return name_parts(record, find_preferred_name(record, lang))


def name_parts(record: Mapping[str, Any], name: NameRecord) -> NameParts:
    """Return the parts of one of the record's names: those stated, else those its form shows.

    A surname whose ending is not conclusive is recognised by the preferred names in other languages:
    Zeynally by Zeynallı. A name without a surname may end in a pen name that the record has:
    Muhammad Fuzuli.
    """
    family, given = name.get("family", ""), name.get("given", "")
    parts = split_name(name["text"], family, given)
    if parts.family or given:
        return parts
    if reference := _reference_surname(record):
        return match_surname(name["text"], reference)
    for pen_name in _pen_names(record):
        matched = match_surname(name["text"], pen_name)
        if matched.family:
            return replace(matched, family="", pen=matched.family)
    return parts


def differing_parts(text: str, family: str, given: str) -> dict[str, str]:
    """Return the `family` of a name as a source states it, unless the form of the name shows it.

    What is not in the name is left out, as are given names, which follow from the surname.
    """
    is_part = bool(given and family) and set(family.split()) <= set(text.split())
    return {"family": family} if is_part and split_name(text).family != family else {}


def _reference_surname(record: Mapping[str, Any]) -> str:
    """Return the first surname that a preferred name states, or shows by its ending; else empty."""
    preferred = [name for name in record["names"] if name["kind"] == "preferred"]
    for name in preferred:
        if family := name.get("family") or (not name.get("given") and find_surname(name["text"]).family):
            return str(family)
    if preferred and not _died_before_surnames(record):
        words = find_preferred_name(record, "az")["text"].split()
        if len(words) > 1 and is_li_surname(words[-1]):
            return str(words[-1])
    return ""


def _pen_names(record: Mapping[str, Any]) -> list[str]:
    """Return the pen names of one word."""
    return [
        name["text"] for name in record["names"] if name["kind"] == "pen" and len(name["text"].split()) == 1
    ]


def _died_before_surnames(record: Mapping[str, Any]) -> bool:
    dates = [(record.get(role) or {}).get("date") for role in ("death", "floruit")]
    date = next(filter(None, dates), None)
    latest = parse_date(date).latest if date else None
    return latest is not None and latest < FIRST_SURNAME_DAY
