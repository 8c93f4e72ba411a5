"""Translation of report entries: by code and values, or else by the English message.

Entries stored before message codes existed are shown as they were stored.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from biobank.errors import Problem
from biobank.web.desk.imports.fault_texts import FAULTS
from biobank.web.desk.imports.form_texts import FORMS
from biobank.web.desk.imports.places import at_words
from biobank.web.desk.imports.record_texts import CALLED
from biobank.web.desk.imports.said_texts import FORMED, WORDS
from biobank.web.desk.writing.problem_words import problem_words
from biobank.web.text import _
from biobank.web.words import number

LENGTHS: Final = re.compile(r"^Length must be between (\d+) and (\d+)")


def placed_words(told: Mapping[str, Any]) -> str:
    """Return the message of an entry about the whole file, preceded by its location."""
    text = said_words(told)
    return f"{at_words(told['path'])}: {text}" if told.get("path") else text


def said_words(told: Mapping[str, Any]) -> str:
    """Return the translated message of a refusal or notice, without location and field."""
    text = _by_code(told) or _by_form(told)
    return " ".join((text, _("It was left out."))) if told.get("left_out") else text


def _by_code(told: Mapping[str, Any]) -> str:
    """Translate an entry by its code; empty for an unknown code or missing values."""
    words = WORDS.get(told.get("code", ""))
    try:
        return str(words) % _shown(told.get("values", {})) if words is not None else ""
    except KeyError:
        return ""


def _shown(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _value(name, value) for name, value in values.items()}


def _value(name: str, value: Any) -> str:
    if name == "problems":
        return " ".join(f"{it['path']}: {_by_form(it)}" for it in value)
    if name == "what":
        return str(CALLED.get(value, value))
    if name == "fault":
        return str(FAULTS.get(value, FAULTS["broken"]))
    return number(value) if isinstance(value, int) else str(value)


def _by_form(told: Mapping[str, Any]) -> str:
    """Translate an entry by its English message; an unknown message stays as it is."""
    formed = told.get("code") in FORMED
    message = (formed and told.get("values", {}).get("why")) or told["message"]
    if (known := FORMS.get(message)) is not None:
        return str(known)
    if found := LENGTHS.search(message):
        return _("This is %(least)s to %(most)s long.", least=found[1], most=found[2])
    return problem_words(Problem(told.get("path", ""), told.get("code", ""), message))
