"""The view model of the advanced search page."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask import url_for

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.search.facet_value_index import FacetValueIndex
from biobank.search.facet_values import century_sort_key
from biobank.search.geo import TIE_KINDS
from biobank.search.language.fields import RELATION_FIELDS
from biobank.search.query import DEFAULT_PAGE_SIZE, MAX_QUERY_CHARS, UNKNOWN, FacetChoice
from biobank.web.core.gettext import _, ngettext
from biobank.web.core.rendering import texts_by_plural
from biobank.web.core.urls import Link, with_query
from biobank.web.search.advanced.forms import (
    CHECKBOX_FACETS,
    FORM_FIELDS,
    RELATION_TYPE_FIELD,
    SUBMITTED_ARG,
    AdvancedFieldError,
    AdvancedForm,
    error_message,
    field_title,
    range_end_label,
)
from biobank.web.search.pages import SortChoice, sort_choices


@dataclass(frozen=True)
class FormField:
    """A field with its value, its error, and links that correct it."""

    name: str
    title: str
    #: The label of the range end, if it is one.
    end: str
    value: str
    message: str = ""
    corrections: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Checkbox:
    """A value selected by a checkbox."""

    id: str
    value: str
    label: str
    checked: bool


@dataclass(frozen=True)
class AdvancedPage:
    """The content of the form. `invalid_fields` have errors; `form_errors` concern the whole form."""

    fields: Mapping[str, FormField]
    checkboxes: Mapping[str, tuple[Checkbox, ...]]
    relation_types: tuple[Checkbox, ...]
    certain: bool
    sorts: tuple[SortChoice, ...]
    area: str
    #: Hidden arguments of the form.
    hidden_fields: tuple[tuple[str, str], ...]
    invalid_fields: tuple[FormField, ...]
    form_errors: tuple[str, ...]
    max_query_chars: int
    value_counts: tuple[tuple[str, str], ...]


def make_advanced_page(
    services: Services, form: AdvancedForm, errors: tuple[AdvancedFieldError, ...] = ()
) -> AdvancedPage:
    """Return the form with its values, and the errors beside their fields."""
    chosen, lang = form.chosen, form.chosen.lang
    fields = {name: _form_field(form, name, errors) for name in FORM_FIELDS}
    return AdvancedPage(
        fields=fields,
        checkboxes={
            facet: tuple(_checkboxes(facet, form, services.facet_values)) for facet in CHECKBOX_FACETS
        },
        relation_types=tuple(_relation_types(form, services.facet_values)),
        certain=chosen.certainty == "certain",
        sorts=sort_choices(chosen.sort),
        area=chosen.area.text if chosen.area else "",
        hidden_fields=tuple(_hidden_fields(form)),
        invalid_fields=tuple(field for field in fields.values() if field.message),
        form_errors=tuple(error_message(error) for error in errors if not error.path),
        max_query_chars=MAX_QUERY_CHARS,
        value_counts=texts_by_plural(lang, _suggestion_count_text),
    )


def _form_field(form: AdvancedForm, name: str, errors: tuple[AdvancedFieldError, ...]) -> FormField:
    field_errors = [error for error in errors if error.path == name]
    return FormField(
        name,
        field_title(name),
        range_end_label(name),
        form.text(name),
        " ".join(dict.fromkeys(map(error_message, field_errors))),
        tuple(correction for error in field_errors for correction in _corrections(form, error)),
    )


def _corrections(form: AdvancedForm, error: AdvancedFieldError) -> Iterator[Link]:
    """Yield the form with the unknown value replaced by each suggestion."""
    for label in error.suggestions:
        text = form.text(error.path).replace(error.value, label)
        corrected = AdvancedForm({**form.texts, error.path: text}, form.chosen)
        yield Link(label, form_url(corrected))


def form_url(form: AdvancedForm) -> str:
    """Return the URL of the submitted form."""
    path = url_for("web.search_advanced", lang=form.chosen.lang)
    return with_query(path, [(SUBMITTED_ARG, "1"), *form.texts.items(), *form.chosen.url_params()])


def _checkboxes(facet: str, form: AdvancedForm, values: FacetValueIndex) -> Iterator[Checkbox]:
    """Yield the values that people have, and the selected ones."""
    choice = form.chosen.choices.get(facet, FacetChoice())
    used_values = sorted(
        values.counts(facet), key=lambda id_: (id_ == UNKNOWN, _CHECKBOX_SORT_KEYS[facet](id_))
    )
    for value in dict.fromkeys((*used_values, *choice.values)):
        label = values.labels.label(facet, value.removeprefix("-"), form.chosen.lang)
        if value in choice.exclude or value.startswith("-"):
            label = f"{_('excluding')} {label}"
        yield Checkbox(f"{facet}-{value}", value, label, value in choice.values)


def _relation_types(form: AdvancedForm, values: FacetValueIndex) -> Iterator[Checkbox]:
    """Yield the relationships of the vocabulary."""
    for type_ in RELATION_FIELDS:
        label = values.labels.field_label(type_, form.chosen.lang)
        yield Checkbox(type_, type_, label, form.text(RELATION_TYPE_FIELD) == type_)


_CHECKBOX_SORT_KEYS: Mapping[str, Callable[[str], object]] = {
    "century": century_sort_key,
    "gender": lambda id_: id_,
    "language": lambda id_: LANGUAGES.index(id_) if id_ in LANGUAGES else len(LANGUAGES),
}


def _hidden_fields(form: AdvancedForm) -> Iterator[tuple[str, str]]:
    yield SUBMITTED_ARG, "1"
    if form.chosen.size != DEFAULT_PAGE_SIZE:
        yield "size", str(form.chosen.size)
    if form.chosen.area and form.chosen.tie != TIE_KINDS[0]:
        yield "tie", form.chosen.tie


def _suggestion_count_text(number: int) -> str:
    return ngettext("%(count)s suggestion", "%(count)s suggestions", number, count="{n}")
