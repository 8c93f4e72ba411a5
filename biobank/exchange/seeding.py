"""Seeding: the reference records and people that ship with the bank."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import OPERATOR
from biobank.common.progress import ProgressReporter, null_progress
from biobank.editorial.models import Redirect, Revision
from biobank.editorial.reference.record_merge import ReferenceResolver, edited_keys
from biobank.errors import BiobankError, RecordRefused
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.items import ImportItem, read_yaml_folder
from biobank.exchange.imports.messages import import_message
from biobank.exchange.imports.runs import ImportReport
from biobank.exchange.imports.service import SEED_FORMAT
from biobank.records.people.models import Person
from biobank.records.reference.kinds import REFERENCE_KINDS as REFERENCE_KINDS
from biobank.records.reference.kinds import SOURCE_KIND, TERM_KIND, ReferenceKind, load_all_records
from biobank.records.validation import load_validated
from biobank.store import outbox
from biobank.store.session import Database


class SeedMissing(BiobankError):
    """The seed folder does not exist."""

    code = "seed_missing"


@dataclass(frozen=True)
class SeedResult:
    """The number of changed records, and the keys skipped because editors changed them."""

    changed: int
    skipped: tuple[str, ...] = ()


def load_vocabularies(database: Database, folder: Path) -> SeedResult:
    """Update the vocabularies; terms edited by editors stay as they are."""
    _require(folder)
    with database.write() as session:
        loaded = load_kind(session, TERM_KIND, folder)
        if loaded.changed:
            _reindex_all_people(session)
        return loaded


def seed(database: Database, folder: Path, progress: ProgressReporter = null_progress) -> ImportReport:
    """Update reference records and publish the people of the seed.

    Records that editors have changed since stay as they are and are reported with a notice.

    Raises:
        SeedMissing: if `folder` holds no seed.
        RecordRefused: if a reference record is not valid; invalid people are only reported.
    """
    _require(folder)
    skipped: list[str] = []
    with database.write() as session:
        for index, kind in enumerate(REFERENCE_KINDS, 1):
            loaded = load_kind(session, kind, folder)
            skipped += [f"{kind.name} {key}" for key in loaded.skipped]
            progress(kind.folder, index, len(REFERENCE_KINDS))
            if loaded.changed and kind is not SOURCE_KIND:
                # Labels are indexed with every person who refers to them.
                _reindex_all_people(session)
    with database.read() as session:
        edited_ids = _edited_person_ids(session)
    report = import_people(
        database,
        _unedited(read_yaml_folder(folder / "people"), edited_ids, skipped),
        file="seed_data/people",
        actor=OPERATOR,
        publish=True,
        metadata={"format": SEED_FORMAT},
        progress=progress,
    )
    for name in skipped:
        report.add_notice(name, import_message("left_as_edited"))
    return report


def _edited_person_ids(session: Session) -> set[str]:
    """Return the ids of people edited, merged or withdrawn since they were seeded."""
    queries = (
        select(Revision.person_id).where(Revision.author_id.is_not(None)),
        select(Redirect.old_id),
        select(Person.id).where(Person.withdrawn_at.is_not(None)),
    )
    return {id_ for query in queries for id_ in session.scalars(query)}


def _unedited(
    items: Iterable[ImportItem], edited_ids: Collection[str], skipped: list[str]
) -> Iterator[ImportItem]:
    """Yield the items not in `edited_ids`, and add the others to `skipped`."""
    for item in items:
        id_ = item.data.get("id") if isinstance(item.data, dict) else None
        if id_ in edited_ids:
            skipped.append(f"person {id_}")
        else:
            yield item


def _require(folder: Path) -> None:
    if not (folder / "vocabularies").is_dir():
        raise SeedMissing(
            f"there is no seed in {folder.resolve()}; run from the project's folder or set BIOBANK_SEED_DIR"
        )


def load_kind(session: Session, kind: ReferenceKind, folder: Path) -> SeedResult:
    """Update one kind of reference record, except those that editors have changed."""
    changed, skipped = 0, list[str]()
    current = load_all_records(session, kind)
    edited = edited_keys(session, kind)
    resolver = ReferenceResolver(session)
    for item in _items(kind, folder):
        record = resolver.resolve(kind, _load_item(kind, item))
        key = kind.get_key(record)
        if current.get(key) == record:
            continue
        if key in edited:
            skipped.append(key)
        else:
            session.merge(kind.to_row(record))
            changed += 1
    session.flush()
    return SeedResult(changed, tuple(skipped))


def _items(kind: ReferenceKind, folder: Path) -> Iterator[ImportItem]:
    for item in read_yaml_folder(folder / kind.folder):
        if kind is TERM_KIND and isinstance(item.data, dict):
            # The file name is the vocabulary, so that the list need not repeat it.
            vocabulary = item.label.partition(".")[0]
            yield ImportItem(item.label, {"vocabulary": vocabulary, **item.data})
        else:
            yield item


def _load_item(kind: ReferenceKind, item: ImportItem) -> dict[str, Any]:
    label = f"{kind.folder}/{item.label}"
    if item.error:
        raise RecordRefused([item.error.with_path(label)])
    try:
        return load_validated(kind.schema, item.data)
    except RecordRefused as refused:
        problems = [replace(problem, path=f"{label} {problem.path}") for problem in refused.problems]
        raise RecordRefused(problems) from refused


def _reindex_all_people(session: Session) -> None:
    outbox.add(session, list(session.scalars(select(Person.id).where(Person.published.is_not(None)))))
