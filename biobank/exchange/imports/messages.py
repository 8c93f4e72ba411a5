"""Import messages about a file and its records: a code, and the values of its placeholders.

The English text is included for the command line and for programs. The desk translates the code
when a report is displayed (`web/desk/imports/import_messages.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from biobank.errors import BiobankError, FieldError
from biobank.exchange.imports.message_templates import MESSAGE_TEMPLATES
from biobank.exchange.imports.parser_errors import PARSER_ERRORS
from biobank.records.validation import truncate_for_display

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
        return replace(self, message=f"{self.message.rstrip('.')}; left out", left_out=True)


def import_message(code: str, path: str = "", **values: Any) -> ImportMessage:
    """Build the message of `code` with `values`, texts and integers; texts are sanitised.

    A value named `fault` is a key of PARSER_ERRORS; the text contains its description.
    """
    safe_values = {
        name: truncate_for_display(value, MAX_MESSAGE_VALUE_CHARS) if isinstance(value, str) else value
        for name, value in values.items()
    }
    arguments = (
        {**safe_values, "fault": PARSER_ERRORS[safe_values["fault"]]}
        if "fault" in safe_values
        else safe_values
    )
    return ImportMessage(path, code, MESSAGE_TEMPLATES[code].format(**arguments), safe_values)


class ImportFailed(BiobankError):
    """An import that failed, with its reason."""

    code = "not_imported"

    def __init__(self, reason: ImportMessage) -> None:
        super().__init__(str(reason))
        self.reason = reason


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
