"""Whether what a table says of somebody agrees with a record, and how much that tells.

After Fellegi and Sunter (1969): a value in common adds log(m / u), m being how often two rows of
one person have it in common, u how often two people do. Where the bank knows how many have a value,
u is that share, so that a composer tells more than an Azerbaijani. The m and what a contradiction
takes off are judgements: sources give one person different professions more often than sexes.
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

#: Two people have one year of birth in common with this chance, one person's rows with the other;
#: the same day tells more than the year, though many first of Januaries are years.
BY_CHANCE, IN_COMMON = 0.015, 0.9
SAME_DAY: Final = 6.0
#: Sources often differ by a year or two, seldom by ten; more is another life.
NEAR_YEARS: Final = 2
FAR_YEARS, FAR = 10, -2.0
OTHER_LIFE: Final = -4.3
#: An id of a catalogue is given to one person; another one's makers took them for two.
SAME_ID: Final = 12.0
OTHER_ID: Final = -4.0


@dataclass(frozen=True)
class Weighed:
    """How often one person's rows agree (m), and what it takes off where they do not."""

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
#: Values that fewer have are taken to be had by so many: one of a hundred may be by chance.
LEAST_SHARE: Final = 0.01
#: What stands between several values in one cell, and how many of them are read.
PARTS_MOST: Final = 10
_BETWEEN: Final = re.compile(r"\s*[,;|]\s*")

#: By facet and value, the share of the people of the bank who have it.
Share = Callable[[str, str], float]


@dataclass(frozen=True)
class Agreement:
    """`value` is 1 where they agree, -1 where they contradict, 0 where it tells nothing."""

    pid: str
    value: int
    odds: float

    @property
    def fact(self) -> str:
        """What it is of: the year and the day of a birth are one."""
        role = self.pid.partition("_")[0]
        return role if role in ("birth", "death") else self.pid


class Told:
    """What a query says of its person, read once and compared with every candidate."""

    def __init__(self, given: Iterable[Given], labels: Labels, share: Share) -> None:
        self._labels = labels
        self._share = share
        self._read = [(one.property.id, self._understood(one)) for one in given]

    def compared(self, outline: Outline) -> list[Agreement]:
        """Every property that was given and understood, and that the record tells of.

        A birth, or a death, counts once, though its year and its day may both be given.
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
        """The ids that were given for a property; none where it was not given."""
        return tuple(
            value
            for known, values in self._read
            if known == pid
            for value in values
            if isinstance(value, str)
        )

    def spans(self, role: str) -> tuple[Span, ...]:
        """The spans that were given for a `birth` or `death`."""
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
        """Broader ones count on both sides: who is a composer is a musician as well."""
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
    """What it tells that two dates touch, the less sure of which is of so many years."""
    return max(0.0, log(IN_COMMON / min(1.0, BY_CHANCE * years)))


def _own(pid: str, outline: Outline) -> list[str]:
    """What a record says, as ids."""
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
    """An id as catalogues give it, also out of the address of its entry."""
    last = text.rstrip("/").rpartition("/")[2].strip()
    return last.upper() if scheme == "wikidata" else last
