"""Reading a mapping file: YAML of plain values, bounded, its mistakes told by their place."""

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

#: Bytes of a mapping: a thousand values with room.
MAPPING_MOST = 500_000
PROBLEMS_MOST = 20
#: Levels of a mapping; the deepest rule lies eight deep.
DEPTH_MOST = 30


def load_mapping(file: Path) -> TableMapping:
    """The mapping in `file`. UnreadableFile as `read_mapping`."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MAPPING_MOST + 1)
    except OSError as error:
        raise UnreadableFile(say("yaml_unopened", file=str(file), why=error.strerror)) from error
    return read_mapping(content, file.name)


def read_mapping(content: bytes, name: str) -> TableMapping:
    """The mapping that the bytes of a file called `name` hold.

    Raises:
        UnreadableFile: with the place of what is no YAML, or the path of each mistake.
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
    """Every mistake of a mapping with its path, one a line."""
    told = "\n".join(f"  {problem}" for problem in problems)
    message = ENGLISH["map_wrong"].format(file=name, problems=told)
    values = {"file": name, "problems": [problem.as_dict() for problem in problems]}
    return Said("", "map_wrong", message, values)


def _check_events(text: str, name: str) -> None:
    """Refuses aliases, with which a small file is endless, and nesting that no mapping has."""
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
