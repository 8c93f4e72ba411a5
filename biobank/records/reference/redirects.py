"""Redirects of merged ids: in records, URLs and search filters."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.records.people.citations import IN_TEXT, facts
from biobank.records.reference.models import ReferenceRedirect
from biobank.records.vocabulary.models import term_id, term_key

#: New keys by old keys, by kind: `{"place": {"gence-old": "gence"}}`.
Redirects = Mapping[str, Mapping[str, str]]

#: Lists of a person's record, their reference field, and its vocabulary (empty: not a term).
REFERRING = (
    ("events", "type", "event"),
    ("relations", "type", "relation"),
    ("works", "type", "work"),
    ("awards", "award", "award"),
    ("memberships", "organisation", ""),
)
#: Lists in which equal parts are redundant.
PARTS = ("events", "relations", "memberships", "works", "awards")


def load_redirects(session: Session) -> dict[str, dict[str, str]]:
    """Return all redirects by kind."""
    found: dict[str, dict[str, str]] = {}
    for row in session.scalars(select(ReferenceRedirect)):
        found.setdefault(row.kind, {})[row.old_key] = row.new_key
    return found


def where_now(session: Session, kind: str, key: str) -> str | None:
    """Return the key that replaced `key`, or None if it was not merged."""
    row = session.get(ReferenceRedirect, (kind, key))
    return row.new_key if row else None


def led_here(session: Session, kind: str, key: str) -> list[str]:
    """Return the old keys that redirect to `key`."""
    query = select(ReferenceRedirect.old_key).where(
        ReferenceRedirect.kind == kind, ReferenceRedirect.new_key == key
    )
    return sorted(session.scalars(query))


def led_on(redirects: Redirects, facet: str, value: str) -> str:
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


def readdressed(record: Mapping[str, Any], redirects: Redirects) -> dict[str, Any]:
    """Return a person's canonical record with all merged ids replaced."""
    if not any(redirects.values()):
        return dict(record)
    made = _with_terms(record, redirects.get("term", {}))
    made = _with_parts(made, _field("place", redirects.get("place", {})))
    made = _with_organisations(made, redirects.get("organisation", {}))
    made = _with_sources(made, redirects.get("source", {}))
    return _without_repeats(record, made)


def _with_terms(record: Mapping[str, Any], moved: Mapping[str, str]) -> dict[str, Any]:
    made = dict(record)
    if not moved:
        return made
    if "professions" in made:
        made["professions"] = [_term(moved, "profession", id_) for id_ in made["professions"]]
    for name, field, vocabulary in REFERRING:
        if vocabulary and name in made:
            made[name] = [
                {**part, field: _term(moved, vocabulary, part[field])} if part.get(field) else part
                for part in made[name]
            ]
    return made


def _term(moved: Mapping[str, str], vocabulary: str, id_: str) -> str:
    key = term_key(vocabulary, id_)
    return term_id(moved.get(key, key))


def _with_organisations(record: dict[str, Any], moved: Mapping[str, str]) -> dict[str, Any]:
    if not moved or "memberships" not in record:
        return record
    parts = [_field("organisation", moved)(part) for part in record["memberships"]]
    return {**record, "memberships": parts}


def _with_sources(record: dict[str, Any], moved: Mapping[str, str]) -> dict[str, Any]:
    if not moved:
        return record
    made = _with_parts(record, _with_cites(moved))
    if "sources" in made:
        made["sources"] = [_source(moved, ref) for ref in made["sources"]]
    if "checked" in made and "against" in made["checked"]:
        against = _each_once(moved.get(id_, id_) for id_ in made["checked"]["against"])
        made["checked"] = {**made["checked"], "against": against}
    if "biography" in made:
        made["biography"] = {
            lang: IN_TEXT.sub(lambda mark: _mark(mark[0], moved), text)
            for lang, text in made["biography"].items()
        }
    return made


def _source(moved: Mapping[str, str], ref: Any) -> Any:
    """Return the replacement's id, even if the old source was given in full."""
    id_ = ref["id"] if isinstance(ref, dict) else ref
    return moved.get(id_, ref)


def _with_cites(moved: Mapping[str, str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def change(part: dict[str, Any]) -> dict[str, Any]:
        if not any(cite["source"] in moved for cite in part.get("cites", ())):
            return part
        return {**part, "cites": _each_once(map(_field("source", moved), part["cites"]))}

    return change


def _mark(mark: str, moved: Mapping[str, str]) -> str:
    """Replace ids in a mark such as `[@old, p. 3]`; the rest of it stays as typed."""
    parts = []
    for part in mark[1:-1].split(";"):
        head, comma, locator = part.partition(",")
        lead, _, id_ = head.partition("@")
        new = moved.get(id_.strip())
        parts.append(f"{lead}@{new}{comma}{locator}" if new else part)
    return f"[{';'.join(parts)}]"


def _with_parts(
    record: Mapping[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """Return `record` with `change` applied to every part that may have a place or citations."""
    made = dict(record)
    for path, part in facts(record):
        name, _, rest = path.partition("[")
        if not rest:
            made[name] = change(part)
        else:
            made[name] = [change(each) for each in made[name]] if rest == "0]" else made[name]
    return made


def _field(name: str, moved: Mapping[str, str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def change(part: dict[str, Any]) -> dict[str, Any]:
        return {**part, name: moved[part[name]]} if part.get(name) in moved else part

    return change


def _without_repeats(before: Mapping[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Remove repeats that the replacement caused; earlier repeats stay."""
    if "professions" in after:
        after["professions"] = _each_once(after["professions"])
    if "sources" in after:
        # A source given in full takes precedence over its bare id.
        by_id = {ref if isinstance(ref, str) else ref["id"]: ref for ref in after["sources"]}
        after["sources"] = list(by_id.values())
    for name in PARTS:
        if name in after and after[name] != before[name]:
            after[name] = _each_once(after[name])
    return after


def _each_once(items: Iterable[Any]) -> list[Any]:
    kept: list[Any] = []
    for item in items:
        if item not in kept:
            kept.append(item)
    return kept
