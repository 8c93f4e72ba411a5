"""The search page, its facet values, exports and help, and OpenSearch."""

import json
from dataclasses import replace
from xml.etree import ElementTree

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.errors import BadQuery
from biobank.exchange.exports.formats import EXPORT_FORMATS_BY_EXTENSION
from biobank.exchange.formats.atom import ATOM_MEDIA_TYPE
from biobank.http.extensions import services
from biobank.http.streaming import TOTAL_HEADER, search_export_response
from biobank.search.query import FACETS
from biobank.search.request_args import parse_search_query, parse_suggestion_query
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _, pgettext
from biobank.web.core.rendering import PageMetadata, feed_response, render_page
from biobank.web.core.urls import Link, absolute_url, filter_url, person_url, search_url, static_url
from biobank.web.search.birth_histogram import years_filter
from biobank.web.search.exports import make_export_menu, make_feed, make_print_page
from biobank.web.search.help_examples import EXAMPLES
from biobank.web.search.pages import VALUE_ORDERS, make_facet_values_page, make_search_page

#: Range of years that the form of births accepts.
MIN_FORM_YEAR, MAX_FORM_YEAR = -9999, 9999


@blueprint.get(f"/{LANG_RULE}/search")
def search(lang: str) -> str | AnyResponse:
    query = parse_search_query(request.args, lang)
    if "born_from" in request.args or "born_to" in request.args:
        born = years_filter(_form_year("born_from"), _form_year("born_to"))
        return redirect(search_url(replace(query, born=born, page=1)))
    page = make_search_page(services, query)
    title = (
        _("%(question)s – search", question=page.title) if page.title else pgettext("page title", "Search")
    )
    export_menu = make_export_menu(page.query)
    # Search results are endless; search engines index the people themselves.
    return render_page(
        "search/results.html", PageMetadata(title, indexed=False), page=page, export_menu=export_menu
    )


