"""The reconciliation service, with one method per endpoint."""

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
from biobank.exchange.reconciliation.properties import PROPERTIES_BY_ID, AbsoluteUrl, find_property
from biobank.exchange.reconciliation.query_parser import MAX_BATCH_QUERIES, truncate_for_message
from biobank.exchange.reconciliation.suggestions import EntityPreview, SuggestRequest, make_preview

#: URL path of the service.
SERVICE_PATH: Final = "/api/v1/reconcile"
#: Size of a preview in pixels: a portrait beside name, years and two lines.
PREVIEW_WIDTH, PREVIEW_HEIGHT = 420, 210

Json = dict[str, Any]


def build_manifest(types: EntityTypes, lang: str, absolute_url: AbsoluteUrl) -> Json:
    languages = [{"value": code, "name": LANGUAGE_NAMES[code]} for code in LANGUAGES]
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
            target: {
                "service_url": absolute_url(""),
                "service_path": f"{SERVICE_PATH}/suggest/{target}",
                "flyout_service_url": absolute_url(""),
                "flyout_service_path": f"{SERVICE_PATH}/flyout/{target}?id=${{id}}",
            }
            for target in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {
                "service_url": absolute_url(""),
                "service_path": f"{SERVICE_PATH}/properties",
            },
            "property_settings": [
                _setting("limit", "number", 0, lang),
                _setting("lang", "select", lang, lang, choices=languages),
            ],
        },
    }


def _setting(name: str, type_: str, default: object, lang: str, **extra: object) -> Json:
    return {
        "name": name,
        "label": SETTING_LABELS[name].translate(lang),
        "type": type_,
        "default": default,
        **extra,
        "help_text": SETTING_LABELS[f"{name}_help"].translate(lang),
    }


SuggestTarget = Literal["entity", "type", "property"]


class ReconciliationService(BatchProcessor):
    """The service: batches of queries, and all other endpoints."""

    @property
    def types(self) -> EntityTypes:
        return EntityTypes(self.catalogue().public)

    def manifest(self, lang: str, absolute_url: AbsoluteUrl) -> Json:
        return build_manifest(self.types, lang, absolute_url)

    def extend(self, request: str, lang: str, absolute_url: AbsoluteUrl) -> Json:
        """Return the rows of a data extension request.

        Raises:
            BadQuery: if the request is malformed.
        """
        with self.database.read() as session:
            return extend(session, self.catalogue().public, request, lang, absolute_url)

    def propose(self, type_id: str, limit: int, lang: str) -> Json:
        """Return at most `limit` properties of a type, 0 for all; of people if no type is given.

        Raises:
            NotFound: if the type does not exist.
        """
        if type_id and not self.types.exists(type_id):
            raise NotFound(f"type: unknown type {truncate_for_message(type_id)!r}. See suggest/type.")
        kind = type_id.partition("/")[0]
        kind = kind if kind in ENTITY_KINDS else PERSON_TYPE
        kind_properties = [property_ for property_ in PROPERTIES_BY_ID.values() if kind in property_.kinds]
        return {
            "type": type_id or PERSON_TYPE,
            **({"limit": limit} if limit else {}),
            "properties": [property_.to_dict(lang) for property_ in kind_properties[: limit or None]],
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
