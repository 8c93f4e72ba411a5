"""GET /cards and /people/{id}/card: people as a list shows them, in one language."""

from typing import Any

from flask import Response, request, url_for

from biobank.api.blueprint import (
    LANG_PARAMETER,
    SIZE_PARAMETER,
    conditional_json,
    document_errors,
    no_published_person,
    people,
    search,
    search_page_path,
)
from biobank.api.schemas import CardSchema, CardsSchema
from biobank.api.search import Q_PARAMETER, facet_parameters
from biobank.common.i18n import best_with_language
from biobank.http.extensions import services
from biobank.records.date_formatting import format_life_years
from biobank.records.media.urls import SQUARE, picture_file_path
from biobank.records.people import browse_queries
from biobank.search.request_args import parse_language, parse_search_query
from biobank.search.suggestions import alternative_spelling


@search.get("/cards")
@search.doc(
    parameters=[
        {**Q_PARAMETER, "description": "The typed text; empty for all people."},
        LANG_PARAMETER,
        SIZE_PARAMETER,
        *facet_parameters(),
    ]
)
@search.response(200, CardsSchema)
@document_errors(search)
def find_cards() -> Response:
    """Return people matching what is being typed, within filters, as lists show them."""
    query = parse_search_query(request.args, parse_language(request.args))
    typeahead = services.search.complete(query)
    with services.database.read() as session:
        cards_by_id = browse_queries.load_cards(session, list(typeahead.people))
    cards = [
        _card_body(card, query.lang, query.text, typeahead.people[card.id]) for card in cards_by_id.values()
    ]
    # The URL of the full search page, with the query as it was interpreted.
    return conditional_json({"cards": cards, "url": search_page_path(typeahead.query)})


@people.get("/people/<id:person_id>/card")
@people.doc(parameters=[LANG_PARAMETER])
@people.response(200, CardSchema)
@document_errors(people, 308, 404, 410)
def get_card(person_id: str) -> Response:
    """Return one person as lists show them."""
    lang = parse_language(request.args)
    with services.database.read() as session:
        card = browse_queries.load_cards(session, [person_id]).get(person_id)
    if card is None:
        raise no_published_person(person_id)
    return conditional_json(_card_body(card, lang))


def _card_body(
    card: browse_queries.PersonListItem, lang: str, text: str = "", matched: str = ""
) -> dict[str, Any]:
    catalogue = services.catalogue()
    name = card.name(lang)
    headline, headline_lang = best_with_language(card.headline, lang)
    return {
        "id": card.id,
        "name": name,
        "years": format_life_years(card.birth, card.death, lang, living=card.death is None),
        "headline": headline,
        "headline_lang": headline_lang,
        "professions": catalogue.main_professions(card.professions, lang, card.gender),
        "matched": alternative_spelling(name, matched, text) if matched else "",
        "image": _image_url(card),
        "url": url_for("web.person", lang=lang, person_id=card.id),
    }


def _image_url(card: browse_queries.PersonListItem) -> str:
    """Return the URL of the small portrait, else of the medallion; picture files may be missing."""
    if card.portrait and services.media.has(card.portrait):
        return picture_file_path(card.portrait, SQUARE)
    return url_for("web.medallion_file", person_id=card.id)
