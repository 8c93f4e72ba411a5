"""Labels and messages of the import pages: states, steps, formats and errors."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext

from biobank.errors import FieldError, ImportRefused
from biobank.exchange.imports.models import ImportRun
from biobank.web.core.gettext import _
from biobank.web.desk.imports.message_text import located_message_text, message_text

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
