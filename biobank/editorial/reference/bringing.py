"""Bulk import of reference records from another bank."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.reference.checking import above, lies_within_itself, references
from biobank.editorial.reference.keeping import index_anew, lock, put
from biobank.errors import Problem
from biobank.records.reference.kinds import BY_NAME, Kind, Record, all_records, records_of
from biobank.records.reference.redirects import load_redirects
from biobank.records.reference.unreviewed import mark_reviewed, mark_unreviewed, unreviewed
from biobank.records.reference.uses import affected, parents

Outcome = Literal["new", "changed", "same"]


@dataclass
class Brought:
    """The outcome of each record, by its key."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    refused: dict[str, list[Problem]] = field(default_factory=dict)


def bring(
    session: Session, who: Identity, kind: Kind, records: Mapping[str, Record], *, publish: bool
) -> Brought:
    """Save those of `records` (valid, by key) that are acceptable; they may refer to each other.

    With `publish` they are public, and existing records are updated. Without it, new records wait
    for review, and records that differ from existing ones are refused. The caller owns the
    transaction.
    """
    require(who, Action.EDIT_REFERENCE)
    lock(session)
    found = Brought()
    before = records_of(session, kind, records)
    good = dict(_wanted(session, kind, records, before, found, publish=publish))
    _refuse_unknown(session, kind, good, found)
    _refuse_cycles(session, kind, good, found)
    # Records that refer to refused ones are refused as well.
    _refuse_unknown(session, kind, good, found)
    for key in _in_order(kind, good):
        is_new = key not in before
        put(session, who, kind, "added" if is_new else "changed", before.get(key), good[key])
        found.outcomes[key] = "new" if is_new else "changed"
        if is_new and not publish:
            mark_unreviewed(session, kind, key)
        elif publish and not is_new:
            mark_reviewed(session, kind, key)
    if publish:
        for key in unreviewed(session).get(kind.name, frozenset()) & found.outcomes.keys():
            mark_reviewed(session, kind, key)
    index_anew(session, affected(session, kind, [key for key in good if key in before]))
    return found


def _wanted(
    session: Session,
    kind: Kind,
    records: Mapping[str, Record],
    before: Mapping[str, Record],
    found: Brought,
    *,
    publish: bool,
) -> Iterator[tuple[str, Record]]:
    """Yield the records that are new or changed."""
    merged = load_redirects(session).get(kind.name, {})
    for key, record in records.items():
        if before.get(key) == record:
            found.outcomes[key] = "same"
        elif key in merged:
            message = f"Was merged into {merged[key]!r} and leads there."
            found.refused[key] = [Problem("id", "id_merged", message)]
        elif key in before and not publish:
            message = "The bank has it and says something else; bring it in with --publish."
            found.refused[key] = [Problem("id", "differs", message)]
        else:
            yield key, record


def _refuse_unknown(session: Session, kind: Kind, good: dict[str, Record], found: Brought) -> None:
    """Remove records with unresolved references from `valid`, repeatedly until none is left."""
    known = _known(session, kind, good.values())
    while True:
        bad = {
            key: problems
            for key, record in good.items()
            if (problems := list(_unknown(kind, record, known, good)))
        }
        if not bad:
            return
        found.refused |= bad
        for key in bad:
            del good[key]


def _known(session: Session, kind: Kind, records: Iterable[Record]) -> set[tuple[str, str]]:
    """Return kind and key of all existing records that are referred to."""
    wanted: dict[str, set[str]] = {}
    for record in records:
        for _, name, key in references(kind, record):
            wanted.setdefault(name, set()).add(key)
    return {
        (name, key)
        for name, keys in wanted.items()
        for key in records_of(session, BY_NAME[name], keys)
    }


def _unknown(
    kind: Kind, record: Record, known: set[tuple[str, str]], good: Mapping[str, Any]
) -> Iterator[Problem]:
    for path, name, key in references(kind, record):
        if (name, key) not in known and not (name == kind.name and key in good):
            id_ = key.rpartition("/")[2]
            yield Problem(path, f"unknown_{name}", f"There is no {name} {id_!r} here or there.")


def _refuse_cycles(session: Session, kind: Kind, good: dict[str, Record], found: Brought) -> None:
    ways = parents(session, kind) | {key: above(kind, record) for key, record in good.items()}
    for key in [key for key in good if lies_within_itself(ways, key)]:
        found.refused[key] = [Problem("broader", "cycle", "It would lie within itself.")]
        del good[key]


def _in_order(kind: Kind, good: Mapping[str, Record]) -> list[str]:
    """Return keys with parents before children."""
    ordered: dict[str, None] = {}
    for start in good:
        way = [start]
        while way:
            above_it = sorted(above(kind, good[way[-1]]) - set(way))
            further = [key for key in above_it if key in good and key not in ordered]
            if further:
                way.append(further[0])
            else:
                ordered.setdefault(way.pop())
    return list(ordered)


def in_order(session: Session, kind: Kind, hidden: Iterable[str] = ()) -> Iterator[Record]:
    """Yield all records of a kind except `hidden` ones, parents first."""
    records = all_records(session, kind)
    for key in hidden:
        records.pop(key, None)
    for key in _in_order(kind, records):
        yield records[key]
