"""Duplicate candidates for a record, by names in any script and by dates.

Public people are matched by the names of the search index, people with an unpublished latest
revision by the names of that revision.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.duplicates.not_duplicates import distinct_from
from biobank.editorial.duplicates.scoring import (
    MIN_DUPLICATE_SCORE,
    ComparableRecord,
    DuplicateCandidate,
    score_facts,
    to_comparable,
)
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
from biobank.search.executor import NameMatcherCache
from biobank.store.session import Database

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
                revisions = get_latest_revisions(
                    session, unpublished_ids(session) if changed is None else changed
                )
                self._matcher.apply(
                    (
                        _index_entry(revision)
                        for revision in revisions.values()
                        if revision.state != "published"
                    ),
                    [id_ for id_ in changed or () if id_ not in revisions],
                )
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
        return sorted(candidates, key=lambda row: (-row[0].score, row[1].person_id))[
            :MAX_DUPLICATE_CANDIDATES
        ]

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
    return (
        DuplicateCandidate(candidate.id, round(score, 3), reasons, match)
        if score >= MIN_DUPLICATE_SCORE
        else None
    )


def is_whole_name_match(name: str, match: Match) -> bool:
    """Return whether a match covers a whole name: two words, or the only word of both names."""
    if match.quality == "similar" and match.score < MIN_SIMILAR_SCORE:
        return False
    matched_words = sum(1 for pair in match.pairs if pair.name and pair.is_name)
    return matched_words >= 2 or (
        matched_words == 1 and _count_name_words(name) == _count_name_words(match.name) == 1
    )


def _count_name_words(text: str) -> int:
    return sum(word.role == NAME_ROLE for word in parse_name(text).words)
