"""Contrast of custom colours, as WCAG 2.2 measures it (success criterion 1.4.3)."""

from collections.abc import Mapping
from typing import Final

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
