"""First pass over a file: check each record and spool the valid ones to disk."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Any, Final

from sqlalchemy.orm import Session

from biobank.editorial.publishing import known_people
from biobank.errors import RecordRefused
from biobank.exchange.importing.bringing import Bringing, Brought
from biobank.exchange.importing.identity import Identities
from biobank.exchange.importing.reading import Item
from biobank.exchange.importing.report import Report
from biobank.exchange.importing.said import Said, say
from biobank.records.dates import DateError, moment
from biobank.records.people.checks import check_references, dangling, load_known
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load, shown

#: Characters of an id quoted in a report; the longest valid id has as many.
ID_SHOWN: Final = 120

#: Limit of values in one record, counted before any other check: each invalid one costs about
#: 1,000 bytes to report. The largest stored record has 900, the largest valid one about 100,000.
VALUES_MOST: Final = 200_000

Record = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A valid record in the spool, with its origin and its bundled reference records."""

    label: str
    #: The key by which a record without an id is found again.
    key: str | None
    record: Record
    brings: Brought = field(default_factory=dict)


class Checker:
    """Check records one by one; of a valid record only the id and the label stay in memory."""

    def __init__(self, session: Session, file: str, report: Report) -> None:
        self.stored = known_people(session)
        self._known = load_known(session)
        self._bringing = Bringing(self._known)
        self._identities = Identities(session, file, self.stored)
        self._report = report
        #: Labels of valid records, by id.
        self._labels: dict[str, str] = {}
        #: Ids that valid records refer to, by id; only for records with relations.
        self._pointing: dict[str, list[dict[str, str]]] = {}
        #: Sources that earlier records defined in full; those records may still be refused.
        self._told: dict[str, Any] = {}

    def check(self, item: Item) -> Line | None:
        """Return the record for the spool, or None if it was refused and reported."""
        if item.is_remark:
            self._notice(item)
            return None
        try:
            line = self._line(item)
        except RecordRefused as refused:
            self._report.refuse(item.label, _id_of(item), list(refused.problems))
            return None
        self._notice(item)
        person_id = line.record["id"]
        self._labels[person_id] = item.label
        if ties := line.record.get("relations"):
            self._pointing[person_id] = [{"person": tie["person"]} for tie in ties]
        return line

    def _notice(self, item: Item) -> None:
        for said in (*item.notices, *_notices(item.data or {})):
            self._report.notice(item.label, said)

    def good(self) -> set[str]:
        """Return the ids left after refusing records with dangling relations, repeatedly."""
        good = set(self._labels)
        while True:
            refused = {
                id_: problems
                for id_, ties in self._pointing.items()
                if id_ in good
                and (
                    problems := dangling({"id": id_, "relations": ties}, _Either(self.stored, good))
                )
            }
            if not refused:
                return good
            for id_, problems in refused.items():
                self._report.refuse(self._labels[id_], id_, problems)
                good.discard(id_)

    def _line(self, item: Item) -> Line:
        if item.fault:
            raise RecordRefused([item.fault])
        if _has_more_values(item.data, VALUES_MOST):
            raise RecordRefused([say("values_of_record", most=VALUES_MOST)])
        record = load(person_schema, item.data)
        person_id, key = self._identities.identify(record, item.key)
        with self._bringing.of(item) as brought:
            if problems := check_references(record, self._known):
                raise RecordRefused(problems)
        if label := self._labels.get(person_id):
            raise RecordRefused([say("repeated", "id", id=person_id, at=label)])
        self._learn_sources(record)
        return Line(item.label, key, self._with_sources({"id": person_id, **record}), brought)

    def _learn_sources(self, record: Mapping[str, Any]) -> None:
        whole = {
            ref["id"]: ref["csl"] for ref in record.get("sources", ()) if isinstance(ref, dict)
        }
        self._known.sources.update(whole)
        self._told.update(whole)

    def _with_sources(self, record: Record) -> Record:
        """Inline sources that earlier records defined, as those records may still be refused."""
        refs = [
            {"id": ref, "csl": self._told[ref]}
            if isinstance(ref, str) and ref in self._told
            else ref
            for ref in record.get("sources", ())
        ]
        return {**record, "sources": refs} if refs else record


class _Either(Collection[str]):
    """A view of people in any of several sets, without building their union."""

    def __init__(self, *sets: set[str]) -> None:
        self._sets = sets

    def __contains__(self, id_: object) -> bool:
        return any(id_ in ids for ids in self._sets)

    def __len__(self) -> int:
        return sum(map(len, self._sets))

    def __iter__(self) -> Iterator[str]:
        return chain(*self._sets)


def write_line(spool: IO[str], line: Line) -> None:
    told = [line.label, line.key, line.record, line.brings]
    spool.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n")


def read_lines(spool: IO[str], good: set[str]) -> Iterator[Line]:
    """Yield the spooled records of the given ids from the beginning."""
    spool.seek(0)
    for text in spool:
        label, key, record, brings = json.loads(text)
        if record["id"] in good:
            yield Line(label, key, record, brings)


def batches(lines: Iterable[Line], size: int) -> Iterator[Sequence[Line]]:
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _has_more_values(data: Any, most: int) -> bool:
    waiting = [data]
    count = 0
    while waiting and count <= most:
        value = waiting.pop()
        if isinstance(value, Mapping):
            value = value.values()
        elif not isinstance(value, list):
            continue
        count += len(value)
        waiting.extend(it for it in value if isinstance(it, Mapping | list))
    return count > most


def _id_of(item: Item) -> str | None:
    given = item.data.get("id") if isinstance(item.data, dict) else None
    return shown(given, ID_SHOWN) if isinstance(given, str) else None


def _notices(data: Mapping[str, Any]) -> Iterator[Said]:
    """Yield a notice for each birth or death date that was reinterpreted as an interval."""
    for role in ("birth", "death"):
        date = (data.get(role) or {}).get("date")
        # Only an interval is reinterpreted, and it contains a slash.
        if not date or "/" not in str(date):
            continue
        try:
            found, notice = moment(str(date).strip())
        except DateError:
            continue
        if notice:
            written = str(date).strip()
            yield say("read_as_between", f"{role}.date", text=written, between=found.text)
