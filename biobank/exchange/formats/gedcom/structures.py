"""Structures of GEDCOM 7.0, without the characters that a payload may not hold."""

import re
from collections.abc import Iterable

from gedcom7 import dumps
from gedcom7.types import GedcomStructure

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
