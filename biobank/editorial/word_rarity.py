"""The frequency of phrases in the bank: common phrases do not identify a person."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.editorial.redacted_words import texts
from biobank.editorial.word_signs import Run, folded, in_a_row
from biobank.records.people.models import Person
from biobank.records.reference.kinds import KINDS, all_records

#: Number of public records sampled, enough to recognise common phrases.
PEOPLE_MOST: Final = 500
#: Maximum number of records that contain a rare phrase.
FEW: Final = 2


def common(session: Session, kin: Collection[str], runs: Iterable[Run]) -> set[Run]:
    """Return those of `phrases` that occur in more than MAX_RARE_RECORDS records.

    Counts a sample of public records of people who are not in `excluded_ids`, and all reference
    records.
    """
    sought = set(runs)
    firsts, sizes = {run[0] for run in sought if run}, {len(run) for run in sought}
    query = (
        select(Revision.record)
        .join(Person, (Person.id == Revision.person_id) & (Person.published == Revision.number))
        .where(Person.id.not_in(kin))
        .order_by(Person.id)
        .limit(PEOPLE_MOST)
    )
    said: Counter[Run] = Counter()
    told = (it for kind in KINDS for it in all_records(session, kind).values())
    for record in chain(session.scalars(query), told) if sought else ():
        said.update(sought & _runs_of(record, firsts, sizes))
    return {run for run, records in said.items() if records > FEW}


def _runs_of(record: Mapping[str, Any], firsts: set[str], sizes: Collection[int]) -> set[Run]:
    """Return the phrases of the given sizes in texts that contain one of `firsts`."""
    found: set[Run] = set()
    for text in texts(record):
        words = folded(text)
        if firsts.isdisjoint(words):
            continue
        for size in sizes:
            found.update(in_a_row(words, size))
    return found