def _form_year(name: str) -> int | None:
    """Return a year of the form, or None if it is empty."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(MAX_FORM_YEAR))):
        raise BadQuery(f"{name} takes a year from {MIN_FORM_YEAR} to {MAX_FORM_YEAR}.")
    return int(text)


#: Maximum number of characters of the filter field.
MAX_FIND_CHARS = 100


@blueprint.get(f"/{LANG_RULE}/search/values/<any({', '.join(FACETS)}):facet>")
def search_values(lang: str, facet: str) -> str:
    query = parse_search_query(request.args, lang)
    order = request.args.get("by", VALUE_ORDERS[0])
    if order not in VALUE_ORDERS:
        raise BadQuery(f"by takes one of {', '.join(VALUE_ORDERS)}.")
    find = request.args.get("find", "").strip()[:MAX_FIND_CHARS]
    page = make_facet_values_page(services, query, facet, find, order)
    head = PageMetadata(f"{page.title} – {page.question}", indexed=False)
    return render_page("search/facet_values.html", head, page=page, max_find_chars=MAX_FIND_CHARS)


#: Quoted, because one of them contains a dot.
EXPORT_ENDINGS_RULE = ", ".join(f'"{ending}"' for ending in EXPORT_FORMATS_BY_EXTENSION)


@blueprint.get(f"/{LANG_RULE}/search.<any({EXPORT_ENDINGS_RULE}):ending>")
def search_file(lang: str, ending: str) -> Response:
    """Return all results as a file."""
    return search_export_response(
        services, parse_search_query(request.args, lang), EXPORT_FORMATS_BY_EXTENSION[ending]
    )


@blueprint.get(f"/{LANG_RULE}/search/list")
def search_list(lang: str) -> str:
    """Return all results as a printable list."""
    page = make_print_page(services, parse_search_query(request.args, lang))
    return render_page("search/print_list.html", PageMetadata(page.question, indexed=False), page=page)


@blueprint.get(f"/{LANG_RULE}/search.atom")
def search_feed(lang: str) -> AnyResponse:
    """Return the most recently changed results as a feed."""
    feed, total = make_feed(services, parse_search_query(request.args, lang))
    response = feed_response(feed)
    response.headers[TOTAL_HEADER] = str(total)
    return response


@blueprint.get(f"/{LANG_RULE}/search/help")
def search_help(lang: str) -> str:
    examples = {key: Link(text, filter_url(lang, q=text)) for key, text in EXAMPLES[lang].items()}
    head = PageMetadata(_("Search help"), _("Search features, with examples to try."))
    # Written separately for each language, so each has a template of its own.
    return render_page(f"search/help_{lang}.html", head, examples=examples)


#: Seconds for which the description may be cached: a day.
OPENSEARCH_CACHE_SECONDS = 86_400


@blueprint.get(f"/{LANG_RULE}/opensearch.xml")
def opensearch(lang: str) -> Response:
    response = Response(opensearch_description(lang), mimetype=OPENSEARCH_MEDIA_TYPE)
    response.cache_control.public = True
    response.cache_control.max_age = OPENSEARCH_CACHE_SECONDS
    return response


@blueprint.get(f"/{LANG_RULE}/suggestions.json")
def suggestions(lang: str) -> Response:
    """Return names that begin as typed, in the format of the OpenSearch Suggestions extension."""
    text, _lang, size = parse_suggestion_query(request.args)
    results = services.search.suggest(text, lang, size)
    descriptions = [
        " · ".join(filter(None, (suggestion.years, suggestion.headline))) for suggestion in results
    ]
    urls = [absolute_url(person_url(suggestion.id, lang)) for suggestion in results]
    body = [text, [suggestion.name for suggestion in results], descriptions, urls]
    return Response(json.dumps(body, ensure_ascii=False), mimetype=SUGGESTIONS_TYPE)


OPENSEARCH_MEDIA_TYPE = "application/opensearchdescription+xml"
SUGGESTIONS_TYPE = "application/x-suggestions+json"
OPENSEARCH_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
#: The placeholder of the search terms.
SEARCH_TERMS_QUERY = "?q={searchTerms}"


def opensearch_description(lang: str) -> bytes:
    """Return the description of the search in one language, as UTF-8 with an XML declaration."""
    root = ElementTree.Element("OpenSearchDescription", {"xmlns": OPENSEARCH_NAMESPACE})
    # At most 16 characters; equal to the title of the link to this description.
    _add_element(root, "ShortName", _("Biography Bank"))
    _add_element(root, "Description", _("Searchable biographies of notable Azerbaijanis, with sources."))
    _add_element(root, "LongName", _("Azerbaijani Biography Bank"))
    _add_url(root, "results", "text/html", _absolute_endpoint_url("web.search", lang) + SEARCH_TERMS_QUERY)
    _add_url(
        root,
        "suggestions",
        SUGGESTIONS_TYPE,
        _absolute_endpoint_url("web.suggestions", lang) + SEARCH_TERMS_QUERY,
    )
    _add_url(
        root,
        "collection",
        ATOM_MEDIA_TYPE,
        _absolute_endpoint_url("web.search_feed", lang) + SEARCH_TERMS_QUERY,
    )
    _add_url(root, "self", OPENSEARCH_MEDIA_TYPE, _absolute_endpoint_url("web.opensearch", lang))
    image = _add_element(root, "Image", absolute_url(static_url("mark.svg")))
    image.attrib.update({"type": "image/svg+xml", "width": "64", "height": "64"})
    _add_element(root, "Language", lang)
    _add_element(root, "InputEncoding", "UTF-8")
    _add_element(root, "OutputEncoding", "UTF-8")
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _absolute_endpoint_url(endpoint: str, lang: str) -> str:
    return absolute_url(url_for(endpoint, lang=lang))


def _add_element(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = text
    return element


def _add_url(parent: ElementTree.Element, rel: str, type_: str, template: str) -> None:
    ElementTree.SubElement(parent, "Url", {"rel": rel, "type": type_, "template": template})
