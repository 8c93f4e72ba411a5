"""Streaming of objects out of JSON of any size: one a line, one list, or lists within a document.

At most one object is in memory, of at most `MAX_LINE_BYTES` bytes and `MAX_JSON_DEPTH` levels.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import ijson

from biobank.exchange.importing.faults import json_fault
from biobank.exchange.importing.json_lines import value_of
from biobank.exchange.importing.reading import LINE_MOST, UTF_16
from biobank.exchange.importing.said import Said, UnreadableFile, say

#: Nesting levels of an object; a Wikidata reference has nine.
DEPTH_MOST = 40
#: Bytes read to detect the layout of a file.
HEAD = 1 << 18


@dataclass(frozen=True)
class Part:
    """One object of a file: its label, and the list of the document that contains it."""

    label: str
    value: Any = None
    fault: Said | None = None
    under: str = ""


class _Nested(Exception):
    """An object is nested too deeply."""


class _TooLong(Exception):
    """An object is too long."""


def parts(stream: IO[bytes], lists: frozenset[str]) -> Iterator[Part]:
    """Yield every object of a seekable `stream`; `list_names` are the lists a document may have.

    Raises:
        UnreadableFile: if it is UTF-16.
    """
    head = stream.read(HEAD)
    stream.seek(0)
    if head[:2] in UTF_16:
        raise UnreadableFile(say("utf_16"))
    head = head.removeprefix(b"\xef\xbb\xbf")
    if _is_lines(head, lists):
        yield from _lines(stream)
    else:
        yield from _guarded(stream, lists)


def _is_lines(head: bytes, lists: frozenset[str]) -> bool:
    """Return whether the first non-empty line is an object by itself, and not a document."""
    lines = [bare for line in head.splitlines() if (bare := line.strip().removesuffix(b","))]
    if lines[:1] == [b"["]:
        del lines[0]
    if not lines:
        return True
    try:
        found = json.loads(lines[0])
    except (ValueError, RecursionError):
        # A document continues on the next line; a broken line ends, or another object follows it.
        return not lines[0].startswith((b"{", b"[")) or any(map(_alone, lines[:2]))
    return isinstance(found, dict) and not lists & found.keys()


def _alone(line: bytes) -> bool:
    return line.startswith(b"{") and line.endswith(b"}")


def _lines(stream: IO[bytes]) -> Iterator[Part]:
    """Yield objects one a line, as in JSON Lines and Wikidata dumps."""
    number = 0
    while line := stream.readline(LINE_MOST + 1):
        number += 1
        label = f"line {number}"
        if len(line) > LINE_MOST:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LINE_MOST)
            yield Part(label, fault=say("line_long", most=LINE_MOST))
            continue
        bare = (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip()
        bare = bare.removesuffix(b",").rstrip()
        if bare not in (b"", b"[", b"]"):
            value, fault = value_of(bare)
            yield Part(label, value, fault)


class _Window:
    """A stream that limits the bytes read between two objects."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.since = 0
        self.at = 0

    def read(self, size: int) -> bytes:
        chunk = self.stream.read(size)
        if size and self.at == 0:
            chunk = chunk.removeprefix(b"\xef\xbb\xbf")
        self.at += len(chunk)
        self.since += len(chunk)
        if self.since > LINE_MOST + HEAD:
            raise _TooLong
        return chunk

    def let_go(self) -> None:
        self.since = 0


def _guarded(stream: IO[bytes], lists: frozenset[str]) -> Iterator[Part]:
    """Yield the objects of one JSON text, and an error if it is broken."""
    window = _Window(stream)
    count = 0
    try:
        for part in _document(window, lists):
            count += 1
            yield part
    except _TooLong:
        yield Part(f"object {count + 1}", fault=say("object_long", most=LINE_MOST))
    except (_Nested, RecursionError):
        yield Part(f"object {count + 1}", fault=say("json_deep_rest"))
    except (ijson.JSONError, ValueError, OverflowError, ArithmeticError) as error:
        fault = say("json_broken", fault=json_fault(str(error)))
        yield Part(f"object {count + 1}", fault=fault)


def _document(window: _Window, lists: frozenset[str]) -> Iterator[Part]:
    # Without `use_float` a number of thousands of digits crashes the process: the C parser of
    # ijson 3.6 builds an int from it, which Python refuses, and continues with a null pointer.
    events = ijson.basic_parse(window, buf_size=1 << 16, use_float=True)
    first = next(events)
    if first[0] == "start_array":
        yield from _members(events, window, "", "end_array")
    elif first[0] == "start_map":
        yield from _object(events, window, lists)
    else:
        yield Part("object 1", fault=say("no_list"))
    for _ in events:
        pass


def _object(events: Any, window: _Window, lists: frozenset[str]) -> Iterator[Part]:
    """Yield the objects in the lists of a document; without such lists, the document itself."""
    whole = _Built()
    made: dict[str, Any] = {}
    listed = False
    for event, key in events:
        if event == "end_map":
            break
        kind, value = next(events)
        if key in lists and kind in ("start_array", "start_map"):
            listed = True
            yield from _members(events, window, key, kind.replace("start", "end"))
        else:
            whole.put(made, key, whole.value(events, kind, value, 1))
    if not listed:
        yield whole.part("object 1", made)


def _members(events: Any, window: _Window, under: str, end: str) -> Iterator[Part]:
    for number, (event, value) in enumerate(events):
        if event == end:
            return
        if event == "map_key" and end == "end_map":
            event, value = next(events)
        label = f"{under}[{number}]" if under else f"object {number + 1}"
        built = _Built()
        yield built.part(label, built.value(events, event, value, 2), under)
        window.let_go()


class _Built:
    """Build a value from parser events; read it to its end even if it is invalid."""

    def __init__(self) -> None:
        #: The first key that is duplicated in an object.
        self.twice: str | None = None

    def part(self, label: str, value: Any, under: str = "") -> Part:
        if self.twice is not None:
            return Part(label, fault=say("key_twice", key=self.twice), under=under)
        return Part(label, value, under=under)

    def put(self, made: dict[str, Any], key: str, value: Any) -> None:
        if key in made and self.twice is None:
            self.twice = key
        made[key] = value

    def value(self, events: Any, event: str, value: Any, depth: int) -> Any:
        """Build the value that begins with `event`."""
        if depth > DEPTH_MOST:
            raise _Nested
        if event == "start_array":
            found: list[Any] = []
            for event, value in events:
                if event == "end_array":
                    break
                found.append(self.value(events, event, value, depth + 1))
            return found
        if event == "start_map":
            made: dict[str, Any] = {}
            for event, key in events:
                if event == "end_map":
                    break
                event, value = next(events)
                self.put(made, key, self.value(events, event, value, depth + 1))
            return made
        return value
