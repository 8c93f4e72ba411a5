"""Names from other catalogues: parsed language codes, without duplicates."""

from collections.abc import Iterable
from typing import Any

from biobank.i18n import LANGUAGES
from biobank.records.people.schemas import LANGUAGE_TAG

Name = dict[str, Any]

#: Limit of names in one record, as in its schema.
NAMES_MOST = 200
#: Language and script for codes that other catalogues use.
CODES = {
    "azb": ("az", "Arab"),
    "sr-ec": ("sr", "Cyrl"),
    "sr-el": ("sr", "Latn"),
    "simple": ("en", None),
}
#: Languages written in Arabic script; their names always state the script.
ARABIC = frozenset(("ar", "fa", "ur", "ps", "ckb", "arz"))


def of_language(code: str) -> tuple[str, str | None]:
    """Return the language and script of a code: `az-arab` is az in Arab; `und` if it is invalid."""
    code = code.strip().lower().replace("_", "-")
    if code in CODES:
        return CODES[code]
    primary, _, rest = code.partition("-")
    if len(rest) == 4 and rest.isalpha():
        return (primary, rest.title()) if LANGUAGE_TAG.match(primary) else ("und", rest.title())
    for tag in (code, primary):
        if LANGUAGE_TAG.match(tag):
            return tag, "Arab" if primary in ARABIC else None
    return "und", None


def name(text: str, code: str, kind: str) -> Name:
    lang, script = of_language(code)
    made = {"text": text, "lang": lang, "kind": kind}
    return {**made, "script": script} if script else made


def turned(text: str) -> str:
    """Convert `Hacıbəyov, Üzeyir` to `Üzeyir Hacıbəyov`; other texts are returned unchanged."""
    surname, comma, rest = text.partition(", ")
    return f"{rest.strip()} {surname.strip()}" if comma and "," not in rest and rest else text


def tidied(names: Iterable[Name]) -> list[Name]:
    """Keep one preferred name a language, make the others variants, and drop repeated spellings.

    Catalogues repeat the same spelling for dozens of languages; a repeated spelling is dropped
    unless it is the preferred name in a language of the bank.
    """
    kept: list[Name] = []
    preferred: set[str] = set()
    texts: set[str] = set()
    for entry in sorted(names, key=_order):
        if entry["kind"] == "preferred" and entry["lang"] in preferred:
            entry = {**entry, "kind": "variant"}
        own = entry["kind"] == "preferred" and entry["lang"] in LANGUAGES
        if own or entry["text"] not in texts:
            kept.append(entry)
            texts.add(entry["text"])
            if entry["kind"] == "preferred":
                preferred.add(entry["lang"])
    return kept


def _order(entry: Name) -> tuple[bool, bool]:
    """Sort preferred names first, and among them those in languages of the bank."""
    return entry["kind"] != "preferred", entry["lang"] not in LANGUAGES
