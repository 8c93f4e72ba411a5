"""Conversion of a row to a record: rules yield values that fill the template of a mapping."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from biobank.exchange.formats.csv import delimited_table
from biobank.exchange.formats.tables import RowError, SourceRow, SourceTable, check_columns, json_table
from biobank.exchange.formats.xlsx import workbook_table
from biobank.exchange.imports.items import WHOLE_FILE, ImportItem
from biobank.exchange.imports.mapping.evaluator import RuleEvaluator
from biobank.exchange.imports.mapping.rules import (
    ListNode,
    Node,
    ObjectNode,
    TableMapping,
    ValueRule,
    referenced_columns,
)
from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.exchange.imports.place_resolver import PlaceResolver, deduplicate_names, parse_language_code


@dataclass
class RowOutput:
    """The output of a row beside the record."""

    notices: list[ImportMessage] = field(default_factory=list)
    #: Places that the record needs, by id.
    places: dict[str, dict[str, Any]] = field(default_factory=dict)


def row_to_item(row: SourceRow, mapping: TableMapping, resolver: PlaceResolver) -> ImportItem | None:
    """Convert a row to an item; return None if the mapping filters it out."""
    if row.error:
        return ImportItem(row.label, error=row.error)
    output = RowOutput()
    try:
        if not _matches_filter(row, mapping):
            return None
        key = "|".join("".join(row.values(column)) for column in mapping.key)
        evaluator = RuleEvaluator(row, mapping.empty, resolver, output.notices, output.places)
        record = _build_record(mapping, evaluator)
    except RowError as error:
        return ImportItem(row.label, error=error.reason)
    bundled = {"places": list(output.places.values())} if output.places else {}
    key = key if key.strip("|") else ""
    return ImportItem(row.label, record, bundled_records=bundled, notices=output.notices, key=key)


def _matches_filter(row: SourceRow, mapping: TableMapping) -> bool:
    return all(any(text in texts for text in row.values(column)) for column, texts in mapping.where.items())


def _build_record(mapping: TableMapping, evaluator: RuleEvaluator) -> dict[str, Any]:
    expanded = _expand(mapping.record, evaluator, "")
    record: dict[str, Any] = expanded[0] if expanded else {}
    if isinstance(record.get("names"), list):
        record["names"] = deduplicate_names(map(_with_language, record["names"]))
    source = mapping.source
    if source is None:
        return record
    cite = {"source": source.id}
    if source.locator and (locator := evaluator.evaluate(source.locator, "source.locator")):
        cite["locator"] = locator[0]
    for fact in source.cites:
        if record.get(fact):
            record[fact].setdefault("cites", []).append(dict(cite))
    csl = dict(source.csl) if source.csl else None
    record.setdefault("sources", []).append({"id": source.id, "csl": csl} if csl else source.id)
    return record


def _with_language(name: dict[str, Any]) -> dict[str, Any]:
    """Return a name with its language code split into language and script."""
    lang, script = parse_language_code(str(name.get("lang", "")))
    return {**name, "lang": lang, **({"script": script} if script and "script" not in name else {})}


def _expand(node: Node, evaluator: RuleEvaluator, path: str) -> list[Any]:
    """Expand a node of the template to no value, one, or several."""
    if isinstance(node, str):
        return [node]
    if isinstance(node, ValueRule):
        return list(evaluator.evaluate(node, path))
    if isinstance(node, ListNode):
        entries = [
            expanded
            for index, entry in enumerate(node.entries)
            for expanded in _expand(entry, evaluator, f"{path}[{index}]")
        ]
        return [entries] if entries else []
    return _expand_object(node, evaluator, path)


def _expand_object(node: ObjectNode, evaluator: RuleEvaluator, path: str) -> list[dict[str, Any]]:
    columns = {name: _expand(inner, evaluator, _join_path(path, name)) for name, inner in node.fields.items()}
    if any(not columns.get(name) for name in node.required & columns.keys()):
        return []
    columns = {name: items for name, items in columns.items() if items}
    count = max((len(items) for items in columns.values()), default=0)
    for name, items in columns.items():
        if len(items) > 1 and "[" not in path:
            raise RowError("values_many", _join_path(path, name), count=len(items))
        if len(items) not in (1, count):
            raise RowError("values_apart", f"{path}.{name}", count=len(items), others=count)
    return [
        {name: items[0 if len(items) == 1 else index] for name, items in columns.items()}
        for index in range(count)
    ]


def _join_path(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


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
