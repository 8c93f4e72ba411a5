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

from biobank.exchange.reconciliation.properties import IDENTIFIER_SCHEMES, DateSpan, parse_span
from biobank.exchange.reconciliation.query_parser import PropertyConstraint, PropertyValue
from biobank.records.catalogue import Catalogue
from biobank.records.people.summaries import PersonSummary
from biobank.search.language.label_index import LabelIndex

#: Probability that two people share a year of birth, and that two rows of one person do. The same
#: day is stronger evidence, although many dates of 1 January are really years.
YEAR_CHANCE_PROBABILITY, YEAR_AGREEMENT_PROBABILITY = 0.015, 0.9
SAME_DAY_LOG_ODDS: Final = 6.0
#: Sources often differ by one or two years but rarely by ten; more means another person.
MAX_YEARS_TOLERATED: Final = 2
MAX_YEARS_DOUBTFUL, DOUBTFUL_YEARS_LOG_ODDS = 10, -2.0
OTHER_LIFE_LOG_ODDS: Final = -4.3
#: A catalogue id belongs to one person; a different one means that its editors saw two people.
SAME_ID_LOG_ODDS: Final = 12.0
OTHER_ID_LOG_ODDS: Final = -4.0


@dataclass(frozen=True)
class AgreementWeights:
    """Probability that rows of one person agree (m), and the log odds of a contradiction."""

    agreement_probability: float
    contradiction_log_odds: float


PROPERTY_WEIGHTS: Final[Mapping[str, AgreementWeights]] = {
    "gender": AgreementWeights(0.98, -4.0),
    "profession": AgreementWeights(0.7, -1.1),
    "country": AgreementWeights(0.8, -0.7),
    "birthplace": AgreementWeights(0.85, -1.2),
    "deathplace": AgreementWeights(0.85, -1.2),
    "organisation": AgreementWeights(0.6, 0.0),
}
#: Minimum share of a value: rarer ones count as this common, since one in a hundred is chance.
MIN_SHARE: Final = 0.01
#: Maximum number of values read from one cell, and the separator between them.
MAX_CELL_VALUES: Final = 10
_CELL_SEPARATOR: Final = re.compile(r"[,;|]")

#: Function from facet and value to the share of people in the bank who have it.
ShareFunction = Callable[[str, str], float]


@dataclass(frozen=True)
class Agreement:
    """The comparison of one property: `value` is 1 if it agrees, -1 if it contradicts, else 0."""

    property_id: str
    value: int
    log_odds: float

    @property
    def fact(self) -> str:
        """Return the fact that the property is about: year and day of a birth are one fact."""
        role = self.property_id.partition("_")[0]
        return role if role in ("birth", "death") else self.property_id


