"""Structures of GEDCOM 7.0: level, tag and payload, and the characters a payload may hold."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: Characters that the grammar forbids (GEDCOM 7.0.16, section 1.1), and the two noncharacters.
GEDCOM_FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
#: Line breaks within a payload: each line becomes a line of the file, of any length.
GEDCOM_LINE_BREAKS = re.compile(r"\r\n|[\r\n]")


@dataclass(frozen=True)
class GedcomStructure:
    """A structure with its substructures; `is_pointer` if the payload is a pointer."""

    tag: str
    payload: str = ""
    substructures: tuple["GedcomStructure", ...] = ()
    xref: str = ""
    is_pointer: bool = False


def make_structure(
    tag: str, payload: str = "", substructures: Iterable[GedcomStructure] = ()
) -> GedcomStructure:
    return GedcomStructure(tag, payload, tuple(substructures))


def pointer(tag: str, xref: str, substructures: Iterable[GedcomStructure] = ()) -> GedcomStructure:
    return GedcomStructure(tag, xref, tuple(substructures), is_pointer=True)


def record(tag: str, xref: str, substructures: Iterable[GedcomStructure]) -> GedcomStructure:
    return GedcomStructure(tag, "", tuple(substructures), xref=xref)


def make_xref(kind: str, id_: str) -> str:
    """Return the record id: `uzeyir-hacibeyov` becomes `@I_UZEYIR_HACIBEYOV@` in every file."""
    return f"@{kind}_{id_.upper().replace('-', '_')}@"


def serialize_structure(root: GedcomStructure, level: int = 0) -> Iterator[str]:
    """Serialise a structure as lines ending with a line feed; long texts continue in CONT."""
    first, *continuations = [root.payload] if root.is_pointer else _payload_lines(root.payload)
    xref = f" {root.xref}" if root.xref else ""
    yield f"{level}{xref} {root.tag}{f' {first}' if first else ''}\n"
    for text in continuations:
        yield f"{level + 1} CONT{f' {text}' if text else ''}\n"
    for substructure in root.substructures:
        yield from serialize_structure(substructure, level + 1)


def _payload_lines(text: str) -> list[str]:
    """Split a payload into lines; a leading @ is doubled, so that it is not read as a pointer."""
    lines = GEDCOM_LINE_BREAKS.split(GEDCOM_FORBIDDEN_CHARS.sub("", text))
    return [f"@{part}" if part.startswith("@") else part for part in lines]
