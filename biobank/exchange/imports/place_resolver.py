"""Resolution of places by name and identifier, and of terms by label.

The resolver is a snapshot taken when an import begins, extended by the places in the file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import cos, hypot, radians
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from biobank.common.i18n import LANGUAGES
from biobank.names.folding import fold
from biobank.names.slug import slugify, unused_id
from biobank.records.countries import COUNTRY_ALIASES, COUNTRY_CODES, country_name
from biobank.records.people.schemas import LANGUAGE_TAG_PATTERN
from biobank.records.places.models import Place
from biobank.records.vocabulary.models import Term

#: Kilometres within which two places of one name and country are the same place: catalogues put
#: the point of a city anywhere within it.
SAME_PLACE_KM = 50.0
#: Kilometres of one degree of latitude.
KM_PER_DEGREE = 111.2

Point = tuple[float, float]


@dataclass(frozen=True)
class PlaceCandidate:
    """The properties that distinguish a place from others of the same name."""

    id: str
    kind: str
    country: str | None
    point: Point | None


@dataclass(frozen=True)
class PlaceQuery:
    """A place as a file describes it: its name, and what else is known of it."""

    name: str
    country: str | None = None
    point: Point | None = None
    kind: str | None = None


@dataclass
class PlaceResolver:
    """The known places and terms; a new resolver knows none."""

    ids: set[str] = field(default_factory=set)
    by_name: dict[str, dict[str, PlaceCandidate]] = field(default_factory=dict)
    by_identifier: dict[tuple[str, str], str] = field(default_factory=dict)
    #: From vocabulary to folded ids, labels and alternative labels, and from these to term ids.
    terms: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    #: Places that the file adds, by id.
    bundled_places: dict[str, dict[str, Any]] = field(default_factory=dict)

    def find_places(self, query: PlaceQuery) -> list[PlaceCandidate]:
        """Return the matching places: none, exactly one, or all that cannot be told apart."""
        places = list(self.by_name.get(fold(query.name), {}).values())
        if query.country:
            places = [place for place in places if place.country in (query.country, None)]
        if query.point:
            distances = {place: _distance_km(place.point, query.point) for place in places if place.point}
            nearby = [place for place, kilometres in distances.items() if kilometres <= SAME_PLACE_KM]
            if nearby:
                return [min(nearby, key=lambda place: _rank_key(place, query, distances[place]))]
            places = [place for place in places if not place.point]
        return places if len(places) < 2 else _disambiguate(places, query)

    def add_place(self, query: PlaceQuery, names: list[dict[str, str]], **extra: Any) -> dict[str, Any]:
        """Add a new place and index it, so that later lines find it; return its record."""
        lat, lon = query.point or (None, None)
        record = {
            "id": unused_id(_base_id(query.name, query.country), self.ids),
            "kind": query.kind or "settlement",
            "names": names,
            "country": query.country,
            "lat": lat,
            "lon": lon,
            **extra,
        }
        record = {key: value for key, value in record.items() if value not in (None, {})}
        self.bundled_places[record["id"]] = record
        self.index_place(record)
        return record

    def index_place(self, place: Mapping[str, Any]) -> None:
        lat, lon = place.get("lat"), place.get("lon")
        point = (lat, lon) if lat is not None and lon is not None else None
        candidate = PlaceCandidate(place["id"], place["kind"], place.get("country"), point)
        self.ids.add(candidate.id)
        for name in place["names"]:
            self.by_name.setdefault(fold(name["text"]), {})[candidate.id] = candidate
        for identifier in place.get("identifiers", {}).items():
            self.by_identifier.setdefault(identifier, candidate.id)


def load_resolver(session: Session) -> PlaceResolver:
    resolver = PlaceResolver()
    for place in session.scalars(select(Place).options(selectinload(Place.names))):
        fields = {
            name: getattr(place, name) for name in ("id", "kind", "country", "lat", "lon", "identifiers")
        }
        resolver.index_place({**fields, "names": [{"text": name.text} for name in place.names]})
    for term in session.scalars(select(Term)):
        ids_by_label = resolver.terms.setdefault(term.vocabulary, {})
        for label in _term_labels(term):
            ids_by_label.setdefault(fold(label), set()).add(term.id)
    return resolver


def _term_labels(term: Term) -> Iterator[str]:
    yield term.id
    yield from term.labels.values()
    for labels in (*term.alt.values(), (term.feminine or {}).values()):
        yield from labels


def country_code(text: str) -> str | None:
    """Return the code of a country written as its code or its name in az, en or ru."""
    text = text.strip()
    if text in COUNTRY_CODES:
        return text
    folded = fold(text.replace("_", " ")).replace("saint ", "st. ")
    return _CODE_BY_NAME.get(folded) or _CODE_BY_NAME.get(folded.replace(" and ", " & "))


def _base_id(name: str, country: str | None) -> str:
    """Return the base id of an added place; later places of the same base get a numeric suffix."""
    return slugify(f"{name} {country or ''}")


def _is_import_id(candidate: PlaceCandidate, name: str) -> bool:
    """Return whether the id of a place has the form that imports generate."""
    return bool(re.fullmatch(re.escape(_base_id(name, candidate.country)) + "(-[0-9]+)?", candidate.id))


# When a file is imported again, places that were missing for its first lines exist, and each line
# must resolve to the same place as before. Hence imported places always rank after curated ones,
# and among themselves by creation order, not by distance.


def _disambiguate(candidates: list[PlaceCandidate], query: PlaceQuery) -> list[PlaceCandidate]:
    """Narrow down several places of one name where the file gives no coordinates."""
    if query.country:
        curated = [candidate for candidate in candidates if not _is_import_id(candidate, query.name)]
        if len(curated) == 1:
            return curated
        if not curated:
            return [min(candidates, key=lambda candidate: (len(candidate.id), candidate.id))]
        candidates = curated
    return [candidate for candidate in candidates if candidate.kind == query.kind] or candidates


def _rank_key(
    candidate: PlaceCandidate, query: PlaceQuery, kilometres: float
) -> tuple[bool, float, int, str]:
    """Rank curated places first, by distance; then imported ones, in creation order."""
    imported = _is_import_id(candidate, query.name)
    return imported, 0 if imported else kilometres, len(candidate.id), candidate.id


def _distance_km(start: Point, end: Point) -> float:
    """Return the kilometres between two points; accurate up to a few hundred kilometres."""
    lon = (start[1] - end[1] + 180) % 360 - 180
    return hypot(start[0] - end[0], lon * cos(radians(end[0]))) * KM_PER_DEGREE


_CODE_BY_NAME = {
    **{fold(country_name(code, lang)): code for code in COUNTRY_CODES for lang in LANGUAGES},
    **COUNTRY_ALIASES,
}


NameEntry = dict[str, Any]

#: Limit of names in one record, as in its schema.
MAX_RECORD_NAMES = 200
#: Language and script for codes that other catalogues use.
LANGUAGE_CODE_ALIASES = {
    "azb": ("az", "Arab"),
    "sr-ec": ("sr", "Cyrl"),
    "sr-el": ("sr", "Latn"),
    "simple": ("en", None),
}
#: Languages written in Arabic script; their names always state the script.
ARABIC_SCRIPT_LANGUAGES = frozenset(("ar", "fa", "ur", "ps", "ckb", "arz"))


def parse_language_code(code: str) -> tuple[str, str | None]:
    """Return the language and script of a code: `az-arab` is az in Arab; `und` if it is invalid."""
    code = code.strip().lower().replace("_", "-")
    if code in LANGUAGE_CODE_ALIASES:
        return LANGUAGE_CODE_ALIASES[code]
    primary, _, subtag = code.partition("-")
    if len(subtag) == 4 and subtag.isalpha():
        return (primary, subtag.title()) if LANGUAGE_TAG_PATTERN.match(primary) else ("und", subtag.title())
    for tag in (code, primary):
        if LANGUAGE_TAG_PATTERN.match(tag):
            return tag, "Arab" if primary in ARABIC_SCRIPT_LANGUAGES else None
    return "und", None


def make_name(text: str, code: str, kind: str) -> NameEntry:
    lang, script = parse_language_code(code)
    entry = {"text": text, "lang": lang, "kind": kind}
    return {**entry, "script": script} if script else entry


def to_direct_order(text: str) -> str:
    """Convert `Hacıbəyov, Üzeyir` to `Üzeyir Hacıbəyov`; other texts are returned unchanged."""
    surname, _, given_names = text.partition(", ")
    is_inverted = given_names and "," not in given_names
    return f"{given_names.strip()} {surname.strip()}" if is_inverted else text


def deduplicate_names(names: Iterable[NameEntry]) -> list[NameEntry]:
    """Keep one preferred name a language, make the others variants, and drop repeated spellings.

    Catalogues repeat the same spelling for dozens of languages; a repeated spelling is dropped
    unless it is the preferred name in a language of the bank.
    """
    result: list[NameEntry] = []
    preferred: set[str] = set()
    texts: set[str] = set()
    for entry in sorted(names, key=_sort_key):
        if entry["kind"] == "preferred" and entry["lang"] in preferred:
            entry = {**entry, "kind": "variant"}
        is_required = entry["kind"] == "preferred" and entry["lang"] in LANGUAGES
        if is_required or entry["text"] not in texts:
            result.append(entry)
            texts.add(entry["text"])
            if entry["kind"] == "preferred":
                preferred.add(entry["lang"])
    return result


def _sort_key(entry: NameEntry) -> tuple[bool, bool]:
    """Sort preferred names first, and among them those in languages of the bank."""
    return entry["kind"] != "preferred", entry["lang"] not in LANGUAGES
