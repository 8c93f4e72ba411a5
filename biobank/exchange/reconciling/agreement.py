"""Agreement between the facts of a query and a record, and its weight as evidence.

After Fellegi and Sunter (1969): a common value adds log(m / u), where m is the probability that two
rows of one person share a value, and u that two people do. If the bank knows how many people have a
value, u is that share, so a composer is stronger evidence than an Azerbaijani. The values of m and
the penalties of contradictions are estimates: sources disagree more often about professions than
about gender.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import log
from typing import Final

from biobank.exchange.reconciling.asking import Given, Value
from biobank.exchange.reconciling.properties import SCHEMES
from biobank.exchange.reconciling.spans import Span, span_of
from biobank.records.catalogue import Catalogue
from biobank.records.people.outlines import Outline
from biobank.search.language.values import Labels

#: Probability that two people share a year of birth, and that two rows of one person do. The same
#: day is stronger evidence, although many dates of 1 January are really years.
BY_CHANCE, IN_COMMON = 0.015, 0.9
SAME_DAY: Final = 6.0
#: Sources often differ by one or two years but rarely by ten; more means another person.
NEAR_YEARS: Final = 2
FAR_YEARS, FAR = 10, -2.0
OTHER_LIFE: Final = -4.3
#: A catalogue id belongs to one person; a different one means that its editors saw two people.
SAME_ID: Final = 12.0
OTHER_ID: Final = -4.0


@dataclass(frozen=True)
class Weighed:
    """Probability that rows of one person agree (m), and the log odds of a contradiction."""

    agrees: float
    otherwise: float


WEIGHED: Final[Mapping[str, Weighed]] = {
    "gender": Weighed(0.98, -4.0),
    "profession": Weighed(0.7, -1.1),
    "country": Weighed(0.8, -0.7),
    "birthplace": Weighed(0.85, -1.2),
    "deathplace": Weighed(0.85, -1.2),
    "organisation": Weighed(0.6, 0.0),
}
#: Minimum share of a value: rarer ones count as this common, since one in a hundred is chance.
LEAST_SHARE: Final = 0.01
#: Maximum number of values read from one cell, and the separator between them.
PARTS_MOST: Final = 10
_BETWEEN: Final = re.compile(r"\s*[,;|]\s*")

#: Function from facet and value to the share of people in the bank who have it.
Share = Callable[[str, str], float]


@dataclass(frozen=True)
class Agreement:
    """The comparison of one property: `value` is 1 if it agrees, -1 if it contradicts, else 0."""

    pid: str
    value: int
    odds: float

    @property
    def fact(self) -> str:
        """Return the fact that the property is about: year and day of a birth are one fact."""
        role = self.pid.partition("_")[0]
        return role if role in ("birth", "death") else self.pid


class Told:
    """The facts that a query states about a person, to compare with every candidate."""

    def __init__(self, given: Iterable[Given], labels: Labels, share: Share) -> None:
        self._labels = labels
        self._share = share
        self._read = [(one.property.id, self._understood(one)) for one in given]

    def compared(self, outline: Outline) -> list[Agreement]:
        """Compare every property that was understood and that the record has.

        A birth or death counts once, even if both its year and its day are given.
        """
        found = [self._compare(pid, values, outline) for pid, values in self._read if values]
        told = [one for one in found if one is not None]
        most: dict[str, float] = {}
        for one in told:
            most[one.fact] = max(most.get(one.fact, 0.0), abs(one.odds))
        for at, one in enumerate(told):
            if abs(one.odds) < most[one.fact] or one.fact in {each.fact for each in told[:at]}:
                told[at] = replace(one, odds=0.0)
        return told

    def ids(self, pid: str) -> tuple[str, ...]:
        """Return the ids given for a property; empty if it was not given."""
        return tuple(
            value
            for known, values in self._read
            if known == pid
            for value in values
            if isinstance(value, str)
        )

    def spans(self, role: str) -> tuple[Span, ...]:
        """Return the spans given for a `birth` or `death`."""
        return tuple(
            value
            for known, values in self._read
            if known.startswith(role)
            for value in values
            if isinstance(value, Span)
        )

    def _understood(self, given: Given) -> tuple[str | Span, ...]:
        pid = given.property.id
        if pid.endswith(("_date", "_year")):
            spans = (span_of(value.text) for value in given.values)
            return tuple(span for span in spans if span)
        if pid in SCHEMES:
            return tuple(_catalogue_id(pid, value.ref or value.text) for value in given.values)
        return tuple(dict.fromkeys(self._ids(pid, given.values)))

    def _ids(self, pid: str, values: Iterable[Value]) -> Iterator[str]:
        for value in values:
            if value.ref:
                yield from self._labels.find(pid, value.ref.rpartition("/")[2])
            elif found := self._labels.find(pid, value.text):
                yield from found
            else:
                for part in _BETWEEN.split(value.text)[:PARTS_MOST]:
                    yield from self._labels.find(pid, part) if part else ()

    def _compare(
        self, pid: str, values: tuple[str | Span, ...], outline: Outline
    ) -> Agreement | None:
        if pid.endswith(("_date", "_year")):
            date = outline.dates.get(pid.partition("_")[0])
            own = span_of(date) if date else None
            spans = [value for value in values if isinstance(value, Span)]
            return max((_of_spans(pid, span, own) for span in spans), key=_odds) if own else None
        ids = [value for value in values if isinstance(value, str)]
        if pid in SCHEMES:
            own_id = outline.identifiers.get(pid)
            same = own_id in ids
            return Agreement(pid, *((1, SAME_ID) if same else (-1, OTHER_ID))) if own_id else None
        return self._of_ids(pid, ids, _own(pid, outline))

    def _of_ids(self, pid: str, ids: Iterable[str], own: Iterable[str]) -> Agreement | None:
        """Compare ids; broader terms count on both sides, so a composer is also a musician."""
        theirs = set(own)
        if not theirs:
            return None
        catalogue = self._labels.catalogue
        wide = _widened(catalogue, pid, theirs)
        common = [one for one in ids if one in wide or _widened(catalogue, pid, [one]) & theirs]
        weighed = WEIGHED[pid]
        if not common:
            return Agreement(pid, -1 if weighed.otherwise else 0, weighed.otherwise)
        share = min(max(LEAST_SHARE, self._share(pid, one)) for one in common)
        return Agreement(pid, 1, max(0.0, log(weighed.agrees / share)))


def _odds(agreement: Agreement) -> float:
    return agreement.odds


def _of_spans(pid: str, asked: Span, own: Span) -> Agreement:
    gap = asked.years_from(own)
    if asked.is_day and asked == own:
        return Agreement(pid, 1, SAME_DAY)
    if gap == 0:
        return Agreement(pid, 1, _in_common(max(asked.width, own.width)))
    if gap <= NEAR_YEARS:
        return Agreement(pid, 0, 0.0)
    return Agreement(pid, -1, FAR if gap <= FAR_YEARS else OTHER_LIFE)


def _in_common(years: float) -> float:
    """Return the log odds of two touching dates, the vaguer of which spans so many years."""
    return max(0.0, log(IN_COMMON / min(1.0, BY_CHANCE * years)))


def _own(pid: str, outline: Outline) -> list[str]:
    """Return the values of a record as ids."""
    places = {"birthplace": "birth", "deathplace": "death"}
    if pid in places:
        return [outline.places[places[pid]]] if places[pid] in outline.places else []
    return {
        "gender": [outline.gender] if outline.gender else [],
        "profession": outline.professions,
        "country": outline.countries,
        "organisation": outline.organisations,
    }[pid]


def _widened(catalogue: Catalogue, pid: str, ids: Iterable[str]) -> set[str]:
    if pid == "profession":
        return set(catalogue.broader_terms("profession", ids))
    if pid in ("birthplace", "deathplace"):
        return set(catalogue.broader_places(ids))
    return set(ids)


def _catalogue_id(scheme: str, text: str) -> str:
    """Return a catalogue id, also from the URL of its entry."""
    last = text.rstrip("/").rpartition("/")[2].strip()
    return last.upper() if scheme == "wikidata" else last
