"""Reader of tables with a mapping."""

from collections.abc import Callable, Iterator
from typing import IO

from biobank.exchange.imports.items import WHOLE_FILE, ImportItem
from biobank.exchange.imports.mapping.converter import row_to_item
from biobank.exchange.imports.mapping.rules import TableMapping, referenced_columns
from biobank.exchange.imports.messages import import_message
from biobank.exchange.imports.place_resolver import PlaceResolver
from biobank.exchange.imports.tables.delimited import delimited_table
from biobank.exchange.imports.tables.json_rows import json_table
from biobank.exchange.imports.tables.rows import SourceTable, check_columns
from biobank.exchange.imports.tables.workbook import workbook_table

TableOpener = Callable[[IO[bytes], TableMapping], SourceTable]

#: How to open the table of each format.
TABLE_READERS: dict[str, TableOpener] = {
    "csv": lambda stream, mapping: delimited_table(
        stream, separator=mapping.separator or ",", encoding=mapping.encoding
    ),
    "tsv": lambda stream, mapping: delimited_table(
        stream, separator=mapping.separator or "\t", encoding=mapping.encoding
    ),
    "xlsx": lambda stream, mapping: workbook_table(stream, sheet=mapping.sheet),
    "jsonl": lambda stream, _: json_table(stream),
}


def read_mapped_table(
    stream: IO[bytes], format_: str, mapping: TableMapping, resolver: PlaceResolver
) -> Iterator[ImportItem]:
    """Yield one item for each row that the mapping does not filter out.

    Raises:
        UnreadableFile: if the file is not a table, or lacks columns of the mapping.
    """
    table = TABLE_READERS[format_](stream, mapping)
    check_columns(table.columns, referenced_columns(mapping))
    if table.notices:
        yield ImportItem(WHOLE_FILE, notices=table.notices, is_file_notice=True)
    skipped = 0
    for row in table.rows:
        if item := row_to_item(row, mapping, resolver):
            yield item
        else:
            skipped += 1
    if skipped:
        message = import_message("passed_over", count=skipped)
        yield ImportItem(WHOLE_FILE, notices=[message], is_file_notice=True)
