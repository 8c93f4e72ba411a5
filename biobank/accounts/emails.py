"""E-mails to users, in their language."""

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

from biobank.accounts.links import LinkKind
from biobank.common.mail import OutgoingEmail

TRANSLATIONS_DIR = Path(__file__).parents[1] / "translations"


def account_email(kind: LinkKind, email: str, name: str, lang: str, link: str) -> OutgoingEmail:
    """Return an invitation or password-reset e-mail; `link` is an absolute URL."""
    translations = load_translations(lang)
    if kind == "invitation":
        subject = translations.gettext("Invitation to the Azerbaijani Biography Bank")
        paragraphs = (
            translations.gettext(
                "You are invited to work on the Azerbaijani Biography Bank. Choose a password here:"
            ),
            link,
            translations.gettext("The link works once, within seven days."),
        )
    else:
        subject = translations.gettext("A new password for the Azerbaijani Biography Bank")
        paragraphs = (
            translations.gettext(
                "Somebody, you we hope, asked for a new password. It is chosen here:"
            ),
            link,
            translations.gettext(
                "The link works once, within an hour. If it was not you, leave it: nothing changes."
            ),
        )
    greeting = translations.gettext("Hello %(name)s,") % {"name": name}
    return OutgoingEmail(email, subject, "\n\n".join((greeting, *paragraphs)) + "\n")


@cache
def load_translations(lang: str) -> NullTranslations:
    """Return the translations of a language."""
    return Translations.load(TRANSLATIONS_DIR, [lang])
