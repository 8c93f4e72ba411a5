"""Interface messages in any of the three languages, without a request.

The pages and these messages share one catalogue. Packages below the edges mark a message and leave
its language to the caller.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from babel.support import NullTranslations, Translations

from biobank.common.i18n import LANGUAGES

TRANSLATIONS_DIR = Path(__file__).parents[1] / "translations"


@dataclass(frozen=True)
class Message:
    """An English message id; `context` tells messages of the same text apart."""

    text: str
    context: str = ""

    def translate(self, lang: str, **values: object) -> str:
        """Return the message in language `lang`, English if it is not translated."""
        catalogue = load_translations(lang)
        text = catalogue.pgettext(self.context, self.text) if self.context else catalogue.gettext(self.text)
        return str(text) % values if values else str(text)

    def translations(self) -> dict[str, str]:
        """Return the message by language."""
        return {lang: self.translate(lang) for lang in LANGUAGES}


def gettext_noop(text: str) -> Message:
    """Mark a message for extraction."""
    return Message(text)


def pgettext_noop(context: str, text: str) -> Message:
    """Mark a message that other contexts translate differently."""
    return Message(text, context)


#: The name of the bank.
BANK_NAME: Final = gettext_noop("Azerbaijani Biography Bank")


@cache
def load_translations(lang: str) -> NullTranslations:
    """Return the catalogue of a language."""
    return Translations.load(TRANSLATIONS_DIR, [lang])
