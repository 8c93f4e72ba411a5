"""The interpretation of a typed date: EDTF, its description, and the years it matches."""

from biobank.records.date_formatting import format_edtf, format_uncertain_years
from biobank.records.date_parser.parser import MAX_TYPED_DATE_CHARS, parse_typed_date
from biobank.records.edtf import DateError
from biobank.web.core.gettext import _


def date_payload(text: str, lang: str) -> dict[str, str]:
    """Return `edtf`, `reading` and `band`, or the `problem`; all are empty for empty input."""
    if not text.strip():
        return {"edtf": "", "reading": "", "band": ""}
    try:
        edtf = parse_typed_date(text)
        return {
            "edtf": edtf,
            "reading": format_edtf(edtf, lang),
            "band": format_uncertain_years(edtf, lang),
        }
    except DateError as error:
        return {"problem": date_error_text(error)}


def date_error_text(error: DateError) -> str:
    """Return the message of a date error in the page language."""
    messages = {
        "date_no_such_month": _("Invalid month. Enter the year first, for example 1885-09."),
        "date_no_such_day": _(
            "This day does not exist in the calendar. Leave out the day if it is unknown."
        ),
        "date_reversed": _("The end is before the start. Swap the two values."),
        "date_says_nothing": _("Both ends of the range are open. Enter at least one of them."),
        "date_too_long": _(
            "The date is too long. Enter up to %(most)s characters.", most=MAX_TYPED_DATE_CHARS
        ),
        "date_two_ways": _(
            "This date is ambiguous. Enter the year, month and day, for example 1885-09-18."
        ),
    }
    default = _(
        "Enter a valid date, for example 1885, 18 September 1885, c. 1141, 19th century or "
        "between 1483 and 1494."
    )
    return messages.get(error.code, default)
