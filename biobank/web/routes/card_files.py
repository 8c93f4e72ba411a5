"""The pictures that social networks show: of each person, and of the bank."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from biobank.extensions import limiter
from biobank.web.blueprint import LANG, blueprint
from biobank.web.sharing.pictures import Card, bank_card, drawn, person_card_of

#: Seconds that a card may be kept at the address with its version, and at any other. No longer
#: than a day: who is withdrawn is to be gone from what is kept elsewhere too.
VERSIONED_KEPT, KEPT = 86_400, 300


@blueprint.get(f"/{LANG}/people/<person_id>/card.png", endpoint="person_card")
def person_card_file(lang: str, person_id: str) -> AnyResponse:
    """The card of a public person."""
    return _answer(person_card_of(person_id, lang))


@blueprint.get(f"/{LANG}/card.png", endpoint="bank_card")
@limiter.exempt  # one picture a language, drawn once
def bank_card_file(lang: str) -> AnyResponse:
    """The card of the bank."""
    return _answer(bank_card())


def _answer(card: Card) -> AnyResponse:
    """The picture, drawn only where whoever asks does not have it."""
    response = Response(mimetype="image/png")
    response.set_etag(card.version)
    response.cache_control.public = True
    same = request.args.get("v") == card.version
    response.cache_control.max_age = VERSIONED_KEPT if same else KEPT
    if request.if_none_match.contains_weak(card.version):
        return response.make_conditional(request)
    response.set_data(drawn(card))
    return response.make_conditional(request)
