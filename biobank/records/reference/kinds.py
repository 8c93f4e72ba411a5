"""The four kinds of reference records: schema, table, and conversion between record and row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import Schema
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from biobank.records.organisations.models import Organisation
from biobank.records.organisations.schemas import (
    organisation_record,
    organisation_row,
    organisation_schema,
)
from biobank.records.places.models import Place
from biobank.records.places.schemas import place_record, place_row, place_schema
from biobank.records.sources.models import Source
from biobank.records.sources.schemas import source_record, source_row, source_schema
from biobank.records.vocabulary.models import Term, term_key
from biobank.records.vocabulary.schemas import term_record, term_row, term_schema
from biobank.store.base import Base
from biobank.store.outbox import PORTION, batched

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of reference record.

    `get_key` returns the key in the store: the id, for terms prefixed by the vocabulary.
    """

    name: str
    #: Folder in `seed_data`.
    folder: str
    schema: Schema
    model: type[Base]
    key: Callable[[Record], str]
    row: Callable[[Record], Base]
    record: Callable[[Any], dict[str, Any]]

    @property
    def key_column(self) -> Any:
        """Return the key column of the kind's table."""
        return self.model.__table__.primary_key.columns[0]  # type: ignore[attr-defined]


def _id(record: Record) -> str:
    return str(record["id"])


TERM: Final = Kind(
    "term",
    "vocabularies",
    term_schema,
    Term,
    lambda record: term_key(record["vocabulary"], record["id"]),
    term_row,
    term_record,
)
PLACE: Final = Kind("place", "places", place_schema, Place, _id, place_row, place_record)
ORGANISATION: Final = Kind(
    "organisation",
    "organisations",
    organisation_schema,
    Organisation,
    _id,
    organisation_row,
    organisation_record,
)
SOURCE: Final = Kind("source", "sources", source_schema, Source, _id, source_row, source_record)
#: Ordered so that referenced records come before those that refer to them.
KINDS: Final = (TERM, PLACE, ORGANISATION, SOURCE)
BY_NAME: Final[Mapping[str, Kind]] = {kind.name: kind for kind in KINDS}


def all_records(session: Session, kind: Kind) -> dict[str, dict[str, Any]]:
    """Return all records of a kind by key, ordered by key."""
    rows = session.scalars(_whole(kind).order_by(kind.key_column))
    return {kind.key(record): record for record in map(kind.record, rows)}


def records_of(session: Session, kind: Kind, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the records of `keys` by key; unknown keys are left out."""
    found: dict[str, dict[str, Any]] = {}
    for portion in batched(list(keys), PORTION):
        rows = session.scalars(_whole(kind).where(kind.key_column.in_(portion)))
        found |= {kind.key(record): record for record in map(kind.record, rows)}
    return found


def one_record(session: Session, kind: Kind, key: str) -> dict[str, Any] | None:
    """Return the record of a key, if it exists."""
    return records_of(session, kind, [key]).get(key)


def _whole(kind: Kind) -> Select[Any]:
    """Select rows with their child rows, in one statement per table."""
    return select(kind.model).options(selectinload("*"))
