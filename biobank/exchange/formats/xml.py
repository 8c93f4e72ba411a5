"""Streaming of records out of untrusted XML.

A document type declaration is refused, so that no entity is ever read, internal or external.
Depth, elements and bytes of each record are limited; what surrounds the records is discarded.
"""

import re
from collections.abc import Collection, Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from biobank.exchange.imports.messages import UnreadableFile, classify_xml_error

#: Bytes passed to the parser at a time.
XML_CHUNK_BYTES = 65_536
#: Bytes from one record to the next; the largest valid record is below half of it.
MAX_XML_RECORD_BYTES = 16_000_000
#: Nesting levels, and elements in one record. Our documents have 12 levels; 3,000 facts have about
#: 30,000 elements.
MAX_XML_DEPTH = 64
MAX_RECORD_ELEMENTS = 200_000


def iter_xml_records(stream: IO[bytes], tags: Collection[str]) -> Iterator[Element]:
    """Yield every complete element of one of `tags` (`{namespace}local`), wherever it is nested.

    Raises:
        UnreadableFile: if the file is not XML or exceeds the limits, with the reason and position.
    """
    target = _RecordCollector(tags)
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    bytes_since_record = 0
    while chunk := stream.read(XML_CHUNK_BYTES):
        _feed(parser, chunk)
        bytes_since_record = 0 if target.completed else bytes_since_record + len(chunk)
        if bytes_since_record > MAX_XML_RECORD_BYTES:
            megabytes = MAX_XML_RECORD_BYTES // 1_000_000
            raise UnreadableFile("xml_large", most=megabytes)
        yield from target.take_completed()
    _feed(parser, None)
    yield from target.take_completed()


def _feed(parser: Any, chunk: bytes | None) -> None:
    try:
        parser.feed(chunk) if chunk is not None else parser.close()
    except DefusedXmlException as error:
        raise UnreadableFile("xml_doctype") from error
    except ParseError as error:
        line, column = error.position
        raise UnreadableFile(
            "xml_broken", fault=classify_xml_error(error.code), line=line, column=column + 1
        ) from error
    except (LookupError, UnicodeError, ValueError) as error:
        raise UnreadableFile("xml_encoding") from error


class _RecordCollector:
    """A parser target that builds the elements of records and discards the rest."""

    def __init__(self, tags: Collection[str]) -> None:
        self._tags = frozenset(tags)
        self._depth = 0
        self._elements = 0
        self._builder: TreeBuilder | None = None
        #: The depth at which the current record began.
        self._record_depth = 0
        self.completed: list[Element] = []

    def take_completed(self) -> list[Element]:
        completed, self.completed = self.completed, []
        return completed

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_XML_DEPTH:
            raise UnreadableFile("xml_deep", most=MAX_XML_DEPTH)
        if self._builder is None and tag in self._tags:
            self._builder, self._record_depth, self._elements = TreeBuilder(), self._depth, 0
        if self._builder is not None:
            self._elements += 1
            if self._elements > MAX_RECORD_ELEMENTS:
                raise UnreadableFile("xml_elements", most=MAX_RECORD_ELEMENTS)
            self._builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        if self._builder is not None:
            self._builder.end(tag)
            if self._depth == self._record_depth:
                self.completed.append(self._builder.close())
                self._builder = None
        self._depth -= 1

    def data(self, data: str) -> None:
        if self._builder is not None:
            self._builder.data(data)

    def close(self) -> None:
        """Do nothing; the parser calls it at the end."""


#: Characters that XML 1.0 cannot represent.
_INVALID_XML_CHARS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def strip_invalid_xml(text: str) -> str:
    """Remove the characters that XML 1.0 cannot represent."""
    return _INVALID_XML_CHARS.sub("", text)
