"""Properties: what a query may state besides the name, and what data extension may fetch."""

from dataclasses import dataclass
from typing import Any, Final

from biobank.exchange.reconciliation.entity_types import (
    ENTITY_KINDS,
    ORGANISATION_TYPE,
    PERSON_TYPE,
    PLACE_TYPE,
    PROPERTY_LABELS,
    TERM_TYPE,
)
from biobank.names.folding import fold

#: Catalogues whose ids can be queried and fetched, and services that reconcile with them.
IDENTIFIER_SCHEMES: Final = ("wikidata", "viaf", "isni", "gnd", "lcnaf", "bnf", "orcid")
RECONCILED_SCHEMES: Final = {"wikidata": "https://wikidata.reconci.link/en/api"}

ALL_KINDS: Final = ENTITY_KINDS
ORGANISATION_AND_PLACE: Final = (ORGANISATION_TYPE, PLACE_TYPE)


@dataclass(frozen=True)
class ReconciliationProperty:
    """A property of the entity kinds `kinds`; `compared` if it distinguishes people.

    `points_to` is the type of its values if they are entities of the bank.
    """

    id: str
    kinds: tuple[str, ...]
    compared: bool = False
    points_to: str = ""

    def name(self, lang: str) -> str:
        return PROPERTY_LABELS[self.id].translate(lang)

    def to_dict(self, lang: str) -> dict[str, Any]:
        return {"id": self.id, "name": self.name(lang)}


_PROPERTIES: Final = (
    ReconciliationProperty("name", ALL_KINDS),
    ReconciliationProperty("name_az", ALL_KINDS),
    ReconciliationProperty("name_en", ALL_KINDS),
    ReconciliationProperty("name_ru", ALL_KINDS),
    ReconciliationProperty("other_name", ALL_KINDS),
    ReconciliationProperty("birth_year", (PERSON_TYPE,), compared=True),
    ReconciliationProperty("birth_date", (PERSON_TYPE,), compared=True),
    ReconciliationProperty("birthplace", (PERSON_TYPE,), compared=True, points_to=PLACE_TYPE),
    ReconciliationProperty("death_year", (PERSON_TYPE,), compared=True),
    ReconciliationProperty("death_date", (PERSON_TYPE,), compared=True),
    ReconciliationProperty("deathplace", (PERSON_TYPE,), compared=True, points_to=PLACE_TYPE),
    ReconciliationProperty("gender", (PERSON_TYPE,), compared=True),
    ReconciliationProperty("profession", (PERSON_TYPE,), compared=True, points_to="term/profession"),
    ReconciliationProperty("country", (PERSON_TYPE, *ORGANISATION_AND_PLACE), compared=True),
    ReconciliationProperty("country_name", (PERSON_TYPE, *ORGANISATION_AND_PLACE)),
    ReconciliationProperty("organisation", (PERSON_TYPE,), compared=True, points_to=ORGANISATION_TYPE),
    ReconciliationProperty("award", (PERSON_TYPE,), points_to="term/award"),
    ReconciliationProperty("headline", (PERSON_TYPE,)),
    ReconciliationProperty("connection", (PERSON_TYPE,)),
    ReconciliationProperty("image", (PERSON_TYPE,)),
    ReconciliationProperty("kind", ORGANISATION_AND_PLACE),
    ReconciliationProperty("place", (ORGANISATION_TYPE,), points_to=PLACE_TYPE),
    ReconciliationProperty("founded", (ORGANISATION_TYPE,)),
    ReconciliationProperty("dissolved", (ORGANISATION_TYPE,)),
    ReconciliationProperty("summary", (ORGANISATION_TYPE,)),
    ReconciliationProperty("website", (ORGANISATION_TYPE,)),
    ReconciliationProperty("broader", (PLACE_TYPE, TERM_TYPE)),
    ReconciliationProperty("latitude", (PLACE_TYPE,)),
    ReconciliationProperty("longitude", (PLACE_TYPE,)),
    ReconciliationProperty("vocabulary", (TERM_TYPE,)),
    *(
        ReconciliationProperty(scheme, (PERSON_TYPE, *ORGANISATION_AND_PLACE), compared=True)
        for scheme in IDENTIFIER_SCHEMES
    ),
    ReconciliationProperty("url", ALL_KINDS),
)
PROPERTIES_BY_ID: Final = {property_.id: property_ for property_ in _PROPERTIES}
#: Other names that people use for properties.
PROPERTY_ALIASES: Final = {
    "birth": "birth_date",
    "born": "birth_date",
    "death": "death_date",
    "died": "death_date",
    "occupation": "profession",
    "place_of_birth": "birthplace",
    "place_of_death": "deathplace",
    "sex": "gender",
}


def find_property(property_id: str) -> ReconciliationProperty | None:
    """Return the property with an id or alias; None if there is none."""
    return PROPERTIES_BY_ID.get(PROPERTY_ALIASES.get(property_id, property_id))


def properties_of_kind(kind: str) -> list[ReconciliationProperty]:
    """Return the properties of an entity kind."""
    return [property_ for property_ in _PROPERTIES if kind in property_.kinds]


def complete_properties(prefix: str, lang: str) -> list[ReconciliationProperty]:
    """Return properties with an id or a name in any language that has a word with the prefix."""
    folded_prefix = f" {fold(prefix)}"
    matches = []
    for property_ in _PROPERTIES:
        names = (property_.id.replace("_", " "), *PROPERTY_LABELS[property_.id].translations().values())
        if property_.id.startswith(prefix) or any(folded_prefix in f" {fold(name)}" for name in names):
            matches.append((not fold(property_.name(lang)).startswith(folded_prefix.strip()), property_))
    return [property_ for _, property_ in sorted(matches, key=lambda match: match[0])]
