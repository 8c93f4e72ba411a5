"""Structures of GEDCOM 7.0: level, tag and payload, and the characters a payload may hold."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: Characters that the grammar forbids (GEDCOM 7.0.16, section 1.1), and the two noncharacters.
BANNED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
#: Line breaks within a payload: each line becomes a line of the file, of any length.
BREAKS = re.compile(r"\r\n|[\r\n]")


@dataclass(frozen=True)
class Line:
    """A structure with its substructures; `is_pointer` if the payload is a pointer."""

    tag: str
    payload: str = ""
    inner: tuple["Line", ...] = ()
    xref: str = ""
    points: bool = False


def line(tag: str, payload: str = "", inner: Iterable[Line] = ()) -> Line:
    return Line(tag, payload, tuple(inner))


def pointer(tag: str, xref: str, inner: Iterable[Line] = ()) -> Line:
    return Line(tag, xref, tuple(inner), points=True)


def record(tag: str, xref: str, inner: Iterable[Line]) -> Line:
    return Line(tag, "", tuple(inner), xref=xref)


def xref_of(kind: str, id_: str) -> str:
    """Return the record id: `uzeyir-hacibeyov` becomes `@I_UZEYIR_HACIBEYOV@` in every file."""
    return f"@{kind}_{id_.upper().replace('-', '_')}@"


def written(structure: Line, level: int = 0) -> Iterator[str]:
    """Serialise a structure as lines ending with a line feed; long texts continue in CONT."""
    first, *rest = [structure.payload] if structure.points else _payload(structure.payload)
    xref = f" {structure.xref}" if structure.xref else ""
    yield f"{level}{xref} {structure.tag}{f' {first}' if first else ''}\n"
    for text in rest:
        yield f"{level + 1} CONT{f' {text}' if text else ''}\n"
    for inner in structure.inner:
        yield from written(inner, level + 1)


def _payload(text: str) -> list[str]:
    """Split a payload into lines; a leading @ is doubled, so that it is not read as a pointer."""
    lines = BREAKS.split(BANNED.sub("", text))
    return [f"@{part}" if part.startswith("@") else part for part in lines]
