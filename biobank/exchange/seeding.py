"""The seed: the reference records and the people that come with the bank."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema
from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import OPERATOR
from biobank.errors import BiobankError, Problem, RecordRefused
from biobank.exchange.importer import Progress, import_people, silent
from biobank.exchange.reading import Item, yaml_items
from biobank.exchange.report import Report
from biobank.records.organisations.models import Organisation
from biobank.records.organisations.schemas import (
    organisation_record,
    organisation_row,
    organisation_schema,
)
from biobank.records.people.models import Person
from biobank.records.places.models import Place
from biobank.records.places.schemas import place_record, place_row, place_schema
from biobank.records.problems import load
from biobank.records.sources.models import Source
from biobank.records.sources.schemas import source_record, source_row, source_schema
from biobank.records.vocabulary.models import Term, term_key
from biobank.records.vocabulary.schemas import term_record, term_row, term_schema
from biobank.store import outbox
from biobank.store.base import Base
from biobank.store.session import Database


class SeedMissing(BiobankError):
    """There is no seed where one was looked for."""

    code = "seed_missing"


@dataclass(frozen=True)
class _Kind:
    """How one kind of reference record is read, stored and compared."""

    folder: str
    schema: Schema
    model: type[Base]
    key: Callable[[Mapping[str, Any]], str]
    row: Callable[[Mapping[str, Any]], Base]
    record: Callable[[Any], dict[str, Any]]


TERMS = _Kind(
    "vocabularies",
    term_schema,
    Term,
    lambda record: term_key(record["vocabulary"], record["id"]),
    term_row,
    term_record,
)
PLACES = _Kind("places", place_schema, Place, lambda record: record["id"], place_row, place_record)
ORGANISATIONS = _Kind(
    "organisations",
    organisation_schema,
    Organisation,
    lambda record: record["id"],
    organisation_row,
    organisation_record,
)
SOURCES = _Kind(
    "sources", source_schema, Source, lambda record: record["id"], source_row, source_record
)
#: In this order, so that what a record refers to is there before it.
KINDS = (TERMS, PLACES, ORGANISATIONS, SOURCES)


def load_vocabularies(database: Database, folder: Path) -> int:
    """Brings the vocabularies up to date; returns how many terms changed."""
    _require(folder)
    with database.write() as session:
        changed = load_kind(session, TERMS, folder)
        if changed:
            _reindex_everybody(session)
        return changed


def seed(database: Database, folder: Path, progress: Progress = silent) -> Report:
    """Brings reference records up to date and publishes the people of the seed.

    Raises:
        SeedMissing: where `folder` holds no seed.
        RecordRefused: for a reference record that is not valid; people are refused one by one.
    """
    _require(folder)
    with database.write() as session:
        for index, kind in enumerate(KINDS, 1):
            changed = load_kind(session, kind, folder)
            progress(kind.folder, index, len(KINDS))
            if changed and kind is not SOURCES:
                # Labels are part of what is indexed about everybody who refers to them.
                _reindex_everybody(session)
    return import_people(
        database,
        yaml_items(folder / "people"),
        file="seed_data/people",
        who=OPERATOR,
        publish=True,
        progress=progress,
    )


def _require(folder: Path) -> None:
    if not (folder / "vocabularies").is_dir():
        raise SeedMissing(
            f"there is no seed in {folder.resolve()}; run from the project's folder or set "
            "BIOBANK_SEED_DIR"
        )


def load_kind(session: Session, kind: _Kind, folder: Path) -> int:
    """Brings one kind of reference record up to date; returns how many changed."""
    changed = 0
    current = {kind.key(record): record for record in map(kind.record, _rows(session, kind))}
    for item in _items(kind, folder):
        record = _valid(kind, item)
        if current.get(kind.key(record)) != record:
            session.merge(kind.row(record))
            changed += 1
    session.flush()
    return changed


def _rows(session: Session, kind: _Kind) -> Iterator[Base]:
    yield from session.scalars(select(kind.model))


def _items(kind: _Kind, folder: Path) -> Iterator[Item]:
    for item in yaml_items(folder / kind.folder):
        if kind is TERMS and isinstance(item.data, dict):
            # The file's name is the vocabulary, so that the list need not repeat it.
            vocabulary = item.label.partition(".")[0]
            yield Item(item.label, {"vocabulary": vocabulary, **item.data})
        else:
            yield item


def _valid(kind: _Kind, item: Item) -> dict[str, Any]:
    place = f"{kind.folder}/{item.label}"
    if item.fault:
        raise RecordRefused([Problem(place, "unreadable", item.fault)])
    try:
        return load(kind.schema, item.data)
    except RecordRefused as refused:
        raise RecordRefused(
            [
                Problem(f"{place} {problem.path}", problem.code, problem.message)
                for problem in refused.problems
            ]
        ) from refused


def _reindex_everybody(session: Session) -> None:
    outbox.add(
        session, list(session.scalars(select(Person.id).where(Person.published.is_not(None))))
    )
