"""Atom feeds (RFC 4287) of people, most recently changed first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from biobank.exchange.xml_text import xml_text

MEDIA_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
#: The `updated` value of a feed without entries, which Atom requires.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """A feed entry about one person; `page` is the page in the feed's language."""

    id: str
    title: str
    summary: str
    updated: datetime
    page: str
    #: When the person first became public, if known.
    published: datetime | None = None


@dataclass(frozen=True)
class Feed:
    """A feed: `id` is permanent, `url` its own address, `page` its HTML equivalent."""

    id: str
    title: str
    lang: str
    #: Name and home page of the author of all entries: the bank itself.
    author: str
    author_page: str
    address: str
    page: str
    entries: Sequence[Entry]
    #: Links to the `first`, `previous`, `next` and `last` page by relation (RFC 5005, section 3).
    pages: Sequence[tuple[str, str]] = ()
    #: When the feed last changed, if later than its entries: a removed entry leaves no date.
    changed: datetime | None = None

    @property
    def updated(self) -> datetime:
        return self.changed or max((entry.updated for entry in self.entries), default=NEVER)


def as_xml(feed: Feed) -> bytes:
    """Serialise the feed as UTF-8 with an XML declaration."""
    root = ElementTree.Element("feed", {"xmlns": NAMESPACE, "xml:lang": feed.lang})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.updated))
    author = ElementTree.SubElement(root, "author")
    _add(author, "name", feed.author)
    _add(author, "uri", feed.author_page)
    _link(root, "self", MEDIA_TYPE, feed.address)
    _link(root, "alternate", "text/html", feed.page, feed.lang)
    for rel, address in feed.pages:
        _link(root, rel, MEDIA_TYPE, address)
    for entry in feed.entries:
        inner = ElementTree.SubElement(root, "entry")
        _add(inner, "id", entry.id)
        _add(inner, "title", entry.title)
        _add(inner, "updated", _moment(entry.updated))
        if entry.published:
            _add(inner, "published", _moment(entry.published))
        if entry.summary:
            _add(inner, "summary", entry.summary)
        _link(inner, "alternate", "text/html", entry.page, feed.lang)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = xml_text(text)


def _link(parent: ElementTree.Element, rel: str, type_: str, address: str, lang: str = "") -> None:
    told = {"rel": rel, "type": type_, "href": address, **({"hreflang": lang} if lang else {})}
    ElementTree.SubElement(parent, "link", told)


def _moment(moment: datetime) -> str:
    """Format a timestamp as RFC 3339, in UTC to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
