"""Options of the widget, read from the form of the embed page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from biobank.bootstrap import Services
from biobank.errors import BadQuery
from biobank.i18n import is_language
from biobank.records.people import browsing
from biobank.search.args import VALUE_MOST
from biobank.web.embed.frames import LIMIT_DEFAULT, LIMIT_MOST
from biobank.web.embed.look import Look, look_from

KINDS: Final = ("search", "person")
#: Filters in the order of the form; the element accepts every facet.
FILTERS: Final = ("profession", "century", "place", "country", "organisation", "gender")
#: Person shown before one is entered.
EXAMPLE: Final = "uzeyir-hacibeyov"
NAME_MOST: Final = 200


@dataclass(frozen=True)
class Widget:
    """Options of a widget; `person` is an id, or empty if nobody matches `person_name`."""

    kind: str
    lang: str
    look: Look
    limit: int
    filters: tuple[tuple[str, str], ...]
    person: str
    called: str

    @property
    def is_person(self) -> bool:
        return self.kind == KINDS[1]


def widget_from(services: Services, arguments: Mapping[str, str], lang: str) -> Widget:
    """Parse the submitted form; an empty one gives an example.

    Raises:
        BadQuery: if an argument is invalid; names it and its allowed values.
    """
    sent = {name: value.strip() for name, value in arguments.items()}
    kind, language = sent.get("kind") or KINDS[0], sent.get("lang") or lang
    if kind not in KINDS or not is_language(language):
        raise BadQuery(f"kind takes one of {', '.join(KINDS)}; lang takes az, en or ru.")
    filters = tuple((name, sent[name]) for name in FILTERS if sent.get(name))
    if any(len(value) > VALUE_MOST for _name, value in filters):
        raise BadQuery(f"A filter takes an id of up to {VALUE_MOST} characters.")
    called = sent.get("person", "")[:NAME_MOST]
    person, name = _person(services, called or EXAMPLE, language)
    return Widget(
        kind=kind,
        lang=language,
        look=_look(sent),
        limit=_limit(sent.get("limit", "")),
        filters=filters,
        person=person,
        called=name or called,
    )


def _look(sent: Mapping[str, str]) -> Look:
    """Parse the appearance, with colours only if `own` is ticked: colour inputs are never empty."""
    return look_from(sent if sent.get("own") else {"theme": sent.get("theme", "")})


def _limit(text: str) -> int:
    if not text:
        return LIMIT_DEFAULT
    if not (
        text.isascii() and text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= LIMIT_MOST
    ):
        raise BadQuery(f"limit takes a whole number from 1 to {LIMIT_MOST}.")
    return int(text)


def _person(services: Services, text: str, lang: str) -> tuple[str, str]:
    """Return id and name of the person with this id, or else of the first suggestion."""
    with services.database.read() as session:
        card = browsing.cards(session, [text]).get(text)
    if card:
        return card.id, card.name(lang)
    found = services.search.suggest(text, lang, 1)
    return (found[0].id, found[0].name) if found else ("", "")
