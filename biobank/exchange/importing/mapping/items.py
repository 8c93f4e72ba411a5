"""The items of a table that a mapping makes records of."""

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

#: How the rows of each format are reached.
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
    """One item a row that the mapping does not pass over.

    Raises:
        UnreadableFile: where the file is no table, or one without the mapping's columns.
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
