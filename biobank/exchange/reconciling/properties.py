"""Properties: what a query may state besides the name, and what data extension may fetch."""

from dataclasses import dataclass
from typing import Any, Final

from biobank.exchange.reconciling.entities import KINDS, ORGANISATION, PERSON, PLACE, TERM
from biobank.exchange.reconciling.words import PROPERTIES
from biobank.names.folding import fold

#: Catalogues whose ids can be queried and fetched, and services that reconcile with them.
SCHEMES: Final = ("wikidata", "viaf", "isni", "gnd", "lcnaf", "bnf", "orcid")
SERVICES: Final = {"wikidata": "https://wikidata.reconci.link/en/api"}

EVERY: Final = KINDS
NAMED: Final = (ORGANISATION, PLACE)


@dataclass(frozen=True)
class Property:
    """A property of the entity kinds `kinds`; `compared` if it distinguishes people.

    `points_to` is the type of its values if they are entities of the bank.
    """

    id: str
    kinds: tuple[str, ...]
    compared: bool = False
    points_to: str = ""

    def name(self, lang: str) -> str:
        return PROPERTIES[self.id][lang]

    def shown(self, lang: str) -> dict[str, Any]:
        return {"id": self.id, "name": self.name(lang)}


_ALL: Final = (
    Property("name", EVERY),
    Property("name_az", EVERY),
    Property("name_en", EVERY),
    Property("name_ru", EVERY),
    Property("other_name", EVERY),
    Property("birth_year", (PERSON,), compared=True),
    Property("birth_date", (PERSON,), compared=True),
    Property("birthplace", (PERSON,), compared=True, points_to=PLACE),
    Property("death_year", (PERSON,), compared=True),
    Property("death_date", (PERSON,), compared=True),
    Property("deathplace", (PERSON,), compared=True, points_to=PLACE),
    Property("gender", (PERSON,), compared=True),
    Property("profession", (PERSON,), compared=True, points_to="term/profession"),
    Property("country", (PERSON, *NAMED), compared=True),
    Property("country_name", (PERSON, *NAMED)),
    Property("organisation", (PERSON,), compared=True, points_to=ORGANISATION),
    Property("award", (PERSON,), points_to="term/award"),
    Property("headline", (PERSON,)),
    Property("connection", (PERSON,)),
    Property("image", (PERSON,)),
    Property("kind", NAMED),
    Property("place", (ORGANISATION,), points_to=PLACE),
    Property("founded", (ORGANISATION,)),
    Property("dissolved", (ORGANISATION,)),
    Property("summary", (ORGANISATION,)),
    Property("website", (ORGANISATION,)),
    Property("broader", (PLACE, TERM)),
    Property("latitude", (PLACE,)),
    Property("longitude", (PLACE,)),
    Property("vocabulary", (TERM,)),
    *(Property(scheme, (PERSON, *NAMED), compared=True) for scheme in SCHEMES),
    Property("url", EVERY),
)
BY_ID: Final = {one.id: one for one in _ALL}
#: Other names that people use for properties.
ALIASES: Final = {
    "birth": "birth_date",
    "born": "birth_date",
    "death": "death_date",
    "died": "death_date",
    "occupation": "profession",
    "place_of_birth": "birthplace",
    "place_of_death": "deathplace",
    "sex": "gender",
}


def property_of(pid: str) -> Property | None:
    """Return the property with an id or alias; None if there is none."""
    return BY_ID.get(ALIASES.get(pid, pid))


def of_kind(kind: str) -> list[Property]:
    """Return the properties of an entity kind."""
    return [one for one in _ALL if kind in one.kinds]


def begun(prefix: str, lang: str) -> list[Property]:
    """Return properties with an id or a name in any language that has a word with the prefix."""
    typed = f" {fold(prefix)}"
    found = []
    for one in _ALL:
        names = (one.id.replace("_", " "), *PROPERTIES[one.id].values())
        if one.id.startswith(prefix) or any(typed in f" {fold(name)}" for name in names):
            found.append((not fold(one.name(lang)).startswith(typed.strip()), one))
    return [one for _, one in sorted(found, key=lambda each: each[0])]
