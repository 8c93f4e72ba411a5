"""Labels and messages of the import pages: states, steps, formats and errors."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext

from biobank.errors import ImportRefused
from biobank.exchange.imports.models import ImportRun
from biobank.web.core.gettext import _
from biobank.web.desk.imports.message_text import located_message_text, message_text
from biobank.web.desk.layout import FieldError

RUN_STATE_LABELS: Final = {
    "to_check": lazy_gettext("waits for its turn"),
    "checking": lazy_gettext("being checked"),
    "waiting": lazy_gettext("waits for your decision"),
    "to_keep": lazy_gettext("waits for its turn"),
    "keeping": lazy_gettext("being kept"),
    "done": lazy_gettext("done"),
    "failed": lazy_gettext("failed"),
    "stopped": lazy_gettext("stopped"),
}
#: Labels of the steps of a running import.
RUN_STEP_LABELS: Final = {
    "checked": lazy_gettext("Records read and checked"),
    "compared": lazy_gettext("People compared with the bank"),
    "kept": lazy_gettext("Records gone through"),
}
IMPORT_FORMAT_LABELS: Final = {
    "jsonl": lazy_gettext("JSON Lines, as the bank exports it"),
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
            "The file is larger than 7.5 MB. Split it, or let an administrator bring it in by the "
            "command line."
        ),
        "file",
    ),
    "import_no_mapping": (
        lazy_gettext("A table needs a mapping file, which says what its columns are."),
        "map",
    ),
    "import_no_table": (
        lazy_gettext("A mapping file is used with tables alone; leave it out."),
        "map",
    ),
    "import_many": (
        lazy_gettext("Too many files wait already. Decide on some of them first."),
        "file",
    ),
    "import_state": (lazy_gettext("This cannot be done any more; see how it stands now."), ""),
    "import_gone": (lazy_gettext("The file is gone; send it once more."), ""),
}
#: Reasons why a record is refused that concern the import rather than the record.
IMPORT_PROBLEM_MESSAGES: Final = {
    "edited_here": lazy_gettext(
        "This was edited here since the last import, and the file changes it otherwise; decide at "
        "the desk."
    ),
    "written_here": lazy_gettext(
        "This person was written here and not brought in; edit the record at the desk."
    ),
    "being_edited": lazy_gettext("Somebody is editing this record; finish that first."),
    "repeated": lazy_gettext("The same person stands in the file already."),
    "merged": lazy_gettext("This person was merged into another; write of them there."),
    "withdrawn": lazy_gettext(
        "This person was taken out of the bank by wish or by law; no import brings anybody back."
    ),
}


def format_label(name: str) -> str:
    return str(IMPORT_FORMAT_LABELS.get(name, name))


def field_error(error: ImportRefused) -> FieldError:
    """Return the error message of a rejected upload with its field."""
    reason = located_message_text(error.problem.to_dict()) if error.problem else ""
    if error.code == "import_unreadable":
        return FieldError(_("The file cannot be read: %(why)s", why=reason), "file")
    if error.code == "import_bad_mapping":  # which names the file itself
        return FieldError(reason, "map")
    text, field = UPLOAD_ERRORS[error.code]
    return FieldError(str(text), field)


def problem_text(problem: Mapping[str, Any]) -> str:
    """Return the message of a problem of a record; its path is shown separately."""
    message = IMPORT_PROBLEM_MESSAGES.get(problem["code"])
    return (
        str(message) if message is not None and "values" not in problem else message_text(problem)
    )


def outcome_counts(run: ImportRun) -> list[tuple[str, int]]:
    """Return the number of records of each outcome with its label."""
    return [
        (_("New"), run.new),
        (_("Changed"), run.changed),
        (_("The same"), run.same),
        (_("Refused"), run.refused),
        (_("Perhaps twice"), run.duplicates),
    ]
