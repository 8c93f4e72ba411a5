"""Options of the widget and the appearance of its frame, read from a form or a URL."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from biobank.bootstrap import Services
from biobank.common.i18n import is_language
from biobank.errors import BadQuery
from biobank.records.people import browse_queries
from biobank.search.request_args import MAX_FACET_VALUE_CHARS
from biobank.web.embed.frames import DEFAULT_WIDGET_LIMIT, MAX_WIDGET_LIMIT

#: Minimum contrast ratio of text of normal size.
MIN_TEXT_CONTRAST: Final = 4.5
#: Default colours by theme; frontend/src/widget and frontend/src/site/pages/frame.css have the same.
DEFAULT_COLOURS: Final[Mapping[str, Mapping[str, str]]] = {
    "light": {"accent": "7f2129", "ground": "fdfaf3", "ink": "2a211c"},
    "dark": {"accent": "f2aaa2", "ground": "251d19", "ink": "f3ebdd"},
}


def luminance(digits: str) -> float:
    """Return the relative luminance of six hexadecimal digits, from 0 (black) to 1 (white)."""
    channels = (int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio, from 1 (same colour) to 21 (black on white)."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(digits: str) -> str:
    """Return white or black, whichever contrasts better with a colour."""
    return max(("ffffff", "000000"), key=lambda ink: contrast(ink, digits))


def lowest_contrast(name: str, theme: str, colours: Mapping[str, str]) -> float:
    """Return the lowest contrast of a colour with the ground over all themes that apply."""
    themes = DEFAULT_COLOURS if theme == "auto" else (theme,)
    palettes = [{**DEFAULT_COLOURS[theme_name], **colours} for theme_name in themes]
    return min(contrast(palette[name], palette["ground"]) for palette in palettes)


THEMES: Final = ("auto", "light", "dark")
#: Colours in the order of the form, named as the CSS properties of the element.
COLOURS: Final = ("accent", "ground", "ink")
HEX_COLOUR: Final = re.compile(r"#?([0-9a-fA-F]{6})")


@dataclass(frozen=True)
class Appearance:
    """A theme and custom colours: pairs of a name and six hexadecimal digits."""

    theme: str = THEMES[0]
    colours: tuple[tuple[str, str], ...] = ()

    @property
    def css_variables(self) -> tuple[tuple[str, str], ...]:
        """Return the custom colours, with a text colour that is readable on the accent."""
        colours = dict(self.colours)
        if "accent" in colours:
            colours["on-accent"] = readable_on(colours["accent"])
        return tuple(colours.items())

    @property
    def style(self) -> str:
        """Return the style sheet of the custom colours; empty if there are none."""
        declarations = "".join(f"--{name}:#{digits};" for name, digits in self.css_variables)
        return f":root:root{{{declarations}}}" if declarations else ""

    @property
    def query_params(self) -> list[tuple[str, str]]:
        """Return the query parameters of a frame URL, without defaults."""
        theme = [("theme", self.theme)] if self.theme != THEMES[0] else []
        return [*theme, *self.colours]


def parse_appearance(arguments: Mapping[str, str]) -> Appearance:
    """Parse theme and colours from query arguments.

    Raises:
        BadQuery: if an argument is invalid; names it and its allowed values.
    """
    theme = arguments.get("theme", "").strip() or THEMES[0]
    if theme not in THEMES:
        raise BadQuery(f"theme takes one of {', '.join(THEMES)}.")
    return Appearance(theme, tuple(_parse_colours(arguments)))


def _parse_colours(arguments: Mapping[str, str]) -> list[tuple[str, str]]:
    colours = []
    for name in COLOURS:
        if text := arguments.get(name, "").strip():
            digits = HEX_COLOUR.fullmatch(text)
            if digits is None:
                raise BadQuery(f"{name} takes a colour of six hexadecimal digits, as 7f2129.")
            colours.append((name, digits[1].lower()))
    return colours


def frame_policy(appearance: Appearance) -> str:
    """Return the content security policy of a frame: no scripts, own origin, any embedder."""
    digest = b64encode(sha256(appearance.style.encode()).digest()).decode()
    style_source = f" 'sha256-{digest}'" if appearance.style else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'self'{style_source}",
            "img-src 'self'",
            "font-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors *",
        )
    )


WIDGET_KINDS: Final = ("search", "person")
#: Filters in the order of the form; the element accepts every facet.
WIDGET_FILTERS: Final = ("profession", "century", "place", "country", "organisation", "gender")
#: Person shown before one is entered.
EXAMPLE_PERSON_ID: Final = "uzeyir-hacibeyov"
MAX_PERSON_NAME_CHARS: Final = 200


@dataclass(frozen=True)
class WidgetOptions:
    """Options of a widget; `person` is an id, or empty if nobody matches `person_name`."""

    kind: str
    lang: str
    appearance: Appearance
    limit: int
    filters: tuple[tuple[str, str], ...]
    person: str
    person_name: str

    @property
    def is_person(self) -> bool:
        return self.kind == WIDGET_KINDS[1]


def parse_widget(services: Services, arguments: Mapping[str, str], lang: str) -> WidgetOptions:
    """Parse the submitted form; an empty one gives an example.

    Raises:
        BadQuery: if an argument is invalid; names it and its allowed values.
    """
    values = {name: value.strip() for name, value in arguments.items()}
    kind, language = values.get("kind") or WIDGET_KINDS[0], values.get("lang") or lang
    if kind not in WIDGET_KINDS or not is_language(language):
        raise BadQuery(f"kind takes one of {', '.join(WIDGET_KINDS)}; lang takes az, en or ru.")
    filters = tuple((name, values[name]) for name in WIDGET_FILTERS if values.get(name))
    if any(len(value) > MAX_FACET_VALUE_CHARS for _name, value in filters):
        raise BadQuery(f"A filter takes an id of up to {MAX_FACET_VALUE_CHARS} characters.")
    typed_name = values.get("person", "")[:MAX_PERSON_NAME_CHARS]
    person, name = _find_person(services, typed_name or EXAMPLE_PERSON_ID, language)
    return WidgetOptions(
        kind=kind,
        lang=language,
        appearance=_parse_appearance(values),
        limit=_parse_limit(values.get("limit", "")),
        filters=filters,
        person=person,
        person_name=name or typed_name,
    )


def _parse_appearance(values: Mapping[str, str]) -> Appearance:
    """Parse the appearance, with colours only if `own` is ticked: colour inputs are never empty."""
    return parse_appearance(values if values.get("own") else {"theme": values.get("theme", "")})


def _parse_limit(text: str) -> int:
    if not text:
        return DEFAULT_WIDGET_LIMIT
    if not (text.isascii() and text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= MAX_WIDGET_LIMIT):
        raise BadQuery(f"limit takes a whole number from 1 to {MAX_WIDGET_LIMIT}.")
    return int(text)


def _find_person(services: Services, text: str, lang: str) -> tuple[str, str]:
    """Return id and name of the person with this id, or else of the first suggestion."""
    with services.database.read() as session:
        card = browse_queries.load_cards(session, [text]).get(text)
    if card:
        return card.id, card.name(lang)
    suggestions = services.search.suggest(text, lang, 1)
    return (suggestions[0].id, suggestions[0].name) if suggestions else ("", "")
