"""Import items, and their reader for seed YAML.

An error in one item never affects the others.
"""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from biobank.exchange.imports.messages import ImportMessage, UnreadableFile
from biobank.exchange.imports.yaml_loader import load_yaml
from biobank.records.validation import truncate_for_display

#: Label of notices that concern the whole file.
WHOLE_FILE = "the file"
#: Bytes of the longest line that is read; the largest valid record is well below.
MAX_LINE_BYTES = 5_000_000
#: Characters of an id quoted in a report; the longest valid id has as many.
MAX_REPORTED_ID_CHARS = 120
#: Byte order marks of UTF-16.
UTF_16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class ImportItem:
    """One record of a file; `label` is its position, for reports."""

    label: str
    data: Any = None
    #: Why it could not be read; then there is no data.
    error: ImportMessage | None = None
    #: Reference records that `data` needs, by kind ("places", "terms", …): added with the record
    #: if they are missing, unreviewed until an editor accepts them.
    bundled_records: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    #: What was reinterpreted or could not be converted, for the report.
    notices: Sequence[ImportMessage] = ()
    #: The id of the record in its file, by which a record without an id is found again when the
    #: file is imported again. Empty if the file has none.
    key: str = ""
    #: Whether it is not a record, and only carries `notices` about the whole file.
    is_file_notice: bool = False

    @property
    def reported_id(self) -> str | None:
        """Return the id that the file gives, for reports; None if it gives none."""
        record_id = self.data.get("id") if isinstance(self.data, dict) else None
        return truncate_for_display(record_id, MAX_REPORTED_ID_CHARS) if isinstance(record_id, str) else None


def read_yaml_folder(folder: Path) -> Iterator[ImportItem]:
    """Yield one item for each file of `folder`, or entry of a list in it, in a fixed order."""
    for file in sorted(folder.glob("*.yaml")):
        try:
            document = load_yaml(file)
        except UnreadableFile as error:
            yield ImportItem(file.name, error=error.reason)
            continue
        if isinstance(document, list):
            for index, entry in enumerate(document):
                yield ImportItem(f"{file.name}[{index}]", entry)
        else:
            yield ImportItem(file.name, document)
