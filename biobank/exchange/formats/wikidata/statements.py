"""Wikidata items that correspond to terms and countries of the bank.

Each pair occurs in at least one public file that names the item; other items are reported and left
out, never guessed.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Literal

from biobank.common.i18n import LANGUAGES
from biobank.exchange.imports.place_resolver import parse_language_code
from biobank.records.countries import COUNTRY_CODES

HUMAN_ITEM = "Q5"
GENDER_BY_ITEM: Mapping[str, str] = {
    "Q6581097": "male",
    "Q6581072": "female",
    "Q2449503": "male",
    "Q1052281": "female",
    "Q1097630": "other",
}
#: Identifier schemes by Wikidata property.
SCHEME_BY_PROPERTY: Mapping[str, str] = {"P214": "viaf", "P213": "isni", "P227": "gnd", "P244": "lcnaf"}


def _load_pairs(name: str) -> dict[str, str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines(), delimiter="\t"))
    return {row[0]: row[1] for row in rows[1:]}


PROFESSION_BY_ITEM = _load_pairs("occupations.tsv")
COUNTRY_BY_ITEM = _load_pairs("countries.tsv")


#: A known value, an unknown value, or no value.
SnakType = Literal["value", "somevalue", "novalue"]
Snaks = Mapping[str, list[Any]]

#: Limit of statements of one property; even long lists of identifiers have fewer.
MAX_STATEMENTS = 200


@dataclass(frozen=True)
class Statement:
    """One statement; qualifiers and references are values by property."""

    type: SnakType
    value: Any
    qualifiers: Snaks = field(default_factory=dict)
    references: list[Snaks] = field(default_factory=list)


def best_statements(entity: Mapping[str, Any], prop: str) -> list[Statement]:
    """Return the preferred statements, else the normal ones; deprecated ones are ignored."""
    ranked: dict[str, list[Statement]] = {"preferred": [], "normal": []}
    for entry in _as_list(_as_mapping(entity.get("claims")).get(prop))[:MAX_STATEMENTS]:
        rank = _as_mapping(entry).get("rank", "normal")
        statement = _parse_statement(_as_mapping(entry))
        if statement and isinstance(rank, str) and rank in ranked:
            ranked[rank].append(statement)
    return ranked["preferred"] or ranked["normal"]


def item_ids(statements: list[Statement]) -> list[str]:
    """Return the ids of the items in statements, without duplicates."""
    ids = [parse_item_id(statement.value) for statement in statements if statement.type == "value"]
    return list(dict.fromkeys(id_ for id_ in ids if id_))


def parse_item_id(value: Any) -> str | None:
    """Return `Q5` for the value of a statement; older files have only its number."""
    value = _as_mapping(value)
    if isinstance(value.get("id"), str):
        return str(value["id"])
    number = value.get("numeric-id")
    return f"Q{number}" if isinstance(number, int) and not isinstance(number, bool) else None


def string_values(statements: list[Statement]) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement.value, str) and statement.value.strip():
            yield statement.value.strip()


def texts_by_language(entity: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    """Yield language and text of labels, descriptions or aliases, in the order of the file."""
    for lang, entries in _as_mapping(entity.get(key)).items():
        for entry in entries if isinstance(entries, list) else [entries]:
            text = _as_mapping(entry).get("value")
            if isinstance(text, str) and text.strip():
                yield str(lang), " ".join(text.split())


def _parse_statement(entry: Mapping[str, Any]) -> Statement | None:
    snak = _as_mapping(entry.get("mainsnak"))
    kind = snak.get("snaktype")
    if kind not in ("value", "somevalue", "novalue"):
        return None
    value = _as_mapping(snak.get("datavalue")).get("value")
    if kind == "value" and value is None:
        return None
    references = [
        _snak_values(_as_mapping(ref).get("snaks")) for ref in _as_list(entry.get("references"))[:20]
    ]
    return Statement(kind, value, _snak_values(entry.get("qualifiers")), references)


def _snak_values(value: Any) -> Snaks:
    """Return the values of snaks by property."""
    return {
        str(prop): [
            content
            for snak in _as_list(snaks)[:20]
            if (content := _as_mapping(_as_mapping(snak).get("datavalue")).get("value")) is not None
        ]
        for prop, snaks in _as_mapping(value).items()
    }


def _as_mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


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
