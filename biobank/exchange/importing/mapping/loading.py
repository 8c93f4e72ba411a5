"""Loading of mapping files: YAML of plain values within limits; errors have positions."""

from collections.abc import Sequence
from pathlib import Path

import yaml
from marshmallow import ValidationError

from biobank.errors import Problem
from biobank.exchange.importing.english import ENGLISH
from biobank.exchange.importing.mapping.rules import TableMapping
from biobank.exchange.importing.mapping.schema import table_mapping_schema
from biobank.exchange.importing.said import Said, UnreadableFile, say
from biobank.exchange.importing.yaml_text import TextLoader, document_of, place_of
from biobank.records.problems import problems_of

#: Bytes of a mapping: room for a thousand values.
MAPPING_MOST = 500_000
PROBLEMS_MOST = 20
#: Nesting levels of a mapping; the deepest rule has eight.
DEPTH_MOST = 30


def load_mapping(file: Path) -> TableMapping:
    """Load a mapping file.

    Raises:
        UnreadableFile: if it cannot be read or is invalid.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(MAPPING_MOST + 1)
    except OSError as error:
        raise UnreadableFile(say("yaml_unopened", file=str(file), why=error.strerror)) from error
    return read_mapping(content, file.name)


def read_mapping(content: bytes, name: str) -> TableMapping:
    """Parse the bytes of a mapping file called `name`.

    Raises:
        UnreadableFile: with the position of invalid YAML, or the path of each error.
    """
    if len(content) > MAPPING_MOST:
        raise UnreadableFile(say("map_long", file=name, most=MAPPING_MOST))
    document = document_of(content, name, lambda text: _check_events(text, name))
    try:
        mapping: TableMapping = table_mapping_schema.load(document)
    except ValidationError as error:
        problems = list(problems_of(error.messages))
        raise UnreadableFile(_wrong(name, problems[:PROBLEMS_MOST])) from error
    return mapping


def _wrong(name: str, problems: Sequence[Problem]) -> Said:
    """Return a message with every error of a mapping and its path, one a line."""
    told = "\n".join(f"  {problem}" for problem in problems)
    message = ENGLISH["map_wrong"].format(file=name, problems=told)
    values = {"file": name, "problems": [problem.as_dict() for problem in problems]}
    return Said("", "map_wrong", message, values)


def _check_events(text: str, name: str) -> None:
    """Refuse aliases, which can make a small file endless, and excessive nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=TextLoader):
        line, column = place_of(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            told = say("yaml_broken", file=name, fault="alias", line=line, column=column)
            raise UnreadableFile(told)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_MOST:
            raise UnreadableFile(say("map_deep", file=name, most=DEPTH_MOST, line=line))
