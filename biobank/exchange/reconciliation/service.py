"""The reconciliation service, with one method per endpoint."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from biobank.errors import NotFound
from biobank.exchange.reconciliation import suggestions
from biobank.exchange.reconciliation.batches import BatchProcessor
from biobank.exchange.reconciliation.data_extension import extend
from biobank.exchange.reconciliation.entities import ENTITY_KINDS, PERSON_TYPE
from biobank.exchange.reconciliation.entity_matcher import EntityMatcher
from biobank.exchange.reconciliation.entity_types import EntityTypes
from biobank.exchange.reconciliation.manifest import build_manifest
from biobank.exchange.reconciliation.previews import EntityPreview, make_preview
from biobank.exchange.reconciliation.properties import find_property, properties_of_kind
from biobank.exchange.reconciliation.property_values import AbsoluteUrl
from biobank.exchange.reconciliation.query_parser import truncate_for_message
from biobank.exchange.reconciliation.suggestions import SuggestRequest
from biobank.records.catalogue import Catalogue
from biobank.search.facet_value_index import FacetValueIndex
from biobank.search.name_matcher_cache import NameMatcherCache
from biobank.search.service import SearchService
from biobank.store.session import Database

Json = dict[str, Any]
SuggestTarget = Literal["entity", "type", "property"]


@dataclass
class ReconciliationService:
    """The service; thread-safe, and limited to public data."""

    database: Database
    names: NameMatcherCache
    search: SearchService
    values: FacetValueIndex
    catalogue: Callable[[], Catalogue]
    entity_matcher: EntityMatcher = field(init=False)

    def __post_init__(self) -> None:
        self.entity_matcher = EntityMatcher(self.values.counts)

    @property
    def types(self) -> EntityTypes:
        return EntityTypes(self.catalogue().public)

    def manifest(self, lang: str, absolute_url: AbsoluteUrl) -> Json:
        return build_manifest(self.types, lang, absolute_url)

    def reconcile(self, batch_json: str, lang: str) -> Json:
        """Answer a batch of queries in JSON.

        Raises:
            BadQuery: if the batch is malformed.
        """
        dependencies = (
            self.database,
            self.names,
            self.search,
            self.values,
            self.catalogue,
            self.entity_matcher,
        )
        return BatchProcessor(*dependencies).answer(batch_json, lang)

    def extend(self, request: str, lang: str, absolute_url: AbsoluteUrl) -> Json:
        """Return the rows of a data extension request.

        Raises:
            BadQuery: if the request is malformed.
        """
        with self.database.read() as session:
            return extend(session, self.catalogue().public, request, lang, absolute_url)

    def propose(self, type_id: str, limit: int, lang: str) -> Json:
        """Return the properties of a type; of people if no type is given.

        `limit` is the maximum number, 0 for all.

        Raises:
            NotFound: if the type does not exist.
        """
        if type_id and not self.types.exists(type_id):
            raise NotFound(
                f"type: there is no type {truncate_for_message(type_id)!r}; see suggest/type."
            )
        kind = type_id.partition("/")[0]
        kind_properties = properties_of_kind(kind if kind in ENTITY_KINDS else PERSON_TYPE)
        return {
            "type": type_id or PERSON_TYPE,
            **({"limit": limit} if limit else {}),
            "properties": [
                property_.to_dict(lang)
                for property_ in (kind_properties[:limit] if limit else kind_properties)
            ],
        }

    def suggest(self, target: SuggestTarget, request: SuggestRequest) -> Json:
        """Return entities, types or properties that match the typed prefix."""
        if not request.prefix:
            return {"result": []}
        if target == "type":
            return {"result": suggestions.suggest_types(self.types, request)}
        if target == "property":
            return {"result": suggestions.suggest_properties(request)}
        with self.database.read() as session:
            matcher = self.names.matcher()
            entities = suggestions.suggest_entities(
                session, matcher, self.entity_matcher, self.types, request
            )
        return {"result": entities}

    def preview(self, ref: str, lang: str) -> EntityPreview:
        """Return a preview of the entity with an id of the service."""
        with self.database.read() as session:
            return make_preview(session, self.types, ref, lang)

    def describe(self, target: SuggestTarget, id_: str, lang: str) -> tuple[str, str] | None:
        """Return name and description of an entity, type or property; None if there is none."""
        if target == "entity":
            preview = self.preview(id_, lang)
            description = " · ".join(part for part in (preview.years, preview.line) if part)
            return (preview.name, description) if preview.name else None
        if target == "property":
            property_ = find_property(id_)
            return (property_.name(lang), property_.id) if property_ else None
        if not self.types.exists(id_):
            return None
        broader_names = (
            self.types.name(broader_type, lang) for broader_type in self.types.broader(id_)
        )
        return self.types.name(id_, lang), ", ".join(broader_names)
