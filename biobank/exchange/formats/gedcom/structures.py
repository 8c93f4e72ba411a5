"""Structures of GEDCOM 7.0, without the characters that a payload may not hold."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from gedcom7 import dumps
from gedcom7.types import GedcomStructure

from biobank.names.structure import is_patronymic
from biobank.names.suffixes import find_ending
from biobank.names.transliteration import prepare
from biobank.records.people.record import PersonRecord

#: Characters that the grammar forbids (GEDCOM 7.0.16, section 1.1), and the two noncharacters.
GEDCOM_FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def make_structure(
    tag: str, payload: str = "", substructures: Iterable[GedcomStructure] = ()
) -> GedcomStructure:
    text = GEDCOM_FORBIDDEN_CHARS.sub("", payload)
    return GedcomStructure(tag, text=text, children=list(substructures))


def pointer(tag: str, xref: str, substructures: Iterable[GedcomStructure] = ()) -> GedcomStructure:
    return GedcomStructure(tag, pointer=xref, children=list(substructures))


def record(tag: str, xref: str, substructures: Iterable[GedcomStructure]) -> GedcomStructure:
    return GedcomStructure(tag, xref=xref, children=list(substructures))


def make_xref(kind: str, id_: str) -> str:
    """Return the record id: `uzeyir-hacibeyov` becomes `@I_UZEYIR_HACIBEYOV@` in every file."""
    return f"@{kind}_{id_.upper().replace('-', '_')}@"


def serialize_structure(root: GedcomStructure) -> str:
    """Serialise a record as lines ending with a line feed; long texts continue in CONT."""
    return dumps([root], byte_order_mark=False)


#: NAME.TYPE by kind of name; kinds that the standard lacks are given as PHRASE.
NAME_TYPES = {"birth": "BIRTH", "variant": "AKA", "pen": "PROFESSIONAL", "stage": "PROFESSIONAL"}
#: Endings that only surnames have. -li also ends pen names (Füzuli), and the Arabic script
#: preserves too little of an ending to decide.
SURNAME_ENDINGS = frozenset(("beyov", "beyli", "zade", "ov", "ski"))
ARABIC_LETTER = re.compile("[\u0600-\u06ff]")
NameRecord = Mapping[str, Any]


def name_structures(record: PersonRecord, lang: str) -> Iterator[GedcomStructure]:
    """Yield the preferred name in `lang` with its translations, then the other names."""
    preferred = [name for name in record["names"] if name["kind"] == "preferred"]
    preferred.sort(key=lambda name: name["lang"] != lang)
    if preferred:
        translations = [_translation_structure(name) for name in preferred[1:]]
        yield make_structure("NAME", personal_name(preferred[0]["text"]), translations)
    for name in record["names"]:
        if name["kind"] != "preferred":
            yield make_structure("NAME", personal_name(name["text"]), [_type_structure(name["kind"])])


def personal_name(text: str) -> str:
    """Return the name with its surname between slashes, if it can be identified.

    A surname is the last word that has a surname ending (-ov, -zadə…) and is no patronymic.
    """
    # A slash would mark the start or end of a surname.
    words = text.replace("/", " ").split()
    surname_index = _surname_index(words)
    if surname_index is None:
        return " ".join(words)
    parts = [f"/{word}/" if index == surname_index else word for index, word in enumerate(words)]
    return " ".join(parts)


def _surname_index(words: Sequence[str]) -> int | None:
    for index in range(len(words) - 1, 0, -1):
        is_known = find_ending(prepare(words[index])).tag in SURNAME_ENDINGS and not ARABIC_LETTER.search(
            words[index]
        )
        if is_known and not is_patronymic(words, index):
            return index
    return None


def _translation_structure(name: NameRecord) -> GedcomStructure:
    return make_structure("TRAN", personal_name(name["text"]), [make_structure("LANG", language_tag(name))])


def _type_structure(kind: str) -> GedcomStructure:
    if kind in NAME_TYPES:
        return make_structure(
            "TYPE", NAME_TYPES[kind], [make_structure("PHRASE", kind)] if kind in ("pen", "stage") else []
        )
    return make_structure("TYPE", "OTHER", [make_structure("PHRASE", kind)])


def language_tag(name: NameRecord) -> str:
    """Return the BCP 47 tag of the language and script of a name."""
    tag, script = name["lang"], name.get("script")
    return f"{tag}-{script}" if script and "-" not in tag else str(tag)
