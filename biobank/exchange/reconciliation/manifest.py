"""The service manifest of the Reconciliation API."""

from importlib.metadata import version
from typing import Any, Final

from biobank.common.i18n import LANGUAGE_NAMES, LANGUAGES
from biobank.exchange.reconciliation.entities import ENTITY_KINDS
from biobank.exchange.reconciliation.entity_types import EntityTypes
from biobank.exchange.reconciliation.labels import SERVICE_NAME, SETTING_LABELS
from biobank.exchange.reconciliation.property_values import AbsoluteUrl
from biobank.exchange.reconciliation.query_parser import MAX_BATCH_QUERIES

#: URL path of the service.
SERVICE_PATH: Final = "/api/v1/reconcile"
#: Size of a preview in pixels: a portrait beside name, years and two lines.
PREVIEW_WIDTH, PREVIEW_HEIGHT = 420, 210


def build_manifest(types: EntityTypes, lang: str, absolute_url: AbsoluteUrl) -> dict[str, Any]:
    """Return the manifest in `lang`."""
    return {
        "versions": ["0.2"],
        "name": SERVICE_NAME[lang],
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
            target: _suggest_service(target, absolute_url)
            for target in ("entity", "property", "type")
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
            "label": SETTING_LABELS["limit"][lang],
            "type": "number",
            "default": 0,
            "help_text": SETTING_LABELS["limit_help"][lang],
        },
        {
            "name": "lang",
            "label": SETTING_LABELS["lang"][lang],
            "type": "select",
            "default": lang,
            "choices": [{"value": code, "name": LANGUAGE_NAMES[code]} for code in LANGUAGES],
            "help_text": SETTING_LABELS["lang_help"][lang],
        },
    ]
