"""The entries of each kind of message, and their validation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from marshmallow import ValidationError

from biobank.accounts.models import MAX_EMAIL_CHARS
from biobank.accounts.validators import validate_email
from biobank.common.text import LINE_BREAKS, clean_text, is_broken
from biobank.errors import AccountRefused, FieldError, RecordRefused
from biobank.records.countries import COUNTRY_CODES
from biobank.records.dates import DateError, parse_date
from biobank.records.fields import WebUrl

MAX_ENTRY_LINE_CHARS, MAX_ENTRY_TEXT_CHARS = 300, 5_000


@dataclass(frozen=True)
class FormEntry:
    """One entry of a form; `kind` is its format: text, email, url, country or date."""

    name: str
    max_chars: int = MAX_ENTRY_LINE_CHARS
    required: bool = False
    is_multiline: bool = False
    kind: str = "text"


NAME_ENTRY = FormEntry("name", 100)
EMAIL_ENTRY = FormEntry("email", MAX_EMAIL_CHARS, kind="email")
#: Entries by kind of message; `name` and `email` describe the sender.
MESSAGE_FORMS: Final[Mapping[str, tuple[FormEntry, ...]]] = {
    "correction": (
        FormEntry("quote", MAX_ENTRY_TEXT_CHARS, is_multiline=True),
        FormEntry("text", MAX_ENTRY_TEXT_CHARS, required=True, is_multiline=True),
        FormEntry("source", 2_000, required=True, is_multiline=True),
        NAME_ENTRY,
        EMAIL_ENTRY,
    ),
    "proposal": (
        FormEntry("names", 1_000, required=True, is_multiline=True),
        FormEntry("dates", MAX_ENTRY_LINE_CHARS),
        FormEntry("why", MAX_ENTRY_TEXT_CHARS, required=True, is_multiline=True),
        FormEntry("source", 2_000, required=True, is_multiline=True),
        NAME_ENTRY,
        EMAIL_ENTRY,
    ),
    "objection": (
        FormEntry("what", MAX_ENTRY_TEXT_CHARS, required=True, is_multiline=True),
        FormEntry("why", MAX_ENTRY_TEXT_CHARS, required=True, is_multiline=True),
        FormEntry("relation", MAX_ENTRY_LINE_CHARS),
        NAME_ENTRY,
        FormEntry("email", MAX_EMAIL_CHARS, required=True, kind="email"),
    ),
    "registration": (
        FormEntry("name_az"),
        FormEntry("name_en"),
        FormEntry("name_ru"),
        FormEntry("country", 2, required=True, kind="country"),
        FormEntry("city", 100, required=True),
        FormEntry("founded", 64, kind="date"),
        FormEntry("about", MAX_ENTRY_TEXT_CHARS, required=True, is_multiline=True),
        FormEntry("website", 500, kind="url"),
        NAME_ENTRY,
        FormEntry("email", MAX_EMAIL_CHARS, required=True, kind="email"),
    ),
}
#: Entries that describe the sender, stored separately from the contents.
SENDER_ENTRIES = ("name", "email")


def validate_message(kind: str, submitted: Mapping[str, str]) -> dict[str, str]:
    """Return the submitted entries in NFC form, without empty ones.

    Raises:
        RecordRefused: with one problem per invalid entry; `path` is its name, `code` the reason.
    """
    entries = MESSAGE_FORMS[kind]
    clean = {entry.name: clean_text(submitted.get(entry.name, "")) for entry in entries}
    problems = [
        FieldError(entry.name, code, f"{entry.name}: {code}")
        for entry in entries
        if (code := _first_error(entry, clean[entry.name]))
    ]
    if kind == "registration" and not any(organisation_names(clean).values()):
        problems.insert(0, FieldError("name_az", "missing", "name_az: missing"))
    if problems:
        raise RecordRefused(problems)
    if clean["email"]:
        clean["email"] = validate_email(clean["email"])
    return {name: text for name, text in clean.items() if text}


def organisation_names(content: Mapping[str, str]) -> dict[str, str]:
    """Return the names of an organisation by language, from its registration."""
    return {lang: content.get(f"name_{lang}", "") for lang in ("az", "en", "ru")}


def _first_error(entry: FormEntry, text: str) -> str:
    """Return the error code of an entry, or an empty string if it is valid."""
    if not text:
        return "missing" if entry.required else ""
    return next(_iter_errors(entry, text), "")


def _iter_errors(entry: FormEntry, text: str) -> Iterator[str]:
    if len(text) > entry.max_chars:
        yield "long"
    if is_broken(text) or (not entry.is_multiline and LINE_BREAKS.search(text)):
        yield "control"
    if entry.kind == "email" and not _is_email(text):
        yield "bad_email"
    if entry.kind == "url" and not _is_url(text):
        yield "bad_url"
    if entry.kind == "country" and text not in COUNTRY_CODES:
        yield "bad_country"
    if entry.kind == "date" and not _is_date(text):
        yield "bad_date"


def _is_email(text: str) -> bool:
    try:
        return bool(validate_email(text))
    except AccountRefused:
        return False


def _is_url(text: str) -> bool:
    try:
        return bool(WebUrl(500).deserialize(text))
    except ValidationError:
        return False


def _is_date(text: str) -> bool:
    try:
        return bool(parse_date(text))
    except DateError:
        return False
