"""Content negotiation of language and format."""

from flask import request

from biobank.common.i18n import LANGUAGES, is_language


def language_of_request() -> str:
    """Return the language of the path, else the best of `Accept-Language`, else Azerbaijani.

    Readers of Turkish get Azerbaijani, which they read better than English.
    """
    first = request.path.strip("/").partition("/")[0]
    if is_language(first):
        return first
    # Best first; a regional variant counts as its language: ru-KZ is ru.
    for accepted, quality in request.accept_languages:
        language = accepted.partition("-")[0].lower()
        if quality and is_language(language):
            return language
        if quality and language == "tr":
            return "az"
    return LANGUAGES[0]


def wants_json() -> bool:
    """Return whether the client prefers JSON to HTML."""
    accept = request.accept_mimetypes
    return accept["application/json"] > accept["text/html"]
