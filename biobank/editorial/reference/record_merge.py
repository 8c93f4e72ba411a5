"""The merged contents of reference records, and references that follow merges and deletions."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.common.grouping import group_pairs
from biobank.editorial.reference.validation import iter_references, without_id
from biobank.records.reference.kinds import (
    KINDS_BY_NAME,
    ORGANISATION_KIND,
    PLACE_KIND,
    TERM_KIND,
    ReferenceKind,
    ReferenceRecord,
    load_records_by_key,
)
from biobank.records.reference.models import ReferenceEdit
from biobank.records.reference.redirects import load_redirects

Record = Mapping[str, Any]
#: Maximum number of names of a record, as in the schemas.
MAX_REFERENCE_NAMES = 60


def merge_reference_records(
    kind: ReferenceKind, survivor: Record, duplicate: Record, *, keep_names: bool
) -> dict[str, Any]:
    """Return the survivor's record, with `keep_names` including the duplicate's names as variants.

    If the survivor was within the duplicate, it takes the duplicate's parents.
    """
    result = repoint_record(kind, survivor, duplicate["id"], survivor["id"])
    if kind is TERM_KIND and duplicate["id"] in survivor.get("broader", ()):
        broader = {*result.get("broader", ()), *duplicate.get("broader", ())} - {survivor["id"]}
        result = _with_field(result, "broader", sorted(broader))
    if kind is PLACE_KIND and survivor.get("broader") == duplicate["id"]:
        result = _with_field(result, "broader", duplicate.get("broader"))
    if keep_names and kind is TERM_KIND:
        result = _with_term_labels(result, duplicate)
    elif keep_names:
        result = _with_names(kind, result, duplicate)
    return {name: result[name] for name in kind.schema.fields if name in result}


def repoint_record(kind: ReferenceKind, record: Record, old_id: str, new_id: str) -> dict[str, Any]:
    """Return the record with references to `old_id` pointing to `new_id`, but not to itself."""
    result = dict(record)
    if kind is TERM_KIND:
        if old_id in record.get("broader", ()):
            broader = {new_id if id_ == old_id else id_ for id_ in record["broader"]} - {record["id"]}
            result = _with_field(result, "broader", sorted(broader))
        if record.get("inverse") == old_id and record["vocabulary"] == "relation":
            result["inverse"] = new_id
    elif kind is PLACE_KIND and record.get("broader") == old_id:
        result = _with_field(result, "broader", new_id if new_id != record["id"] else None)
    elif kind is ORGANISATION_KIND and record.get("place") == old_id:
        result["place"] = new_id
    return result


def _with_term_labels(record: dict[str, Any], duplicate: Record) -> dict[str, Any]:
    alt = {lang: list(words) for lang, words in record.get("alt", {}).items()}
    labels = {lang: [label] for lang, label in duplicate.get("labels", {}).items()}
    feminine = {lang: [label] for lang, label in duplicate.get("feminine", {}).items()}
    for words_by_lang in (labels, duplicate.get("alt", {}), feminine):
        for lang, words in words_by_lang.items():
            known = [*alt.get(lang, ()), record["labels"].get(lang)]
            alt.setdefault(lang, []).extend(word for word in words if word not in known)
    return _with_field(record, "alt", {lang: words for lang, words in alt.items() if words})


def _with_names(kind: ReferenceKind, record: dict[str, Any], duplicate: Record) -> dict[str, Any]:
    if kind not in (PLACE_KIND, ORGANISATION_KIND):
        return record
    known = {(name["text"], name["lang"]) for name in record["names"]}
    new = [name for name in duplicate["names"] if (name["text"], name["lang"]) not in known]
    if kind is ORGANISATION_KIND:
        new = [{**name, "kind": "variant"} for name in new]
    return {**record, "names": [*record["names"], *new][:MAX_REFERENCE_NAMES]}


def _with_field(record: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    result = {name: item for name, item in record.items() if name != field}
    return {**result, field: value} if value not in (None, [], {}) else result


def edited_keys(session: Session, kind: ReferenceKind) -> set[str]:
    """Return the keys of all records added, changed, merged or removed at the desk."""
    query = select(ReferenceEdit.key).where(ReferenceEdit.kind == kind.name)
    return set(session.scalars(query.distinct()))


class ReferenceResolver:
    """Resolves references to merged and removed records, based on a snapshot of the database."""

    def __init__(self, session: Session) -> None:
        self._redirects = load_redirects(session)
        query = select(ReferenceEdit.kind, ReferenceEdit.key).where(ReferenceEdit.what == "removed")
        removed = group_pairs((row.kind, row.key) for row in session.execute(query))
        self._removed = {
            name: set(keys) - load_records_by_key(session, KINDS_BY_NAME[name], keys).keys()
            for name, keys in removed.items()
        }

    def resolve(self, kind: ReferenceKind, record: ReferenceRecord) -> dict[str, Any]:
        """Return the record with merged references redirected and removed ones omitted."""
        result = dict(record)
        for path, name, key in iter_references(kind, record):
            id_ = key.rpartition("/")[2]
            if new := self._redirects.get(name, {}).get(key):
                result = repoint_record(kind, result, id_, new.rpartition("/")[2])
            elif key in self._removed.get(name, ()):
                result = without_id(result, path.partition("[")[0], id_)
        return result
