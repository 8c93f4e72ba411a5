"""Completeness of a record: what is missing, as searchable values and editorial worklists."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from biobank.i18n import LANGUAGES
from biobank.records.media.addresses import portrait_of
from biobank.records.people.citations import IN_TEXT, facts

#: Kind of fact by field of the record.
FACT_KINDS: Final[Mapping[str, str]] = {
    "birth": "birth",
    "death": "death",
    "floruit": "floruit",
    "events": "event",
    "relations": "relation",
    "memberships": "membership",
    "works": "work",
    "awards": "award",
}
#: Any fact without a source, and any uncertain date, whatever the kind of fact.
ANY_FACT: Final = "fact"
ANY_DATE: Final = "date"
BIOGRAPHY: Final = "biography"
#: Characters that mark an EDTF date as approximate, uncertain, one of several, or with unknown
#: digits.
_UNSURE: Final = frozenset("~?%[{X")

#: All possible values by gap field.
GAPS: Final[Mapping[str, tuple[str, ...]]] = {
    "lacks": (*LANGUAGES, "relation", "citation", "portrait", "identifier"),
    "unsourced": (ANY_FACT, *FACT_KINDS.values(), BIOGRAPHY),
    "uncertain": (ANY_DATE, *FACT_KINDS.values()),
    "stale": LANGUAGES,
}

Record = Mapping[str, Any]


def gaps_of(record: Record, *, tied: bool, stale: Collection[str]) -> dict[str, list[str]]:
    """Return the values of `GAP_VALUES` that apply to a record.

    `has_relations` covers relations recorded on either side; `stale` holds the languages whose
    biography is older than in another language.
    """
    unsourced = list(_unsourced(record))
    biography = record.get("biography") or {}
    lacks: list[str] = [lang for lang in LANGUAGES if not biography.get(lang)]
    lacks += ["relation"] * (not tied) + ["citation"] * bool(unsourced)
    lacks += ["portrait"] * (not portrait_of(record))
    lacks += ["identifier"] * (not record.get("identifiers"))
    return {
        "lacks": lacks,
        "unsourced": unsourced,
        "uncertain": list(_uncertain(record)),
        "stale": [lang for lang in biography if lang in stale],
    }


def is_unsure(date: str | None) -> bool:
    """Return whether an EDTF date is marked as uncertain; a year alone is only less precise."""
    return bool(date) and not _UNSURE.isdisjoint(str(date))


def _unsourced(record: Record) -> Iterator[str]:
    """Yield the kinds of facts without a citation, and `biography` if a text has none."""
    kinds = [fact_kind(path) for path, part in facts(record) if not part.get("cites")]
    if kinds:
        yield ANY_FACT
        yield from kinds
    if any(not IN_TEXT.search(text) for text in (record.get("biography") or {}).values()):
        yield BIOGRAPHY


def _uncertain(record: Record) -> Iterator[str]:
    kinds = [fact_kind(path) for path, part in facts(record) if is_unsure(part.get("date"))]
    if kinds:
        yield ANY_DATE
        yield from kinds


def fact_kind(path: str) -> str:
    """Return the kind of a fact by its path: `events[2]` is an event."""
    return FACT_KINDS[path.partition("[")[0]]
