"""The two records of a split; pure functions. All data of the original is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from biobank.editorial.differences import Path
from biobank.editorial.merging.parts import LISTS
from biobank.editorial.summary import TEXTS
from biobank.errors import Problem, RecordRefused
from biobank.records.people.citations import FACTS
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load

#: Where an item goes: it stays with the existing person, goes to the new one, or both.
Whose = Literal["stays", "goes", "both"]
WHOSE: tuple[str, ...] = get_args(Whose)
#: Fields that are split by language or by catalogue.
BY_KEY: Final = (*TEXTS, "identifiers")


@dataclass(frozen=True)
class Piece:
    """A part of the record assigned as a whole; `key` identifies it in a form: `works.3`."""

    key: str
    path: Path
    value: Any


def pieces(record: Mapping[str, Any]) -> list[Piece]:
    """Return all items that can be assigned, in the order of the record.

    Sources follow the citations; the date of checking stays with the existing person.
    """
    return [
        piece
        for name, value in record.items()
        if name not in ("id", "sources", "checked")
        for piece in _of_field(name, value)
    ]


def divide(
    record: Mapping[str, Any], chosen: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the remaining record and the new one, which has no id yet.

    Raises:
        RecordRefused: if one of the two has no name.
    """
    stays: dict[str, Any] = {"id": record["id"]}
    goes: dict[str, Any] = {}
    for piece in pieces(record):
        whose = chosen.get(piece.key, "stays")
        for made in [stays] * (whose != "goes") + [goes] * (whose in ("goes", "both")):
            _put(made, piece)
    for made, path, message in (
        (goes, "goes", "Choose a name for the new one, and what else is about them."),
        (stays, "stays", "A name has to stay with this one."),
    ):
        if "names" not in made:
            raise RecordRefused([Problem(path, "no_name", message)])
    stays |= {name: record[name] for name in ("sources", "checked") if name in record}
    return load(person_schema, stays), load(person_schema, goes)


def _of_field(name: str, value: Any) -> Iterator[Piece]:
    if name in LISTS:
        yield from (Piece(f"{name}.{i}", (name, i), item) for i, item in enumerate(value))
    elif name in BY_KEY:
        yield from (Piece(f"{name}.{key}", (name, key), inner) for key, inner in value.items())
    elif name in (*FACTS, "gender"):
        yield Piece(name, (name,), value)


def _put(made: dict[str, Any], piece: Piece) -> None:
    name = str(piece.path[0])
    if name in LISTS:
        made.setdefault(name, []).append(piece.value)
    elif name in BY_KEY:
        made.setdefault(name, {})[piece.path[1]] = piece.value
    else:
        made[name] = piece.value
