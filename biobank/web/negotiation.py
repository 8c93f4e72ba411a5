"""What a reader asks for where the address does not say it: a language, a form."""

from flask import request

from biobank.i18n import LANGUAGES, is_language


def language_of_request() -> str:
    """The language of the path, else the best of `Accept-Language`, else Azerbaijani.

    Readers of Turkish are given Azerbaijani, which they read better than English.
    """
    first = request.path.strip("/").partition("/")[0]
    if is_language(first):
        return first
    # Best first; a language of a region counts as the language: ru-KZ is ru.
    for accepted, quality in request.accept_languages:
        language = accepted.partition("-")[0].lower()
        if quality and is_language(language):
            return language
        if quality and language == "tr":
            return "az"
    return LANGUAGES[0]


def wants_json() -> bool:
    """Whether a program asks: JSON is accepted and liked better than a page."""
    accept = request.accept_mimetypes
    return accept["application/json"] > accept["text/html"]
