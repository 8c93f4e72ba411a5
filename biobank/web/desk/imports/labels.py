"""Labels and messages of the import pages: states, steps, formats and errors."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask_babel import lazy_gettext

from biobank.errors import FieldError, ImportRefused
from biobank.exchange.imports.items import WHOLE_FILE
from biobank.exchange.imports.message_texts import LEFT_OUT_MESSAGE
from biobank.exchange.imports.messages import format_message
from biobank.exchange.imports.models import ImportRun
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_number
from biobank.web.desk.forms import labels as form_labels

RUN_STATE_LABELS: Final = {
    "to_check": lazy_gettext("queued"),
    "checking": lazy_gettext("checking"),
    "waiting": lazy_gettext("awaiting your decision"),
    "to_keep": lazy_gettext("queued"),
    "keeping": lazy_gettext("saving"),
    "done": lazy_gettext("completed"),
    "failed": lazy_gettext("failed"),
    "stopped": lazy_gettext("stopped"),
}
#: Labels of the steps of a running import.
RUN_STEP_LABELS: Final = {
    "checked": lazy_gettext("Records checked"),
    "compared": lazy_gettext("People compared with the database"),
    "kept": lazy_gettext("Records processed"),
}
IMPORT_FORMAT_LABELS: Final = {
    "jsonl": lazy_gettext("JSON Lines (Biobank export)"),
    "csv": lazy_gettext("CSV table"),
    "tsv": lazy_gettext("TSV table"),
    "xlsx": lazy_gettext("XLSX table"),
    "wikidata": lazy_gettext("Wikidata JSON"),
    "popolo": lazy_gettext("Popolo JSON"),
    "eac-cpf": lazy_gettext("EAC-CPF (XML)"),
}
BUNDLED_KIND_LABELS: Final = {
    "term": lazy_gettext("Terms"),
    "place": lazy_gettext("Places"),
    "organisation": lazy_gettext("Organisations"),
    "source": lazy_gettext("Sources"),
}
#: Reasons why an upload is rejected, with the field each belongs to.
UPLOAD_ERRORS: Final = {
    "import_missing": (lazy_gettext("Choose a file that is not empty."), "file"),
    "import_heavy": (
        lazy_gettext(
            "The file is larger than 7.5 MB. Split it, or ask an administrator to import it "
            "from the command line."
        ),
        "file",
    ),
    "import_no_mapping": (lazy_gettext("Add a mapping file that describes the columns of the table."), "map"),
    "import_no_table": (lazy_gettext("Mapping files are for tables only. Remove the mapping file."), "map"),
    "import_many": (
        lazy_gettext("Too many files are waiting for a decision. Decide on some of them first."),
        "file",
    ),
    "import_state": (
        lazy_gettext("This action is no longer possible. Check the current state of the import."),
        "",
    ),
    "import_gone": (lazy_gettext("The file is no longer available. Upload it again."), ""),
}
#: Reasons why a record is refused that concern the import rather than the record.
IMPORT_PROBLEM_MESSAGES: Final = {
    "edited_here": lazy_gettext(
        "This was edited here after the last import, and the file contains a different change. "
        "Edit the record to resolve the conflict."
    ),
    "written_here": lazy_gettext("This record was created here and not imported. Edit it here instead."),
    "being_edited": lazy_gettext(
        "This record is being edited. Wait until the editing is finished, then import again."
    ),
    "repeated": lazy_gettext("This person is already in the file."),
    "merged": lazy_gettext("This record was merged into another. Edit that record instead."),
    "withdrawn": lazy_gettext(
        "This biography was withdrawn on request or for legal reasons and cannot be imported again."
    ),
}

#: Validation messages of records. Those of the form are in `desk.forms.labels`.
RECORD_VALIDATION_MESSAGES: Final = {
    "Must be text, in quotes.": lazy_gettext("This must be text in quotation marks."),
    "Must be a list.": lazy_gettext("This must be a list."),
    "Must be an object with fields.": lazy_gettext("This must be an object with fields."),
    "Must not be null. Leave the field out instead.": lazy_gettext(
        "The value is null. Leave the field out instead."
    ),
    "Unknown field. See docs/reference/record.md.": lazy_gettext("Unknown field."),
    "Must be text by language: {az: …, en: …, ru: …}.": lazy_gettext(
        "This must be text by language: {az: …, en: …, ru: …}."
    ),
    "Unsupported language. Use az, en or ru.": lazy_gettext(
        "This language is not supported. Use az, en or ru."
    ),
    "Must be a CSL-JSON item: {type: …, title: …}.": lazy_gettext(
        "This must be a CSL-JSON item: {type: …, title: …}."
    ),
    "Contains an invalid number.": lazy_gettext("The value contains an invalid number."),
    "Nested too deeply.": lazy_gettext("This is nested too deeply."),
    "the date is empty; leave the field out if it is unknown": lazy_gettext(
        "The date is empty. Leave the field out if the date is unknown."
    ),
    "this date is ambiguous; write year, month, day: 1885-09-18": lazy_gettext(
        "This date is ambiguous. Enter it as year, month, day: 1885-09-18."
    ),
    "Not a valid boolean.": lazy_gettext("Enter yes or no."),
    "Length must be 1.": lazy_gettext("This must be exactly one character."),
}
LENGTH_PATTERN: Final = re.compile(r"^Length must be between (\d+) and (\d+)")
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


def located_message_text(entry: Mapping[str, Any]) -> str:
    """Return the message of an entry about the whole file, preceded by its location."""
    text = message_text(entry)
    return f"{location_label(entry['path'])}: {text}" if entry.get("path") else text


def message_text(entry: Mapping[str, Any]) -> str:
    """Return the translated message of a refusal or notice, without location and field.

    It is translated by code and values, or else, in reports of earlier versions, by its English text.
    """
    try:
        text = format_message(entry.get("code", ""), entry.get("values", {}), _translate, format_number)
    except KeyError:
        text = _translate(entry["message"], entry.get("code", ""))
    return " ".join((text, _(LEFT_OUT_MESSAGE))) if entry.get("left_out") else text


def _translate(message: str, code: str = "") -> str:
    """Translate an English message; an unknown one stays as it is."""
    if (translated := RECORD_VALIDATION_MESSAGES.get(message)) is not None:
        return str(translated)
    if match := LENGTH_PATTERN.search(message):
        return _("This must be %(least)s to %(most)s characters long.", least=match[1], most=match[2])
    translation = _(message) if message else ""
    return translation if translation != message else form_labels.problem_text(FieldError("", code, message))


def format_label(name: str) -> str:
    return str(IMPORT_FORMAT_LABELS.get(name, name))


def field_error(error: ImportRefused) -> FieldError:
    """Return the error message of a rejected upload with its field."""
    reason = located_message_text(error.problem.to_dict()) if error.problem else ""
    if error.code == "import_unreadable":
        return FieldError("file", message=_("The file cannot be read: %(why)s", why=reason))
    if error.code == "import_bad_mapping":  # which names the file itself
        return FieldError("map", message=reason)
    text, field = UPLOAD_ERRORS[error.code]
    return FieldError(field, message=str(text))


def problem_text(problem: Mapping[str, Any]) -> str:
    """Return the message of a problem of a record; its path is shown separately."""
    message = IMPORT_PROBLEM_MESSAGES.get(problem["code"])
    return str(message) if message is not None and "values" not in problem else message_text(problem)


def outcome_counts(run: ImportRun) -> list[tuple[str, int]]:
    """Return the number of records of each outcome with its label."""
    return [
        (_("New"), run.new),
        (_("Changed"), run.changed),
        (_("Unchanged"), run.same),
        (_("Rejected"), run.refused),
        (_("Possible duplicates"), run.duplicates),
    ]
