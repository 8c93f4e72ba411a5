"""Names in GEDCOM form: `Üzeyir /Hacıbəyov/`, if the surname can be identified."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from biobank.exchange.gedcom.lines import Line, line
from biobank.names.readings import prepared
from biobank.names.structure import of_father
from biobank.names.suffixes import suffix
from biobank.records.people.mapping import Record

#: NAME.TYPE by kind of name; kinds that the standard lacks are given as PHRASE.
TYPES = {"birth": "BIRTH", "variant": "AKA", "pen": "PROFESSIONAL", "stage": "PROFESSIONAL"}
#: Endings that only surnames have. -li also ends pen names (Füzuli), and the Arabic script
#: preserves too little of an ending to decide.
ENDINGS = frozenset(("beyov", "beyli", "zade", "ov", "ski"))
ARABIC = re.compile("[\u0600-\u06ff]")
Name = Mapping[str, Any]


def name_lines(record: Record, lang: str) -> Iterator[Line]:
    """Yield the preferred name in `lang` with its translations, then the other names."""
    preferred = [name for name in record["names"] if name["kind"] == "preferred"]
    preferred.sort(key=lambda name: name["lang"] != lang)
    if preferred:
        others = [_translation(name) for name in preferred[1:]]
        yield line("NAME", personal_name(preferred[0]["text"]), others)
    for name in record["names"]:
        if name["kind"] != "preferred":
            yield line("NAME", personal_name(name["text"]), [_type(name["kind"])])


def personal_name(text: str) -> str:
    """Return the name with its surname between slashes, if it can be identified.

    A surname is the last word that has a surname ending (-ov, -zadə…) and is no patronymic.
    """
    # A slash would mark the start or end of a surname.
    words = text.replace("/", " ").split()
    at = _surname(words)
    if at is None:
        return " ".join(words)
    marked = [f"/{word}/" if index == at else word for index, word in enumerate(words)]
    return " ".join(marked)


def _surname(words: Sequence[str]) -> int | None:
    for at in range(len(words) - 1, 0, -1):
        is_known = suffix(prepared(words[at])).tag in ENDINGS and not ARABIC.search(words[at])
        if is_known and not of_father(words, at):
            return at
    return None


def _translation(name: Name) -> Line:
    return line("TRAN", personal_name(name["text"]), [line("LANG", tag_of(name))])


def _type(kind: str) -> Line:
    if kind in TYPES:
        return line("TYPE", TYPES[kind], [line("PHRASE", kind)] if kind in ("pen", "stage") else [])
    return line("TYPE", "OTHER", [line("PHRASE", kind)])


def tag_of(name: Name) -> str:
    """Return the BCP 47 tag of the language and script of a name."""
    tag, script = name["lang"], name.get("script")
    return f"{tag}-{script}" if script and "-" not in tag else str(tag)
