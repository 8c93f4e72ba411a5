"""Reading records from files: YAML of the seed, JSON Lines. One bad item never stops the rest."""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from biobank.exchange.importing.json_lines import value_of
from biobank.exchange.importing.said import Said, UnreadableFile, say
from biobank.exchange.importing.yaml_text import read_yaml

#: What is said of no record, but of the file as a whole, is said of this place.
THE_FILE = "the file"
#: The longest line that is read; the largest record the schemas allow is well below.
LINE_MOST = 5_000_000
#: The marks of a text in UTF-16.
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Item:
    """One record as it stands in a file; `label` says where, for reports."""

    label: str
    data: Any = None
    #: Why it could not be read at all; then there is no data.
    fault: Said | None = None
    #: Reference records that `data` needs, by kind ("places", "terms", …): added with the record
    #: where the bank lacks them, unreviewed until an editor accepts them.
    brings: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    #: What was read otherwise than it was written, or could not be taken over, for the report.
    notices: Sequence[Said] = ()
    #: What a record without an id is known by in its file, when the file is brought in again:
    #: an id of the file's own. Empty where the file has none.
    key: str = ""
    #: Whether it is no record, and only carries `notices` of the file as a whole.
    is_remark: bool = False


def yaml_items(folder: Path) -> Iterator[Item]:
    """One item a file of `folder`, or one an entry where a file holds a list, in a fixed order."""
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
    """One item a line that is not blank; a byte order mark at the start is passed over.

    Raises:
        UnreadableFile: where the mark tells of UTF-16.
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
