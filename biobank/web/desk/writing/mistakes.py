"""What is wrong with a form: each at its field, and told so that it is clear on top as well."""

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
    """One mistake for each field that has any; of what is unclear, that alone is told.

    Only a `new` person's form has a field for the id; what is wrong as a whole is told there.
    """
    found = {name: Mistake(_at(name, _unclear(it)), name) for name, it in unclear.items()}
    for problem in problems:
        name = read.field_of(problem.path)
        name = "" if name == "id" and not new else name
        if name not in found:
            found[name] = Mistake(_at(name, problem_words(problem)), name)
    return list(found.values())


def where(name: str) -> str:
    """What a field is called, from outside in: `Event 3, Place`."""
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
