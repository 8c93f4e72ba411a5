"""Views of the social cards of people and of the bank."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from biobank.extensions import limiter
from biobank.web.blueprint import LANG, blueprint
from biobank.web.sharing.pictures import Card, bank_card, drawn, person_card_of

#: Seconds that a card may be cached at its versioned URL, and at any other. At most a day, so
#: that a withdrawn person disappears from caches too.
VERSIONED_KEPT, KEPT = 86_400, 300


@blueprint.get(f"/{LANG}/people/<person_id>/card.png", endpoint="person_card")
def person_card_file(lang: str, person_id: str) -> AnyResponse:
    """Serve the card of a public person."""
    return _answer(person_card_of(person_id, lang))


@blueprint.get(f"/{LANG}/card.png", endpoint="bank_card")
@limiter.exempt  # one image per language, rendered once
def bank_card_file(lang: str) -> AnyResponse:
    """Serve the card of the bank."""
    return _answer(bank_card())


def _answer(card: Card) -> AnyResponse:
    """Return the image, rendered only if the client does not have it cached."""
    response = Response(mimetype="image/png")
    response.set_etag(card.version)
    response.cache_control.public = True
    same = request.args.get("v") == card.version
    response.cache_control.max_age = VERSIONED_KEPT if same else KEPT
    if request.if_none_match.contains_weak(card.version):
        return response.make_conditional(request)
    response.set_data(drawn(card))
    return response.make_conditional(request)
