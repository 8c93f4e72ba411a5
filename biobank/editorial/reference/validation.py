"""Validation of reference records: references must exist, and hierarchies must not have cycles."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from biobank.errors import FieldError, RecordRefused
from biobank.records.reference.kinds import (
    KINDS_BY_NAME,
    PLACE_KIND,
    TERM_KIND,
    ReferenceKind,
    ReferenceRecord,
    load_record_by_key,
)
from biobank.records.reference.usage import load_parents
from biobank.records.vocabulary.models import term_key

CYCLE_ERROR = FieldError("broader", "cycle", "It would be within itself. Choose another one.")


def check_record(session: Session, kind: ReferenceKind, record: ReferenceRecord) -> None:
    """Check a canonical record.

    Raises:
        RecordRefused: with all problems found.
    """
    problems = list(_unknown_references(session, kind, record))
    if kind is TERM_KIND and not record.get("labels"):
        problems.insert(0, FieldError("labels", "required", "Enter it in at least one language."))
    key = kind.get_key(record)
    if not problems and has_cycle({**load_parents(session, kind), key: parent_keys(kind, record)}, key):
        problems = [CYCLE_ERROR]
    if problems:
        raise RecordRefused(problems)


def parent_keys(kind: ReferenceKind, record: ReferenceRecord) -> set[str]:
    """Return the keys of the direct parents of a record."""
    if kind is TERM_KIND:
        return {term_key(record["vocabulary"], id_) for id_ in record.get("broader", ())}
    return {record["broader"]} if kind is PLACE_KIND and record.get("broader") else set()


def has_cycle(parents: Mapping[str, set[str]], key: str) -> bool:
    """Return whether `key` is among its own ancestors."""
    stack, seen = list(parents.get(key, ())), set[str]()
    while stack:
        current = stack.pop()
        if current == key:
            return True
        if current not in seen:
            seen.add(current)
            stack += parents.get(current, ())
    return False


def _unknown_references(
    session: Session, kind: ReferenceKind, record: ReferenceRecord
) -> Iterator[FieldError]:
    for path, name, key in iter_references(kind, record):
        if load_record_by_key(session, KINDS_BY_NAME[name], key) is None:
            id_ = key.rpartition("/")[2]
            yield FieldError(path, f"unknown_{name}", f"Unknown {name} {id_!r}.")


def iter_references(kind: ReferenceKind, record: ReferenceRecord) -> Iterator[tuple[str, str, str]]:
    """Yield path, kind and key of every reference in a record."""
    if kind is TERM_KIND:
        for index, id_ in enumerate(record.get("broader", ())):
            yield f"broader[{index}]", TERM_KIND.name, term_key(record["vocabulary"], id_)
        # A relation may be its own inverse, e.g. sibling.
        if record.get("inverse") and record["inverse"] != record["id"]:
            yield "inverse", TERM_KIND.name, term_key(record["vocabulary"], record["inverse"])
    elif kind is PLACE_KIND and record.get("broader"):
        yield "broader", PLACE_KIND.name, record["broader"]
    elif record.get("place"):
        yield "place", PLACE_KIND.name, record["place"]


def without_missing_references(
    session: Session, kind: ReferenceKind, record: ReferenceRecord
) -> dict[str, Any]:
    """Return the record without references to records that do not exist."""
    result = dict(record)
    for path, name, key in iter_references(kind, record):
        if load_record_by_key(session, KINDS_BY_NAME[name], key) is None:
            result = without_id(result, path.partition("[")[0], key.rpartition("/")[2])
    return result


def without_id(record: ReferenceRecord, field: str, id_: str) -> dict[str, Any]:
    """Return the record without one id in a field."""
    value = record.get(field)
    remaining = [item for item in value if item != id_] if isinstance(value, list) else None
    others = {name: item for name, item in record.items() if name != field}
    return {**others, field: remaining} if remaining else others
