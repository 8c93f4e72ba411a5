"""The appearance of a frame: theme and colours of its URL, and its security policy."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from biobank.errors import BadQuery

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
