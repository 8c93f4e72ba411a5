"""Reading a mapping file: YAML of plain values, bounded, its mistakes told by their place."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from marshmallow import ValidationError

from biobank.errors import Problem
from biobank.exchange.importing.english import ENGLISH
from biobank.exchange.importing.mapping.rules import TableMapping
from biobank.exchange.importing.mapping.schema import table_mapping_schema
from biobank.exchange.importing.reading import TextLoader
from biobank.exchange.importing.said import Said, UnreadableFile, say
from biobank.records.problems import problems_of, shown

#: Bytes of a mapping: a thousand values with room.
MAPPING_MOST = 500_000
PROBLEMS_MOST = 20
#: Levels of a mapping; the deepest rule lies eight deep.
DEPTH_MOST = 30


class _MappingLoader(TextLoader):
    """Refuses keys that stand twice, of which YAML would keep the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            text = key.value if isinstance(key, yaml.ScalarNode) else None
            if text in seen:
                told = f"the key {shown(str(text), 60)!r} stands twice"
                raise yaml.constructor.ConstructorError(None, None, told, key.start_mark)
            seen.add(text)
        return super().construct_mapping(node, deep)


def load_mapping(file: Path) -> TableMapping:
    """The mapping in `file`. UnreadableFile as `read_mapping`."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MAPPING_MOST + 1)
    except OSError as error:
        raise UnreadableFile(say("map_unopened", file=str(file), why=error.strerror)) from error
    return read_mapping(content, file.name)


def read_mapping(content: bytes, name: str) -> TableMapping:
    """The mapping that the bytes of a file called `name` hold.

    Raises:
        UnreadableFile: with the line of what is no YAML, or the path of each mistake.
    """
    if len(content) > MAPPING_MOST:
        raise UnreadableFile(say("map_long", file=name, most=MAPPING_MOST))
    try:
        text = content.decode("utf-8-sig")
        _check_events(text)
        # The loader is a SafeLoader: it makes plain values only.
        document = yaml.load(text, Loader=_MappingLoader)  # noqa: S506
    except UnicodeDecodeError as error:
        raise UnreadableFile(say("map_not_utf_8", file=name, at=error.start + 1)) from error
    except (yaml.YAMLError, ValueError) as error:
        told = " ".join(str(error).split())[:300]
        raise UnreadableFile(say("map_no_yaml", file=name, why=told)) from error
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


def _check_events(text: str) -> None:
    """Refuses aliases, with which a small file is endless, and nesting that no mapping has."""
    depth = 0
    for event in yaml.parse(text, Loader=TextLoader):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError(f"it holds the alias *{event.anchor}; write its value out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_MOST:
            raise ValueError(f"it is nested deeper than {DEPTH_MOST} levels")
