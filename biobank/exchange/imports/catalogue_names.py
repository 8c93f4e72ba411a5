"""Names from other catalogues: parsed language codes, without duplicates."""

from collections.abc import Iterable
from typing import Any

from biobank.common.i18n import LANGUAGES
from biobank.records.people.schemas import LANGUAGE_TAG_PATTERN

NameEntry = dict[str, Any]

#: Limit of names in one record, as in its schema.
MAX_RECORD_NAMES = 200
#: Language and script for codes that other catalogues use.
LANGUAGE_CODE_ALIASES = {
    "azb": ("az", "Arab"),
    "sr-ec": ("sr", "Cyrl"),
    "sr-el": ("sr", "Latn"),
    "simple": ("en", None),
}
#: Languages written in Arabic script; their names always state the script.
ARABIC_SCRIPT_LANGUAGES = frozenset(("ar", "fa", "ur", "ps", "ckb", "arz"))


def parse_language_code(code: str) -> tuple[str, str | None]:
    """Return the language and script of a code: `az-arab` is az in Arab; `und` if it is invalid."""
    code = code.strip().lower().replace("_", "-")
    if code in LANGUAGE_CODE_ALIASES:
        return LANGUAGE_CODE_ALIASES[code]
    primary, _, subtag = code.partition("-")
    if len(subtag) == 4 and subtag.isalpha():
        return (
            (primary, subtag.title())
            if LANGUAGE_TAG_PATTERN.match(primary)
            else ("und", subtag.title())
        )
    for tag in (code, primary):
        if LANGUAGE_TAG_PATTERN.match(tag):
            return tag, "Arab" if primary in ARABIC_SCRIPT_LANGUAGES else None
    return "und", None


def make_name(text: str, code: str, kind: str) -> NameEntry:
    lang, script = parse_language_code(code)
    entry = {"text": text, "lang": lang, "kind": kind}
    return {**entry, "script": script} if script else entry


def to_direct_order(text: str) -> str:
    """Convert `Hacıbəyov, Üzeyir` to `Üzeyir Hacıbəyov`; other texts are returned unchanged."""
    surname, comma, given_names = text.partition(", ")
    return (
        f"{given_names.strip()} {surname.strip()}"
        if comma and "," not in given_names and given_names
        else text
    )


def deduplicate_names(names: Iterable[NameEntry]) -> list[NameEntry]:
    """Keep one preferred name a language, make the others variants, and drop repeated spellings.

    Catalogues repeat the same spelling for dozens of languages; a repeated spelling is dropped
    unless it is the preferred name in a language of the bank.
    """
    result: list[NameEntry] = []
    preferred: set[str] = set()
    texts: set[str] = set()
    for entry in sorted(names, key=_sort_key):
        if entry["kind"] == "preferred" and entry["lang"] in preferred:
            entry = {**entry, "kind": "variant"}
        is_required = entry["kind"] == "preferred" and entry["lang"] in LANGUAGES
        if is_required or entry["text"] not in texts:
            result.append(entry)
            texts.add(entry["text"])
            if entry["kind"] == "preferred":
                preferred.add(entry["lang"])
    return result


def _sort_key(entry: NameEntry) -> tuple[bool, bool]:
    """Sort preferred names first, and among them those in languages of the bank."""
    return entry["kind"] != "preferred", entry["lang"] not in LANGUAGES
