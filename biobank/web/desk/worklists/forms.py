"""The form that saves a search: from typed text or a copied URL to a canonical address."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request
from werkzeug.datastructures import MultiDict

from biobank.common.text import URL_CONTROL_CHARS
from biobank.editorial.models import MAX_SEARCH_ADDRESS_CHARS, MAX_SEARCH_NAME_CHARS
from biobank.editorial.worklists import saved_searches
from biobank.errors import BadQuery, FieldError, RecordRefused
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.search.query import DEFAULT_PAGE_SIZE, MAX_QUERY_CHARS, SearchQuery
from biobank.search.request_args import parse_search_query
from biobank.web.core.forms import read_line
from biobank.web.core.gettext import _

#: Maximum number of arguments that are read from an address.
MAX_QUERY_ARGS = 200


def query_from_address(address: str, lang: str) -> SearchQuery:
    """Return the query of a saved address.

    Raises:
        BadQuery: if it is not a valid search any more.
    """
    try:
        pairs = parse_qsl(address, max_num_fields=MAX_QUERY_ARGS)
    except ValueError as error:
        raise BadQuery("This is no address of a search.") from error
    return services.search.normalize(parse_search_query(MultiDict(pairs), lang))


def canonical_address(text: str, lang: str) -> str:
    """Return the canonical address of a query, typed as text or as the URL of its results.

    Raises:
        BadQuery: if it is neither.
    """
    if text.startswith(("/", "http://", "https://")):
        query = query_from_address(_query_string(text), lang)
    elif len(text) > MAX_QUERY_CHARS:
        raise BadQuery(f"At most {MAX_QUERY_CHARS} characters are read.", code="query_too_long")
    else:
        query = services.search.normalize(SearchQuery(text=text, lang=lang))
    canonical = replace(query, page=1, size=DEFAULT_PAGE_SIZE)
    return urlencode(canonical.url_params())


def prefilled_question() -> str:
    """Return the query that the URL of the page passes to the form."""
    return URL_CONTROL_CHARS.sub("", request.args.get("question", ""))[:MAX_SEARCH_ADDRESS_CHARS]


def save_search(lang: str) -> list[FieldError]:
    """Save the submitted search and return the error messages, if any."""
    question = read_line("question", MAX_SEARCH_ADDRESS_CHARS)
    try:
        if not question:
            raise BadQuery("Nothing is asked.")
        saved_searches.save_search(
            services.database,
            identity(),
            read_line("name", MAX_SEARCH_NAME_CHARS + 1),
            canonical_address(question, lang),
            shared="shared" in request.form,
        )
    except BadQuery:
        return [FieldError("question", message=_("Enter a search query or the address of a search."))]
    except RecordRefused as refused:
        return [_field_error(problem) for problem in refused.problems]
    return []


def _query_string(address: str) -> str:
    try:
        return urlsplit(address).query
    except ValueError as error:
        raise BadQuery("This is no address.") from error


def _field_error(problem: FieldError) -> FieldError:
    messages = {
        "bad_name": _("Enter a name of 1 to %(most)s characters.", most=MAX_SEARCH_NAME_CHARS),
        "long_question": _("This query is too long to save. Shorten it."),
        "too_many": _(
            "The limit of %(most)s saved searches has been reached. Remove one first.",
            most=saved_searches.MAX_SAVED_SEARCHES,
        ),
    }
    return FieldError(problem.path, message=messages[problem.code])
