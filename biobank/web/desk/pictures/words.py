"""Error messages of pictures with the form fields they belong to."""

from typing import Final

from flask_babel import lazy_gettext

from biobank.errors import PictureRefused, Problem
from biobank.i18n import LANGUAGE_NAMES
from biobank.web.desk.page import Mistake
from biobank.web.text import _

#: Errors of the file, by code; shown at the file field.
OF_THE_FILE: Final = {
    "picture_missing": lazy_gettext("Choose the file of a picture."),
    "picture_heavy": lazy_gettext("The file is larger than 7.5 MB."),
    "picture_unknown": lazy_gettext("This is not a JPEG, PNG or WebP picture."),
    "picture_broken": lazy_gettext("The file is damaged; save the picture anew and send that."),
    "picture_large": lazy_gettext("The picture has more than 40 million pixels; make it smaller."),
    "picture_small": lazy_gettext("The picture is too small: each side needs 64 pixels or more."),
    "picture_moves": lazy_gettext("Moving pictures are not taken; save one frame of it."),
}
#: Errors of the details, by field and code.
OF_WHAT_IS_SAID: Final = {
    ("licence", "missing"): lazy_gettext("Choose the licence."),
    ("author", "missing"): lazy_gettext("Name the author; where nobody knows, write so."),
    ("source", "missing"): lazy_gettext("Say where the picture comes from."),
    ("source", "bad"): lazy_gettext("Write the web address whole, from https:// on."),
}


def picture_mistakes(error: PictureRefused) -> list[Mistake]:
    """Return all error messages, that of the file first."""
    if error.code == "picture_used":
        text = _("A record shows this picture, now or in an earlier revision; so it stays.")
        return [Mistake(text)]
    found = [Mistake(_said(problem), field_of(problem.path)) for problem in error.problems]
    if error.code in OF_THE_FILE:
        found.insert(0, Mistake(str(OF_THE_FILE[error.code]), "file"))
    return found


def field_of(path: str) -> str:
    """Return the input id of a path: `alt-az` for `alt.az`."""
    return path.replace(".", "-")


def _said(problem: Problem) -> str:
    known = OF_WHAT_IS_SAID.get((problem.path, problem.code))
    if known is not None:
        return str(known)
    name, _dot, lang = problem.path.partition(".")
    if name == "alt" and problem.code == "missing":
        language = next(own for code, own in LANGUAGE_NAMES.items() if code == lang)
        return _(
            "Describe the picture in every language: %(language)s is missing.", language=language
        )
    return _("This text is too long.") if problem.code == "long" else problem.message
