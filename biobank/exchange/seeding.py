"""Seeding: the reference records and people that ship with the bank."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import OPERATOR
from biobank.editorial.models import Redirect, Revision
from biobank.editorial.reference.led_on import LedOn, edited_keys
from biobank.errors import BiobankError, Problem, RecordRefused
from biobank.exchange.importing.desk import SEED_FORMAT
from biobank.exchange.importing.importer import Progress, import_people, silent
from biobank.exchange.importing.reading import Item, yaml_items
from biobank.exchange.importing.report import Report
from biobank.exchange.importing.said import say
from biobank.records.people.models import Person
from biobank.records.problems import load
from biobank.records.reference.kinds import KINDS as KINDS
from biobank.records.reference.kinds import SOURCE, TERM, Kind, all_records
from biobank.store import outbox
from biobank.store.session import Database


class SeedMissing(BiobankError):
    """The seed folder does not exist."""

    code = "seed_missing"


@dataclass(frozen=True)
class Loaded:
    """The number of changed records, and the keys skipped because editors changed them."""

    changed: int
    left: tuple[str, ...] = ()


def load_vocabularies(database: Database, folder: Path) -> Loaded:
    """Update the vocabularies; terms edited by editors stay as they are."""
    _require(folder)
    with database.write() as session:
        loaded = load_kind(session, TERM, folder)
        if loaded.changed:
            _reindex_everybody(session)
        return loaded


def seed(database: Database, folder: Path, progress: Progress = silent) -> Report:
    """Update reference records and publish the people of the seed.

    Records that editors have changed since stay as they are and are reported with a notice.

    Raises:
        SeedMissing: if `folder` holds no seed.
        RecordRefused: if a reference record is not valid; invalid people are only reported.
    """
    _require(folder)
    left: list[str] = []
    with database.write() as session:
        for index, kind in enumerate(KINDS, 1):
            loaded = load_kind(session, kind, folder)
            left += [f"{kind.name} {key}" for key in loaded.left]
            progress(kind.folder, index, len(KINDS))
            if loaded.changed and kind is not SOURCE:
                # Labels are indexed with every person who refers to them.
                _reindex_everybody(session)
    with database.read() as session:
        kept = _kept_at_the_desk(session)
    report = import_people(
        database,
        _others(yaml_items(folder / "people"), kept, left),
        file="seed_data/people",
        who=OPERATOR,
        publish=True,
        about={"format": SEED_FORMAT},
        progress=progress,
    )
    for name in left:
        report.notice(name, say("left_as_edited"))
    return report


def _kept_at_the_desk(session: Session) -> set[str]:
    """Return the ids of people edited, merged or withdrawn since they were seeded."""
    ways = (
        select(Revision.person_id).where(Revision.author_id.is_not(None)),
        select(Redirect.old_id),
        select(Person.id).where(Person.withdrawn_at.is_not(None)),
    )
    return {id_ for way in ways for id_ in session.scalars(way)}


def _others(items: Iterable[Item], kept: Collection[str], left: list[str]) -> Iterator[Item]:
    """Yield the items not in `edited_ids`, and add the others to `skipped`."""
    for item in items:
        id_ = item.data.get("id") if isinstance(item.data, dict) else None
        if id_ in kept:
            left.append(f"person {id_}")
        else:
            yield item


def _require(folder: Path) -> None:
    if not (folder / "vocabularies").is_dir():
        raise SeedMissing(
            f"there is no seed in {folder.resolve()}; run from the project's folder or set "
            "BIOBANK_SEED_DIR"
        )


def load_kind(session: Session, kind: Kind, folder: Path) -> Loaded:
    """Update one kind of reference record, except those that editors have changed."""
    changed, left = 0, list[str]()
    current = all_records(session, kind)
    edited = edited_keys(session, kind)
    led = LedOn(session)
    for item in _items(kind, folder):
        record = led.led_on(kind, _valid(kind, item))
        key = kind.key(record)
        if current.get(key) == record:
            continue
        if key in edited:
            left.append(key)
        else:
            session.merge(kind.row(record))
            changed += 1
    session.flush()
    return Loaded(changed, tuple(left))


def _items(kind: Kind, folder: Path) -> Iterator[Item]:
    for item in yaml_items(folder / kind.folder):
        if kind is TERM and isinstance(item.data, dict):
            # The file name is the vocabulary, so that the list need not repeat it.
            vocabulary = item.label.partition(".")[0]
            yield Item(item.label, {"vocabulary": vocabulary, **item.data})
        else:
            yield item


def _valid(kind: Kind, item: Item) -> dict[str, Any]:
    place = f"{kind.folder}/{item.label}"
    if item.fault:
        raise RecordRefused([item.fault.at(place)])
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
