"""The fields of the advanced search: their argument names and titles."""

from typing import Final

from flask_babel import lazy_gettext

from biobank.web.text import _
from biobank.web.words import FACET_TITLES

#: The argument that marks a submitted form, as opposed to a search URL.
SENT: Final = "ask"
#: Fields of words in one part of a record.
SCOPED: Final = ("name", "text", "work")
#: Fields of values typed by label; each has a counterpart `not_…`.
VALUED: Final = (
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
BOXED: Final = ("gender", "century", "language")
SPANS: Final = ("born", "died", "age")
TEXTS: Final = (
    *("words", "any", "none", "phrase"),
    *SCOPED,
    *(f"{span}_{end}" for span in SPANS for end in ("from", "to")),
    *(name for field in VALUED for name in (field, f"not_{field}")),
    *("near", "km"),
    "rest",
)
#: Arguments with the same meaning in the form and in search URLs.
SHARED: Final = (*BOXED, "certainty", "sort", "size", "bbox", "tie")
#: Separator of several values in one field.
SEPARATOR: Final = "; "
TITLES: Final = {
    **FACET_TITLES,
    "words": lazy_gettext("All of these words"),
    "any": lazy_gettext("Any of these words"),
    "none": lazy_gettext("None of these words"),
    "phrase": lazy_gettext("These words exactly"),
    "name": lazy_gettext("Words of the name"),
    "text": lazy_gettext("Words in the biography"),
    "work": lazy_gettext("Words in the works"),
    "born": lazy_gettext("Born"),
    "died": lazy_gettext("Died"),
    "age": lazy_gettext("Age at death"),
    "near": lazy_gettext("Near a place"),
    "km": lazy_gettext("within, km"),
    "award": lazy_gettext("Award"),
    "relation": lazy_gettext("Tied to"),
    "rest": lazy_gettext("In the search language"),
}
#: Labels of the two ends of a range.
ENDS: Final = {
    "born": (lazy_gettext("from"), lazy_gettext("to")),
    "died": (lazy_gettext("from"), lazy_gettext("to")),
    "age": (lazy_gettext("at least"), lazy_gettext("at most")),
}


def end_of(name: str) -> str:
    """Return the label of the range end that a field is; empty for other fields."""
    span, _sign, end = name.partition("_")
    return str(ENDS[span][end == "to"]) if span in ENDS else ""


def title_of(name: str) -> str:
    """Return the full title of a field, as in a list of fields."""
    whole, _sign, end = name.rpartition("_")
    if whole in ENDS:
        return f"{TITLES[whole]}, {end_of(name)}"
    if whole == "not":
        return f"{_('Leave out')}: {TITLES[end]}"
    return str(TITLES[name])
