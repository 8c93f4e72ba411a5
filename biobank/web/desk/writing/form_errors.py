"""Error messages of the writing form, each with its field and the title of that field."""

import re
from collections.abc import Iterable, Mapping

from flask import g

from biobank.errors import Problem
from biobank.web.core.gettext import _
from biobank.web.desk.layout import FieldError
from biobank.web.desk.writing.labels import field_label, row_labels
from biobank.web.desk.writing.record_mapping import ParsedRecord
from biobank.web.desk.writing.reference_lookup import AmbiguousReference
from biobank.web.desk.writing.validation_messages import problem_text


def field_errors(
    problems: Iterable[Problem],
    ambiguous: Mapping[str, AmbiguousReference],
    parsed: ParsedRecord,
    *,
    new: bool,
) -> list[FieldError]:
    """Return one error per field; ambiguous references take precedence over other problems.

    Only the form of a `new` person has an id field; otherwise its errors concern the whole form.
    """
    errors = {
        name: FieldError(_with_field_title(name, _ambiguity_text(reference)), name)
        for name, reference in ambiguous.items()
    }
    for problem in problems:
        name = parsed.field_for(problem.path)
        name = "" if name == "id" and not new else name
        if name not in errors:
            errors[name] = FieldError(_with_field_title(name, problem_text(problem)), name)
    return list(errors.values())


def field_title(name: str) -> str:
    """Return the title of a field from outside in, such as `Event 3, Place`."""
    titles: list[str] = []
    parent = ""
    for step in name.split("-"):
        if step.isdigit():
            titles[-1] = f"{row_labels(parent, g.lang)[0]} {int(step) + 1}"
        elif step != "add":
            titles.append(field_label(parent, step, g.lang))
            parent = step
    return ", ".join(titles)


def _with_field_title(name: str, text: str) -> str:
    return f"{field_title(name)}: {text}" if re.search("[a-z]", name) else text


def _ambiguity_text(reference: AmbiguousReference) -> str:
    if len(reference.choices) > 1:
        return _("“%(what)s” has several matches. Choose one.", what=reference.text)
    if reference.choices:
        return _("“%(what)s” was not found. Did you mean:", what=reference.text)
    return _("“%(what)s” was not found. Try another spelling.", what=reference.text)
