"""Cards of people in lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from biobank.common.i18n import best_with_language
from biobank.records.catalogue import Catalogue
from biobank.records.people.browse_queries import PersonListItem, load_cards
from biobank.web.core.labels import format_years
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
    )


def people_cards(
    session: Session, ids: Sequence[str], catalogue: Catalogue, lang: str
) -> dict[str, PersonCard]:
    """Return cards of the published people among `ids`, in that order."""
    cards_by_id: Mapping[str, PersonListItem] = load_cards(session, ids)
    return {id_: person_card(card, catalogue, lang) for id_, card in cards_by_id.items()}
