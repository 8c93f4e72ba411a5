"""GET /cards and /people/{id}/card: people as a list shows them, in one language."""

from typing import Any

from flask import Response, request, url_for

from biobank.api.blueprint import LANG, SIZE, conditional, documented, people, search
from biobank.api.schemas import CardSchema, CardsSchema
from biobank.api.search import Q, facet_parameters
from biobank.errors import NotFound
from biobank.extensions import services
from biobank.i18n import best_with_language
from biobank.records.date_words import years_in_words
from biobank.records.media.addresses import SQUARE, file_address
from biobank.records.people import browsing
from biobank.search.args import query_from, reader_language
from biobank.search.suggesting import told_spelling

#: Maximum number of professions on a card; records list the most relevant first.
PROFESSIONS_MOST = 3


@search.get("/cards")
@search.doc(
    parameters=[
        {**Q, "description": "What has been typed so far; empty for everyone."},
        LANG,
        SIZE,
        *facet_parameters(),
    ]
)
@search.response(200, CardsSchema)
@documented(search)
def find_cards() -> Response:
    """Return people matching what is being typed, within filters, as lists show them."""
    query = query_from(request.args, reader_language(request.args))
    begun = services.search.begun(query)
    with services.database.read() as session:
        found = browsing.cards(session, list(begun.people))
    cards = [_card(card, query.lang, query.text, begun.people[card.id]) for card in found.values()]
    # The URL of the full search page, with the query as it was interpreted.
    url = url_for("web.search", lang=query.lang, **_multi(begun.query.address()))
    return conditional({"cards": cards, "url": url})


@people.get("/people/<id:person_id>/card")
@people.doc(parameters=[LANG])
@people.response(200, CardSchema)
@documented(people, 308, 404, 410)
def get_card(person_id: str) -> Response:
    """Return one person as lists show them."""
    lang = reader_language(request.args)
    with services.database.read() as session:
        card = browsing.cards(session, [person_id]).get(person_id)
    if card is None:
        raise NotFound(f"There is no published person {person_id[:120]!r}.")
    return conditional(_card(card, lang))


def _card(card: browsing.Card, lang: str, text: str = "", matched: str = "") -> dict[str, Any]:
    catalogue = services.catalogue()
    name = card.name(lang)
    headline, headline_lang = best_with_language(card.headline, lang)
    return {
        "id": card.id,
        "name": name,
        "years": years_in_words(card.birth, card.death, lang, living=card.death is None),
        "headline": headline,
        "headline_lang": headline_lang,
        "professions": [
            catalogue.term_label("profession", id_, lang)
            for id_ in card.professions[:PROFESSIONS_MOST]
        ],
        "matched": told_spelling(name, matched, text) if matched else "",
        "image": _image(card),
        "url": url_for("web.person", lang=lang, person_id=card.id),
    }


def _image(card: browsing.Card) -> str:
    """Return the URL of the small portrait, else of the medallion; picture files may be missing."""
    if card.portrait and services.media.has(card.portrait):
        return file_address(card.portrait, SQUARE)
    return url_for("web.medallion_file", person_id=card.id)


def _multi(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name != "size":
            found.setdefault(name, []).append(value)
    return found
