"""The service manifest of the Reconciliation API."""

from importlib.metadata import version
from typing import Any, Final

from biobank.exchange.reconciling.asking import QUERIES_MOST
from biobank.exchange.reconciling.entities import KINDS
from biobank.exchange.reconciling.types import Types
from biobank.exchange.reconciling.values import Absolute
from biobank.exchange.reconciling.words import NAME, SETTINGS
from biobank.i18n import LANGUAGE_NAMES, LANGUAGES

#: URL path of the service.
PATH: Final = "/api/v1/reconcile"
#: Size of a preview in pixels: a portrait beside name, years and two lines.
WIDTH, HEIGHT = 420, 210


def manifest(types: Types, lang: str, absolute: Absolute) -> dict[str, Any]:
    """Return the manifest in `lang`."""
    return {
        "versions": ["0.2"],
        "name": NAME[lang],
        "identifierSpace": absolute("/people/"),
        "schemaSpace": absolute(f"{PATH}/properties"),
        "documentation": absolute("/api/docs"),
        "logo": absolute("/static/mark.svg"),
        "serviceVersion": version("biobank"),
        "batchSize": QUERIES_MOST,
        "defaultTypes": [types.whole(kind, lang) for kind in KINDS],
        "view": {"url": absolute(f"{PATH}/view?id={{{{id}}}}")},
        "preview": {
            "url": absolute(f"{PATH}/preview?id={{{{id}}}}&lang={lang}"),
            "width": WIDTH,
            "height": HEIGHT,
        },
        "suggest": {what: _suggested(what, absolute) for what in ("entity", "property", "type")},
        "extend": {
            "propose_properties": {
                "service_url": absolute(""),
                "service_path": f"{PATH}/properties",
            },
            "property_settings": _settings(lang),
        },
    }


def _suggested(what: str, absolute: Absolute) -> dict[str, str]:
    return {
        "service_url": absolute(""),
        "service_path": f"{PATH}/suggest/{what}",
        "flyout_service_url": absolute(""),
        "flyout_service_path": f"{PATH}/flyout/{what}?id=${{id}}",
    }


def _settings(lang: str) -> list[dict[str, Any]]:
    return [
        {
            "name": "limit",
            "label": SETTINGS["limit"][lang],
            "type": "number",
            "default": 0,
            "help_text": SETTINGS["limit_help"][lang],
        },
        {
            "name": "lang",
            "label": SETTINGS["lang"][lang],
            "type": "select",
            "default": lang,
            "choices": [{"value": code, "name": LANGUAGE_NAMES[code]} for code in LANGUAGES],
            "help_text": SETTINGS["lang_help"][lang],
        },
    ]
