"""Cards of people in lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from biobank.common.i18n import best_with_language
from biobank.records.catalogue import Catalogue
from biobank.records.people.browse_queries import PersonListItem, load_cards
from biobank.search.response import Hit
from biobank.web.core.labels import format_years, language_tag, text_direction
from biobank.web.core.pictures import square_url
from biobank.web.core.urls import person_url


@dataclass(frozen=True)
class PersonCard:
    """A person as a list shows them, in the language of the page."""

    id: str
    url: str
    name: str
    years: str
    headline: str
    headline_lang: str
    professions: tuple[str, ...]
    #: URL of the small portrait; empty where there is none.
    portrait: str = ""
    #: The name as alphabetical lists show it, surname first.
    sort_name: str = ""


def person_card(card: PersonListItem, catalogue: Catalogue, lang: str) -> PersonCard:
    headline, headline_lang = best_with_language(card.headline, lang)
    return PersonCard(
        id=card.id,
        url=person_url(card.id, lang),
        name=card.name(lang),
        years=format_years(card.birth, card.death, lang, living=card.death is None),
        headline=headline,
        headline_lang=headline_lang,
        professions=catalogue.main_professions(card.professions, lang, card.gender),
        portrait=square_url(card.portrait),
        sort_name=card.sort_name(lang),
    )


def people_cards(
    session: Session, ids: Sequence[str], catalogue: Catalogue, lang: str
) -> dict[str, PersonCard]:
    """Return cards of the published people among `ids`, in that order."""
    cards_by_id: Mapping[str, PersonListItem] = load_cards(session, ids)
    return {id_: person_card(card, catalogue, lang) for id_, card in cards_by_id.items()}


@dataclass(frozen=True)
class MatchedForm:
    """The name form that matched, if it is not the heading of the result."""

    text: str
    tag: str
    dir: str


def hit_card(hit: Hit, catalogue: Catalogue, lang: str) -> PersonCard:
    """Return the card of a search result."""
    headline_langs = (snippet.lang for snippet in hit.snippets if snippet.field == "headline")
    return PersonCard(
        id=hit.id,
        url=person_url(hit.id, lang),
        name=hit.name,
        years=format_years(date_of(hit.birth), date_of(hit.death), lang, living=hit.death is None),
        headline=hit.headline,
        headline_lang=next(headline_langs, lang),
        professions=catalogue.main_professions(hit.professions, lang, hit.gender),
        portrait=square_url(hit.portrait),
        sort_name=hit.sort_name,
    )


def find_matched_form(hit: Hit) -> MatchedForm | None:
    """Return the name form that matched unless it is the name shown."""
    for matched in hit.matched:
        if matched.name and matched.name != hit.name:
            name: Mapping[str, Any] = next(
                (name for name in hit.names if name["text"] == matched.name), {"lang": ""}
            )
            script = name.get("script")
            return MatchedForm(
                text=matched.name,
                tag=language_tag(name["lang"], script),
                dir=text_direction(name["lang"], script),
            )
    return None


def date_of(part: Mapping[str, Any] | None) -> str | None:
    """Return the date of a birth or death."""
    return (part or {}).get("date")
