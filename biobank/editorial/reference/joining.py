"""The merged contents of reference records; pure functions."""

from collections.abc import Mapping
from typing import Any

from biobank.records.reference.kinds import ORGANISATION, PLACE, TERM, Kind

Record = Mapping[str, Any]
#: Maximum number of names of a record, as in the schemas.
NAMES_MOST = 60


def joined(kind: Kind, kept: Record, gone: Record, *, keep_names: bool) -> dict[str, Any]:
    """Return the survivor's record, with `keep_names` including the duplicate's names as variants.

    If the survivor was within the duplicate, it takes the duplicate's parents.
    """
    made = repointed(kind, kept, gone["id"], kept["id"])
    if kind is TERM and gone["id"] in kept.get("broader", ()):
        others = {*made.get("broader", ()), *gone.get("broader", ())} - {kept["id"]}
        made = _with(made, "broader", sorted(others))
    if kind is PLACE and kept.get("broader") == gone["id"]:
        made = _with(made, "broader", gone.get("broader"))
    if keep_names:
        made = _with_terms_words(made, gone) if kind is TERM else _with_names(kind, made, gone)
    return _ordered(kind, made)


def repointed(kind: Kind, record: Record, old: str, new: str) -> dict[str, Any]:
    """Return the record with references to `old_id` pointing to `new_id`, but not to itself."""
    made = dict(record)
    if kind is TERM:
        if old in record.get("broader", ()):
            broader = {new if id_ == old else id_ for id_ in record["broader"]} - {record["id"]}
            made = _with(made, "broader", sorted(broader))
        if record.get("inverse") == old and record["vocabulary"] == "relation":
            made["inverse"] = new
    elif kind is PLACE and record.get("broader") == old:
        made = _with(made, "broader", new if new != record["id"] else None)
    elif kind is ORGANISATION and record.get("place") == old:
        made["place"] = new
    return made


def _with_terms_words(record: dict[str, Any], gone: Record) -> dict[str, Any]:
    alt = {lang: list(words) for lang, words in record.get("alt", {}).items()}
    said = {lang: [label] for lang, label in gone.get("labels", {}).items()}
    for words_by_lang in (said, gone.get("alt", {})):
        for lang, words in words_by_lang.items():
            known = [*alt.get(lang, ()), record["labels"].get(lang)]
            alt.setdefault(lang, []).extend(word for word in words if word not in known)
    return _with(record, "alt", {lang: words for lang, words in alt.items() if words})


def _with_names(kind: Kind, record: dict[str, Any], gone: Record) -> dict[str, Any]:
    if kind not in (PLACE, ORGANISATION):
        return record
    known = {(name["text"], name["lang"]) for name in record["names"]}
    new = [name for name in gone["names"] if (name["text"], name["lang"]) not in known]
    if kind is ORGANISATION:
        new = [{**name, "kind": "variant"} for name in new]
    return {**record, "names": [*record["names"], *new][:NAMES_MOST]}


def _with(record: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    made = {name: it for name, it in record.items() if name != field}
    return {**made, field: value} if value not in (None, [], {}) else made


def _ordered(kind: Kind, record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with its fields in schema order."""
    return {name: record[name] for name in kind.schema.fields if name in record}
