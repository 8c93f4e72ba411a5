"""Two records made of one that tells of two people: pure. Nothing of the one is lost."""

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

#: Where a piece goes: it stays with the one that is there, goes to the new one, or is of both.
Whose = Literal["stays", "goes", "both"]
WHOSE: tuple[str, ...] = get_args(Whose)
#: What by language or by catalogue is a piece each.
BY_KEY: Final = (*TEXTS, "identifiers")


@dataclass(frozen=True)
class Piece:
    """Whatever is of one of the two as a whole. `key` names it in a form: `works.3`."""

    key: str
    path: Path
    value: Any


def pieces(record: Mapping[str, Any]) -> list[Piece]:
    """All that can be given away, in the order of the record.

    Sources go along with what cites them; when the record was checked is of the one that stays.
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
    """The record that stays and the one that is new, which has no id yet.

    Raises:
        RecordRefused: where one of the two is left without a name, or nothing is given away.
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
