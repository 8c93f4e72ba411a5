"""Who in the bank may be the person that somebody writes about: by names in any script, and years.

Everybody at the desk counts: those who are public by the names the search knows, those whose
newest revision is not public by the names of that revision.
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

#: Names of a form that are looked up, the first ones; namesakes of each that are compared.
NAMES_MOST: Final = 8
NAMESAKES_MOST: Final = 12
SUSPECTS_MOST: Final = 6
#: How like a name must be that is no other spelling of the one given.
SIMILAR_LEAST: Final = 0.82


@dataclass
class DraftNames:
    """The names of people whose newest revision is not public, as of the last look.

    Safe to share between threads. One who became public since stays, and is found twice as one.
    """

    _matcher: Matcher = field(default_factory=Matcher)
    _written: Written = field(default_factory=Written)
    _updating: Lock = field(default_factory=Lock)

    def matcher(self, session: Session) -> Matcher:
        """Brought up to what `session` sees; what costs is only what was written since."""
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
    """Looks for people who are there already."""

    database: Database
    names: KnownNames
    drafts: DraftNames = field(default_factory=DraftNames)

    def like(
        self, who: Identity, given: Compared, besides: Collection[str] = ()
    ) -> list[tuple[Suspect, Head]]:
        """Who may be `given`, likeliest first, at most SUSPECTS_MOST; none that are `besides`.

        Those who were said to be distinct from `given.id` are left out.
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
        """By person, how one of `names` is theirs: the best of all."""
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
        return None  # the name was changed since, or taken out
    return suspect(given, other, match)


def suspect(given: Compared, other: Compared, match: Match | None) -> Suspect | None:
    """`other` as somebody who may be `given`; None where too little speaks for it."""
    told = facts(given, other)
    if told is None:
        return None
    points, reasons = told
    score = points + (match.score if match else 0.0)
    return Suspect(other.id, round(score, 3), reasons, match) if score >= LEAST else None


def is_telling(name: str, match: Match) -> bool:
    """Whether a match is of a whole name: two words of it, or all of one that has but one."""
    if match.quality == "similar" and match.score < SIMILAR_LEAST:
        return False
    paired = sum(1 for pair in match.pairs if pair.name and pair.telling)
    return paired >= 2 or (paired == 1 and _names_in(name) == _names_in(match.name) == 1)


def _names_in(text: str) -> int:
    return sum(word.role == NAME for word in parse(text).words)
