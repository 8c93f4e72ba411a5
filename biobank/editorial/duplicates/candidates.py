"""Duplicate candidates for a record: the evidence, its score, and the people who match by name.

Public people are matched by the names of the search index, people with an unpublished latest
revision by the names of that revision. Names alone do not establish identity: candidates are always
decided on by a person.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date as day
from threading import Lock
from typing import Any, Final, Literal

from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.duplicates.not_duplicates import distinct_from
from biobank.editorial.revisions.latest_revisions import (
    LatestRevision,
    RevisionCursor,
    get_latest_revisions,
    unpublished_ids,
)
from biobank.names.index import PersonNames
from biobank.names.matcher import NameMatcher
from biobank.names.matches import Match
from biobank.names.structure import NAME_ROLE, parse_name
from biobank.records.dates import DateError, parse_vital_date, year_of
from biobank.search.executor import NameMatcherCache
from biobank.store.session import Database

ReasonKind = Literal[
    "identifier",
    "birth_day",
    "birth",
    "birth_perhaps",
    "death_day",
    "death",
    "death_perhaps",
    "place",
    "profession",
]

#: Points of each shared fact, added to the name similarity, which is 1 for equal names.
SAME_DAY_SCORE: Final = 0.45
SAME_YEAR_SCORE: Final = 0.3
POSSIBLE_YEAR_SCORE: Final = 0.1
SAME_PLACE_SCORE: Final = 0.15
SAME_PROFESSION_SCORE: Final = 0.1
SAME_IDENTIFIER_SCORE: Final = 2.0
#: Sources often differ by a year or two, rarely by ten; a larger difference rules out a match.
MAX_CLOSE_YEARS, CLOSE_YEARS_SCORE = 2, 0.0
MAX_DISTANT_YEARS, DISTANT_YEARS_SCORE = 10, -0.35
#: A different id in the same catalogue: its editors treat them as two people.
OTHER_IDENTIFIER_SCORE: Final = -0.3
#: The fields of a record that are compared.
COMPARED_FIELDS: Final = ("names", "birth", "death", "gender", "professions", "identifiers", "relations")
#: Minimum score of a candidate.
MIN_DUPLICATE_SCORE: Final = 0.95

Role = Literal["birth", "death"]
DAY_REASONS: Final[Mapping[Role, ReasonKind]] = {"birth": "birth_day", "death": "death_day"}
POSSIBLE_REASONS: Final[Mapping[Role, ReasonKind]] = {"birth": "birth_perhaps", "death": "death_perhaps"}
_YEAR_PATTERN: Final = re.compile("[0-9]{4}")
_DAY_PATTERN: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: Earliest and latest possible year; None for an open end.
YearRange = tuple[int | None, int | None]


@dataclass(frozen=True)
class DuplicateReason:
    """A shared fact: `value` is a year, a date, or the id of a place or a profession."""

    kind: ReasonKind
    value: str = ""


@dataclass(frozen=True)
class ComparableRecord:
    """The compared parts of a record. `id` is empty for a new record."""

    id: str
    names: tuple[str, ...]
    birth: str | None = None
    death: str | None = None
    gender: str | None = None
    birthplace: str | None = None
    professions: frozenset[str] = frozenset()
    identifiers: Mapping[str, str] | None = None
    #: Ids of people in relations with this one, who cannot be the same person.
    related: frozenset[str] = frozenset()
    born: YearRange = (None, None)
    died: YearRange = (None, None)


@dataclass(frozen=True)
class DuplicateCandidate:
    """A person who may be the same; `match` describes how the names match."""

    person_id: str
    score: float
    reasons: tuple[DuplicateReason, ...]
    match: Match | None = None


def to_comparable(record: Mapping[str, Any], person_id: str = "") -> ComparableRecord:
    """Return the compared parts of a complete or partial record with names and EDTF dates."""
    birth, death = ((record.get(role) or {}).get("date") or None for role in ("birth", "death"))
    names = sorted(record["names"], key=lambda name: name.get("kind") != "preferred")
    return ComparableRecord(
        id=person_id or record.get("id") or "",
        names=tuple(dict.fromkeys(name["text"] for name in names)),
        birth=birth,
        death=death,
        gender=record.get("gender"),
        birthplace=(record.get("birth") or {}).get("place"),
        professions=frozenset(record.get("professions", ())),
        identifiers=record.get("identifiers"),
        related=frozenset(relation["person"] for relation in record.get("relations", ())),
        born=_year_range(birth),
        died=_year_range(death),
    )


def score_facts(
    first: ComparableRecord, second: ComparableRecord
) -> tuple[float, tuple[DuplicateReason, ...]] | None:
    """Return points and reasons of the facts other than names; None if they rule out one person."""
    if second.id in first.related or (first.id and first.id in second.related):
        return None
    if {first.gender, second.gender} == {"male", "female"}:
        return None
    scores = [_score_dates(first, second, "birth"), _score_dates(first, second, "death")]
    if None in scores or _died_before_birth(first, second) or _died_before_birth(second, first):
        return None
    scores += list(_score_shared_facts(first, second))
    scored = [part for part in scores if part is not None]
    return sum(points for points, _ in scored), tuple(reason for _, reason in scored if reason)


def _score_dates(
    first: ComparableRecord, second: ComparableRecord, role: Role
) -> tuple[float, DuplicateReason | None] | None:
    """Return points and reason of the birth or death dates; None if they contradict each other."""
    dates = (first.birth, second.birth) if role == "birth" else (first.death, second.death)
    years = (first.born, second.born) if role == "birth" else (first.died, second.died)
    if dates[0] == dates[1] and dates[0] and len(dates[0]) == len("1885-09-18"):
        return SAME_DAY_SCORE, DuplicateReason(DAY_REASONS[role], dates[0])
    gap = _years_apart(*years)
    if gap is None:
        return 0.0, None
    if gap == 0 and years[0] == years[1] and years[0][0] == years[0][1]:
        return SAME_YEAR_SCORE, DuplicateReason(role, min((date or "" for date in dates), key=len))
    if gap == 0:
        return POSSIBLE_YEAR_SCORE, DuplicateReason(POSSIBLE_REASONS[role], dates[1] or "")
    if gap <= MAX_CLOSE_YEARS:
        return CLOSE_YEARS_SCORE, None
    return (DISTANT_YEARS_SCORE, None) if gap <= MAX_DISTANT_YEARS else None


def _years_apart(first: YearRange, second: YearRange) -> int | None:
    """Return the years between two ranges, or None if one of them is unknown."""
    if first == (None, None) or second == (None, None):
        return None
    gaps = [
        later[0] - earlier[1]
        for earlier, later in ((first, second), (second, first))
        if earlier[1] is not None and later[0] is not None
    ]
    return max([0, *gaps])


def _died_before_birth(first: ComparableRecord, second: ComparableRecord) -> bool:
    """Return whether the first died before the second was born."""
    return first.died[1] is not None and second.born[0] is not None and first.died[1] < second.born[0]


def _score_shared_facts(
    first: ComparableRecord, second: ComparableRecord
) -> Iterator[tuple[float, DuplicateReason | None]]:
    if first.birthplace and first.birthplace == second.birthplace:
        yield SAME_PLACE_SCORE, DuplicateReason("place", first.birthplace)
    if both := sorted(first.professions & second.professions):
        yield SAME_PROFESSION_SCORE, DuplicateReason("profession", both[0])
    for scheme, value in (first.identifiers or {}).items():
        theirs = (second.identifiers or {}).get(scheme)
        if theirs == value:
            yield SAME_IDENTIFIER_SCORE, DuplicateReason("identifier", f"{scheme}: {value}")
        elif theirs:
            yield OTHER_IDENTIFIER_SCORE, None


def _year_range(date: str | None) -> YearRange:
    if date and (year := _plain_year(date)) is not None:
        return year, year
    try:
        span = parse_vital_date(date)[0] if date else None
    except DateError:
        span = None
    if span is None:
        return None, None
    days = span.earliest, span.latest
    return (None if days[0] is None else year_of(days[0]), None if days[1] is None else year_of(days[1]))


def _plain_year(date: str) -> int | None:
    """Return the year of a plain year or day, or None if the date needs the EDTF parser."""
    if _YEAR_PATTERN.fullmatch(date):
        return int(date)
    if _DAY_PATTERN.fullmatch(date):
        with suppress(ValueError):
            return day.fromisoformat(date).year
    return None


#: Maximum number of names of a record that are looked up, and of matches compared per name.
MAX_QUERIED_NAMES: Final = 8
MAX_NAMESAKES_PER_NAME: Final = 12
MAX_DUPLICATE_CANDIDATES: Final = 6
#: Minimum score (0 to 1) of a match that is not another spelling of the same name.
MIN_SIMILAR_SCORE: Final = 0.82


@dataclass
class DraftNameIndex:
    """A name index of people whose latest revision is not public, updated on demand.

    Safe to share between threads. People published since stay in the index; callers merge
    duplicates by id.
    """

    _matcher: NameMatcher = field(default_factory=NameMatcher)
    _cursor: RevisionCursor = field(default_factory=RevisionCursor)
    _update_lock: Lock = field(default_factory=Lock)

    def matcher(self, session: Session) -> NameMatcher:
        """Return the matcher, updated with the revisions written since the last call."""
        with self._update_lock:
            changed, cursor = self._cursor.advance(session)
            if changed is None or changed:
                ids = unpublished_ids(session) if changed is None else changed
                revisions = get_latest_revisions(session, ids)
                drafts = (item for item in revisions.values() if item.state != "published")
                removed = [id_ for id_ in changed or () if id_ not in revisions]
                self._matcher.apply(map(_index_entry, drafts), removed)
            self._cursor = cursor
        return self._matcher


def _index_entry(revision: LatestRevision) -> PersonNames:
    return revision.person_id, [name["text"] for name in revision.record["names"]], 0


@dataclass(frozen=True)
class DuplicateFinder:
    """Finds existing people who may be the same as a given record."""

    database: Database
    names: NameMatcherCache
    drafts: DraftNameIndex = field(default_factory=DraftNameIndex)

    def find_candidates(
        self, actor: Identity, subject: ComparableRecord, excluding: Collection[str] = ()
    ) -> list[tuple[DuplicateCandidate, LatestRevision]]:
        """Return the candidates for `subject`, best first, without the ids in `excluding`.

        At most MAX_DUPLICATE_CANDIDATES. People marked as distinct from `subject.id` are left out.
        """
        require(actor, Action.SEE_DESK)
        with self.database.read() as session:
            matches = self._match_names(session, subject.names[:MAX_QUERIED_NAMES])
            excluded = {subject.id, *excluding}
            if subject.id:
                excluded |= distinct_from(session, subject.id)
            revisions = get_latest_revisions(session, [id_ for id_ in matches if id_ not in excluded])
        candidates = [
            (candidate, revision)
            for id_, revision in revisions.items()
            if (candidate := _score_match(subject, revision, matches[id_]))
        ]
        candidates.sort(key=lambda row: (-row[0].score, row[1].person_id))
        return candidates[:MAX_DUPLICATE_CANDIDATES]

    def _match_names(self, session: Session, names: Sequence[str]) -> dict[str, Match]:
        """Return the best match of any of `names` by person."""
        best: dict[str, Match] = {}
        for matcher in (self.names.matcher(), self.drafts.matcher(session)):
            for name in names:
                for match in matcher.find(name, MAX_NAMESAKES_PER_NAME):
                    previous = best.get(match.person_id)
                    if is_whole_name_match(name, match) and (not previous or match.score > previous.score):
                        best[match.person_id] = match
        return best


def _score_match(
    subject: ComparableRecord, revision: LatestRevision, match: Match
) -> DuplicateCandidate | None:
    candidate = to_comparable(revision.record, revision.person_id)
    if match.name not in candidate.names:
        return None  # the name was changed or removed since
    return score_candidate(subject, candidate, match)


def score_candidate(
    subject: ComparableRecord, candidate: ComparableRecord, match: Match | None
) -> DuplicateCandidate | None:
    """Return the scored candidate, or None if the evidence is too weak."""
    scored = score_facts(subject, candidate)
    if scored is None:
        return None
    points, reasons = scored
    score = points + (match.score if match else 0.0)
    if score < MIN_DUPLICATE_SCORE:
        return None
    return DuplicateCandidate(candidate.id, round(score, 3), reasons, match)


def is_whole_name_match(name: str, match: Match) -> bool:
    """Return whether a match covers a whole name: two words, or the only word of both names."""
    if match.quality == "similar" and match.score < MIN_SIMILAR_SCORE:
        return False
    matched_words = sum(1 for pair in match.pairs if pair.name and pair.is_name)
    if matched_words != 1:
        return matched_words >= 2
    return _count_name_words(name) == _count_name_words(match.name) == 1


def _count_name_words(text: str) -> int:
    return sum(word.role == NAME_ROLE for word in parse_name(text).words)
