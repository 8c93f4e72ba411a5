"""Views of picture files and of the player of external recordings."""

from flask import Response, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from biobank.accounts.policy import Action, is_allowed
from biobank.errors import NotFound
from biobank.http.auth import identity
from biobank.http.extensions import limiter, services
from biobank.records.media.queries import is_public, pictures_by_sha
from biobank.records.media.urls import picture_file_path
from biobank.web.core.blueprint import IMMUTABLE_CACHE_CONTROL, LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.core.urls import person_url
from biobank.web.media.pages import make_player_page, player_policy

SHA_RULE = "<string(length=64):sha>"


@blueprint.get(f"/media/{SHA_RULE}")
def picture(sha: str) -> AnyResponse:
    """Redirect the permanent URL of a picture, as in records, to its largest file."""
    _require_visible(sha)
    with services.database.read() as session:
        stored = pictures_by_sha(session, [sha]).get(sha)
    if stored is None:
        raise _picture_not_found()
    return redirect(picture_file_path(sha, stored.sizes[-1]), 302)


@blueprint.get(f"/media/{SHA_RULE}-<size>.webp")
@limiter.exempt  # a page may show fifty
def picture_file(sha: str, size: str) -> AnyResponse:
    """Serve a file of a picture; immutable, and cached as such once it is public."""
    public = _require_visible(sha)
    content = services.media.read(sha, size)
    if content is None:
        raise _picture_not_found()
    response = Response(content, mimetype="image/webp")
    response.headers["Cache-Control"] = IMMUTABLE_CACHE_CONTROL if public else "private, no-store"
    response.set_etag(f"{sha[:32]}-{size}")
    return response.make_conditional(request)


@blueprint.get(f"/{LANG_RULE}/people/<person_id>/media/<int(min=1, max=1000):number>")
def player(lang: str, person_id: str, number: int) -> Response:
    page = make_player_page(services, person_id, number, lang)
    title = page.item.title or (_("Audio recording") if page.item.type == "audio" else _("Video"))
    head = PageMetadata(title, indexed=False, canonical=person_url(person_id, lang))
    response = make_response(render_page("media/player.html", head, page=page))
    # The response depends on the referring page, so it must not be cached.
    response.headers["Cache-Control"] = "no-store"
    if page.plays:
        response.headers["Content-Security-Policy"] = player_policy(page.item.player)
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _require_visible(sha: str) -> bool:
    """Return whether the picture is public; others are visible only at the desk.

    Raises:
        NotFound: if the user may not see it.
    """
    with services.database.read() as session:
        public = is_public(session, sha)
    if not public and not is_allowed(identity(), Action.SEE_DESK):
        raise _picture_not_found()
    return public


def _picture_not_found() -> NotFound:
    return NotFound(_("Picture not found."))
