"""Social cards and medallions."""

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from biobank.errors import NotFound
from biobank.http.extensions import limiter
from biobank.web.core.blueprint import IMMUTABLE_CACHE_CONTROL, LANG_RULE, blueprint
from biobank.web.core.social_meta import ShareCard, make_bank_card
from biobank.web.core.urls import static_url
from biobank.web.sharing.cards import load_person_card, render_card
from biobank.web.sharing.medallion import is_drawable, medallion

#: Seconds that a card may be cached at its versioned URL, and at any other. At most a day, so
#: that a withdrawn person disappears from caches too.
VERSIONED_CARD_CACHE_SECONDS, CARD_CACHE_SECONDS = 86_400, 300


@blueprint.get(f"/{LANG_RULE}/people/<person_id>/card.png", endpoint="person_card")
def person_card_file(lang: str, person_id: str) -> AnyResponse:
    """Serve the card of a public person."""
    return _card_response(load_person_card(person_id, lang))


@blueprint.get(f"/{LANG_RULE}/card.png", endpoint="bank_card")
@limiter.exempt  # one image per language, rendered once
def bank_card_file(lang: str) -> AnyResponse:
    """Serve the card of the bank."""
    return _card_response(make_bank_card())


def _card_response(card: ShareCard) -> AnyResponse:
    """Return the image, rendered only if the client does not have it cached."""
    response = Response(mimetype="image/png")
    response.set_etag(card.version)
    response.cache_control.public = True
    is_versioned = request.args.get("v") == card.version
    response.cache_control.max_age = VERSIONED_CARD_CACHE_SECONDS if is_versioned else CARD_CACHE_SECONDS
    if request.if_none_match.contains_weak(card.version):
        return response.make_conditional(request)
    response.set_data(render_card(card))
    return response.make_conditional(request)


@blueprint.get("/medallion/<person_id>.svg")
@limiter.exempt  # a page may show fifty
def medallion_file(person_id: str) -> AnyResponse:
    """Serve the medallion generated from an id; immutable and cached as such."""
    if not is_drawable(person_id):
        raise NotFound("There is no such medallion.")
    response = Response(medallion(person_id), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = IMMUTABLE_CACHE_CONTROL
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Redirect the default favicon URL to the logo that pages link to."""
    return redirect(static_url("mark.svg"), 302)
