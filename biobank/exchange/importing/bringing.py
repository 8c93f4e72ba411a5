"""Reference records bundled with people: places, terms, organisations and sources that are missing.

They are validated with the record that needs them, saved once, in its transaction, and stay
unreviewed until an editor accepts them. Existing reference records are never changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.editorial.reference.checking import references
from biobank.editorial.reference.keeping import lock, put
from biobank.errors import Problem, RecordRefused
from biobank.exchange.importing.reading import Item
from biobank.exchange.importing.said import say
from biobank.records.people.checks import Known
from biobank.records.problems import load
from biobank.records.reference.kinds import (
    BY_NAME,
    KINDS,
    ORGANISATION,
    PLACE,
    SOURCE,
    TERM,
    Kind,
    records_of,
)
from biobank.records.reference.unreviewed import mark_unreviewed

#: Canonical records by the name of their kind, ordered so that none refers to a later one.
Brought = dict[str, list[dict[str, Any]]]
#: Kinds of reference records by their field in an import item.
NAMES: Final[Mapping[str, Kind]] = {
    "terms": TERM,
    "places": PLACE,
    "organisations": ORGANISATION,
    "sources": SOURCE,
}
#: Limit of reference records bundled with one record.
BRINGS_MOST: Final = 500


class Bringing:
    """Validate bundled records; the index contains them while their item is checked."""

    def __init__(self, known: Known) -> None:
        self._known = known
        #: Validated records by kind and key: the input and its canonical form.
        self._checked: dict[tuple[str, str], tuple[Any, dict[str, Any]]] = {}

    @contextmanager
    def of(self, item: Item) -> Iterator[Brought]:
        """Yield the bundled records of `item` that do not exist yet.

        Raises:
            RecordRefused: if a bundled record is invalid; paths are those of the item, such as
                `places[0].names`.
        """
        if not item.brings:
            yield {}
            return
        if sum(map(len, item.brings.values())) > BRINGS_MOST:
            raise RecordRefused([say("brings_many", most=BRINGS_MOST)])
        brought: Brought = {}
        try:
            for name, kind in NAMES.items():
                self._add(kind, name, item.brings.get(name, ()), brought)
            yield brought
        finally:
            for name, records in brought.items():
                for record in records:
                    _forget(self._known, BY_NAME[name], record)

    def _add(
        self, kind: Kind, name: str, given: Sequence[Mapping[str, Any]], brought: Brought
    ) -> None:
        waiting = {
            f"{name}[{index}]": record
            for index, data in enumerate(given)
            if (record := self._lacking(kind, f"{name}[{index}]", data))
        }
        # Records are added after those they refer to, in whatever order they were submitted.
        while waiting:
            ready = [path for path, record in waiting.items() if not self._unknown(kind, record)]
            if not ready:
                raise RecordRefused(
                    [
                        Problem(
                            f"{path}.{field}", "unknown", f"There is no {of} {id_!r} in the bank."
                        )
                        for path, record in waiting.items()
                        for field, of, id_ in self._unknown(kind, record)
                    ]
                )
            for path in ready:
                record = waiting.pop(path)
                if not _knows(self._known, kind, record):
                    _learn(self._known, kind, record)
                    brought.setdefault(kind.name, []).append(record)

    def _lacking(self, kind: Kind, path: str, data: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the canonical record, or None if it exists already."""
        record = self._canonical(kind, path, data)
        return None if _knows(self._known, kind, record) else record

    def _canonical(self, kind: Kind, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
        at = (kind.name, str(data.get("vocabulary", "")) + "/" + str(data.get("id", "")))
        if (known := self._checked.get(at)) and known[0] == data:
            return known[1]
        try:
            record = load(kind.schema, data)
            if kind is TERM and not record["labels"]:
                raise RecordRefused([Problem("labels", "required", "Write it in one language.")])
        except RecordRefused as refused:
            raise RecordRefused(
                [
                    Problem(f"{path}.{it.path}" if it.path else path, it.code, it.message)
                    for it in refused.problems
                ]
            ) from refused
        self._checked.setdefault(at, (data, record))
        return record

    def _unknown(self, kind: Kind, record: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """Return the path, kind and id of each reference that cannot be resolved."""
        return [
            (path, name, key.rpartition("/")[2])
            for path, name, key in references(kind, record)
            if not _knows(self._known, BY_NAME[name], {**record, "id": key.rpartition("/")[2]})
        ]


def bring(
    session: Session, who: Identity, lines: Iterable[Brought], kept: set[tuple[str, str]]
) -> None:
    """Save the bundled records; `stored` contains those that this import has saved already."""
    wanted = distinct(lines, kept)
    if not wanted:
        return
    lock(session)
    for kind in KINDS:
        records = {key: record for (name, key), record in wanted.items() if name == kind.name}
        # An editor may have added it while the file was being checked.
        there = records_of(session, kind, records)
        for key, record in records.items():
            if key not in there:
                put(session, who, kind, "added", None, record)
                mark_unreviewed(session, kind, key)
    kept.update(wanted)


def distinct(
    lines: Iterable[Brought], kept: set[tuple[str, str]]
) -> dict[tuple[str, str], dict[str, Any]]:
    """Return each bundled record that is not stored yet, once, by kind and key."""
    return {
        (name, key): record
        for brought in lines
        for name, records in brought.items()
        for record in records
        if (name, key := BY_NAME[name].key(record)) not in kept
    }


def _knows(known: Known, kind: Kind, record: Mapping[str, Any]) -> bool:
    id_ = record["id"]
    if kind is SOURCE:
        return id_ in known.sources or id_ in known.merged_sources
    return id_ in _ids(known, kind, record)


def _learn(known: Known, kind: Kind, record: Mapping[str, Any]) -> None:
    if kind is SOURCE:
        known.sources[record["id"]] = record["csl"]
    else:
        _ids(known, kind, record).add(record["id"])


def _forget(known: Known, kind: Kind, record: Mapping[str, Any]) -> None:
    if kind is SOURCE:
        known.sources.pop(record["id"], None)
    else:
        _ids(known, kind, record).discard(record["id"])


def _ids(known: Known, kind: Kind, record: Mapping[str, Any]) -> set[str]:
    """Return the known ids of a kind; for terms, those of the record's vocabulary."""
    if kind is TERM:
        return known.terms.setdefault(record["vocabulary"], set())
    return known.places if kind is PLACE else known.organisations
