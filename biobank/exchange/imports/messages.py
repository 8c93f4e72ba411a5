"""Import messages about a file and its records: a code, and the values of its placeholders.

The command line and programs read the English text; the desk passes `format_message` a translation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import yaml

from biobank.errors import BiobankError, FieldError
from biobank.exchange.imports.message_texts import (
    IMPORT_MESSAGES,
    LEFT_OUT_MESSAGE,
    PARSER_ERRORS,
    SKIPPED_KINDS,
)
from biobank.records.validation import truncate_for_display

#: Prefixes of messages of Python's JSON parser, and fragments of those of yajl, used by ijson.
_JSON_ERRORS: Final = {
    "Expecting value": "value_missing",
    "Expecting property name": "key_missing",
    "Expecting ':'": "colon_missing",
    "Expecting ','": "comma_missing",
    "Extra data": "more_behind",
    "Unterminated string": "text_open",
    "Invalid control character": "control",
    "Invalid \\": "backslash",
    "Illegal trailing comma": "comma_last",
    "premature EOF": "cut",
    "separated by a colon": "colon_missing",
    "I expect ','": "comma_missing",
    "trailing garbage": "more_behind",
    "invalid object key": "key_missing",
    "unallowed token": "value_missing",
    "invalid character inside string": "control",
    "occurs before a character which it may not": "backslash",
    "in json text": "no_value",
    "invalid bytes in UTF8": "bytes",
}
_CSV_ERRORS: Final = {"expected after": "quote_behind", "unexpected end of data": "text_open"}
_YAML_ERRORS: Final = {
    "cannot start any token": "sign",
    "values are not allowed": "indent",
    "'-' indicator": "indent",
    "expected key": "indent",
    "expected ',' or": "bracket",
    "expected node content": "bracket",
    "unexpected end of stream": "text_open",
    "unknown escape": "backslash",
    "determine a constructor": "yaml_tag",
    "undefined alias": "alias",
    "unhashable key": "key_no_text",
    "another document": "document_second",
}
#: By the stable error numbers of expat (`xml.parsers.expat.errors`).
_XML_ERRORS: Final = {
    **dict.fromkeys((3, 5, 6, 20), "cut"),
    7: "tag_other",
    8: "attribute_twice",
    9: "more_behind",
    11: "entity",
    14: "character",
    **dict.fromkeys((17, 30, 31), "declaration"),
    **dict.fromkeys((18, 19), "encoding"),
    27: "prefix",
}


def classify_json_error(message: str) -> str:
    """Return the kind of a JSON parser message."""
    return _classify(_JSON_ERRORS, message)


def classify_csv_error(message: str) -> str:
    return _classify(_CSV_ERRORS, message)


def classify_xml_error(code: int) -> str:
    """Return the kind of an expat error number."""
    return _XML_ERRORS.get(code, "broken")


def classify_yaml_error(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.reader.ReaderError):
        return "control"
    return _classify(_YAML_ERRORS, str(getattr(error, "problem", "")))


def _classify(kinds: dict[str, str], message: str) -> str:
    return next((kind for fragment, kind in kinds.items() if fragment in message), "broken")


#: Characters of a value: a message quotes the file only as far as it helps.
MAX_MESSAGE_VALUE_CHARS: Final = 500


@dataclass(frozen=True)
class ImportMessage(FieldError):
    """A refusal or notice of an import; `path` is the field or the column concerned."""

    values: Mapping[str, Any] = field(default_factory=dict)
    #: Whether the value was left out and the record imported without it.
    left_out: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the message as in a report."""
        extra: dict[str, Any] = {"values": dict(self.values)} if self.values else {}
        if self.left_out:
            extra["left_out"] = True
        return {**super().to_dict(), **extra}

    def with_path(self, path: str) -> "ImportMessage":
        """Return the same message for another field."""
        return replace(self, path=path)

    def as_left_out(self) -> "ImportMessage":
        """Return the message as a notice that the value was left out."""
        return replace(self, message=f"{self.message.rstrip('.')}. {LEFT_OUT_MESSAGE}", left_out=True)


def import_message(code: str, path: str = "", **values: Any) -> ImportMessage:
    """Build the message of `code` with `values`: texts, which are sanitised, integers and problems."""
    safe_values = {
        name: truncate_for_display(value, MAX_MESSAGE_VALUE_CHARS) if isinstance(value, str) else value
        for name, value in values.items()
    }
    return ImportMessage(path, code, format_message(code, safe_values), safe_values)


def format_message(
    code: str,
    values: Mapping[str, Any],
    translate: Callable[[str], str] = str,
    format_number: Callable[[int], str] = "{:,}".format,
) -> str:
    """Return the text of `code`; `translate` receives English texts with their placeholders.

    Raises:
        KeyError: if the code is unknown or a value is missing, as in reports of earlier versions.
    """

    def format_value(name: str, value: Any) -> str:
        if name == "problems":
            return "\n".join(f"  {problem['path']}: {translate(problem['message'])}" for problem in value)
        if name == "fault":
            return translate(PARSER_ERRORS.get(value, PARSER_ERRORS["broken"]))
        if name in ("what", "why"):
            return translate(SKIPPED_KINDS.get(value, value))
        return format_number(value) if isinstance(value, int) else str(value)

    return translate(IMPORT_MESSAGES[code]) % {
        name: format_value(name, value) for name, value in values.items()
    }


class ImportFailed(BiobankError):
    """An import that failed, with its reason: a message, or the code, path and values of one."""

    code = "not_imported"

    def __init__(self, reason: ImportMessage | str, path: str = "", **values: Any) -> None:
        self.reason = import_message(reason, path, **values) if isinstance(reason, str) else reason
        super().__init__(str(self.reason))


class UnreadableFile(ImportFailed):
    """A file that cannot be opened or is not of its format."""

    code = "unreadable_file"


def failure_reason(error: BiobankError) -> ImportMessage:
    """Return why an import failed, from the error's own message or a general one."""
    return (
        error.reason
        if isinstance(error, ImportFailed)
        else import_message("broke_off", why=error.public_message)
    )
