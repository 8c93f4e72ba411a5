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
from biobank.editorial.distinct import distinct_from
from biobank.editorial.heads import Head, Written, heads, unpublished
from biobank.editorial.sameness import LEAST, Compared, Suspect, compared, facts
from biobank.names.index import Person
from biobank.names.matcher import Matcher
from biobank.names.matches import Match
from biobank.names.structure import NAME, parse
from biobank.search.known_names import KnownNames
from biobank.store.session import Database

#: Maximum number of names of a record that are looked up, and of matches compared per name.
NAMES_MOST: Final = 8
NAMESAKES_MOST: Final = 12
SUSPECTS_MOST: Final = 6
#: Minimum score (0 to 1) of a match that is not another spelling of the same name.
SIMILAR_LEAST: Final = 0.82


@dataclass
class DraftNames:
    """A name index of people whose latest revision is not public, updated on demand.

    Safe to share between threads. People published since stay in the index; callers merge
    duplicates by id.
    """

    _matcher: Matcher = field(default_factory=Matcher)
    _written: Written = field(default_factory=Written)
    _updating: Lock = field(default_factory=Lock)

    def matcher(self, session: Session) -> Matcher:
        """Return the matcher, updated with the revisions written since the last call."""
        with self._updating:
            changed, written = self._written.since(session)
            if changed is None or changed:
                current = heads(session, unpublished(session) if changed is None else changed)
                self._matcher.apply(
                    (_bearer(head) for head in current.values() if head.state != "published"),
                    [id_ for id_ in changed or () if id_ not in current],
                )
            self._written = written
        return self._matcher


def _bearer(head: Head) -> Person:
    return head.person_id, [name["text"] for name in head.record["names"]], 0


@dataclass(frozen=True)
class Duplicates:
    """Finds existing people who may be the same as a given record."""

    database: Database
    names: KnownNames
    drafts: DraftNames = field(default_factory=DraftNames)

    def like(
        self, who: Identity, given: Compared, besides: Collection[str] = ()
    ) -> list[tuple[Suspect, Head]]:
        """Return the candidates for `subject`, best first, without the ids in `excluding`.

        At most MAX_DUPLICATE_CANDIDATES. People marked as distinct from `subject.id` are left out.
        """
        require(who, Action.SEE_DESK)
        with self.database.read() as session:
            matches = self._namesakes(session, given.names[:NAMES_MOST])
            out = {given.id, *besides}
            if given.id:
                out |= distinct_from(session, given.id)
            found = heads(session, [id_ for id_ in matches if id_ not in out])
        suspects = [
            (suspect, head)
            for id_, head in found.items()
            if (suspect := _suspect(given, head, matches[id_]))
        ]
        return sorted(suspects, key=lambda one: (-one[0].score, one[1].person_id))[:SUSPECTS_MOST]

    def _namesakes(self, session: Session, names: Sequence[str]) -> dict[str, Match]:
        """Return the best match of any of `names` by person."""
        best: dict[str, Match] = {}
        for matcher in (self.names.matcher(), self.drafts.matcher(session)):
            for name in names:
                for match in matcher.find(name, NAMESAKES_MOST):
                    known = best.get(match.person_id)
                    if is_telling(name, match) and (not known or match.score > known.score):
                        best[match.person_id] = match
        return best


def _suspect(given: Compared, head: Head, match: Match) -> Suspect | None:
    other = compared(head.record, head.person_id)
    if match.name not in other.names:
        return None  # the name was changed or removed since
    return suspect(given, other, match)


def suspect(given: Compared, other: Compared, match: Match | None) -> Suspect | None:
    """Return the scored candidate, or None if the evidence is too weak."""
    told = facts(given, other)
    if told is None:
        return None
    points, reasons = told
    score = points + (match.score if match else 0.0)
    return Suspect(other.id, round(score, 3), reasons, match) if score >= LEAST else None


def is_telling(name: str, match: Match) -> bool:
    """Return whether a match covers a whole name: two words, or the only word of both names."""
    if match.quality == "similar" and match.score < SIMILAR_LEAST:
        return False
    paired = sum(1 for pair in match.pairs if pair.name and pair.telling)
    return paired >= 2 or (paired == 1 and _names_in(name) == _names_in(match.name) == 1)


def _names_in(text: str) -> int:
    return sum(word.role == NAME for word in parse(text).words)
