"""The fields of the advanced search: their argument names and titles."""

from typing import Final

from flask_babel import lazy_gettext

from biobank.web.core.gettext import _
from biobank.web.core.labels import FACET_TITLES

#: The argument that marks a submitted form, as opposed to a search URL.
SUBMITTED_ARG: Final = "ask"
#: Fields of words in one part of a record.
TEXT_FIELDS: Final = ("name", "text", "work")
#: Fields of values typed by label; each has a counterpart `not_…`.
VALUE_FIELDS: Final = (
    "birthplace",
    "deathplace",
    "place",
    "country",
    "profession",
    "organisation",
    "award",
    "relation",
)
#: Facets with few values, shown as checkboxes.
CHECKBOX_FACETS: Final = ("gender", "century", "language")
RANGE_FIELDS: Final = ("born", "died", "age")
FORM_FIELDS: Final = (
    *("words", "any", "none", "phrase"),
    *TEXT_FIELDS,
    *(f"{span}_{end}" for span in RANGE_FIELDS for end in ("from", "to")),
    *(name for field in VALUE_FIELDS for name in (field, f"not_{field}")),
    *("near", "km"),
    "rest",
)
#: Arguments with the same meaning in the form and in search URLs.
SHARED_ARGS: Final = (*CHECKBOX_FACETS, "certainty", "sort", "size", "bbox", "tie")
#: Separator of several values in one field.
VALUE_SEPARATOR: Final = "; "
FORM_FIELD_TITLES: Final = {
    **FACET_TITLES,
    "words": lazy_gettext("All of these words"),
    "any": lazy_gettext("Any of these words"),
    "none": lazy_gettext("None of these words"),
    "phrase": lazy_gettext("This exact phrase"),
    "name": lazy_gettext("Name"),
    "text": lazy_gettext("Words in the biography"),
    "work": lazy_gettext("Titles of works"),
    "born": lazy_gettext("Born"),
    "died": lazy_gettext("Died"),
    "age": lazy_gettext("Age at death"),
    "near": lazy_gettext("Near a place"),
    "km": lazy_gettext("Distance (km)"),
    "award": lazy_gettext("Award"),
    "relation": lazy_gettext("Related to"),
    "rest": lazy_gettext("Search query"),
}
#: Labels of the two ends of a range.
RANGE_END_LABELS: Final = {
    "born": (lazy_gettext("from"), lazy_gettext("to")),
    "died": (lazy_gettext("from"), lazy_gettext("to")),
    "age": (lazy_gettext("at least"), lazy_gettext("at most")),
}


def range_end_label(name: str) -> str:
    """Return the label of the range end that a field is; empty for other fields."""
    span, _sign, end = name.partition("_")
    return str(RANGE_END_LABELS[span][end == "to"]) if span in RANGE_END_LABELS else ""


def field_title(name: str) -> str:
    """Return the full title of a field, as in a list of fields."""
    prefix, _sign, suffix = name.rpartition("_")
    if prefix in RANGE_END_LABELS:
        return f"{FORM_FIELD_TITLES[prefix]}, {range_end_label(name)}"
    if prefix == "not":
        return f"{_('Exclude')}: {FORM_FIELD_TITLES[suffix]}"
    return str(FORM_FIELD_TITLES[name])
