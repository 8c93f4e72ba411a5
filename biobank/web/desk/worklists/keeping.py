"""A question that is to be kept: from a line or a copied address to its one address, and back."""

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

#: Arguments of an address that are read.
ARGUMENTS_MOST = 200


def query_of(address: str, lang: str) -> SearchQuery:
    """The question at an address that is kept. Raises BadQuery where it asks nothing any more."""
    try:
        pairs = parse_qsl(address, max_num_fields=ARGUMENTS_MOST)
    except ValueError as error:
        raise BadQuery("This is no address of a search.") from error
    return services.search.understand(query_from(MultiDict(pairs), lang))


def address_of(typed: str, lang: str) -> str:
    """The one address of a question, typed as a line or as the address of its answer.

    Raises:
        BadQuery: where it is neither.
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
    """The question that the address of the page hands over to its form."""
    return CONTROL.sub("", request.args.get("question", ""))[:ADDRESS_MOST]


def keep(lang: str) -> list[Mistake]:
    """Keeps what the form holds; what is wrong with it, else nothing."""
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
    """One line of text. What no keyboard types answers 400."""
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
