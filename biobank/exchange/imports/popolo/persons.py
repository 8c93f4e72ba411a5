"""Conversion of a Popolo person to a record; what has no field is dropped, doubts are reported."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.exchange.imports.place_resolver import NameEntry, deduplicate_names, make_name
from biobank.names.folding import fold, has_letter
from biobank.records.dates import DateError, parse_date
from biobank.records.identifiers import SCHEME_PATTERN

#: Genders as catalogues write them; others are reported and left out.
GENDER_BY_WORD = {
    **dict.fromkeys(("male", "m", "man", "homme", "kisi", "мужской", "муж", "м"), "male"),
    **dict.fromkeys(("female", "f", "woman", "femme", "qadin", "женский", "жен", "ж"), "female"),
    **dict.fromkeys(("other", "non-binary", "nonbinary"), "other"),
    "unknown": "unknown",
}
#: Name kinds by a pattern of the note.
NAME_KIND_PATTERNS = (
    (re.compile(r"birth|maiden|née", re.IGNORECASE), "birth"),
    (re.compile(r"former|previous", re.IGNORECASE), "former"),
    (re.compile(r"pen name|pseudonym", re.IGNORECASE), "pen"),
    (re.compile(r"stage", re.IGNORECASE), "stage"),
)
POPOLO_NEW_YEAR_PATTERN = re.compile(r"([0-9]{4})-01-01")
#: Popolo dates: a year, a month or a day, with or without a time.
POPOLO_DATE_PATTERN = re.compile(r"([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:[T ].*)?")
#: Language of a name if the file states none.
UNDETERMINED_LANGUAGE = "und"


def person_to_record(person: Mapping[str, Any], notices: list[ImportMessage]) -> dict[str, Any]:
    """Return the record of a Popolo person without memberships, and add doubts to `notices`.

    A person without a name becomes a record without names.
    """
    record: dict[str, Any] = {"names": _names(person)}
    if gender := _text(person, "gender"):
        if mapped := GENDER_BY_WORD.get(fold(gender)):
            record["gender"] = mapped
        else:
            notices.append(import_message("gender_unknown", "gender", text=gender[:40]).as_left_out())
    for fact in ("birth", "death"):
        if date := _life_date(person, fact, notices):
            record[fact] = {"date": date}
    if headline := _text(person, "summary"):
        record["headline"] = {"en": headline[:300]}
    if identifiers := dict(_identifiers(person)):
        record["identifiers"] = identifiers
    return record


def _names(person: Mapping[str, Any]) -> list[NameEntry]:
    """Return the names of a person: `name` is preferred in its language, others as stated."""
    names = []
    main = _text(person, "name") or " ".join(
        text for key in ("given_name", "family_name") if (text := _text(person, key))
    )
    other_names = [entry for entry in _entries(person, "other_names") if _text(entry, "name")]
    if main and has_letter(main):
        # One of the other names may be equal and state its language.
        languages = [_text(entry, "lang") for entry in other_names if _text(entry, "name") == main]
        names.append(make_name(main, next(filter(None, languages), UNDETERMINED_LANGUAGE), "preferred"))
    for entry in other_names:
        if has_letter(_text(entry, "name")):
            lang, note = _text(entry, "lang"), _text(entry, "note")
            kind = next((kind for pattern, kind in NAME_KIND_PATTERNS if pattern.search(note)), "")
            kind = kind or ("preferred" if lang and note != "alternate" else "variant")
            names.append(make_name(_text(entry, "name"), lang or UNDETERMINED_LANGUAGE, kind))
    return deduplicate_names(names)


def _life_date(person: Mapping[str, Any], fact: str, notices: list[ImportMessage]) -> str | None:
    text = _text(person, f"{fact}_date")
    if not text:
        return None
    return parse_popolo_date(text, f"{fact}.date", notices)


def parse_popolo_date(text: str, path: str, notices: list[ImportMessage]) -> str | None:
    """Return a Popolo date as EDTF; 1 January is read as the year it stands for."""
    match = POPOLO_DATE_PATTERN.fullmatch(text)
    if match and (new_year := POPOLO_NEW_YEAR_PATTERN.fullmatch(match[1])):
        notices.append(import_message("read_as_year", path, text=text[:40], year=new_year[1]))
        return new_year[1]
    try:
        return parse_date(match[1] if match else text).text
    except DateError as error:
        notices.append(import_message("no_date", path, why=error.message).as_left_out())
        return None


def _identifiers(person: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for entry in _entries(person, "identifiers"):
        scheme = re.sub(r"[^a-z0-9_-]+", "-", fold(_text(entry, "scheme"))).strip("-")
        value = _text(entry, "identifier")
        if value and SCHEME_PATTERN.match(scheme):
            yield scheme, value


def _entries(person: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    entries = person.get(key)
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping):
            yield entry


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""
