"""Streaming of records out of untrusted XML.

A document type declaration is refused, so that no entity is ever read, internal or external.
Depth, elements and bytes of each record are limited; what surrounds the records is discarded.
"""

from collections.abc import Collection, Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from biobank.exchange.importing.faults import xml_fault
from biobank.exchange.importing.said import UnreadableFile, say

#: Bytes passed to the parser at a time.
BLOCK = 65_536
#: Bytes from one record to the next; the largest valid record is below half of it.
RECORD_MOST = 16_000_000
#: Nesting levels, and elements in one record. Our documents have 12 levels; 3,000 facts have about
#: 30,000 elements.
DEPTH_MOST = 64
ELEMENTS_MOST = 200_000


def records_in(stream: IO[bytes], names: Collection[str]) -> Iterator[Element]:
    """Yield every complete element of one of `tags` (`{namespace}local`), wherever it is nested.

    Raises:
        UnreadableFile: if the file is not XML or exceeds the limits, with the reason and position.
    """
    target = _Records(names)
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    since = 0
    while block := stream.read(BLOCK):
        _feed(parser, block)
        since = 0 if target.found else since + len(block)
        if since > RECORD_MOST:
            most = RECORD_MOST // 1_000_000
            raise UnreadableFile(say("xml_large", most=most))
        yield from target.take()
    _feed(parser, None)
    yield from target.take()


def _feed(parser: Any, block: bytes | None) -> None:
    try:
        parser.feed(block) if block is not None else parser.close()
    except DefusedXmlException as error:
        raise UnreadableFile(say("xml_doctype")) from error
    except ParseError as error:
        line, column = error.position
        told = say("xml_broken", fault=xml_fault(error.code), line=line, column=column + 1)
        raise UnreadableFile(told) from error
    except (LookupError, UnicodeError, ValueError) as error:
        raise UnreadableFile(say("xml_encoding")) from error


class _Records:
    """A parser target that builds the elements of records and discards the rest."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)
        self._depth = 0
        self._elements = 0
        self._builder: TreeBuilder | None = None
        #: The depth at which the current record began.
        self._began = 0
        self.found: list[Element] = []

    def take(self) -> list[Element]:
        found, self.found = self.found, []
        return found

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_MOST:
            raise UnreadableFile(say("xml_deep", most=DEPTH_MOST))
        if self._builder is None and tag in self._names:
            self._builder, self._began, self._elements = TreeBuilder(), self._depth, 0
        if self._builder is not None:
            self._elements += 1
            if self._elements > ELEMENTS_MOST:
                raise UnreadableFile(say("xml_elements", most=ELEMENTS_MOST))
            self._builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        if self._builder is not None:
            self._builder.end(tag)
            if self._depth == self._began:
                self.found.append(self._builder.close())
                self._builder = None
        self._depth -= 1

    def data(self, data: str) -> None:
        if self._builder is not None:
            self._builder.data(data)

    def close(self) -> None:
        """Do nothing; the parser calls it at the end."""
