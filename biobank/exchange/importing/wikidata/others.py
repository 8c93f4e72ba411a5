"""Entities of a Wikidata file beside people: the places and works that they refer to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from biobank.exchange.importing.names import of_language
from biobank.exchange.importing.wikidata.statements import (
    best,
    items,
    strings,
    texts_by_language,
)
from biobank.exchange.importing.wikidata.tables import COUNTRIES, HUMAN
from biobank.i18n import LANGUAGES
from biobank.records.countries import COUNTRIES as CODES

#: Limit of such entities in memory, about 500 bytes each.
HELD_MOST = 200_000
LABELS_MOST = 20


@dataclass(frozen=True)
class Other:
    """An entity that is not a person: its labels and its location."""

    labels: Mapping[str, str]
    country: str | None
    point: tuple[float, float] | None
    identifiers: Mapping[str, str]

    @property
    def title(self) -> str:
        found = [self.labels[lang] for lang in ("en", *LANGUAGES) if lang in self.labels]
        return found[0] if found else next(iter(self.labels.values()), "")


@dataclass
class Others:
    """Entities by id; `referenced` are those that a person refers to."""

    by_id: dict[str, Other] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def learn(self, entity: Any) -> None:
        id_ = entity.get("id") if isinstance(entity, Mapping) else None
        if isinstance(id_, str) and len(self.by_id) < HELD_MOST and not is_human(entity):
            self.by_id[id_] = _other(id_, entity)

    def get(self, id_: str) -> Other | None:
        """Return an entity and mark it as referenced; None if the file lacks it."""
        self.used.add(id_)
        return self.by_id.get(id_)


def is_human(entity: Mapping[str, Any]) -> bool:
    return HUMAN in items(best(entity, "P31"))


def _other(id_: str, entity: Mapping[str, Any]) -> Other:
    labels = dict(list(texts_by_language(entity, "labels"))[: LABELS_MOST * 20])
    wanted = [lang for lang in (*LANGUAGES, *labels) if lang in labels]
    kept = {lang: labels[lang][:200] for lang in list(dict.fromkeys(wanted))[:LABELS_MOST]}
    geonames = list(strings(best(entity, "P1566")))
    identifiers = {"wikidata": id_, **({"geonames": geonames[0]} if geonames else {})}
    return Other(kept, _country(entity), _point(entity), identifiers)


def _country(entity: Mapping[str, Any]) -> str | None:
    """Return the present-day country of a place, or the country that it is."""
    for code in strings(best(entity, "P297")):
        if code in CODES:
            return code
    codes = [COUNTRIES[item] for item in items(best(entity, "P17")) if item in COUNTRIES]
    return codes[0] if codes else None


def _point(entity: Mapping[str, Any]) -> tuple[float, float] | None:
    for statement in best(entity, "P625"):
        value = statement.value if isinstance(statement.value, Mapping) else {}
        lat, lon = value.get("latitude"), value.get("longitude")
        if not isinstance(lat, int | float) or not isinstance(lon, int | float):
            continue
        if -90 <= lat <= 90 and -180 <= lon <= 180:
            return float(lat), float(lon)
    return None


def place_names(other: Other) -> list[dict[str, str]]:
    """Return the labels as names of a place."""
    names: dict[str, str] = {}
    for lang, text in other.labels.items():
        names.setdefault(of_language(lang)[0], text)
    return [{"text": text, "lang": lang} for lang, text in names.items()]
