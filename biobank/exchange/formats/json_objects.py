"""Streaming of objects out of JSON of any size: one a line, one list, or lists within a document.

At most one object is in memory, of at most `MAX_LINE_BYTES` bytes and `MAX_JSON_DEPTH` levels.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import ijson

from biobank.exchange.formats.jsonl import iter_lines, parse_line
from biobank.exchange.imports.items import MAX_LINE_BYTES, UTF_16_BOMS
from biobank.exchange.imports.messages import (
    ImportMessage,
    UnreadableFile,
    classify_json_error,
    import_message,
)

#: Nesting levels of an object; a Wikidata reference has nine.
MAX_JSON_DEPTH = 40
#: Bytes read to detect the layout of a file.
SNIFF_BYTES = 1 << 18


@dataclass(frozen=True)
class SourceObject:
    """One object of a file: its label, and the list of the document that contains it."""

    label: str
    value: Any = None
    error: ImportMessage | None = None
    list_name: str = ""


def iter_objects(stream: IO[bytes], list_names: frozenset[str]) -> Iterator[SourceObject]:
    """Yield every object of a seekable `stream`; `list_names` are the lists a document may have.

    Raises:
        UnreadableFile: if it is UTF-16.
    """
    prefix = stream.read(SNIFF_BYTES)
    stream.seek(0)
    if prefix[:2] in UTF_16_BOMS:
        raise UnreadableFile("utf_16")
    prefix = prefix.removeprefix(b"\xef\xbb\xbf")
    if _is_json_lines(prefix, list_names):
        yield from _iter_lines(stream)
    else:
        yield from _iter_guarded(stream, list_names)


def _is_json_lines(prefix: bytes, list_names: frozenset[str]) -> bool:
    """Return whether the first non-empty line is an object by itself, and not a document."""
    lines = [bare for line in prefix.splitlines() if (bare := line.strip().removesuffix(b","))]
    if lines[:1] == [b"["]:
        del lines[0]
    if not lines:
        return True
    try:
        document = json.loads(lines[0])
    except (ValueError, RecursionError):
        # A document continues on the next line; a broken line ends, or another object follows it.
        is_object = any(line.startswith(b"{") and line.endswith(b"}") for line in lines[:2])
        return is_object or not lines[0].startswith((b"{", b"["))
    return isinstance(document, dict) and not list_names & document.keys()


def _iter_lines(stream: IO[bytes]) -> Iterator[SourceObject]:
    """Yield objects one a line, as in JSON Lines and Wikidata dumps."""
    for label, line, too_long in iter_lines(stream):
        text = line.strip().removesuffix(b",").rstrip()
        if too_long or text not in (b"", b"[", b"]"):
            value, error = (None, too_long) if too_long else parse_line(text)
            yield SourceObject(label, value, error)


class _BoundedReader:
    """A stream that limits the bytes read between two objects."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.bytes_since_object = 0
        self.position = 0

    def read(self, size: int) -> bytes:
        chunk = self.stream.read(size)
        if size and self.position == 0:
            chunk = chunk.removeprefix(b"\xef\xbb\xbf")
        self.position += len(chunk)
        self.bytes_since_object += len(chunk)
        if self.bytes_since_object > MAX_LINE_BYTES + SNIFF_BYTES:
            raise UnreadableFile("object_long", most=MAX_LINE_BYTES)
        return chunk


def _iter_guarded(stream: IO[bytes], list_names: frozenset[str]) -> Iterator[SourceObject]:
    """Yield the objects of one JSON text, and an error if it is broken."""
    reader = _BoundedReader(stream)
    count = 0
    try:
        for source_object in _iter_document(reader, list_names):
            count += 1
            yield source_object
        return
    except UnreadableFile as unreadable:
        reason = unreadable.reason
    except RecursionError:
        reason = import_message("json_deep_rest")
    except (ijson.JSONError, ValueError, ArithmeticError) as error:
        reason = import_message("json_broken", fault=classify_json_error(str(error)))
    yield SourceObject(f"object {count + 1}", error=reason)


def _iter_document(reader: _BoundedReader, list_names: frozenset[str]) -> Iterator[SourceObject]:
    # Without `use_float` a number of thousands of digits crashes the process: the C parser of
    # ijson 3.6 builds an int from it, which Python refuses, and continues with a null pointer.
    events = ijson.basic_parse(reader, buf_size=1 << 16, use_float=True)
    first = next(events)
    if first[0] == "start_array":
        yield from _iter_members(events, reader, "", "end_array")
    elif first[0] == "start_map":
        yield from _iter_lists(events, reader, list_names)
    else:
        yield SourceObject("object 1", error=import_message("no_list"))
    for _ in events:
        pass


def _iter_lists(events: Any, reader: _BoundedReader, list_names: frozenset[str]) -> Iterator[SourceObject]:
    """Yield the objects in the lists of a document; without such lists, the document itself."""
    builder = _ValueBuilder()
    members: dict[str, Any] = {}
    has_lists = False
    for event, key in events:
        if event == "end_map":
            break
        kind, value = next(events)
        if key in list_names and kind in ("start_array", "start_map"):
            has_lists = True
            yield from _iter_members(events, reader, key, kind.replace("start", "end"))
        else:
            builder.add(members, key, builder.build(events, kind, value, 1))
    if not has_lists:
        yield builder.to_object("object 1", members)


def _iter_members(events: Any, reader: _BoundedReader, list_name: str, end: str) -> Iterator[SourceObject]:
    for number, (event, value) in enumerate(events):
        if event == end:
            return
        if event == "map_key" and end == "end_map":
            event, value = next(events)
        label = f"{list_name}[{number}]" if list_name else f"object {number + 1}"
        builder = _ValueBuilder()
        yield builder.to_object(label, builder.build(events, event, value, 2), list_name)
        reader.bytes_since_object = 0


class _ValueBuilder:
    """Build a value from parser events; read it to its end even if it is invalid."""

    def __init__(self) -> None:
        #: The first key that is duplicated in an object.
        self.duplicate_key: str | None = None

    def to_object(self, label: str, value: Any, list_name: str = "") -> SourceObject:
        if self.duplicate_key is None:
            return SourceObject(label, value, list_name=list_name)
        message = import_message("key_twice", key=self.duplicate_key)
        return SourceObject(label, error=message, list_name=list_name)

    def add(self, members: dict[str, Any], key: str, value: Any) -> None:
        if key in members and self.duplicate_key is None:
            self.duplicate_key = key
        members[key] = value

    def build(self, events: Any, event: str, value: Any, depth: int) -> Any:
        """Build the value that begins with `event`."""
        if depth > MAX_JSON_DEPTH:
            raise UnreadableFile("json_deep_rest")
        if event == "start_array":
            items: list[Any] = []
            for event, value in events:
                if event == "end_array":
                    break
                items.append(self.build(events, event, value, depth + 1))
            return items
        if event == "start_map":
            members: dict[str, Any] = {}
            for event, key in events:
                if event == "end_map":
                    break
                event, value = next(events)
                self.add(members, key, self.build(events, event, value, depth + 1))
            return members
        return value
