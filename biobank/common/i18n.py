"""The three languages of the bank, and localized texts with fallbacks."""

from collections.abc import Mapping
from typing import Final, Literal

Lang = Literal["az", "en", "ru"]

LANGUAGES: Final[tuple[Lang, ...]] = ("az", "en", "ru")

#: The name of each language in that language, for the language switch.
LANGUAGE_NAMES: Final[Mapping[Lang, str]] = {"az": "Azərbaycanca", "en": "English", "ru": "Русский"}

#: Fallback languages of a reader, best first. Readers of Azerbaijani and of Russian more often read
#: each other's language than English.
FALLBACKS: Final[Mapping[str, tuple[Lang, ...]]] = {
    "az": ("az", "ru", "en"),
    "en": ("en", "ru", "az"),
    "ru": ("ru", "az", "en"),
}

#: Text by language code; missing languages are not keys.
LocalizedText = dict[str, str]


def is_language(value: object) -> bool:
    return value in LANGUAGES


def best_text(text: Mapping[str, str] | None, lang: str) -> str:
    """Return the text in `lang`, else in the best fallback language, else the empty string."""
    return best_with_language(text, lang)[0]


def best_with_language(text: Mapping[str, str] | None, lang: str) -> tuple[str, str]:
    """Return the best text for a reader of `lang`, and its language."""
    for candidate in FALLBACKS.get(lang, FALLBACKS["en"]):
        if text and text.get(candidate):
            return text[candidate], candidate
    return "", lang
