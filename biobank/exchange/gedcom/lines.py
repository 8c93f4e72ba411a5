"""Lines of GEDCOM 7.0: level, tag, payload; what a payload may hold."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: What the grammar bans (GEDCOM 7.0.16, 1.1) and records do not: the two that are no characters.
BANNED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
#: A payload of its own line each; a line of GEDCOM has no bound.
BREAKS = re.compile(r"\r\n|[\r\n]")


@dataclass(frozen=True)
class Line:
    """One structure with those within it. `points` where the payload is a pointer."""

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
    """`uzeyir-hacibeyov` as `@I_UZEYIR_HACIBEYOV@`: the same in every file, and nobody else's."""
    return f"@{kind}_{id_.upper().replace('-', '_')}@"


def written(structure: Line, level: int = 0) -> Iterator[str]:
    """The lines of a structure, each ended by a line feed; long texts go on in CONT."""
    first, *rest = [structure.payload] if structure.points else _payload(structure.payload)
    xref = f" {structure.xref}" if structure.xref else ""
    yield f"{level}{xref} {structure.tag}{f' {first}' if first else ''}\n"
    for text in rest:
        yield f"{level + 1} CONT{f' {text}' if text else ''}\n"
    for inner in structure.inner:
        yield from written(inner, level + 1)


def _payload(text: str) -> list[str]:
    """A line each; an @ that would begin a pointer is doubled."""
    lines = BREAKS.split(BANNED.sub("", text))
    return [f"@{part}" if part.startswith("@") else part for part in lines]
