"""The four kinds of reference records: schema, table, and conversion between record and row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import Schema
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from biobank.records.organisations.models import Organisation
from biobank.records.organisations.schemas import organisation_record, organisation_row, organisation_schema
from biobank.records.places.models import Place
from biobank.records.places.schemas import place_record, place_row, place_schema
from biobank.records.sources.models import Source
from biobank.records.sources.schemas import source_record, source_row, source_schema
from biobank.records.vocabulary.models import Term, term_key
from biobank.records.vocabulary.schemas import term_record, term_row, term_schema
from biobank.store.base import Base
from biobank.store.outbox import MAX_STATEMENT_VALUES, batched

ReferenceRecord = Mapping[str, Any]


@dataclass(frozen=True)
class ReferenceKind:
    """A kind of reference record.

    `get_key` returns the key in the store: the id, for terms prefixed by the vocabulary.
    """

    name: str
    #: Folder in `seed_data`.
    folder: str
    schema: Schema
    model: type[Base]
    get_key: Callable[[ReferenceRecord], str]
    to_row: Callable[[ReferenceRecord], Base]
    to_record: Callable[[Any], dict[str, Any]]

    @property
    def key_column(self) -> Any:
        """Return the key column of the kind's table."""
        return self.model.__table__.primary_key.columns[0]  # type: ignore[attr-defined]


def _id(record: ReferenceRecord) -> str:
    return str(record["id"])


TERM_KIND: Final = ReferenceKind(
    "term",
    "vocabularies",
    term_schema,
    Term,
    lambda record: term_key(record["vocabulary"], record["id"]),
    term_row,
    term_record,
)
PLACE_KIND: Final = ReferenceKind("place", "places", place_schema, Place, _id, place_row, place_record)
ORGANISATION_KIND: Final = ReferenceKind(
    "organisation",
    "organisations",
    organisation_schema,
    Organisation,
    _id,
    organisation_row,
    organisation_record,
)
SOURCE_KIND: Final = ReferenceKind("source", "sources", source_schema, Source, _id, source_row, source_record)
#: Ordered so that referenced records come before those that refer to them.
REFERENCE_KINDS: Final = (TERM_KIND, PLACE_KIND, ORGANISATION_KIND, SOURCE_KIND)
KINDS_BY_NAME: Final[Mapping[str, ReferenceKind]] = {kind.name: kind for kind in REFERENCE_KINDS}


def load_all_records(session: Session, kind: ReferenceKind) -> dict[str, dict[str, Any]]:
    """Return all records of a kind by key, ordered by key."""
    rows = session.scalars(_select_with_children(kind).order_by(kind.key_column))
    return {kind.get_key(record): record for record in map(kind.to_record, rows)}


def load_records_by_key(
    session: Session, kind: ReferenceKind, keys: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Return the records of `keys` by key; unknown keys are left out."""
    records: dict[str, dict[str, Any]] = {}
    for chunk in batched(list(keys), MAX_STATEMENT_VALUES):
        rows = session.scalars(_select_with_children(kind).where(kind.key_column.in_(chunk)))
        records |= {kind.get_key(record): record for record in map(kind.to_record, rows)}
    return records


def load_record_by_key(session: Session, kind: ReferenceKind, key: str) -> dict[str, Any] | None:
    """Return the record of a key, if it exists."""
    return load_records_by_key(session, kind, [key]).get(key)


def _select_with_children(kind: ReferenceKind) -> Select[Any]:
    """Select rows with their child rows, in one statement per table."""
    return select(kind.model).options(selectinload("*"))
