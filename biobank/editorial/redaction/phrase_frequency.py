"""The frequency of phrases in the bank: common phrases do not identify a person."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.editorial.redaction.identifying_tokens import WordSequence, folded_words, iter_phrases
from biobank.editorial.redaction.passages import iter_texts
from biobank.records.people.models import Person
from biobank.records.reference.kinds import REFERENCE_KINDS, load_all_records

#: Number of public records sampled, enough to recognise common phrases.
MAX_SAMPLED_PEOPLE: Final = 500
#: Maximum number of records that contain a rare phrase.
MAX_RARE_RECORDS: Final = 2


def find_common_phrases(
    session: Session, excluded_ids: Collection[str], phrases: Iterable[WordSequence]
) -> set[WordSequence]:
    """Return those of `phrases` that occur in more than MAX_RARE_RECORDS records.

    Counts a sample of public records of people who are not in `excluded_ids`, and all reference
    records.
    """
    candidates = set(phrases)
    firsts, sizes = (
        {phrase[0] for phrase in candidates if phrase},
        {len(phrase) for phrase in candidates},
    )
    query = (
        select(Revision.record)
        .join(Person, (Person.id == Revision.person_id) & (Person.published == Revision.number))
        .where(Person.id.not_in(excluded_ids))
        .order_by(Person.id)
        .limit(MAX_SAMPLED_PEOPLE)
    )
    counts: Counter[WordSequence] = Counter()
    reference_records = (
        entry for kind in REFERENCE_KINDS for entry in load_all_records(session, kind).values()
    )
    for record in chain(session.scalars(query), reference_records) if candidates else ():
        counts.update(candidates & _phrases_of(record, firsts, sizes))
    return {phrase for phrase, record_count in counts.items() if record_count > MAX_RARE_RECORDS}


def _phrases_of(
    record: Mapping[str, Any], firsts: set[str], sizes: Collection[int]
) -> set[WordSequence]:
    """Return the phrases of the given sizes in texts that contain one of `firsts`."""
    phrases: set[WordSequence] = set()
    for text in iter_texts(record):
        words = folded_words(text)
        if firsts.isdisjoint(words):
            continue
        for size in sizes:
            phrases.update(iter_phrases(words, size))
    return phrases
