"""Import items, and their reader for YAML: scalars are text, and nothing in a file is ignored silently.

An error in one item never affects the others.
"""

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from biobank.exchange.imports.messages import ImportMessage, UnreadableFile, classify_yaml_error
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


try:
    # The libyaml loader is in every wheel of PyYAML and reads the seed in a third of the time.
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

#: The tags that are accepted: the defaults of untagged nodes.
PLAIN_TAGS: Final = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("null", "str", "seq", "map"))


class DuplicateYamlKeyError(yaml.constructor.ConstructorError):
    """A duplicate key in a mapping, of which YAML would keep the last value only."""

    def __init__(self, key: str, mark: Any) -> None:
        super().__init__(None, None, "a key stands twice", mark)
        self.key = key


class TextLoader(SafeLoader):
    """A loader that keeps scalars as text (NO is Norway, 0712 a year), except null, and refuses
    duplicate keys.
    """

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        # A node that is only tagged as a mapping is refused below.
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            text = key.value if isinstance(key, yaml.ScalarNode) else None
            if text is not None and text in seen:
                raise DuplicateYamlKeyError(text, key.start_mark)
            seen.add(text)
        return super().construct_mapping(node, deep)


TextLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
# Other tags turn scalars into other types, or fail in their own ways.
TextLoader.yaml_constructors = {
    tag: constructor
    for tag, constructor in SafeLoader.yaml_constructors.items()
    if tag is None or tag in PLAIN_TAGS
}


def load_yaml(file: Path) -> Any:
    """Return the document of a YAML file, with scalars as text.

    Raises:
        UnreadableFile: with the file and the line.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableFile("yaml_unopened", file=str(file), why=error.strerror) from error
    return parse_yaml(content, str(file))


def parse_yaml(content: bytes, name: str, check: Callable[[str], None] = lambda _text: None) -> Any:
    """Parse the bytes of a file called `name`, after `check` has accepted its text.

    Raises:
        UnreadableFile: with the file and the position; also whatever `check` raises.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile("yaml_not_utf_8", file=name, at=error.start + 1) from error
    try:
        check(text)
        # The loader is a SafeLoader, which builds plain values only.
        return yaml.load(text, Loader=TextLoader)  # noqa: S506
    except DuplicateYamlKeyError as error:
        line, column = _error_position(error, text)
        raise UnreadableFile("yaml_key_twice", file=name, key=error.key, line=line, column=column) from error
    except yaml.YAMLError as error:
        line, column = _error_position(error, text)
        raise UnreadableFile(
            "yaml_broken", file=name, fault=classify_yaml_error(error), line=line, column=column
        ) from error


def mark_position(mark: Any) -> tuple[int, int]:
    """Return the line and column of a YAML mark, counted from 1."""
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _error_position(error: yaml.YAMLError, text: str) -> tuple[int, int]:
    if isinstance(error, yaml.reader.ReaderError):
        preceding = text[: error.position]
        return preceding.count("\n") + 1, len(preceding) - preceding.rfind("\n")
    return mark_position(getattr(error, "problem_mark", None))
