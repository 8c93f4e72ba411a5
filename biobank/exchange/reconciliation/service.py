"""The reconciliation service, with one method per endpoint."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Final, Literal

from biobank.common.i18n import LANGUAGE_NAMES, LANGUAGES
from biobank.errors import NotFound
from biobank.exchange.reconciliation import suggestions
from biobank.exchange.reconciliation.batches import BatchProcessor
from biobank.exchange.reconciliation.data_extension import extend
from biobank.exchange.reconciliation.entity_types import (
    ENTITY_KINDS,
    PERSON_TYPE,
    SERVICE_NAME,
    SETTING_LABELS,
    EntityTypes,
)
from biobank.exchange.reconciliation.name_evidence import EntityMatcher
from biobank.exchange.reconciliation.properties import find_property, properties_of_kind
from biobank.exchange.reconciliation.property_values import AbsoluteUrl
from biobank.exchange.reconciliation.query_parser import MAX_BATCH_QUERIES, truncate_for_message
from biobank.exchange.reconciliation.suggestions import EntityPreview, SuggestRequest, make_preview
from biobank.records.catalogue import Catalogue
from biobank.search.executor import NameMatcherCache
from biobank.search.facet_value_index import FacetValueIndex
from biobank.search.service import SearchService
from biobank.store.session import Database

#: URL path of the service.
SERVICE_PATH: Final = "/api/v1/reconcile"
#: Size of a preview in pixels: a portrait beside name, years and two lines.
PREVIEW_WIDTH, PREVIEW_HEIGHT = 420, 210


def build_manifest(types: EntityTypes, lang: str, absolute_url: AbsoluteUrl) -> dict[str, Any]:
    """Return the manifest in `lang`."""
    return {
        "versions": ["0.2"],
        "name": SERVICE_NAME.translate(lang),
        "identifierSpace": absolute_url("/people/"),
        "schemaSpace": absolute_url(f"{SERVICE_PATH}/properties"),
        "documentation": absolute_url("/api/docs"),
        "logo": absolute_url("/static/mark.svg"),
        "serviceVersion": version("biobank"),
        "batchSize": MAX_BATCH_QUERIES,
        "defaultTypes": [types.to_dict_with_broader(kind, lang) for kind in ENTITY_KINDS],
        "view": {"url": absolute_url(f"{SERVICE_PATH}/view?id={{{{id}}}}")},
        "preview": {
            "url": absolute_url(f"{SERVICE_PATH}/preview?id={{{{id}}}}&lang={lang}"),
            "width": PREVIEW_WIDTH,
            "height": PREVIEW_HEIGHT,
        },
        "suggest": {
            target: _suggest_service(target, absolute_url) for target in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {
                "service_url": absolute_url(""),
                "service_path": f"{SERVICE_PATH}/properties",
            },
            "property_settings": _settings(lang),
        },
    }


def _suggest_service(target: str, absolute_url: AbsoluteUrl) -> dict[str, str]:
    return {
        "service_url": absolute_url(""),
        "service_path": f"{SERVICE_PATH}/suggest/{target}",
        "flyout_service_url": absolute_url(""),
        "flyout_service_path": f"{SERVICE_PATH}/flyout/{target}?id=${{id}}",
    }


def _settings(lang: str) -> list[dict[str, Any]]:
    return [
        {
            "name": "limit",
            "label": SETTING_LABELS["limit"].translate(lang),
            "type": "number",
            "default": 0,
            "help_text": SETTING_LABELS["limit_help"].translate(lang),
        },
        {
            "name": "lang",
            "label": SETTING_LABELS["lang"].translate(lang),
            "type": "select",
            "default": lang,
            "choices": [{"value": code, "name": LANGUAGE_NAMES[code]} for code in LANGUAGES],
            "help_text": SETTING_LABELS["lang_help"].translate(lang),
        },
    ]


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
            raise NotFound(f"type: unknown type {truncate_for_message(type_id)!r}. See suggest/type.")
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
        broader_names = (self.types.name(broader_type, lang) for broader_type in self.types.broader(id_))
        return self.types.name(id_, lang), ", ".join(broader_names)
