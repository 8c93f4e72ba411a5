"""The page that generates embed code: its form, the selection, and the snippets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import format_decimal

from biobank.bootstrap import Services
from biobank.i18n import LANGUAGE_NAMES
from biobank.names.alphabet import sort_key
from biobank.search.choosing import century_order
from biobank.search.query import UNKNOWN
from biobank.web.embed.asked import FILTERS, KINDS, Widget, widget_from
from biobank.web.embed.codes import (
    Code,
    colours_of,
    directives,
    element_of,
    frame_high,
    frame_path,
    make_codes,
)
from biobank.web.embed.contrast import LEAST, OWN_COLOURS, weakest
from biobank.web.embed.look import COLOURS, THEMES
from biobank.web.text import _
from biobank.web.words import FACET_TITLES

#: Maximum values offered for a filter; the most frequent ones.
OFFERED_MOST = 300


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True)
class Field:
    """A select field."""

    name: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Colour:
    name: str
    title: str
    value: str


@dataclass(frozen=True)
class EmbedPage:
    """The page; `snippets` is empty if no person matches the name that was entered."""

    widget: Widget
    kinds: Field
    languages: Field
    filters: tuple[Field, ...]
    themes: Field
    colours: tuple[Colour, ...]
    codes: tuple[Code, ...]
    directives: tuple[str, ...]
    element: str
    attributes: dict[str, str]
    properties: dict[str, str]
    frame_path: str
    frame_high: int
    title: str
    #: Warnings about custom colours that are hard to read.
    warnings: tuple[str, ...]


def make_embed_page(services: Services, arguments: Mapping[str, str], lang: str) -> EmbedPage:
    """Build the page in `lang` from the submitted form.

    Raises:
        BadQuery: if an argument is invalid.
    """
    widget = widget_from(services, arguments, lang)
    made = not widget.is_person or bool(widget.person)
    name = widget.called if widget.is_person else _("Search the Biography Bank")
    element, attributes = element_of(widget)
    return EmbedPage(
        widget=widget,
        kinds=_field("kind", "", _kinds(), widget.kind),
        languages=_field("lang", _("Language"), LANGUAGE_NAMES.items(), widget.lang),
        filters=tuple(_filters(services, widget, lang)),
        themes=_field("theme", _("Theme"), _themes(), widget.look.theme),
        colours=_colours(widget),
        codes=make_codes(widget, name) if made else (),
        directives=directives(),
        element=element,
        attributes=dict(attributes),
        properties=dict(colours_of(widget)),
        frame_path=frame_path(widget) if made else "",
        frame_high=frame_high(widget),
        title=name,
        warnings=tuple(_warnings(widget)) if made else (),
    )


def _field(name: str, title: str, options: Iterable[tuple[str, str]], chosen: str) -> Field:
    made = tuple(Option(value, label, value == chosen) for value, label in options)
    return Field(name, title, made)


def _kinds() -> Iterable[tuple[str, str]]:
    return zip(KINDS, (_("The search"), _("A person")), strict=True)


def _themes() -> Iterable[tuple[str, str]]:
    words = _("As the reader's device"), _("Light"), _("Dark")
    return zip(THEMES, words, strict=True)


def _colours(widget: Widget) -> tuple[Colour, ...]:
    values = {**OWN_COLOURS["light"], **dict(widget.look.colours)}
    return tuple(Colour(name, title, f"#{values[name]}") for name, title in _titles().items())


def _titles() -> dict[str, str]:
    return dict(zip(COLOURS, (_("Links and button"), _("Ground"), _("Text")), strict=True))


def _warnings(widget: Widget) -> Iterable[str]:
    colours, titles = dict(widget.look.colours), _titles()
    for name in ("ink", "accent"):
        ratio = weakest(name, widget.look.theme, colours)
        # Rounded down, so that a ratio shown as sufficient is sufficient.
        if colours and ratio < LEAST:
            yield _(
                "%(what)s: hard to read on the ground. Contrast %(ratio)s, needed %(least)s.",
                what=titles[name],
                ratio=format_decimal(int(ratio * 10) / 10),
                least=format_decimal(LEAST),
            )


def _filters(services: Services, widget: Widget, lang: str) -> Iterable[Field]:
    """Yield the filters with their most frequent values and always the selected one."""
    counts, known = services.search.counts(), services.search.labels()
    chosen = dict(widget.filters)
    for facet in FILTERS:
        having = {value: n for value, n in counts.get(facet, {}).items() if value != UNKNOWN}
        most = sorted(having, key=lambda value: -having[value])[:OFFERED_MOST]
        wanted = chosen.get(facet, "")
        if wanted and wanted not in most:
            most.append(wanted)
        options = [
            Option(value, known.label(facet, value, lang), value == wanted, having.get(value, 0))
            for value in most
        ]
        options.sort(key=lambda option: _order(facet, option))
        yield Field(facet, str(FACET_TITLES[facet]), tuple(options))


def _order(facet: str, option: Option) -> tuple[int, str]:
    return century_order(option.value) if facet == "century" else 0, sort_key(option.label)
