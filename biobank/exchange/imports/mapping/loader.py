"""Loading of mapping files: YAML of plain values within limits; errors have positions."""

from collections.abc import Sequence
from pathlib import Path

import yaml
from marshmallow import ValidationError

from biobank.errors import Problem
from biobank.exchange.imports.mapping.rules import TableMapping
from biobank.exchange.imports.mapping.schema import table_mapping_schema
from biobank.exchange.imports.message_templates import MESSAGE_TEMPLATES
from biobank.exchange.imports.messages import ImportMessage, UnreadableFile, import_message
from biobank.exchange.imports.yaml_loader import TextLoader, mark_position, parse_yaml
from biobank.records.validation import iter_problems

#: Bytes of a mapping: room for a thousand values.
MAX_MAPPING_BYTES = 500_000
MAX_MAPPING_PROBLEMS = 20
#: Nesting levels of a mapping; the deepest rule has eight.
MAX_MAPPING_DEPTH = 30


def load_mapping(file: Path) -> TableMapping:
    """Load a mapping file.

    Raises:
        UnreadableFile: if it cannot be read or is invalid.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_MAPPING_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(
            import_message("yaml_unopened", file=str(file), why=error.strerror)
        ) from error
    return parse_mapping(content, file.name)


def parse_mapping(content: bytes, name: str) -> TableMapping:
    """Parse the bytes of a mapping file called `name`.

    Raises:
        UnreadableFile: with the position of invalid YAML, or the path of each error.
    """
    if len(content) > MAX_MAPPING_BYTES:
        raise UnreadableFile(import_message("map_long", file=name, most=MAX_MAPPING_BYTES))
    document = parse_yaml(content, name, lambda text: _check_events(text, name))
    try:
        mapping: TableMapping = table_mapping_schema.load(document)
    except ValidationError as error:
        problems = list(iter_problems(error.messages))
        raise UnreadableFile(_invalid_mapping(name, problems[:MAX_MAPPING_PROBLEMS])) from error
    return mapping


def _invalid_mapping(name: str, problems: Sequence[Problem]) -> ImportMessage:
    """Return a message with every error of a mapping and its path, one a line."""
    listing = "\n".join(f"  {problem}" for problem in problems)
    message = MESSAGE_TEMPLATES["map_wrong"].format(file=name, problems=listing)
    values = {"file": name, "problems": [problem.to_dict() for problem in problems]}
    return ImportMessage("", "map_wrong", message, values)


def _check_events(text: str, name: str) -> None:
    """Refuse aliases, which can make a small file endless, and excessive nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=TextLoader):
        line, column = mark_position(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            message = import_message(
                "yaml_broken", file=name, fault="alias", line=line, column=column
            )
            raise UnreadableFile(message)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_MAPPING_DEPTH:
            raise UnreadableFile(
                import_message("map_deep", file=name, most=MAX_MAPPING_DEPTH, line=line)
            )
