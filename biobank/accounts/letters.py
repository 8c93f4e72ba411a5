"""E-mails to users, in their language."""

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

from biobank.accounts.links import Kind
from biobank.mail import Letter

TRANSLATIONS = Path(__file__).parents[1] / "translations"


def letter(kind: Kind, email: str, name: str, lang: str, link: str) -> Letter:
    """Return an invitation or password-reset e-mail; `link` is an absolute URL."""
    its = words(lang)
    if kind == "invitation":
        subject = its.gettext("Invitation to the Azerbaijani Biography Bank")
        lines = (
            its.gettext(
                "You are invited to work on the Azerbaijani Biography Bank. Choose a password here:"
            ),
            link,
            its.gettext("The link works once, within seven days."),
        )
    else:
        subject = its.gettext("A new password for the Azerbaijani Biography Bank")
        lines = (
            its.gettext("Somebody, you we hope, asked for a new password. It is chosen here:"),
            link,
            its.gettext(
                "The link works once, within an hour. If it was not you, leave it: nothing changes."
            ),
        )
    greeting = its.gettext("Hello %(name)s,") % {"name": name}
    return Letter(email, subject, "\n\n".join((greeting, *lines)) + "\n")


@cache
def words(lang: str) -> NullTranslations:
    """Return the translations of a language."""
    return Translations.load(TRANSLATIONS, [lang])
