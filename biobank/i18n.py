"""The three languages of the bank, and text that exists in some of them."""

from collections.abc import Mapping
from typing import Final, Literal

Lang = Literal["az", "en", "ru"]

LANGUAGES: Final[tuple[Lang, ...]] = ("az", "en", "ru")

#: The name of each language in itself, as a language switch shows it.
LANGUAGE_NAMES: Final[Mapping[Lang, str]] = {
    "az": "Azərbaycanca",
    "en": "English",
    "ru": "Русский",
}

#: What a reader of a language is shown when a text is missing in it, best first. Readers of
#: Azerbaijani and of Russian more often read each other's language than English.
FALLBACKS: Final[Mapping[str, tuple[Lang, ...]]] = {
    "az": ("az", "ru", "en"),
    "en": ("en", "ru", "az"),
    "ru": ("ru", "az", "en"),
}

#: Text by language; a language that is missing is not a key.
LocalizedText = dict[str, str]


def is_language(value: object) -> bool:
    return value in LANGUAGES


def best(text: Mapping[str, str] | None, lang: str) -> str:
    """The text in `lang`, else in the next best language, else the empty string."""
    return best_with_language(text, lang)[0]


def best_with_language(text: Mapping[str, str] | None, lang: str) -> tuple[str, str]:
    """The best text for a reader of `lang`, and the language it is in."""
    for candidate in FALLBACKS.get(lang, FALLBACKS["en"]):
        if text and text.get(candidate):
            return text[candidate], candidate
    return "", lang
