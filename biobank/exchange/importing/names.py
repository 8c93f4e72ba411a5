"""Names as other catalogues give them: their language tags read, none of them twice."""

from collections.abc import Iterable
from typing import Any

from biobank.i18n import LANGUAGES
from biobank.records.people.schemas import LANGUAGE_TAG

Name = dict[str, Any]

#: Names that one record may have, as its schema says.
NAMES_MOST = 200
#: Codes of other catalogues for what the bank tells by language and script.
CODES = {
    "azb": ("az", "Arab"),
    "sr-ec": ("sr", "Cyrl"),
    "sr-el": ("sr", "Latn"),
    "simple": ("en", None),
}
#: Languages of Arabic letters, which the bank tells for every such name.
ARABIC = frozenset(("ar", "fa", "ur", "ps", "ckb", "arz"))


def of_language(code: str) -> tuple[str, str | None]:
    """Language and script of a code: `az-arab` is az in Arab; `und` where it is no code."""
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
    """`Hacıbəyov, Üzeyir` as `Üzeyir Hacıbəyov`; text without just one comma as it is."""
    surname, comma, rest = text.partition(", ")
    return f"{rest.strip()} {surname.strip()}" if comma and "," not in rest and rest else text


def tidied(names: Iterable[Name]) -> list[Name]:
    """One preferred name a language, the others of it variants; each written form once.

    A catalogue writes the same letters for dozens of languages; a form that stands already is
    left out, unless it is the preferred name in a language of the bank.
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
    """Preferred names first, those in languages of the bank before the others."""
    return entry["kind"] != "preferred", entry["lang"] not in LANGUAGES
