"""Import messages about a file and its records: a code, and the values of its placeholders.

The English text is included for the command line and for programs. The desk translates the code
when a report is displayed (`web/desk/imports/import_messages.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from biobank.errors import BiobankError, Problem
from biobank.exchange.importing.english import ENGLISH
from biobank.exchange.importing.faults import FAULTS
from biobank.records.problems import shown

#: Characters of a value: a message quotes the file only as far as it helps.
SHOWN: Final = 500


@dataclass(frozen=True)
class Said(Problem):
    """A refusal or notice of an import; `path` is the field or the column concerned."""

    values: Mapping[str, Any] = field(default_factory=dict)
    #: Whether the value was left out and the record imported without it.
    left_out: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the message as in a report."""
        more: dict[str, Any] = {"values": dict(self.values)} if self.values else {}
        if self.left_out:
            more["left_out"] = True
        return {**super().as_dict(), **more}

    def at(self, path: str) -> "Said":
        """Return the same message for another field."""
        return replace(self, path=path)

    def leaving_out(self) -> "Said":
        """Return the message as a notice that the value was left out."""
        return replace(self, message=f"{self.message.rstrip('.')}; left out", left_out=True)


def say(code: str, path: str = "", **values: Any) -> Said:
    """Build the message of `code` with `values`, texts and integers; texts are sanitised.

    A value named `fault` is a key of PARSER_ERRORS; the text contains its description.
    """
    fit = {name: shown(it, SHOWN) if isinstance(it, str) else it for name, it in values.items()}
    told = {**fit, "fault": FAULTS[fit["fault"]]} if "fault" in fit else fit
    return Said(path, code, ENGLISH[code].format(**told), fit)


class NotImported(BiobankError):
    """An import that failed, with its reason."""

    code = "not_imported"

    def __init__(self, said: Said) -> None:
        super().__init__(str(said))
        self.said = said


class UnreadableFile(NotImported):
    """A file that cannot be opened or is not of its format."""

    code = "unreadable_file"


def why_of(error: BiobankError) -> Said:
    """Return why an import failed, from the error's own message or a general one."""
    return error.said if isinstance(error, NotImported) else say("broke_off", why=error.plain)
