"""Translation of report entries: by code and values, or else by the English message.

Entries stored before message codes existed are shown as they were stored.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from biobank.errors import FieldError
from biobank.exchange.imports.items import WHOLE_FILE
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_number
from biobank.web.desk.forms.messages import problem_text
from biobank.web.desk.imports.file_messages import FILE_MESSAGES, PARSE_ERROR_LABELS
from biobank.web.desk.imports.record_messages import (
    IMPORT_VALIDATION_MESSAGES,
    RECORD_MESSAGES,
    SKIPPED_KIND_LABELS,
)

IMPORT_MESSAGES: Final = {**FILE_MESSAGES, **RECORD_MESSAGES}
#: Codes whose value `why` is an English message that is translated by its text.
ENGLISH_DETAIL_CODES: Final = frozenset({"no_date", "broke_off"})


#: A numbered location in the form that the import readers produce.
LOCATION_PATTERN: Final = re.compile(r"(?:^|(?<=, ))(line|row|object|record) ([0-9]+)(?=$| \()")
LOCATION_LABELS: Final[Mapping[str, Callable[[str], str]]] = {
    "line": lambda number: _("line %(number)s", number=number),
    "row": lambda number: _("row %(number)s", number=number),
    "object": lambda number: _("object %(number)s", number=number),
    "record": lambda number: _("record %(number)s", number=number),
}


def location_label(location: str) -> str:
    """Return the translated label of a location, such as `line 3` or `folder/a.xml, record 2`."""
    if location == WHOLE_FILE:
        return _("the file")
    return LOCATION_PATTERN.sub(lambda match: LOCATION_LABELS[match[1]](match[2]), location)


LENGTH_PATTERN: Final = re.compile(r"^Length must be between (\d+) and (\d+)")


def located_message_text(entry: Mapping[str, Any]) -> str:
    """Return the message of an entry about the whole file, preceded by its location."""
    text = message_text(entry)
    return f"{location_label(entry['path'])}: {text}" if entry.get("path") else text


def message_text(entry: Mapping[str, Any]) -> str:
    """Return the translated message of a refusal or notice, without location and field."""
    text = _text_by_code(entry) or _text_by_message(entry)
    return " ".join((text, _("The value was left out."))) if entry.get("left_out") else text


def _text_by_code(entry: Mapping[str, Any]) -> str:
    """Translate an entry by its code; empty for an unknown code or missing values."""
    template = IMPORT_MESSAGES.get(entry.get("code", ""))
    try:
        return str(template) % _format_values(entry.get("values", {})) if template is not None else ""
    except KeyError:
        return ""


def _format_values(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _format_value(name, value) for name, value in values.items()}


def _format_value(name: str, value: Any) -> str:
    if name == "problems":
        return " ".join(f"{problem['path']}: {_text_by_message(problem)}" for problem in value)
    if name == "what":
        return str(SKIPPED_KIND_LABELS.get(value, value))
    if name == "fault":
        return str(PARSE_ERROR_LABELS.get(value, PARSE_ERROR_LABELS["broken"]))
    return format_number(value) if isinstance(value, int) else str(value)


def _text_by_message(entry: Mapping[str, Any]) -> str:
    """Translate an entry by its English message; an unknown message stays as it is."""
    has_english_detail = entry.get("code") in ENGLISH_DETAIL_CODES
    message = (has_english_detail and entry.get("values", {}).get("why")) or entry["message"]
    if (translated := IMPORT_VALIDATION_MESSAGES.get(message)) is not None:
        return str(translated)
    if match := LENGTH_PATTERN.search(message):
        return _("This must be %(least)s to %(most)s characters long.", least=match[1], most=match[2])
    return problem_text(FieldError(entry.get("path", ""), entry.get("code", ""), message))
