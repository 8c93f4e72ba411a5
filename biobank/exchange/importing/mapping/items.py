"""Reader of tables with a mapping."""

from collections.abc import Callable, Iterator
from typing import IO

from biobank.exchange.importing.bank import Bank
from biobank.exchange.importing.mapping.applying import item_of
from biobank.exchange.importing.mapping.rules import TableMapping, columns_of
from biobank.exchange.importing.reading import THE_FILE, Item
from biobank.exchange.importing.said import say
from biobank.exchange.importing.tables.objects import objects
from biobank.exchange.importing.tables.rows import Table, require
from biobank.exchange.importing.tables.separated import separated
from biobank.exchange.importing.tables.workbook import workbook

OpenTable = Callable[[IO[bytes], TableMapping], Table]

#: How to open the table of each format.
TABLES: dict[str, OpenTable] = {
    "csv": lambda stream, mapping: separated(
        stream, separator=mapping.separator or ",", encoding=mapping.encoding
    ),
    "tsv": lambda stream, mapping: separated(
        stream, separator=mapping.separator or "\t", encoding=mapping.encoding
    ),
    "xlsx": lambda stream, mapping: workbook(stream, sheet=mapping.sheet),
    "jsonl": lambda stream, _: objects(stream),
}


def mapped_items(
    stream: IO[bytes], format_: str, mapping: TableMapping, bank: Bank
) -> Iterator[Item]:
    """Yield one item for each row that the mapping does not filter out.

    Raises:
        UnreadableFile: if the file is not a table, or lacks columns of the mapping.
    """
    table = TABLES[format_](stream, mapping)
    require(table.columns, columns_of(mapping))
    if table.notices:
        yield Item(THE_FILE, notices=table.notices, is_remark=True)
    passed_over = 0
    for row in table.rows:
        if item := item_of(row, mapping, bank):
            yield item
        else:
            passed_over += 1
    if passed_over:
        said = say("passed_over", count=passed_over)
        yield Item(THE_FILE, notices=[said], is_remark=True)
