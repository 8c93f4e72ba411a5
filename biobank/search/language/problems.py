"""Problems in a query: what could not be interpreted, where, and a suggestion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from biobank.common.messages import Message, gettext_noop
from biobank.search.language.fields import FIELD_NAMES

#: Messages by code.
PROBLEM_MESSAGES: Final[Mapping[str, Message]] = {
    "unknown_field": gettext_noop(
        "There is no field “%(what)s”; it was searched as a word. Fields: %(names)s."
    ),
    "unknown_value": gettext_noop("%(field)s: “%(what)s” was not found; it was searched as words."),
    "bad_date": gettext_noop("“%(what)s” is not a valid date. Enter 1885, 188X, 1880..1920 or <1900."),
    "bad_age": gettext_noop("“%(what)s” is not a valid age. Enter 90, 60..70 or >90."),
    "bad_distance": gettext_noop(
        "“%(what)s” is not a valid distance. Enter Shusha~50km (at most %(most)s km)."
    ),
    "short_prefix": gettext_noop(
        "“%(what)s”: enter at least three letters before *; it was searched as a word."
    ),
    "unclosed": gettext_noop("Unmatched %(what)s ignored."),
    "misplaced": gettext_noop("“%(what)s” does not apply to anything here and was ignored."),
    "too_deep": gettext_noop(
        "Parentheses are nested more than %(most)s levels deep; the inner ones were ignored."
    ),
    "too_many": gettext_noop(
        "The query is too long: only %(most)s words and %(conditions)s conditions were used."
    ),
    "wide_prefix": gettext_noop("Many words begin with “%(what)s”; the first %(most)s were searched."),
    "nothing": gettext_noop("The query contains no words to search for; all biographies are shown."),
}
SUGGESTION_MESSAGE: Final = gettext_noop("Did you mean %(labels)s?")


@dataclass(frozen=True)
class QueryProblem:
    """A part of the query that could not be interpreted, with its position in the typed text.

    `params` holds the values of the message, `suggestions` similar labels of the bank.
    """

    start: int
    end: int
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()

    def message(self, lang: str) -> str:
        """Return the message in language `lang`, without the suggestions."""
        values = dict(self.params)
        if self.code == "unknown_field":
            values["names"] = ", ".join(names[0] for names in FIELD_NAMES[lang].values())
        if self.code == "unknown_value":
            values["field"] = FIELD_NAMES[lang][str(values["field"])][0]
        return PROBLEM_MESSAGES[self.code].translate(lang, **values)

    def message_with_suggestions(self, lang: str) -> str:
        """Return the message in language `lang`, followed by the suggestions."""
        if not self.suggestions:
            return self.message(lang)
        suggestions = SUGGESTION_MESSAGE.translate(lang, labels=", ".join(self.suggestions))
        return f"{self.message(lang)} {suggestions}"
