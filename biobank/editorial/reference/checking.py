"""Validation of reference records: references must exist, and hierarchies must not have cycles."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from biobank.errors import Problem, RecordRefused
from biobank.records.reference.kinds import (
    BY_NAME,
    PLACE,
    TERM,
    Kind,
    Record,
    one_record,
)
from biobank.records.reference.uses import parents
from biobank.records.vocabulary.models import term_key


def check(session: Session, kind: Kind, record: Record) -> None:
    """Check a canonical record.

    Raises:
        RecordRefused: with all problems found.
    """
    problems = [*_labels(kind, record), *_unknown(session, kind, record)]
    if not problems and lies_within_itself(
        {**parents(session, kind), kind.key(record): above(kind, record)}, kind.key(record)
    ):
        problems = [Problem("broader", "cycle", "It would lie within itself.")]
    if problems:
        raise RecordRefused(problems)


def above(kind: Kind, record: Record) -> set[str]:
    """Return the keys of the direct parents of a record."""
    if kind is TERM:
        return {term_key(record["vocabulary"], id_) for id_ in record.get("broader", ())}
    return {record["broader"]} if kind is PLACE and record.get("broader") else set()


def lies_within_itself(parents: Mapping[str, set[str]], key: str) -> bool:
    """Return whether `key` is among its own ancestors."""
    way, seen = list(parents.get(key, ())), set[str]()
    while way:
        at = way.pop()
        if at == key:
            return True
        if at not in seen:
            seen.add(at)
            way += parents.get(at, ())
    return False


def _labels(kind: Kind, record: Record) -> Iterator[Problem]:
    if kind is TERM and not record.get("labels"):
        yield Problem("labels", "required", "Write it in one language at least.")


def _unknown(session: Session, kind: Kind, record: Record) -> Iterator[Problem]:
    for path, name, key in references(kind, record):
        if one_record(session, BY_NAME[name], key) is None:
            id_ = key.rpartition("/")[2]
            yield Problem(path, f"unknown_{name}", f"There is no {name} {id_!r} in the bank.")


def references(kind: Kind, record: Record) -> Iterator[tuple[str, str, str]]:
    """Yield path, kind and key of every reference in a record."""
    if kind is TERM:
        for index, id_ in enumerate(record.get("broader", ())):
            yield f"broader[{index}]", TERM.name, term_key(record["vocabulary"], id_)
        # A relation may be its own inverse, e.g. sibling.
        if record.get("inverse") and record["inverse"] != record["id"]:
            yield "inverse", TERM.name, term_key(record["vocabulary"], record["inverse"])
    elif kind is PLACE and record.get("broader"):
        yield "broader", PLACE.name, record["broader"]
    elif record.get("place"):
        yield "place", PLACE.name, record["place"]


def without_what_is_gone(session: Session, kind: Kind, record: Record) -> dict[str, Any]:
    """Return the record without references to records that do not exist."""
    made = dict(record)
    for path, name, key in references(kind, record):
        if one_record(session, BY_NAME[name], key) is None:
            made = without(made, path.partition("[")[0], key.rpartition("/")[2])
    return made


def without(record: Record, field: str, id_: str) -> dict[str, Any]:
    """Return the record without one id in a field."""
    value = record.get(field)
    rest = [it for it in value if it != id_] if isinstance(value, list) else None
    kept = {name: it for name, it in record.items() if name != field}
    return {**kept, field: rest} if rest else kept
