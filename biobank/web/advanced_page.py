"""The page of the advanced search, as data: its fields, and what is wrong in them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext

from biobank.bootstrap import Services
from biobank.i18n import LANGUAGES
from biobank.search.choosing import century_order
from biobank.search.known_values import KnownValues
from biobank.search.query import SIZE_DEFAULT, SORTS, TEXT_MOST, UNKNOWN, Choice
from biobank.search.where import TIES
from biobank.web.advanced_form import BOXED, TEXTS, Form
from biobank.web.advanced_query import Mistake
from biobank.web.links import Link, with_parameters
from biobank.web.rendering import by_plural
from biobank.web.search_page import SortChoice
from biobank.web.text import _, ngettext
from biobank.web.words import FACET_TITLES, SORT_TITLES

#: The argument by which an address says that it is of the form, not of a search.
SENT = "ask"
TITLES = {
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
ENDS = {
    "born": (lazy_gettext("from"), lazy_gettext("to")),
    "died": (lazy_gettext("from"), lazy_gettext("to")),
    "age": (lazy_gettext("at least"), lazy_gettext("at most")),
}


@dataclass(frozen=True)
class Field:
    """A field with what stands in it, what is wrong with that, and links that put it right."""

    name: str
    title: str
    #: Which end of a span it is.
    end: str
    value: str
    message: str = ""
    offers: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Box:
    """A value that is chosen by ticking it."""

    id: str
    value: str
    label: str
    checked: bool


@dataclass(frozen=True)
class AdvancedPage:
    """Everything that the form shows. `wrong` are the fields to look at, `whole` is of them all."""

    fields: Mapping[str, Field]
    boxes: Mapping[str, tuple[Box, ...]]
    certain: bool
    sorts: tuple[SortChoice, ...]
    area: str
    #: Arguments that go along unseen.
    hidden: tuple[tuple[str, str], ...]
    wrong: tuple[Field, ...]
    whole: tuple[str, ...]
    text_most: int
    value_counts: tuple[tuple[str, str], ...]


def make_advanced_page(
    services: Services, form: Form, mistakes: tuple[Mistake, ...] = ()
) -> AdvancedPage:
    """The form with what stands in it, and the mistakes beside their fields."""
    chosen, lang = form.chosen, form.chosen.lang
    fields = {name: _field(form, name, mistakes) for name in TEXTS}
    return AdvancedPage(
        fields=fields,
        boxes={facet: tuple(_boxes(facet, form, services.values)) for facet in BOXED},
        certain=chosen.certainty == "certain",
        sorts=tuple(SortChoice(it, str(SORT_TITLES[it]), it == chosen.sort) for it in SORTS),
        area=chosen.area.text if chosen.area else "",
        hidden=tuple(_hidden(form)),
        wrong=tuple(field for field in fields.values() if field.message),
        whole=tuple(_message(mistake) for mistake in mistakes if not mistake.field),
        text_most=TEXT_MOST,
        value_counts=by_plural(lang, _values_suggested),
    )


def _field(form: Form, name: str, mistakes: tuple[Mistake, ...]) -> Field:
    own = [mistake for mistake in mistakes if mistake.field == name]
    return Field(
        name,
        _title(name),
        _end(name),
        form.text(name),
        " ".join(dict.fromkeys(map(_message, own))),
        tuple(offer for mistake in own for offer in _offers(form, mistake)),
    )


def _end(name: str) -> str:
    span, _sign, end = name.partition("_")
    return str(ENDS[span][end == "to"]) if span in ENDS else ""


def _title(name: str) -> str:
    """What a field is called away from it, as in a list of fields."""
    whole, _sign, end = name.rpartition("_")
    if whole in ENDS:
        return f"{TITLES[whole]}, {_end(name)}"
    if whole == "not":
        return f"{_('Leave out')}: {TITLES[end]}"
    return str(TITLES[name])


def _offers(form: Form, mistake: Mistake) -> Iterator[Link]:
    """The form with what nobody is called replaced by what is called nearly so."""
    for label in mistake.near:
        text = form.text(mistake.field).replace(mistake.what, label)
        put_right = Form({**form.texts, mistake.field: text}, form.chosen)
        yield Link(label, form_url(put_right))


def form_url(form: Form) -> str:
    """The address at which the form is sent."""
    path = url_for("web.search_advanced", lang=form.chosen.lang)
    return with_parameters(path, [(SENT, "1"), *form.texts.items(), *form.chosen.address()])


def _boxes(facet: str, form: Form, values: KnownValues) -> Iterator[Box]:
    """The values that people have, and what is chosen besides."""
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


def _message(mistake: Mistake) -> str:
    what = mistake.what
    if mistake.code == "unknown_value":
        if mistake.near:
            return _("The bank knows no “%(what)s”. Perhaps:", what=what)
        return _("The bank knows no “%(what)s”. Try another spelling.", what=what)
    messages = {
        "bad_date": _("“%(what)s” is no date. Write 1885 or 1885-09-18.", what=what),
        "reversed": _("This ends before it begins; swap the two."),
        "bad_number": _("Write a whole number, %(span)s.", span=what),
        "no_place": _("Say near which place."),
        "nothing": _("There is no word to seek in this."),
        "too_many_words": _("Too many words; up to %(most)s are sought.", most=what),
        "too_many_values": _("Too many values; up to %(most)s can be asked for.", most=what),
        "unknown_field": _("“%(what)s” is no field of the search language.", what=what),
        "short_prefix": _("“%(what)s” needs at least three letters before the star.", what=what),
        "unclosed": _("“%(what)s” has no partner.", what=what),
        "misplaced": _("“%(what)s” has nothing to work on here.", what=what),
        "too_long": _("This is too long for one question; leave something out."),
    }
    return messages.get(mistake.code, mistake.message)
