"""The page that generates embed code: its form, the selection, and the snippets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import format_decimal

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGE_NAMES
from biobank.names.alphabet import sort_key
from biobank.search.facet_values import century_sort_key
from biobank.search.query import UNKNOWN
from biobank.web.core.gettext import _
from biobank.web.core.labels import FACET_TITLES
from biobank.web.embed.forms import (
    COLOURS,
    DEFAULT_COLOURS,
    MIN_TEXT_CONTRAST,
    THEMES,
    WIDGET_FILTERS,
    WIDGET_KINDS,
    WidgetOptions,
    lowest_contrast,
    parse_widget,
)
from biobank.web.embed.snippets import (
    EmbedSnippet,
    build_element,
    css_properties,
    frame_height,
    frame_path,
    host_policy_directives,
    make_snippets,
)

#: Maximum values offered for a filter; the most frequent ones.
MAX_FILTER_OPTIONS = 300


@dataclass(frozen=True)
class SelectOption:
    value: str
    label: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True)
class SelectField:
    """A select field."""

    name: str
    title: str
    options: tuple[SelectOption, ...]


@dataclass(frozen=True)
class ColourField:
    name: str
    title: str
    value: str


@dataclass(frozen=True)
class EmbedPage:
    """The page; `snippets` is empty if no person matches the name that was entered."""

    widget: WidgetOptions
    kinds: SelectField
    languages: SelectField
    filters: tuple[SelectField, ...]
    themes: SelectField
    colours: tuple[ColourField, ...]
    snippets: tuple[EmbedSnippet, ...]
    directives: tuple[str, ...]
    element: str
    attributes: dict[str, str]
    properties: dict[str, str]
    frame_path: str
    frame_height: int
    title: str
    #: Warnings about custom colours that are hard to read.
    warnings: tuple[str, ...]


def make_embed_page(services: Services, arguments: Mapping[str, str], lang: str) -> EmbedPage:
    """Build the page in `lang` from the submitted form.

    Raises:
        BadQuery: if an argument is invalid.
    """
    widget = parse_widget(services, arguments, lang)
    is_complete = not widget.is_person or bool(widget.person)
    name = widget.person_name if widget.is_person else _("Search the Biography Bank")
    element, attributes = build_element(widget)
    return EmbedPage(
        widget=widget,
        kinds=_select_field("kind", "", _kinds(), widget.kind),
        languages=_select_field("lang", _("Language"), LANGUAGE_NAMES.items(), widget.lang),
        filters=tuple(_filters(services, widget, lang)),
        themes=_select_field("theme", _("Theme"), _themes(), widget.appearance.theme),
        colours=_colours(widget),
        snippets=make_snippets(widget, name) if is_complete else (),
        directives=host_policy_directives(),
        element=element,
        attributes=dict(attributes),
        properties=dict(css_properties(widget)),
        frame_path=frame_path(widget) if is_complete else "",
        frame_height=frame_height(widget),
        title=name,
        warnings=tuple(_warnings(widget)) if is_complete else (),
    )


def _select_field(name: str, title: str, options: Iterable[tuple[str, str]], chosen: str) -> SelectField:
    choices = tuple(SelectOption(value, label, value == chosen) for value, label in options)
    return SelectField(name, title, choices)


def _kinds() -> Iterable[tuple[str, str]]:
    return zip(WIDGET_KINDS, (_("Search form"), _("Person card")), strict=True)


def _themes() -> Iterable[tuple[str, str]]:
    words = _("Match device setting"), _("Light"), _("Dark")
    return zip(THEMES, words, strict=True)


def _colours(widget: WidgetOptions) -> tuple[ColourField, ...]:
    values = {**DEFAULT_COLOURS["light"], **dict(widget.appearance.colours)}
    return tuple(ColourField(name, title, f"#{values[name]}") for name, title in _colour_titles().items())


def _colour_titles() -> dict[str, str]:
    return dict(zip(COLOURS, (_("Links and button"), _("Background"), _("Text")), strict=True))


def _warnings(widget: WidgetOptions) -> Iterable[str]:
    colours, titles = dict(widget.appearance.colours), _colour_titles()
    for name in ("ink", "accent"):
        ratio = lowest_contrast(name, widget.appearance.theme, colours)
        # Rounded down, so that a ratio shown as sufficient is sufficient.
        if colours and ratio < MIN_TEXT_CONTRAST:
            yield _(
                "%(what)s: too little contrast with the background. The contrast is %(ratio)s; "
                "at least %(least)s is needed.",
                what=titles[name],
                ratio=format_decimal(int(ratio * 10) / 10),
                least=format_decimal(MIN_TEXT_CONTRAST),
            )


def _filters(services: Services, widget: WidgetOptions, lang: str) -> Iterable[SelectField]:
    """Yield the filters with their most frequent values and always the selected one."""
    counts, labels = services.search.counts(), services.search.labels()
    chosen = dict(widget.filters)
    for facet in WIDGET_FILTERS:
        people_counts = {value: count for value, count in counts.get(facet, {}).items() if value != UNKNOWN}
        shown_values = sorted(people_counts, key=lambda value: -people_counts[value])[:MAX_FILTER_OPTIONS]
        selected = chosen.get(facet, "")
        if selected and selected not in shown_values:
            shown_values.append(selected)
        options = [
            SelectOption(
                value, labels.label(facet, value, lang), value == selected, people_counts.get(value, 0)
            )
            for value in shown_values
        ]
        options.sort(key=lambda option: _option_sort_key(facet, option))
        yield SelectField(facet, str(FACET_TITLES[facet]), tuple(options))


def _option_sort_key(facet: str, option: SelectOption) -> tuple[int, str]:
    return century_sort_key(option.value) if facet == "century" else 0, sort_key(option.label)
