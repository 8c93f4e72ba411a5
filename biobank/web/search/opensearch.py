"""The OpenSearch 1.1 description, by which browsers add the bank as a search engine."""

from xml.etree import ElementTree

from flask import url_for

from biobank.exchange.formats.atom import ATOM_MEDIA_TYPE
from biobank.web.core.gettext import _
from biobank.web.core.urls import absolute_url, static_url

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
