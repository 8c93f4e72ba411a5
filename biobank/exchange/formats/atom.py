"""Atom feeds (RFC 4287) of people, most recently changed first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from biobank.exchange.formats.xml import strip_invalid_xml

ATOM_MEDIA_TYPE = "application/atom+xml"
ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
#: The `updated` value of a feed without entries, which Atom requires.
EMPTY_FEED_UPDATED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FeedEntry:
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
    url: str
    page: str
    entries: Sequence[FeedEntry]
    #: Links to the `first`, `previous`, `next` and `last` page by relation (RFC 5005, section 3).
    pages: Sequence[tuple[str, str]] = ()
    #: When the feed last changed, if later than its entries: a removed entry leaves no date.
    last_changed: datetime | None = None

    @property
    def updated(self) -> datetime:
        return self.last_changed or max((entry.updated for entry in self.entries), default=EMPTY_FEED_UPDATED)


def serialize(feed: Feed) -> bytes:
    """Serialise the feed as UTF-8 with an XML declaration."""
    root = ElementTree.Element("feed", {"xmlns": ATOM_NAMESPACE, "xml:lang": feed.lang})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _format_timestamp(feed.updated))
    author = ElementTree.SubElement(root, "author")
    _add(author, "name", feed.author)
    _add(author, "uri", feed.author_page)
    _link(root, "self", ATOM_MEDIA_TYPE, feed.url)
    _link(root, "alternate", "text/html", feed.page, feed.lang)
    for rel, url in feed.pages:
        _link(root, rel, ATOM_MEDIA_TYPE, url)
    for entry in feed.entries:
        element = ElementTree.SubElement(root, "entry")
        _add(element, "id", entry.id)
        _add(element, "title", entry.title)
        _add(element, "updated", _format_timestamp(entry.updated))
        if entry.published:
            _add(element, "published", _format_timestamp(entry.published))
        if entry.summary:
            _add(element, "summary", entry.summary)
        _link(element, "alternate", "text/html", entry.page, feed.lang)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = strip_invalid_xml(text)


def _link(parent: ElementTree.Element, rel: str, type_: str, url: str, lang: str = "") -> None:
    attributes = {"rel": rel, "type": type_, "href": url, **({"hreflang": lang} if lang else {})}
    ElementTree.SubElement(parent, "link", attributes)


def _format_timestamp(timestamp: datetime) -> str:
    """Format a timestamp as RFC 3339, in UTC to the second."""
    return f"{timestamp.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
