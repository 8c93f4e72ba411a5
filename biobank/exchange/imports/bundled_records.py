"""Reference records bundled with people: places, terms, organisations and sources that are missing.

They are validated with the record that needs them, saved once, in its transaction, and stay
unreviewed until an editor accepts them. Existing reference records are never changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.editorial.reference.service import lock_reference_records, save_record
from biobank.editorial.reference.validation import iter_references
from biobank.errors import FieldError, RecordRefused
from biobank.exchange.formats.jsonl import REFERENCE_KINDS_BY_NAME
from biobank.exchange.imports.items import ImportItem
from biobank.exchange.imports.message_texts import N_
from biobank.exchange.imports.messages import import_message
from biobank.records.people.reference_checks import ReferenceIndex
from biobank.records.reference.kinds import (
    KINDS_BY_NAME,
    PLACE_KIND,
    REFERENCE_KINDS,
    SOURCE_KIND,
    TERM_KIND,
    ReferenceKind,
    load_records_by_key,
)
from biobank.records.reference.usage import mark_unreviewed
from biobank.records.validation import load_validated

#: Canonical records by the name of their kind, ordered so that none refers to a later one.
BundledRecords = dict[str, list[dict[str, Any]]]
#: Limit of reference records bundled with one record.
MAX_BUNDLED_RECORDS: Final = 500


class BundleChecker:
    """Validate bundled records; the index contains them while their item is checked."""

    def __init__(self, index: ReferenceIndex) -> None:
        self._index = index
        #: Validated records by kind and key: the input and its canonical form.
        self._checked: dict[tuple[str, str], tuple[Any, dict[str, Any]]] = {}

    @contextmanager
    def check(self, item: ImportItem) -> Iterator[BundledRecords]:
        """Yield the bundled records of `item` that do not exist yet.

        Raises:
            RecordRefused: if a bundled record is invalid; paths are those of the item, such as
                `places[0].names`.
        """
        if not item.bundled_records:
            yield {}
            return
        if sum(map(len, item.bundled_records.values())) > MAX_BUNDLED_RECORDS:
            raise RecordRefused([import_message("brings_many", most=MAX_BUNDLED_RECORDS)])
        bundled: BundledRecords = {}
        try:
            for name, kind in REFERENCE_KINDS_BY_NAME.items():
                self._add(kind, name, item.bundled_records.get(name, ()), bundled)
            yield bundled
        finally:
            for name, records in bundled.items():
                for record in records:
                    _remove_from_index(self._index, KINDS_BY_NAME[name], record)

    def _add(
        self, kind: ReferenceKind, name: str, entries: Sequence[Mapping[str, Any]], bundled: BundledRecords
    ) -> None:
        pending = {
            f"{name}[{index}]": record
            for index, data in enumerate(entries)
            if not _contains(self._index, kind, record := self._validate(kind, f"{name}[{index}]", data))
        }
        # Records are added after those they refer to, in whatever order they were submitted.
        while pending:
            ready = [
                path for path, record in pending.items() if not self._unresolved_references(kind, record)
            ]
            if not ready:
                unresolved = [
                    (f"{path}.{field}", f"There is no {kind_name} {id_!r} in the bank.")
                    for path, record in pending.items()
                    for field, kind_name, id_ in self._unresolved_references(kind, record)
                ]
                raise RecordRefused([FieldError(path, "unknown", message) for path, message in unresolved])
            for path in ready:
                record = pending.pop(path)
                if not _contains(self._index, kind, record):
                    _add_to_index(self._index, kind, record)
                    bundled.setdefault(kind.name, []).append(record)

    def _validate(self, kind: ReferenceKind, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the canonical record."""
        cache_key = (kind.name, str(data.get("vocabulary", "")) + "/" + str(data.get("id", "")))
        if (cached := self._checked.get(cache_key)) and cached[0] == data:
            return cached[1]
        try:
            record = load_validated(kind.schema, data)
            if kind is TERM_KIND and not record["labels"]:
                message = N_("Required in at least one language.")
                raise RecordRefused([FieldError("labels", "required", message)])
        except RecordRefused as error:
            problems = [
                replace(problem, path=f"{path}.{problem.path}".rstrip(".")) for problem in error.problems
            ]
            raise RecordRefused(problems) from error
        self._checked.setdefault(cache_key, (data, record))
        return record

    def _unresolved_references(
        self, kind: ReferenceKind, record: Mapping[str, Any]
    ) -> list[tuple[str, str, str]]:
        """Return the path, kind and id of each reference that cannot be resolved."""
        return [
            (path, name, key.rpartition("/")[2])
            for path, name, key in iter_references(kind, record)
            if not _contains(self._index, KINDS_BY_NAME[name], {**record, "id": key.rpartition("/")[2]})
        ]


def import_bundled(
    session: Session, actor: Identity, bundles: Iterable[BundledRecords], stored: set[tuple[str, str]]
) -> None:
    """Save the bundled records; `stored` contains those that this import has saved already."""
    pending = unstored_records(bundles, stored)
    if not pending:
        return
    lock_reference_records(session)
    for kind in REFERENCE_KINDS:
        records = {key: record for (name, key), record in pending.items() if name == kind.name}
        # An editor may have added it while the file was being checked.
        existing = load_records_by_key(session, kind, records)
        for key, record in records.items():
            if key not in existing:
                save_record(session, actor, kind, "added", None, record)
                mark_unreviewed(session, kind, key)
    stored.update(pending)


def unstored_records(
    bundles: Iterable[BundledRecords], stored: set[tuple[str, str]]
) -> dict[tuple[str, str], dict[str, Any]]:
    """Return each bundled record that is not stored yet, once, by kind and key."""
    return {
        (name, key): record
        for bundle in bundles
        for name, records in bundle.items()
        for record in records
        if (name, key := KINDS_BY_NAME[name].get_key(record)) not in stored
    }


def _contains(index: ReferenceIndex, kind: ReferenceKind, record: Mapping[str, Any]) -> bool:
    id_ = record["id"]
    if kind is SOURCE_KIND:
        return id_ in index.sources or id_ in index.merged_sources
    return id_ in _known_ids(index, kind, record)


def _add_to_index(index: ReferenceIndex, kind: ReferenceKind, record: Mapping[str, Any]) -> None:
    if kind is SOURCE_KIND:
        index.sources[record["id"]] = record["csl"]
    else:
        _known_ids(index, kind, record).add(record["id"])


def _remove_from_index(index: ReferenceIndex, kind: ReferenceKind, record: Mapping[str, Any]) -> None:
    if kind is SOURCE_KIND:
        index.sources.pop(record["id"], None)
    else:
        _known_ids(index, kind, record).discard(record["id"])


def _known_ids(index: ReferenceIndex, kind: ReferenceKind, record: Mapping[str, Any]) -> set[str]:
    """Return the known ids of a kind; for terms, those of the record's vocabulary."""
    if kind is TERM_KIND:
        return index.terms.setdefault(record["vocabulary"], set())
    return index.places if kind is PLACE_KIND else index.organisations
