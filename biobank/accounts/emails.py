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
                "You have been invited to work on the Azerbaijani Biography Bank. Choose a "
                "password here:"
            ),
            link,
            translations.gettext("The link can be used once and expires in seven days."),
        )
    else:
        subject = translations.gettext("Reset your Azerbaijani Biography Bank password")
        paragraphs = (
            translations.gettext(
                "We received a request to reset your password. Choose a new password here:"
            ),
            link,
            translations.gettext(
                "The link can be used once and expires in one hour. If you did not request "
                "this, ignore this e-mail: your password will not change."
            ),
        )
    greeting = translations.gettext("Hello %(name)s,") % {"name": name}
    return OutgoingEmail(email, subject, "\n\n".join((greeting, *paragraphs)) + "\n")


@cache
def load_translations(lang: str) -> NullTranslations:
    """Return the translations of a language."""
    return Translations.load(TRANSLATIONS_DIR, [lang])
