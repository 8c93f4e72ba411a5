"""What a record still lacks, as values that everybody may ask for and editors work through."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from biobank.i18n import LANGUAGES
from biobank.records.media.addresses import portrait_of
from biobank.records.people.citations import IN_TEXT, facts

#: By field of the record, what a fact of it is called.
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
#: Any of the facts, where the kind does not matter: of those without a source, of uncertain dates.
ANY_FACT: Final = "fact"
ANY_DATE: Final = "date"
BIOGRAPHY: Final = "biography"
#: What a date is written with that is about, doubted, one of several, or of unknown digits (EDTF).
_UNSURE: Final = frozenset("~?%[{X")

#: By condition, all the values that a document may have of it.
GAPS: Final[Mapping[str, tuple[str, ...]]] = {
    "lacks": (*LANGUAGES, "relation", "citation", "portrait", "identifier"),
    "unsourced": (ANY_FACT, *FACT_KINDS.values(), BIOGRAPHY),
    "uncertain": (ANY_DATE, *FACT_KINDS.values()),
    "stale": LANGUAGES,
}

Record = Mapping[str, Any]


def gaps_of(record: Record, *, tied: bool, stale: Collection[str]) -> dict[str, list[str]]:
    """The values of `GAPS` that a record has.

    `tied`: whether there is a relation, at whichever end it is told; `stale`: languages in which
    the biography is older than in another.
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
    """Whether a date says itself that it is not certain; a year alone is only less exact."""
    return bool(date) and not _UNSURE.isdisjoint(str(date))


def _unsourced(record: Record) -> Iterator[str]:
    """Kinds of facts of which one has no citation, and of biographies without any."""
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
    """The kind of a fact by its path: `events[2]` is an event."""
    return FACT_KINDS[path.partition("[")[0]]
