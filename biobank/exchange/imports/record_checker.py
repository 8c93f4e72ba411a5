"""First pass over a file: check each record and spool the valid ones to disk."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.merging.redirects import load_person_redirects
from biobank.editorial.models import ImportKey, Revision
from biobank.editorial.revisions.bulk_save import find_known_ids, iter_drafts
from biobank.errors import RecordRefused
from biobank.exchange.imports.bundled_records import BundleChecker, BundledRecords
from biobank.exchange.imports.items import ImportItem
from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.exchange.imports.runs import ImportReport
from biobank.names.folding import fold
from biobank.names.slug import slugify, unused_id
from biobank.records.dates import DateError, parse_vital_date
from biobank.records.people.mapping import preferred_name
from biobank.records.people.models import Identifier, Person
from biobank.records.people.reference_checks import check_references, load_reference_index, missing_people
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated


class PersonIdResolver:
    """Assign ids to the records of one file, from a snapshot of the store."""

    def __init__(self, session: Session, file: str, used_ids: set[str]) -> None:
        self.file = file
        self.used_ids = set(used_ids)
        rows = session.execute(select(Identifier.scheme, Identifier.value, Identifier.person_id))
        self.by_identifier = {(scheme, value): person for scheme, value, person in rows}
        for draft in iter_drafts(session):
            self._index_identifiers(draft["id"], draft)
        keys = session.execute(select(ImportKey.key, ImportKey.person_id).where(ImportKey.file == file))
        self.by_key: dict[str, str] = dict(keys.all())
        self._merged = load_person_redirects(session)
        self._withdrawn = set(self._index_withdrawn(session))
        self._seen: dict[str, int] = {}

    def resolve(self, record: Mapping[str, Any], source_key: str = "") -> tuple[str, str | None]:
        """Return the id for `record`, and the key to remember it by if the record has none.

        `source_key` is the id of the record in its file; it identifies the person even if
        everything else in the record changes.

        Raises:
            RecordRefused: if the id was merged into another, as an import never undoes a merge;
                or if the person was withdrawn by request or by law.
        """
        if record.get("id"):
            person_id, key = record["id"], None
            if target_id := self._merged.get(person_id):
                raise RecordRefused([import_message("merged", "id", id=person_id, other=target_id)])
        else:
            # Computed for every record, so that equal records keep their ordinal numbers when one
            # of them is matched by its identifier in a later import.
            key = _hash_source_key(source_key) if source_key else self._content_key(record)
            person_id = (
                self._match_identifier(record)
                or self.by_key.get(key)
                or unused_id(slugify(preferred_name(record, "az")), self.used_ids)
            )
        if person_id in self._withdrawn:
            raise RecordRefused([import_message("withdrawn", "id", id=person_id)])
        self.used_ids.add(person_id)
        self._index_identifiers(person_id, record)
        if source_key and key:
            # A later record with the same key is the same person, and is reported as repeated.
            self.by_key[key] = person_id
        return person_id, key

    def _index_withdrawn(self, session: Session) -> Iterator[str]:
        """Index the last public record of people withdrawn for good, and yield their ids."""
        query = (
            select(Revision.person_id, Revision.record)
            .join(Person, Person.id == Revision.person_id)
            .where(Revision.state == "withdrawn", Person.withdrawal.in_(("wish", "law")))
        )
        for row in session.execute(query):
            self._index_identifiers(row.person_id, row.record)
            yield row.person_id

    def _match_identifier(self, record: Mapping[str, Any]) -> str | None:
        for identifier in record.get("identifiers", {}).items():
            if person_id := self.by_identifier.get(identifier):
                return person_id
        return None

    def _index_identifiers(self, person_id: str, record: Mapping[str, Any]) -> None:
        for identifier in record.get("identifiers", {}).items():
            self.by_identifier.setdefault(identifier, person_id)

    def _content_key(self, record: Mapping[str, Any]) -> str:
        """Hash name, birth date and ordinal of equal records; a moved record keeps its key."""
        birth = (record.get("birth") or {}).get("date", "")
        text = f"{fold(preferred_name(record, 'az'))}|{birth}"
        self._seen[text] = occurrence = self._seen.get(text, 0) + 1
        return hashlib.sha256(f"{text}|{occurrence}".encode()).hexdigest()


def _hash_source_key(source_key: str) -> str:
    # The key comes from the file and may contain a lone surrogate.
    return hashlib.sha256(f"own|{source_key}".encode(errors="backslashreplace")).hexdigest()


#: Limit of values in one record, counted before any other check: each invalid one costs about
#: 1,000 bytes to report. The largest stored record has 900, the largest valid one about 100,000.
MAX_RECORD_VALUES: Final = 200_000

Record = dict[str, Any]


@dataclass(frozen=True)
class SpooledRecord:
    """A valid record in the spool, with its origin and its bundled reference records."""

    label: str
    #: The key by which a record without an id is found again.
    key: str | None
    record: Record
    bundled_records: BundledRecords = field(default_factory=dict)


class RecordChecker:
    """Check records one by one; of a valid record only the id and the label stay in memory."""

    def __init__(self, session: Session, file: str, report: ImportReport) -> None:
        self.stored_ids = find_known_ids(session)
        self._index = load_reference_index(session)
        self._bundle_checker = BundleChecker(self._index)
        self._id_resolver = PersonIdResolver(session, file, self.stored_ids)
        self._report = report
        #: Labels of valid records, by id.
        self._labels: dict[str, str] = {}
        #: Ids that valid records refer to, by id; only for records with relations.
        self._relations: dict[str, list[dict[str, str]]] = {}
        #: Sources that earlier records defined in full; those records may still be refused.
        self._file_sources: dict[str, Any] = {}

    def check(self, item: ImportItem) -> SpooledRecord | None:
        """Return the record for the spool, or None if it was refused and reported."""
        if item.is_file_notice:
            self._report_notices(item)
            return None
        try:
            spooled = self._check_item(item)
        except RecordRefused as error:
            self._report.add_refusal(item.label, item.reported_id, list(error.problems))
            return None
        self._report_notices(item)
        person_id = spooled.record["id"]
        self._labels[person_id] = item.label
        if relations := spooled.record.get("relations"):
            self._relations[person_id] = [{"person": relation["person"]} for relation in relations]
        return spooled

    def _report_notices(self, item: ImportItem) -> None:
        for message in (*item.notices, *_interval_notices(item.data or {})):
            self._report.add_notice(item.label, message)

    def accepted_ids(self) -> set[str]:
        """Return the ids left after refusing records with dangling relations, repeatedly."""
        accepted = set(self._labels)
        while True:
            rejected = {
                id_: problems
                for id_, relations in self._relations.items()
                if id_ in accepted
                and (
                    problems := missing_people(
                        {"id": id_, "relations": relations}, _UnionView(self.stored_ids, accepted)
                    )
                )
            }
            if not rejected:
                return accepted
            for id_, problems in rejected.items():
                self._report.add_refusal(self._labels[id_], id_, problems)
                accepted.discard(id_)

    def _check_item(self, item: ImportItem) -> SpooledRecord:
        if item.error:
            raise RecordRefused([item.error])
        if _has_more_values(item.data, MAX_RECORD_VALUES):
            raise RecordRefused([import_message("values_of_record", most=MAX_RECORD_VALUES)])
        record = load_validated(person_schema, item.data)
        person_id, key = self._id_resolver.resolve(record, item.key)
        with self._bundle_checker.check(item) as bundled:
            if problems := check_references(record, self._index):
                raise RecordRefused(problems)
        if label := self._labels.get(person_id):
            raise RecordRefused([import_message("repeated", "id", id=person_id, at=label)])
        self._index_sources(record)
        return SpooledRecord(item.label, key, self._with_sources({"id": person_id, **record}), bundled)

    def _index_sources(self, record: Mapping[str, Any]) -> None:
        full_sources = {ref["id"]: ref["csl"] for ref in record.get("sources", ()) if isinstance(ref, dict)}
        self._index.sources.update(full_sources)
        self._file_sources.update(full_sources)

    def _with_sources(self, record: Record) -> Record:
        """Inline sources that earlier records defined, as those records may still be refused."""
        refs = [
            {"id": ref, "csl": self._file_sources[ref]}
            if isinstance(ref, str) and ref in self._file_sources
            else ref
            for ref in record.get("sources", ())
        ]
        return {**record, "sources": refs} if refs else record


class _UnionView(Collection[str]):
    """A view of people in any of several sets, without building their union."""

    def __init__(self, *sets: set[str]) -> None:
        self._sets = sets

    def __contains__(self, id_: object) -> bool:
        return any(id_ in ids for ids in self._sets)

    def __len__(self) -> int:
        return sum(map(len, self._sets))

    def __iter__(self) -> Iterator[str]:
        return chain(*self._sets)


def write_spooled(spool: IO[str], spooled: SpooledRecord) -> None:
    fields = [spooled.label, spooled.key, spooled.record, spooled.bundled_records]
    spool.write(json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n")


def read_spooled(spool: IO[str], accepted: set[str]) -> Iterator[SpooledRecord]:
    """Yield the spooled records of the given ids from the beginning."""
    spool.seek(0)
    for text in spool:
        label, key, record, bundled = json.loads(text)
        if record["id"] in accepted:
            yield SpooledRecord(label, key, record, bundled)


def _has_more_values(data: Any, limit: int) -> bool:
    pending = [data]
    count = 0
    while pending and count <= limit:
        value = pending.pop()
        if isinstance(value, Mapping):
            value = value.values()
        elif not isinstance(value, list):
            continue
        count += len(value)
        pending.extend(child for child in value if isinstance(child, Mapping | list))
    return count > limit


def _interval_notices(data: Mapping[str, Any]) -> Iterator[ImportMessage]:
    """Yield a notice for each birth or death date that was reinterpreted as an interval."""
    for role in ("birth", "death"):
        date = (data.get(role) or {}).get("date")
        # Only an interval is reinterpreted, and it contains a slash.
        if not date or "/" not in str(date):
            continue
        try:
            parsed, notice = parse_vital_date(str(date).strip())
        except DateError:
            continue
        if notice:
            written = str(date).strip()
            yield import_message("read_as_between", f"{role}.date", text=written, between=parsed.text)
