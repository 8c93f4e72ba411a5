"""Autocomplete of places, organisations and vocabulary terms from the catalogue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rapidfuzz import fuzz, process

from biobank.names.alphabet import sort_key
from biobank.names.folding import fold
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.date_words import date_in_words
from biobank.records.dates import DateError

CHOICES_MOST: Final = 8
#: Minimum input length, in characters, for matches within words; minimum ratio (0 to 100) of a
#: typo.
WITHIN_LEAST, SLIP_LEAST = 3, 78
#: The rank of a spelling that does not match.
_NONE: Final = 9


@dataclass(frozen=True)
class Choice:
    """A suggestion. `about` distinguishes namesakes, in the language of the reader.

    `kind` is the kind of a place or an organisation; `state` is set for people who are not public.
    """

    id: str
    label: str
    about: tuple[str, ...] = ()
    kind: str = ""
    state: str = ""


#: The searchable spellings by id.
Spelt = Mapping[str, tuple[str, ...]]


@dataclass
class Reference:
    """The spellings of one catalogue, computed per kind on first use."""

    catalogue: Catalogue
    _spelt: dict[str, Spelt] = field(default_factory=dict)

    def find(self, kind: str, text: str, lang: str) -> list[Choice]:
        if kind not in self._spelt:
            self._spelt[kind] = {id_: tuple(names) for id_, names in _named(self.catalogue, kind)}
        found = _ranked(text, self._spelt[kind], lang, self.catalogue, kind)
        return [_choice(self.catalogue, kind, id_, spelling, lang) for id_, spelling in found]


def _named(catalogue: Catalogue, kind: str) -> Iterator[tuple[str, Iterator[str]]]:
    if kind in ("place", "organisation"):
        records = catalogue.places if kind == "place" else catalogue.organisations
        for id_, record in records.items():
            yield id_, (str(name["text"]) for name in record["names"])
        return
    for key, term in catalogue.terms.items():
        vocabulary, _, id_ = key.partition("/")
        if vocabulary == kind:
            others = (word for words in term.get("alt", {}).values() for word in words)
            yield id_, (str(word) for word in (*term["labels"].values(), *others))


def _ranked(
    text: str, spelt: Spelt, lang: str, catalogue: Catalogue, kind: str
) -> list[tuple[str, str]]:
    """Return ids with the best matching spelling, best first.

    The order is: exact, prefix, word prefix and substring matches.
    """
    typed = fold(text)
    found: dict[str, tuple[int, str]] = {}
    for id_, spellings in spelt.items():
        label = _label(catalogue, kind, id_, lang)
        # The label comes first, so that it wins among equally good spellings.
        ranks = [(_rank(typed, fold(spelling)), spelling) for spelling in (label, *spellings)]
        nearest = (0, label) if id_ == text else min(ranks, key=lambda one: one[0])
        if nearest[0] < _NONE:
            found[id_] = nearest
    if not found:
        return _slips(typed, spelt)
    order = sorted(
        found.items(),
        key=lambda one: (one[1][0], sort_key(_label(catalogue, kind, one[0], lang)), one[0]),
    )
    return [(id_, spelling) for id_, (_, spelling) in order[:CHOICES_MOST]]


def _rank(typed: str, spelling: str) -> int:
    """Return the rank of a spelling (lower is better), or _NO_MATCH."""
    if spelling == typed:
        return 1
    if spelling.startswith(typed):
        return 2
    if f" {typed}" in spelling:
        return 3
    return 4 if len(typed) >= WITHIN_LEAST and typed in spelling else _NONE


def _slips(typed: str, spelt: Spelt) -> list[tuple[str, str]]:
    """Return ids with similar spellings, as a fallback for typos."""
    by_number = [(id_, spelling) for id_, all_of in spelt.items() for spelling in all_of]
    near = process.extract(
        typed,
        [fold(spelling) for _, spelling in by_number],
        scorer=fuzz.ratio,
        score_cutoff=SLIP_LEAST,
        limit=4 * CHOICES_MOST,
    )
    found: dict[str, str] = {}
    for _, _, number in near:
        found.setdefault(*by_number[number])
    return list(found.items())[:CHOICES_MOST]


def _label(catalogue: Catalogue, kind: str, id_: str, lang: str) -> str:
    if kind == "place":
        return catalogue.place_name(id_, lang)
    if kind == "organisation":
        return catalogue.organisation_name(id_, lang)
    return catalogue.term_label(kind, id_, lang)


def _choice(catalogue: Catalogue, kind: str, id_: str, spelling: str, lang: str) -> Choice:
    label = _label(catalogue, kind, id_, lang)
    other = "" if fold(spelling) in fold(label) else spelling
    if kind == "place":
        return _place(catalogue, id_, label, other, lang)
    if kind == "organisation":
        record = catalogue.organisations[id_]
        years = _years(record.get("founded"), record.get("dissolved"), lang)
        return Choice(id_, label, told(other, years), kind=record["kind"])
    broader = catalogue.terms[f"{kind}/{id_}"].get("broader", ())
    above = ", ".join(catalogue.term_label(kind, each, lang) for each in broader)
    return Choice(id_, label, told(other, above))


def _place(catalogue: Catalogue, id_: str, label: str, other: str, lang: str) -> Choice:
    record: Mapping[str, Any] = catalogue.places[id_]
    broader = record.get("broader")
    within = catalogue.place_name(broader, lang) if broader else ""
    country = country_name(record["country"], lang) if "country" in record else ""
    about = dict.fromkeys(told(other, within, country))
    return Choice(id_, label, tuple(it for it in about if it != label), kind=record["kind"])


def _years(founded: str | None, dissolved: str | None, lang: str) -> str:
    """Return the years of foundation and dissolution of an organisation."""
    try:
        begun, ended = (date_in_words(date, lang) if date else "" for date in (founded, dissolved))
    except DateError:
        return ""
    return f"{begun}–{ended}" if ended else begun


def told(*parts: str) -> tuple[str, ...]:
    """Return the arguments that are not empty."""
    return tuple(part for part in parts if part)
