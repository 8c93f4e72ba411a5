"""Error messages of the writing form, each with its field and the title of that field."""

import re
from collections.abc import Iterable, Mapping

from flask import g

from biobank.errors import Problem
from biobank.web.desk.page import Mistake
from biobank.web.desk.writing.picks import Unclear
from biobank.web.desk.writing.problem_words import problem_words
from biobank.web.desk.writing.record import Read
from biobank.web.desk.writing.words import label, row_words
from biobank.web.text import _


def mistakes_of(
    problems: Iterable[Problem], unclear: Mapping[str, Unclear], read: Read, *, new: bool
) -> list[Mistake]:
    """Return one error per field; ambiguous references take precedence over other problems.

    Only the form of a `new` person has an id field; otherwise its errors concern the whole form.
    """
    found = {name: Mistake(_at(name, _unclear(it)), name) for name, it in unclear.items()}
    for problem in problems:
        name = read.field_of(problem.path)
        name = "" if name == "id" and not new else name
        if name not in found:
            found[name] = Mistake(_at(name, problem_words(problem)), name)
    return list(found.values())


def where(name: str) -> str:
    """Return the title of a field from outside in, such as `Event 3, Place`."""
    words: list[str] = []
    within = ""
    for step in name.split("-"):
        if step.isdigit():
            words[-1] = f"{row_words(within, g.lang)[0]} {int(step) + 1}"
        elif step != "add":
            words.append(label(within, step, g.lang))
            within = step
    return ", ".join(words)


def _at(name: str, text: str) -> str:
    return f"{where(name)}: {text}" if re.search("[a-z]", name) else text


def _unclear(it: Unclear) -> str:
    if len(it.choices) > 1:
        return _("“%(what)s” may mean several; choose which.", what=it.text)
    if it.choices:
        return _("The bank knows no “%(what)s”. Perhaps:", what=it.text)
    return _("The bank knows no “%(what)s”. Try another spelling.", what=it.text)
