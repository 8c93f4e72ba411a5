"""The view model of the advanced search page."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask import url_for

from biobank.bootstrap import Services
from biobank.i18n import LANGUAGES
from biobank.search.choosing import century_order
from biobank.search.known_values import KnownValues
from biobank.search.query import SIZE_DEFAULT, TEXT_MOST, UNKNOWN, Choice
from biobank.search.where import TIES
from biobank.web.advanced.fields import BOXED, SENT, TEXTS, end_of, title_of
from biobank.web.advanced.form import Form
from biobank.web.advanced.mistakes import Mistake, message_of
from biobank.web.links import Link, with_parameters
from biobank.web.rendering import by_plural
from biobank.web.search_page import SortChoice, sort_choices
from biobank.web.text import _, ngettext


@dataclass(frozen=True)
class Field:
    """A field with its value, its error, and links that correct it."""

    name: str
    title: str
    #: The label of the range end, if it is one.
    end: str
    value: str
    message: str = ""
    offers: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Box:
    """A value selected by a checkbox."""

    id: str
    value: str
    label: str
    checked: bool


@dataclass(frozen=True)
class AdvancedPage:
    """The content of the form. `invalid_fields` have errors; `form_errors` concern the whole form.
    """

    fields: Mapping[str, Field]
    boxes: Mapping[str, tuple[Box, ...]]
    certain: bool
    sorts: tuple[SortChoice, ...]
    area: str
    #: Hidden arguments of the form.
    hidden: tuple[tuple[str, str], ...]
    wrong: tuple[Field, ...]
    whole: tuple[str, ...]
    text_most: int
    value_counts: tuple[tuple[str, str], ...]


def make_advanced_page(
    services: Services, form: Form, mistakes: tuple[Mistake, ...] = ()
) -> AdvancedPage:
    """Return the form with its values, and the errors beside their fields."""
    chosen, lang = form.chosen, form.chosen.lang
    fields = {name: _field(form, name, mistakes) for name in TEXTS}
    return AdvancedPage(
        fields=fields,
        boxes={facet: tuple(_boxes(facet, form, services.values)) for facet in BOXED},
        certain=chosen.certainty == "certain",
        sorts=sort_choices(chosen.sort),
        area=chosen.area.text if chosen.area else "",
        hidden=tuple(_hidden(form)),
        wrong=tuple(field for field in fields.values() if field.message),
        whole=tuple(message_of(mistake) for mistake in mistakes if not mistake.field),
        text_most=TEXT_MOST,
        value_counts=by_plural(lang, _values_suggested),
    )


def _field(form: Form, name: str, mistakes: tuple[Mistake, ...]) -> Field:
    own = [mistake for mistake in mistakes if mistake.field == name]
    return Field(
        name,
        title_of(name),
        end_of(name),
        form.text(name),
        " ".join(dict.fromkeys(map(message_of, own))),
        tuple(offer for mistake in own for offer in _offers(form, mistake)),
    )


def _offers(form: Form, mistake: Mistake) -> Iterator[Link]:
    """Yield the form with the unknown value replaced by each suggestion."""
    for label in mistake.near:
        text = form.text(mistake.field).replace(mistake.what, label)
        put_right = Form({**form.texts, mistake.field: text}, form.chosen)
        yield Link(label, form_url(put_right))


def form_url(form: Form) -> str:
    """Return the URL of the submitted form."""
    path = url_for("web.search_advanced", lang=form.chosen.lang)
    return with_parameters(path, [(SENT, "1"), *form.texts.items(), *form.chosen.address()])


def _boxes(facet: str, form: Form, values: KnownValues) -> Iterator[Box]:
    """Yield the values that people have, and the selected ones."""
    choice = form.chosen.choices.get(facet, Choice())
    held = sorted(values.counts(facet), key=lambda id_: (id_ == UNKNOWN, _ORDERS[facet](id_)))
    for value in dict.fromkeys((*held, *choice.values)):
        label = values.labels.label(facet, value.removeprefix("-"), form.chosen.lang)
        if value in choice.exclude or value.startswith("-"):
            label = f"{_('not')} {label}"
        yield Box(f"{facet}-{value}", value, label, value in choice.values)


_ORDERS: Mapping[str, Callable[[str], object]] = {
    "century": century_order,
    "gender": lambda id_: id_,
    "language": lambda id_: LANGUAGES.index(id_) if id_ in LANGUAGES else len(LANGUAGES),
}


def _hidden(form: Form) -> Iterator[tuple[str, str]]:
    yield SENT, "1"
    if form.chosen.size != SIZE_DEFAULT:
        yield "size", str(form.chosen.size)
    if form.chosen.area and form.chosen.tie != TIES[0]:
        yield "tie", form.chosen.tie


def _values_suggested(number: int) -> str:
    return ngettext("%(count)s value suggested", "%(count)s values suggested", number, count="{n}")
