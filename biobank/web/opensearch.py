"""The OpenSearch 1.1 description, by which browsers add the bank as a search engine."""

from xml.etree import ElementTree

from flask import url_for

from biobank.exchange.answers.atom import MEDIA_TYPE as FEED_TYPE
from biobank.web.links import absolute, static_url
from biobank.web.text import _

MEDIA_TYPE = "application/opensearchdescription+xml"
SUGGESTIONS_TYPE = "application/x-suggestions+json"
NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
#: The placeholder of the search terms.
TERMS = "?q={searchTerms}"


def description(lang: str) -> bytes:
    """Return the description of the search in one language, as UTF-8 with an XML declaration."""
    root = ElementTree.Element("OpenSearchDescription", {"xmlns": NAMESPACE})
    # At most 16 characters; equal to the title of the link to this description.
    _add(root, "ShortName", _("Biography Bank"))
    _add(
        root,
        "Description",
        _("A searchable bank of biographies of notable Azerbaijanis, with sources."),
    )
    _add(root, "LongName", _("Azerbaijani Biography Bank"))
    _url(root, "results", "text/html", _of("web.search", lang) + TERMS)
    _url(root, "suggestions", SUGGESTIONS_TYPE, _of("web.suggestions", lang) + TERMS)
    _url(root, "collection", FEED_TYPE, _of("web.search_feed", lang) + TERMS)
    _url(root, "self", MEDIA_TYPE, _of("web.opensearch", lang))
    image = _add(root, "Image", absolute(static_url("mark.svg")))
    image.attrib.update({"type": "image/svg+xml", "width": "64", "height": "64"})
    _add(root, "Language", lang)
    _add(root, "InputEncoding", "UTF-8")
    _add(root, "OutputEncoding", "UTF-8")
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _of(endpoint: str, lang: str) -> str:
    return absolute(url_for(endpoint, lang=lang))


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = text
    return element


def _url(parent: ElementTree.Element, rel: str, type_: str, template: str) -> None:
    ElementTree.SubElement(parent, "Url", {"rel": rel, "type": type_, "template": template})
