"""The entries of each kind of message, and their validation."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from marshmallow import ValidationError

from biobank.accounts.checks import checked_email
from biobank.accounts.models import EMAIL_MOST
from biobank.errors import AccountRefused, Problem, RecordRefused
from biobank.records.countries import COUNTRIES
from biobank.records.dates import DateError, parse_date
from biobank.records.fields import BREAK, CONTROL, Address

LINE, PASSAGE = 300, 5_000


@dataclass(frozen=True)
class Entry:
    """One entry of a form; `kind` is its format: text, email, url, country or date."""

    name: str
    most: int = LINE
    required: bool = False
    lines: bool = False
    kind: str = "text"


NAME = Entry("name", 100)
EMAIL = Entry("email", EMAIL_MOST, kind="email")
#: Entries by kind of message; `name` and `email` describe the sender.
FORMS: Final[Mapping[str, tuple[Entry, ...]]] = {
    "correction": (
        Entry("quote", PASSAGE, lines=True),
        Entry("text", PASSAGE, required=True, lines=True),
        Entry("source", 2_000, required=True, lines=True),
        NAME,
        EMAIL,
    ),
    "proposal": (
        Entry("names", 1_000, required=True, lines=True),
        Entry("dates", LINE),
        Entry("why", PASSAGE, required=True, lines=True),
        Entry("source", 2_000, required=True, lines=True),
        NAME,
        EMAIL,
    ),
    "objection": (
        Entry("what", PASSAGE, required=True, lines=True),
        Entry("why", PASSAGE, required=True, lines=True),
        Entry("relation", LINE),
        NAME,
        Entry("email", EMAIL_MOST, required=True, kind="email"),
    ),
    "registration": (
        Entry("name_az"),
        Entry("name_en"),
        Entry("name_ru"),
        Entry("country", 2, required=True, kind="country"),
        Entry("city", 100, required=True),
        Entry("founded", 64, kind="date"),
        Entry("about", PASSAGE, required=True, lines=True),
        Entry("website", 500, kind="url"),
        NAME,
        Entry("email", EMAIL_MOST, required=True, kind="email"),
    ),
}
#: Entries that describe the sender, stored separately from the contents.
SENDER = ("name", "email")


def checked(kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the submitted entries in NFC form, without empty ones.

    Raises:
        RecordRefused: with one problem per invalid entry; `path` is its name, `code` the reason.
    """
    entries = FORMS[kind]
    clean = {entry.name: _clean(given.get(entry.name, "")) for entry in entries}
    problems = [
        Problem(entry.name, code, f"{entry.name}: {code}")
        for entry in entries
        if (code := _wrong(entry, clean[entry.name]))
    ]
    if kind == "registration" and not any(names_of(clean).values()):
        problems.insert(0, Problem("name_az", "missing", "name_az: missing"))
    if problems:
        raise RecordRefused(problems)
    if clean["email"]:
        clean["email"] = checked_email(clean["email"])
    return {name: text for name, text in clean.items() if text}


def names_of(content: Mapping[str, str]) -> dict[str, str]:
    """Return the names of an organisation by language, from its registration."""
    return {lang: content.get(f"name_{lang}", "") for lang in ("az", "en", "ru")}


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def _wrong(entry: Entry, text: str) -> str:
    """Return the error code of an entry, or an empty string if it is valid."""
    if not text:
        return "missing" if entry.required else ""
    return next(_faults(entry, text), "")


def _faults(entry: Entry, text: str) -> Iterator[str]:
    if len(text) > entry.most:
        yield "long"
    if CONTROL.search(text) or "\ufffd" in text or (not entry.lines and BREAK.search(text)):
        yield "control"
    if entry.kind == "email" and not _is_email(text):
        yield "bad_email"
    if entry.kind == "url" and not _is_url(text):
        yield "bad_url"
    if entry.kind == "country" and text not in COUNTRIES:
        yield "bad_country"
    if entry.kind == "date" and not _is_date(text):
        yield "bad_date"


def _is_email(text: str) -> bool:
    try:
        return bool(checked_email(text))
    except AccountRefused:
        return False


def _is_url(text: str) -> bool:
    try:
        return bool(Address(500).deserialize(text))
    except ValidationError:
        return False


def _is_date(text: str) -> bool:
    try:
        return bool(parse_date(text))
    except DateError:
        return False
