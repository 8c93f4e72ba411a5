"""Error messages of pictures with the form fields they belong to."""

from typing import Final

from flask_babel import lazy_gettext

from biobank.common.i18n import LANGUAGE_NAMES
from biobank.errors import FieldError, PictureRefused
from biobank.web.core.gettext import _

#: Errors of the file, by code; shown at the file field.
FILE_ERROR_LABELS: Final = {
    "picture_missing": lazy_gettext("Choose a picture file."),
    "picture_heavy": lazy_gettext("The file is larger than 7.5 MB. Choose a smaller one."),
    "picture_unknown": lazy_gettext("The file is not a JPEG, PNG or WebP picture. Choose another file."),
    "picture_broken": lazy_gettext("The file is damaged. Save the picture again and upload the new file."),
    "picture_large": lazy_gettext("The picture has more than 40 million pixels. Make it smaller."),
    "picture_small": lazy_gettext("The picture is too small. Each side must be at least 64 pixels."),
    "picture_moves": lazy_gettext("Animated pictures are not accepted. Upload a single frame."),
}
#: Errors of the details, by field and code.
DETAIL_ERROR_LABELS: Final = {
    ("licence", "missing"): lazy_gettext("Choose a licence."),
    ("author", "missing"): lazy_gettext("Enter the author. If unknown, enter “Unknown”."),
    ("source", "missing"): lazy_gettext("Enter the source of the picture."),
    ("source", "bad"): lazy_gettext("Enter the full web address, starting with https://."),
}


def picture_errors(error: PictureRefused) -> list[FieldError]:
    """Return all error messages, that of the file first."""
    if error.code == "picture_used":
        text = _("This picture is in a record or in an earlier version of one, so it cannot be deleted.")
        return [FieldError(message=text)]
    errors = [
        FieldError(field_id(problem.path), message=_problem_text(problem)) for problem in error.problems
    ]
    if error.code in FILE_ERROR_LABELS:
        errors.insert(0, FieldError("file", message=str(FILE_ERROR_LABELS[error.code])))
    return errors


def field_id(path: str) -> str:
    """Return the input id of a path: `alt-az` for `alt.az`."""
    return path.replace(".", "-")


def _problem_text(problem: FieldError) -> str:
    label = DETAIL_ERROR_LABELS.get((problem.path, problem.code))
    if label is not None:
        return str(label)
    name, _dot, lang = problem.path.partition(".")
    if name == "alt" and problem.code == "missing":
        language = next(native_name for code, native_name in LANGUAGE_NAMES.items() if code == lang)
        return _("Describe the picture in every language. Missing: %(language)s.", language=language)
    return _("The text is too long. Shorten it.") if problem.code == "long" else problem.message
