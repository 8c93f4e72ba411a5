"""Entities of a Wikidata file beside people: the places and works that they refer to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from biobank.common.i18n import LANGUAGES
from biobank.exchange.imports.place_resolver import parse_language_code
from biobank.exchange.imports.wikidata.item_tables import COUNTRY_BY_ITEM, HUMAN_ITEM
from biobank.exchange.imports.wikidata.statements import (
    best_statements,
    item_ids,
    string_values,
    texts_by_language,
)
from biobank.records.countries import COUNTRY_CODES

#: Limit of such entities in memory, about 500 bytes each.
MAX_INDEXED_ENTITIES = 200_000
MAX_ENTITY_LABELS = 20


@dataclass(frozen=True)
class RelatedEntity:
    """An entity that is not a person: its labels and its location."""

    labels: Mapping[str, str]
    country: str | None
    point: tuple[float, float] | None
    identifiers: Mapping[str, str]

    @property
    def title(self) -> str:
        preferred = [self.labels[lang] for lang in ("en", *LANGUAGES) if lang in self.labels]
        return preferred[0] if preferred else next(iter(self.labels.values()), "")


@dataclass
class RelatedEntities:
    """Entities by id; `referenced` are those that a person refers to."""

    by_id: dict[str, RelatedEntity] = field(default_factory=dict)
    referenced: set[str] = field(default_factory=set)

    def add(self, entity: Any) -> None:
        id_ = entity.get("id") if isinstance(entity, Mapping) else None
        if isinstance(id_, str) and len(self.by_id) < MAX_INDEXED_ENTITIES and not is_human(entity):
            self.by_id[id_] = _to_entity(id_, entity)

    def get(self, id_: str) -> RelatedEntity | None:
        """Return an entity and mark it as referenced; None if the file lacks it."""
        self.referenced.add(id_)
        return self.by_id.get(id_)


def is_human(entity: Mapping[str, Any]) -> bool:
    return HUMAN_ITEM in item_ids(best_statements(entity, "P31"))


def _to_entity(id_: str, entity: Mapping[str, Any]) -> RelatedEntity:
    labels = dict(list(texts_by_language(entity, "labels"))[: MAX_ENTITY_LABELS * 20])
    languages = [lang for lang in (*LANGUAGES, *labels) if lang in labels]
    selected = {lang: labels[lang][:200] for lang in list(dict.fromkeys(languages))[:MAX_ENTITY_LABELS]}
    geonames = list(string_values(best_statements(entity, "P1566")))
    identifiers = {"wikidata": id_, **({"geonames": geonames[0]} if geonames else {})}
    return RelatedEntity(selected, _country(entity), _point(entity), identifiers)


def _country(entity: Mapping[str, Any]) -> str | None:
    """Return the present-day country of a place, or the country that it is."""
    for code in string_values(best_statements(entity, "P297")):
        if code in COUNTRY_CODES:
            return code
    codes = [
        COUNTRY_BY_ITEM[item] for item in item_ids(best_statements(entity, "P17")) if item in COUNTRY_BY_ITEM
    ]
    return codes[0] if codes else None


def _point(entity: Mapping[str, Any]) -> tuple[float, float] | None:
    for statement in best_statements(entity, "P625"):
        value = statement.value if isinstance(statement.value, Mapping) else {}
        lat, lon = value.get("latitude"), value.get("longitude")
        if not isinstance(lat, int | float) or not isinstance(lon, int | float):
            continue
        if -90 <= lat <= 90 and -180 <= lon <= 180:
            return float(lat), float(lon)
    return None


def place_names(entity: RelatedEntity) -> list[dict[str, str]]:
    """Return the labels as names of a place."""
    names: dict[str, str] = {}
    for lang, text in entity.labels.items():
        names.setdefault(parse_language_code(lang)[0], text)
    return [{"text": text, "lang": lang} for lang, text in names.items()]
