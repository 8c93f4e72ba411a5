"""Views of picture files and of the player of external recordings."""

from flask import Response, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from biobank.access import identity
from biobank.accounts.policy import Action, allows
from biobank.errors import NotFound
from biobank.extensions import limiter, services
from biobank.records.media.addresses import file_address
from biobank.records.media.queries import by_sha, is_public
from biobank.web.blueprint import FOREVER, LANG, blueprint
from biobank.web.links import person_url
from biobank.web.media.player_page import make_player_page, policy_of
from biobank.web.rendering import Head, render_page
from biobank.web.text import _

SHA = "<string(length=64):sha>"


@blueprint.get(f"/media/{SHA}")
def picture(sha: str) -> AnyResponse:
    """Redirect the permanent URL of a picture, as in records, to its largest file."""
    _require_visible(sha)
    with services.database.read() as session:
        found = by_sha(session, [sha]).get(sha)
    if found is None:
        raise _no_picture()
    return redirect(file_address(sha, found.sizes[-1]), 302)


@blueprint.get(f"/media/{SHA}-<size>.webp")
@limiter.exempt  # a page may show fifty
def picture_file(sha: str, size: str) -> AnyResponse:
    """Serve a file of a picture; immutable, and cached as such once it is public."""
    public = _require_visible(sha)
    content = services.media.read(sha, size)
    if content is None:
        raise _no_picture()
    response = Response(content, mimetype="image/webp")
    response.headers["Cache-Control"] = FOREVER if public else "private, no-store"
    response.set_etag(f"{sha[:32]}-{size}")
    return response.make_conditional(request)


@blueprint.get(f"/{LANG}/people/<person_id>/media/<int(min=1, max=1000):number>")
def player(lang: str, person_id: str, number: int) -> Response:
    page = make_player_page(services, person_id, number, lang)
    title = page.item.title or (_("Recording") if page.item.type == "audio" else _("Film"))
    head = Head(title, indexed=False, canonical=person_url(person_id, lang))
    response = make_response(render_page("player.html", head, page=page))
    # The response depends on the referring page, so it must not be cached.
    response.headers["Cache-Control"] = "no-store"
    if page.plays:
        response.headers["Content-Security-Policy"] = policy_of(page.item.player)
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _require_visible(sha: str) -> bool:
    """Return whether the picture is public; others are visible only at the desk.

    Raises:
        NotFound: if the user may not see it.
    """
    with services.database.read() as session:
        public = is_public(session, sha)
    if not public and not allows(identity(), Action.SEE_DESK):
        raise _no_picture()
    return public


def _no_picture() -> NotFound:
    return NotFound(_("There is no such picture in the bank."))
