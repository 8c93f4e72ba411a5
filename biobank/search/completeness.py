"""Completeness of a record: what is missing, as searchable values and editorial worklists."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from biobank.common.i18n import LANGUAGES
from biobank.records.media.urls import portrait_sha
from biobank.records.people.citations import CITATION_MARK, iter_facts

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
_UNCERTAIN_MARKS: Final = frozenset("~?%[{X")

#: All possible values by gap field.
GAP_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "lacks": (*LANGUAGES, "relation", "citation", "portrait", "identifier"),
    "unsourced": (ANY_FACT, *FACT_KINDS.values(), BIOGRAPHY),
    "uncertain": (ANY_DATE, *FACT_KINDS.values()),
    "stale": LANGUAGES,
}

RecordMapping = Mapping[str, Any]


def find_gaps(record: RecordMapping, *, has_relations: bool, stale: Collection[str]) -> dict[str, list[str]]:
    """Return the values of `GAP_VALUES` that apply to a record.

    `has_relations` covers relations recorded on either side; `stale` holds the languages whose
    biography is older than in another language.
    """
    unsourced = list(_unsourced(record))
    biography = record.get("biography") or {}
    lacks: list[str] = [lang for lang in LANGUAGES if not biography.get(lang)]
    lacks += ["relation"] * (not has_relations) + ["citation"] * bool(unsourced)
    lacks += ["portrait"] * (not portrait_sha(record))
    lacks += ["identifier"] * (not record.get("identifiers"))
    return {
        "lacks": lacks,
        "unsourced": unsourced,
        "uncertain": list(_uncertain(record)),
        "stale": [lang for lang in biography if lang in stale],
    }


def is_uncertain(date: str | None) -> bool:
    """Return whether an EDTF date is marked as uncertain; a year alone is only less precise."""
    return bool(date) and not _UNCERTAIN_MARKS.isdisjoint(str(date))


def _unsourced(record: RecordMapping) -> Iterator[str]:
    """Yield the kinds of facts without a citation, and `biography` if a text has none."""
    kinds = [fact_kind(path) for path, part in iter_facts(record) if not part.get("cites")]
    if kinds:
        yield ANY_FACT
        yield from kinds
    if any(not CITATION_MARK.search(text) for text in (record.get("biography") or {}).values()):
        yield BIOGRAPHY


def _uncertain(record: RecordMapping) -> Iterator[str]:
    kinds = [fact_kind(path) for path, part in iter_facts(record) if is_uncertain(part.get("date"))]
    if kinds:
        yield ANY_DATE
        yield from kinds


def fact_kind(path: str) -> str:
    """Return the kind of a fact by its path: `events[2]` is an event."""
    return FACT_KINDS[path.partition("[")[0]]
