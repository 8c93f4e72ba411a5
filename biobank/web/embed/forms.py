"""Options of the widget, read from the form of the embed page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from biobank.bootstrap import Services
from biobank.common.i18n import is_language
from biobank.errors import BadQuery
from biobank.records.people import browse_queries
from biobank.search.request_args import MAX_FACET_VALUE_CHARS
from biobank.web.embed.appearance import Appearance, parse_appearance
from biobank.web.embed.frames import DEFAULT_WIDGET_LIMIT, MAX_WIDGET_LIMIT

WIDGET_KINDS: Final = ("search", "person")
#: Filters in the order of the form; the element accepts every facet.
WIDGET_FILTERS: Final = ("profession", "century", "place", "country", "organisation", "gender")
#: Person shown before one is entered.
EXAMPLE_PERSON_ID: Final = "uzeyir-hacibeyov"
MAX_PERSON_NAME_CHARS: Final = 200


@dataclass(frozen=True)
class WidgetOptions:
    """Options of a widget; `person` is an id, or empty if nobody matches `person_name`."""

    kind: str
    lang: str
    appearance: Appearance
    limit: int
    filters: tuple[tuple[str, str], ...]
    person: str
    person_name: str

    @property
    def is_person(self) -> bool:
        return self.kind == WIDGET_KINDS[1]


def parse_widget(services: Services, arguments: Mapping[str, str], lang: str) -> WidgetOptions:
    """Parse the submitted form; an empty one gives an example.

    Raises:
        BadQuery: if an argument is invalid; names it and its allowed values.
    """
    values = {name: value.strip() for name, value in arguments.items()}
    kind, language = values.get("kind") or WIDGET_KINDS[0], values.get("lang") or lang
    if kind not in WIDGET_KINDS or not is_language(language):
        raise BadQuery(f"kind takes one of {', '.join(WIDGET_KINDS)}; lang takes az, en or ru.")
    filters = tuple((name, values[name]) for name in WIDGET_FILTERS if values.get(name))
    if any(len(value) > MAX_FACET_VALUE_CHARS for _name, value in filters):
        raise BadQuery(f"A filter takes an id of up to {MAX_FACET_VALUE_CHARS} characters.")
    typed_name = values.get("person", "")[:MAX_PERSON_NAME_CHARS]
    person, name = _find_person(services, typed_name or EXAMPLE_PERSON_ID, language)
    return WidgetOptions(
        kind=kind,
        lang=language,
        appearance=_parse_appearance(values),
        limit=_parse_limit(values.get("limit", "")),
        filters=filters,
        person=person,
        person_name=name or typed_name,
    )


def _parse_appearance(values: Mapping[str, str]) -> Appearance:
    """Parse the appearance, with colours only if `own` is ticked: colour inputs are never empty."""
    return parse_appearance(values if values.get("own") else {"theme": values.get("theme", "")})


def _parse_limit(text: str) -> int:
    if not text:
        return DEFAULT_WIDGET_LIMIT
    if not (text.isascii() and text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= MAX_WIDGET_LIMIT):
        raise BadQuery(f"limit takes a whole number from 1 to {MAX_WIDGET_LIMIT}.")
    return int(text)


def _find_person(services: Services, text: str, lang: str) -> tuple[str, str]:
    """Return id and name of the person with this id, or else of the first suggestion."""
    with services.database.read() as session:
        card = browse_queries.load_cards(session, [text]).get(text)
    if card:
        return card.id, card.name(lang)
    suggestions = services.search.suggest(text, lang, 1)
    return (suggestions[0].id, suggestions[0].name) if suggestions else ("", "")
