"""Conversion of a Popolo person to a record; what has no field is dropped, doubts are reported."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from biobank.exchange.importing.names import Name, name, tidied
from biobank.exchange.importing.said import Said, say
from biobank.names.folding import fold, has_letter
from biobank.records.dates import DateError, parse_date
from biobank.records.identifier_field import SCHEME

#: Genders as catalogues write them; others are reported and left out.
GENDERS = {
    **dict.fromkeys(("male", "m", "man", "homme", "kisi", "мужской", "муж", "м"), "male"),
    **dict.fromkeys(("female", "f", "woman", "femme", "qadin", "женский", "жен", "ж"), "female"),
    **dict.fromkeys(("other", "non-binary", "nonbinary"), "other"),
    "unknown": "unknown",
}
#: Name kinds by a pattern of the note.
KINDS = (
    (re.compile(r"birth|maiden|née", re.IGNORECASE), "birth"),
    (re.compile(r"former|previous", re.IGNORECASE), "former"),
    (re.compile(r"pen name|pseudonym", re.IGNORECASE), "pen"),
    (re.compile(r"stage", re.IGNORECASE), "stage"),
)
NEW_YEAR = re.compile(r"([0-9]{4})-01-01")
#: Popolo dates: a year, a month or a day, with or without a time.
DATE = re.compile(r"([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:[T ].*)?")
#: Language of a name if the file states none.
NO_LANGUAGE = "und"


def record_of(person: Mapping[str, Any], notices: list[Said]) -> dict[str, Any]:
    """Return the record of a Popolo person without memberships, and add doubts to `notices`.

    A person without a name becomes a record without names.
    """
    record: dict[str, Any] = {"names": _names(person)}
    if gender := _text(person, "gender"):
        if found := GENDERS.get(fold(gender)):
            record["gender"] = found
        else:
            notices.append(say("gender_unknown", "gender", text=gender[:40]).leaving_out())
    for fact in ("birth", "death"):
        if date := _moment(person, fact, notices):
            record[fact] = {"date": date}
    if headline := _text(person, "summary"):
        record["headline"] = {"en": headline[:300]}
    if identifiers := dict(_identifiers(person)):
        record["identifiers"] = identifiers
    return record


def _names(person: Mapping[str, Any]) -> list[Name]:
    """Return the names of a person: `name` is preferred in its language, others as stated."""
    found = []
    main = _text(person, "name") or " ".join(
        text for key in ("given_name", "family_name") if (text := _text(person, key))
    )
    others = [entry for entry in _entries(person, "other_names") if _text(entry, "name")]
    if main and has_letter(main):
        # One of the other names may be equal and state its language.
        told = [_text(entry, "lang") for entry in others if _text(entry, "name") == main]
        found.append(name(main, next(filter(None, told), NO_LANGUAGE), "preferred"))
    for entry in others:
        if has_letter(_text(entry, "name")):
            lang, note = _text(entry, "lang"), _text(entry, "note")
            kind = next((kind for words, kind in KINDS if words.search(note)), "")
            kind = kind or ("preferred" if lang and note != "alternate" else "variant")
            found.append(name(_text(entry, "name"), lang or NO_LANGUAGE, kind))
    return tidied(found)


def _moment(person: Mapping[str, Any], fact: str, notices: list[Said]) -> str | None:
    text = _text(person, f"{fact}_date")
    if not text:
        return None
    return date_of(text, f"{fact}.date", notices)


def date_of(text: str, path: str, notices: list[Said]) -> str | None:
    """Return a Popolo date as EDTF; 1 January is read as the year it stands for."""
    found = DATE.fullmatch(text)
    if found and (new_year := NEW_YEAR.fullmatch(found[1])):
        notices.append(say("read_as_year", path, text=text[:40], year=new_year[1]))
        return new_year[1]
    try:
        return parse_date(found[1] if found else text).text
    except DateError as error:
        notices.append(say("no_date", path, why=error.message).leaving_out())
        return None


def _identifiers(person: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for entry in _entries(person, "identifiers"):
        scheme = re.sub(r"[^a-z0-9_-]+", "-", fold(_text(entry, "scheme"))).strip("-")
        value = _text(entry, "identifier")
        if value and SCHEME.match(scheme):
            yield scheme, value


def _entries(person: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    entries = person.get(key)
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping):
            yield entry


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""
