"""What an import says of a file and of its records: a code, and the values that fill its words.

English stands with it, for the command line and for programs. The desk puts the same code into the
language of its page, whenever a report is looked at (`web/desk/imports/said_texts.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from biobank.errors import BiobankError, Problem
from biobank.exchange.importing.english import ENGLISH
from biobank.exchange.importing.faults import FAULTS
from biobank.records.problems import shown

#: Characters of a value: a message repeats what was sent, as far as it helps.
SHOWN: Final = 500


@dataclass(frozen=True)
class Said(Problem):
    """A refusal or a notice of an import. `path` is the field it is about, or the column."""

    values: Mapping[str, Any] = field(default_factory=dict)
    #: Whether what it is about was left out of the record, and the record brought in without it.
    left_out: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As it stands in a report."""
        more: dict[str, Any] = {"values": dict(self.values)} if self.values else {}
        if self.left_out:
            more["left_out"] = True
        return {**super().as_dict(), **more}

    def at(self, path: str) -> "Said":
        """The same of another field."""
        return replace(self, path=path)

    def leaving_out(self) -> "Said":
        """As a notice that what it is about is left out."""
        return replace(self, message=f"{self.message.rstrip('.')}; left out", left_out=True)


def say(code: str, path: str = "", **values: Any) -> Said:
    """What `code` means with `values`, texts and whole numbers; texts are made fit to be shown.

    A value called `fault` is a kind of FAULTS; it stands in the sentence in words.
    """
    fit = {name: shown(it, SHOWN) if isinstance(it, str) else it for name, it in values.items()}
    told = {**fit, "fault": FAULTS[fit["fault"]]} if "fault" in fit else fit
    return Said(path, code, ENGLISH[code].format(**told), fit)


class NotImported(BiobankError):
    """An import that comes to nothing; `said` tells why."""

    code = "not_imported"

    def __init__(self, said: Said) -> None:
        super().__init__(str(said))
        self.said = said


class UnreadableFile(NotImported):
    """A file that cannot be opened or is no file of its kind."""

    code = "unreadable_file"


def why_of(error: BiobankError) -> Said:
    """Why an import broke off, where the reason is of its own words or of others."""
    return error.said if isinstance(error, NotImported) else say("broke_off", why=error.plain)
