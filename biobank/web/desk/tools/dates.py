"""The interpretation of a typed date: EDTF, its description, and the years it matches."""

from biobank.records.date_words import band_in_words, date_in_words
from biobank.records.edtf import DateError
from biobank.records.typed_dates import TYPED_MOST, read_typed
from biobank.web.text import _


def date_read(text: str, lang: str) -> dict[str, str]:
    """Return `edtf`, `reading` and `band`, or the `problem`; all are empty for empty input."""
    if not text.strip():
        return {"edtf": "", "reading": "", "band": ""}
    try:
        edtf = read_typed(text)
        return {
            "edtf": edtf,
            "reading": date_in_words(edtf, lang),
            "band": band_in_words(edtf, lang),
        }
    except DateError as error:
        return {"problem": date_problem(error)}


def date_problem(error: DateError) -> str:
    """Return the message of a date error in the page language."""
    words = {
        "date_no_such_month": _("There is no such month. Write the year first: 1885-09."),
        "date_no_such_day": _("The calendar has no such day. Leave it out if it is not known."),
        "date_reversed": _("This ends before it begins; swap the two."),
        "date_says_nothing": _("This is open at both ends; give one of them."),
        "date_too_long": _(
            "This is too long for a date; %(most)s characters are read.", most=TYPED_MOST
        ),
        "date_two_ways": _("This can be read in two ways. Write year, month, day: 1885-09-18."),
    }
    otherwise = _(
        "This cannot be read as a date. Write 1885, 18 September 1885, c. 1141, 19th century "
        "or between 1483 and 1494."
    )
    return words.get(error.code, otherwise)