class Claims:
    """The facts that a query states about a person, to compare with every candidate."""

    def __init__(
        self, constraints: Iterable[PropertyConstraint], labels: LabelIndex, share: ShareFunction
    ) -> None:
        self._labels = labels
        self._share_of = share
        self._claims = [
            (constraint.property.id, self._parse_values(constraint)) for constraint in constraints
        ]

    def compare(self, outline: PersonSummary) -> list[Agreement]:
        """Compare every property that was understood and that the record has.

        A birth or death counts once, even if both its year and its day are given.
        """
        results = [
            self._compare(property_id, values, outline) for property_id, values in self._claims if values
        ]
        agreements = [agreement for agreement in results if agreement is not None]
        strongest: dict[str, float] = {}
        for agreement in agreements:
            strongest[agreement.fact] = max(strongest.get(agreement.fact, 0.0), abs(agreement.log_odds))
        for index, agreement in enumerate(agreements):
            if abs(agreement.log_odds) < strongest[agreement.fact] or agreement.fact in {
                earlier.fact for earlier in agreements[:index]
            }:
                agreements[index] = replace(agreement, log_odds=0.0)
        return agreements

    def ids(self, property_id: str) -> tuple[str, ...]:
        """Return the ids given for a property; empty if it was not given."""
        return tuple(
            value
            for claimed_id, values in self._claims
            if claimed_id == property_id
            for value in values
            if isinstance(value, str)
        )

    def spans(self, role: str) -> tuple[DateSpan, ...]:
        """Return the spans given for a `birth` or `death`."""
        return tuple(
            value
            for claimed_id, values in self._claims
            if claimed_id.startswith(role)
            for value in values
            if isinstance(value, DateSpan)
        )

    def _parse_values(self, constraint: PropertyConstraint) -> tuple[str | DateSpan, ...]:
        property_id = constraint.property.id
        if property_id.endswith(("_date", "_year")):
            spans = (parse_span(value.text) for value in constraint.values)
            return tuple(span for span in spans if span)
        if property_id in IDENTIFIER_SCHEMES:
            return tuple(_catalogue_id(property_id, value.ref or value.text) for value in constraint.values)
        return tuple(dict.fromkeys(self._find_ids(property_id, constraint.values)))

    def _find_ids(self, property_id: str, values: Iterable[PropertyValue]) -> Iterator[str]:
        for value in values:
            if value.ref:
                yield from self._labels.find(property_id, value.ref.rpartition("/")[2])
            elif ids := self._labels.find(property_id, value.text):
                yield from ids
            else:
                for part in map(
                    str.strip, _CELL_SEPARATOR.split(value.text, MAX_CELL_VALUES)[:MAX_CELL_VALUES]
                ):
                    yield from self._labels.find(property_id, part) if part else ()

    def _compare(
        self, property_id: str, values: tuple[str | DateSpan, ...], outline: PersonSummary
    ) -> Agreement | None:
        if property_id.endswith(("_date", "_year")):
            date = outline.dates.get(property_id.partition("_")[0])
            own_span = parse_span(date) if date else None
            spans = [value for value in values if isinstance(value, DateSpan)]
            return (
                max((_compare_spans(property_id, span, own_span) for span in spans), key=_log_odds)
                if own_span
                else None
            )
        ids = [value for value in values if isinstance(value, str)]
        if property_id in IDENTIFIER_SCHEMES:
            own_id = outline.identifiers.get(property_id)
            is_same = own_id in ids
            return (
                Agreement(property_id, *((1, SAME_ID_LOG_ODDS) if is_same else (-1, OTHER_ID_LOG_ODDS)))
                if own_id
                else None
            )
        return self._compare_ids(property_id, ids, _record_ids(property_id, outline))

    def _compare_ids(self, property_id: str, ids: Iterable[str], own_ids: Iterable[str]) -> Agreement | None:
        """Compare ids; broader terms count on both sides, so a composer is also a musician."""
        record_ids = set(own_ids)
        if not record_ids:
            return None
        catalogue = self._labels.catalogue
        broader_ids = _with_broader(catalogue, property_id, record_ids)
        common_ids = [
            id_
            for id_ in ids
            if id_ in broader_ids or _with_broader(catalogue, property_id, [id_]) & record_ids
        ]
        weights = PROPERTY_WEIGHTS[property_id]
        if not common_ids:
            return Agreement(
                property_id, -1 if weights.contradiction_log_odds else 0, weights.contradiction_log_odds
            )
        share = min(max(MIN_SHARE, self._share_of(property_id, id_)) for id_ in common_ids)
        return Agreement(property_id, 1, max(0.0, log(weights.agreement_probability / share)))


def _log_odds(agreement: Agreement) -> float:
    return agreement.log_odds


def _compare_spans(property_id: str, claimed: DateSpan, recorded: DateSpan) -> Agreement:
    gap = claimed.years_between(recorded)
    if claimed.is_day and claimed == recorded:
        return Agreement(property_id, 1, SAME_DAY_LOG_ODDS)
    if gap == 0:
        return Agreement(property_id, 1, _touching_log_odds(max(claimed.width, recorded.width)))
    if gap <= MAX_YEARS_TOLERATED:
        return Agreement(property_id, 0, 0.0)
    return Agreement(
        property_id, -1, DOUBTFUL_YEARS_LOG_ODDS if gap <= MAX_YEARS_DOUBTFUL else OTHER_LIFE_LOG_ODDS
    )


def _touching_log_odds(years: float) -> float:
    """Return the log odds of two touching dates, the vaguer of which spans so many years."""
    return max(0.0, log(YEAR_AGREEMENT_PROBABILITY / min(1.0, YEAR_CHANCE_PROBABILITY * years)))


def _record_ids(property_id: str, outline: PersonSummary) -> list[str]:
    place_roles = {"birthplace": "birth", "deathplace": "death"}
    if property_id in place_roles:
        return (
            [outline.places[place_roles[property_id]]] if place_roles[property_id] in outline.places else []
        )
    return {
        "gender": [outline.gender] if outline.gender else [],
        "profession": outline.professions,
        "country": outline.countries,
        "organisation": outline.organisations,
    }[property_id]


def _with_broader(catalogue: Catalogue, property_id: str, ids: Iterable[str]) -> set[str]:
    if property_id == "profession":
        return set(catalogue.broader_terms("profession", ids))
    if property_id in ("birthplace", "deathplace"):
        return set(catalogue.broader_places(ids))
    return set(ids)


def _catalogue_id(scheme: str, text: str) -> str:
    """Return a catalogue id, also from the URL of its entry."""
    last = text.rstrip("/").rpartition("/")[2].strip()
    return last.upper() if scheme == "wikidata" else last
