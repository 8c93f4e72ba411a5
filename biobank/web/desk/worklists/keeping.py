"""The form that saves a search: from typed text or a copied URL to a canonical address."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from biobank.access import identity
from biobank.editorial.worklists import saved
from biobank.editorial.worklists.models import ADDRESS_MOST, NAME_MOST
from biobank.errors import BadQuery, Problem, RecordRefused
from biobank.extensions import services
from biobank.search.args import query_from
from biobank.search.query import SIZE_DEFAULT, TEXT_MOST, SearchQuery
from biobank.security import CONTROL
from biobank.web.desk.page import Mistake
from biobank.web.text import _

#: Maximum number of arguments that are read from an address.
ARGUMENTS_MOST = 200


def query_of(address: str, lang: str) -> SearchQuery:
    """Return the query of a saved address.

    Raises:
        BadQuery: if it is not a valid search any more.
    """
    try:
        pairs = parse_qsl(address, max_num_fields=ARGUMENTS_MOST)
    except ValueError as error:
        raise BadQuery("This is no address of a search.") from error
    return services.search.understand(query_from(MultiDict(pairs), lang))


def address_of(typed: str, lang: str) -> str:
    """Return the canonical address of a query, typed as text or as the URL of its results.

    Raises:
        BadQuery: if it is neither.
    """
    if typed.startswith(("/", "http://", "https://")):
        query = query_of(_asked_at(typed), lang)
    elif len(typed) > TEXT_MOST:
        raise BadQuery(f"At most {TEXT_MOST} characters are read.", code="query_too_long")
    else:
        query = services.search.understand(SearchQuery(text=typed, lang=lang))
    whole = replace(query, page=1, size=SIZE_DEFAULT)
    return urlencode(whole.address())


def handed() -> str:
    """Return the query that the URL of the page passes to the form."""
    return CONTROL.sub("", request.args.get("question", ""))[:ADDRESS_MOST]


def keep(lang: str) -> list[Mistake]:
    """Save the submitted search and return the error messages, if any."""
    question = _line("question", ADDRESS_MOST)
    try:
        if not question:
            raise BadQuery("Nothing is asked.")
        saved.save(
            services.database,
            identity(),
            _line("name", NAME_MOST + 1),
            address_of(question, lang),
            shared="shared" in request.form,
        )
    except BadQuery:
        return [Mistake(_("Write a question, or the address of a search."), "question")]
    except RecordRefused as refused:
        return [_mistake(problem) for problem in refused.problems]
    return []


def _line(name: str, most: int) -> str:
    """Return a single line of text.

    Raises:
        BadRequest: if it contains control characters.
    """
    text = request.form.get(name, "")
    if CONTROL.search(text) or "\ufffd" in text:
        raise BadRequest("The form holds a control character; remove it.")
    return text[:most].strip()


def _asked_at(address: str) -> str:
    try:
        return urlsplit(address).query
    except ValueError as error:
        raise BadQuery("This is no address.") from error


def _mistake(problem: Problem) -> Mistake:
    words = {
        "bad_name": _("A name has 1 to %(most)s characters.", most=NAME_MOST),
        "long_question": _("This question is too long to be kept."),
        "too_many": _("You keep %(most)s searches; remove one first.", most=saved.SAVED_MOST),
    }
    return Mistake(words[problem.code], problem.path)
