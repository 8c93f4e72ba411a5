"""Redirects of merged ids: in records, URLs and search filters."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.records.people.citations import CITATION_MARK, FACT_FIELDS, FACT_LISTS
from biobank.records.reference.models import ReferenceRedirect
from biobank.records.vocabulary.models import term_id, term_key

#: New keys by old keys, by kind: `{"place": {"gence-old": "gence"}}`.
Redirects = Mapping[str, Mapping[str, str]]

#: Lists of a person's record, their reference field, and its vocabulary (empty: not a term).
REFERENCE_FIELDS = (
    ("events", "type", "event"),
    ("relations", "type", "relation"),
    ("works", "type", "work"),
    ("awards", "award", "award"),
    ("memberships", "organisation", ""),
)


def load_redirects(
    session: Session, keys: Mapping[str, Collection[str]] | None = None
) -> dict[str, dict[str, str]]:
    """Return the redirects by kind: all, or those of the given `keys` by kind."""
    query = select(ReferenceRedirect)
    if keys is not None:
        all_keys = [key for kind_keys in keys.values() for key in kind_keys]
        query = query.where(ReferenceRedirect.kind.in_(keys), ReferenceRedirect.old_key.in_(all_keys))
    redirects: dict[str, dict[str, str]] = {}
    for row in session.scalars(query):
        redirects.setdefault(row.kind, {})[row.old_key] = row.new_key
    return redirects


def find_redirect(session: Session, kind: str, key: str) -> str | None:
    """Return the key that replaced `key`, or None if it was not merged."""
    row = session.get(ReferenceRedirect, (kind, key))
    return row.new_key if row else None


def aliases_of(session: Session, kind: str, key: str) -> list[str]:
    """Return the old keys that redirect to `key`."""
    query = select(ReferenceRedirect.old_key).where(
        ReferenceRedirect.kind == kind, ReferenceRedirect.new_key == key
    )
    return sorted(session.scalars(query))


def resolve_facet_value(redirects: Redirects, facet: str, value: str) -> str:
    """Return a facet value with a merged id replaced."""
    if not redirects:
        return value
    if facet in ("profession", "award", "relation", "tie"):
        vocabulary = "relation" if facet == "tie" else facet
        key = redirects.get("term", {}).get(term_key(vocabulary, value))
        return term_id(key) if key else value
    if facet in ("place", "birthplace", "deathplace", "near"):
        return redirects.get("place", {}).get(value, value)
    return redirects.get(facet, {}).get(value, value)


def redirect_references(record: Mapping[str, Any], redirects: Redirects) -> dict[str, Any]:
    """Return a person's canonical record with all merged ids replaced."""
    if not any(redirects.values()):
        return dict(record)
    resolved = _resolve_terms(record, redirects.get("term", {}))
    resolved = _map_parts(resolved, _field_replacer("place", redirects.get("place", {})))
    resolved = _resolve_organisations(resolved, redirects.get("organisation", {}))
    resolved = _resolve_sources(resolved, redirects.get("source", {}))
    return _deduplicate(record, resolved)


def _resolve_terms(record: Mapping[str, Any], new_keys: Mapping[str, str]) -> dict[str, Any]:
    resolved = dict(record)
    if not new_keys:
        return resolved
    if "professions" in resolved:
        professions = resolved["professions"]
        resolved["professions"] = [_resolve_term(new_keys, "profession", id_) for id_ in professions]
    for name, field, vocabulary in REFERENCE_FIELDS:
        if vocabulary and name in resolved:
            resolved[name] = [
                {**part, field: _resolve_term(new_keys, vocabulary, part[field])} if part.get(field) else part
                for part in resolved[name]
            ]
    return resolved


def _resolve_term(new_keys: Mapping[str, str], vocabulary: str, id_: str) -> str:
    key = term_key(vocabulary, id_)
    return term_id(new_keys.get(key, key))


def _resolve_organisations(record: dict[str, Any], new_ids: Mapping[str, str]) -> dict[str, Any]:
    if not new_ids or "memberships" not in record:
        return record
    parts = [_field_replacer("organisation", new_ids)(part) for part in record["memberships"]]
    return {**record, "memberships": parts}


def _resolve_sources(record: dict[str, Any], new_ids: Mapping[str, str]) -> dict[str, Any]:
    if not new_ids:
        return record
    resolved = _map_parts(record, _cites_replacer(new_ids))
    if "sources" in resolved:
        # The replacement's id, even if the old source was given in full.
        refs = resolved["sources"]
        resolved["sources"] = [new_ids.get(ref["id"] if isinstance(ref, dict) else ref, ref) for ref in refs]
    if "checked" in resolved and "against" in resolved["checked"]:
        against = _unique(new_ids.get(id_, id_) for id_ in resolved["checked"]["against"])
        resolved["checked"] = {**resolved["checked"], "against": against}
    if "biography" in resolved:
        resolved["biography"] = {
            lang: CITATION_MARK.sub(lambda mark: _resolve_mark(mark[0], new_ids), text)
            for lang, text in resolved["biography"].items()
        }
    return resolved


def _cites_replacer(new_ids: Mapping[str, str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def replace_cites(part: dict[str, Any]) -> dict[str, Any]:
        if not any(cite["source"] in new_ids for cite in part.get("cites", ())):
            return part
        return {**part, "cites": _unique(map(_field_replacer("source", new_ids), part["cites"]))}

    return replace_cites


def _resolve_mark(mark: str, new_ids: Mapping[str, str]) -> str:
    """Replace ids in a mark such as `[@old, p. 3]`; the rest of it stays as typed."""
    parts = []
    for part in mark[1:-1].split(";"):
        source_part, comma, locator = part.partition(",")
        prefix, _, id_ = source_part.partition("@")
        new_id = new_ids.get(id_.strip())
        parts.append(f"{prefix}@{new_id}{comma}{locator}" if new_id else part)
    return f"[{';'.join(parts)}]"


def _map_parts(
    record: Mapping[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """Return `record` with `change` applied to every part that may have a place or citations."""
    mapped = dict(record)
    mapped |= {name: change(record[name]) for name in FACT_FIELDS if record.get(name) is not None}
    mapped |= {name: [change(part) for part in record[name]] for name in FACT_LISTS if name in record}
    return mapped


def _field_replacer(name: str, new_ids: Mapping[str, str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def replace_field(part: dict[str, Any]) -> dict[str, Any]:
        return {**part, name: new_ids[part[name]]} if part.get(name) in new_ids else part

    return replace_field


def _deduplicate(before: Mapping[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Remove repeats that the replacement caused; earlier repeats stay."""
    if "professions" in after:
        after["professions"] = _unique(after["professions"])
    if "sources" in after:
        # A source given in full takes precedence over its bare id.
        by_id = {ref if isinstance(ref, str) else ref["id"]: ref for ref in after["sources"]}
        after["sources"] = list(by_id.values())
    for name in FACT_LISTS:
        if name in after and after[name] != before[name]:
            after[name] = _unique(after[name])
    return after


def _unique(items: Iterable[Any]) -> list[Any]:
    unique: list[Any] = []
    for item in items:
        if item not in unique:
            unique.append(item)
    return unique
