"""Pages seen by CSS selectors."""

import html
import re
from copy import deepcopy
from functools import lru_cache

from lxml.html import HtmlElement, document_fromstring


def text_of(page: str) -> str:
    """Return the text of a page or a part of it on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def visible_text(page: str | HtmlElement, *, without: str = "script, style, head, template") -> str:
    """Return the text of a page, or of an element, on one line, except in elements that match `without`."""
    element = deepcopy(_parse(page) if isinstance(page, str) else page)
    for hidden in element.cssselect(without):
        hidden.drop_tree()
    return " ".join(" ".join(element.xpath(".//text()")).split())


def select(page: str | HtmlElement, selector: str) -> list[HtmlElement]:
    """Return the elements of a page, or below an element, that match a CSS selector."""
    return (_parse(page) if isinstance(page, str) else page).cssselect(selector)


def select_one(page: str | HtmlElement, selector: str) -> HtmlElement:
    """Return the only element that matches a CSS selector."""
    elements = select(page, selector)
    assert len(elements) == 1, (selector, len(elements))
    return elements[0]


def texts(page: str | HtmlElement, selector: str) -> list[str]:
    """Return the text of each element that matches a CSS selector, on one line."""
    return [" ".join(element.text_content().split()) for element in select(page, selector)]


def text_at(page: str | HtmlElement, selector: str) -> str:
    """Return the text of the only element that matches a CSS selector, on one line."""
    return " ".join(select_one(page, selector).text_content().split())


def attributes(page: str | HtmlElement, selector: str, name: str) -> list[str]:
    """Return an attribute of each element that matches a CSS selector."""
    return [element.attrib[name] for element in select(page, selector)]


@lru_cache(maxsize=8)
def _parse(page: str) -> HtmlElement:
    return document_fromstring(page)
