"""Import items, and their readers for seed YAML and JSON Lines.

An error in one item never affects the others.
"""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from biobank.exchange.importing.json_lines import value_of
from biobank.exchange.importing.said import Said, UnreadableFile, say
from biobank.exchange.importing.yaml_text import read_yaml

#: Label of notices that concern the whole file.
THE_FILE = "the file"
#: Bytes of the longest line that is read; the largest valid record is well below.
LINE_MOST = 5_000_000
#: Byte order marks of UTF-16.
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Item:
    """One record of a file; `label` is its position, for reports."""

    label: str
    data: Any = None
    #: Why it could not be read; then there is no data.
    fault: Said | None = None
    #: Reference records that `data` needs, by kind ("places", "terms", …): added with the record
    #: if they are missing, unreviewed until an editor accepts them.
    brings: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    #: What was reinterpreted or could not be converted, for the report.
    notices: Sequence[Said] = ()
    #: The id of the record in its file, by which a record without an id is found again when the
    #: file is imported again. Empty if the file has none.
    key: str = ""
    #: Whether it is not a record, and only carries `notices` about the whole file.
    is_remark: bool = False


def yaml_items(folder: Path) -> Iterator[Item]:
    """Yield one item for each file of `folder`, or entry of a list in it, in a fixed order."""
    for file in sorted(folder.glob("*.yaml")):
        try:
            document = read_yaml(file)
        except UnreadableFile as error:
            yield Item(file.name, fault=error.said)
            continue
        if isinstance(document, list):
            for index, entry in enumerate(document):
                yield Item(f"{file.name}[{index}]", entry)
        else:
            yield Item(file.name, document)


def jsonl_items(stream: IO[bytes]) -> Iterator[Item]:
    """Yield one item for each non-blank line; a byte order mark at the start is skipped.

    Raises:
        UnreadableFile: if the byte order mark is that of UTF-16.
    """
    number = 0
    while line := stream.readline(LINE_MOST + 1):
        number += 1
        label = f"line {number}"
        if len(line) > LINE_MOST:
            _skip_rest(stream, line)
            yield Item(label, fault=say("line_long", most=LINE_MOST))
            continue
        if number == 1:
            if line.startswith(UTF_16):
                raise UnreadableFile(say("utf_16"))
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            data, fault = value_of(line)
            yield Item(label, data, fault)


def _skip_rest(stream: IO[bytes], line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(LINE_MOST)
