"""The reconciliation service, with one method per endpoint."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from biobank.errors import NotFound
from biobank.exchange.reconciling import suggesting
from biobank.exchange.reconciling.asking import shown
from biobank.exchange.reconciling.batches import Batches
from biobank.exchange.reconciling.entities import KINDS, PERSON
from biobank.exchange.reconciling.extending import extend
from biobank.exchange.reconciling.manifest import manifest
from biobank.exchange.reconciling.previews import Preview, make_preview
from biobank.exchange.reconciling.properties import of_kind, property_of
from biobank.exchange.reconciling.suggesting import Typed
from biobank.exchange.reconciling.things import Things
from biobank.exchange.reconciling.types import Types
from biobank.exchange.reconciling.values import Absolute
from biobank.records.catalogue import Catalogue
from biobank.search.known_names import KnownNames
from biobank.search.known_values import KnownValues
from biobank.search.service import SearchService
from biobank.store.session import Database

Json = dict[str, Any]
Suggested = Literal["entity", "type", "property"]


@dataclass
class Reconciling:
    """The service; thread-safe, and limited to public data."""

    database: Database
    names: KnownNames
    search: SearchService
    values: KnownValues
    catalogue: Callable[[], Catalogue]
    things: Things = field(init=False)

    def __post_init__(self) -> None:
        self.things = Things(self.values.counts)

    @property
    def types(self) -> Types:
        return Types(self.catalogue().public)

    def manifest(self, lang: str, absolute: Absolute) -> Json:
        return manifest(self.types, lang, absolute)

    def reconcile(self, queries: str, lang: str) -> Json:
        """Answer a batch of queries in JSON.

        Raises:
            BadQuery: if the batch is malformed.
        """
        its = (self.database, self.names, self.search, self.values, self.catalogue, self.things)
        return Batches(*its).answer(queries, lang)

    def extend(self, request: str, lang: str, absolute: Absolute) -> Json:
        """Return the rows of a data extension request.

        Raises:
            BadQuery: if the request is malformed.
        """
        with self.database.read() as session:
            return extend(session, self.catalogue().public, request, lang, absolute)

    def propose(self, type_id: str, limit: int, lang: str) -> Json:
        """Return the properties of a type; of people if no type is given.

        `limit` is the maximum number, 0 for all.

        Raises:
            NotFound: if the type does not exist.
        """
        if type_id and not self.types.known(type_id):
            raise NotFound(f"type: there is no type {shown(type_id)!r}; see suggest/type.")
        kind = type_id.partition("/")[0]
        found = of_kind(kind if kind in KINDS else PERSON)
        return {
            "type": type_id or PERSON,
            **({"limit": limit} if limit else {}),
            "properties": [one.shown(lang) for one in (found[:limit] if limit else found)],
        }

    def suggest(self, what: Suggested, typed: Typed) -> Json:
        """Return entities, types or properties that match the typed prefix."""
        if not typed.prefix:
            return {"result": []}
        if what == "type":
            return {"result": suggesting.types_begun(self.types, typed)}
        if what == "property":
            return {"result": suggesting.properties_begun(typed)}
        with self.database.read() as session:
            matcher = self.names.matcher()
            found = suggesting.entities(session, matcher, self.things, self.types, typed)
        return {"result": found}

    def preview(self, ref: str, lang: str) -> Preview:
        """Return a preview of the entity with an id of the service."""
        with self.database.read() as session:
            return make_preview(session, self.types, ref, lang)

    def told(self, what: Suggested, id_: str, lang: str) -> tuple[str, str] | None:
        """Return name and description of an entity, type or property; None if there is none."""
        if what == "entity":
            shown = self.preview(id_, lang)
            line = " · ".join(part for part in (shown.years, shown.line) if part)
            return (shown.name, line) if shown.name else None
        if what == "property":
            found = property_of(id_)
            return (found.name(lang), found.id) if found else None
        if not self.types.known(id_):
            return None
        above = (self.types.name(one, lang) for one in self.types.broader(id_))
        return self.types.name(id_, lang), ", ".join(above)
