"""Views of the frames for other sites and of the page that generates embed code."""

from flask import Response, make_response, render_template, request, url_for

from biobank.extensions import services
from biobank.search.args import query_from
from biobank.security import POLICY
from biobank.web.blueprint import LANG, blueprint
from biobank.web.embed.frames import limit_from, make_person_frame, make_search_frame
from biobank.web.embed.look import Look, look_from, policy_of
from biobank.web.embed.making import make_embed_page
from biobank.web.links import medallion_url, person_url, static_url
from biobank.web.rendering import Head, render_page
from biobank.web.text import _
from biobank.web.words import number

FRAMES = frozenset({"web.embed_search", "web.embed_person"})


@blueprint.get(f"/{LANG}/embed/search")
def embed_search(lang: str) -> Response:
    query, look = query_from(request.args, lang), look_from(request.args)
    limit = limit_from(request.args.get("limit", "").strip(), query)
    page = make_search_frame(services, query, limit)
    kept = [*page.kept, *look.address, ("limit", str(limit))]
    return _frame("frame_search.html", look, _("Search"), page=page, kept=kept)


@blueprint.get(f"/{LANG}/embed/people/<person_id>")
def embed_person(lang: str, person_id: str) -> Response:
    look = look_from(request.args)
    page = make_person_frame(services, person_id, lang)
    title = page.card.name if page.card else _("This page is not here")
    response = _frame("frame_person.html", look, title, page=page)
    response.status_code = page.status
    return response


@blueprint.get(f"/{LANG}/embed")
def embed(lang: str) -> Response:
    page = make_embed_page(services, request.args, lang)
    about = _("Put the search, or the card of a person, on your own site.")
    head = Head(_("Embed"), about, canonical=url_for("web.embed", lang=lang))
    response = make_response(render_page("embed/embed.html", head, page=page))
    # This is the only page that shows a frame of this site.
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


def _frame(template: str, look: Look, title: str, **context: object) -> Response:
    """Render a page without the site layout, with the frame policy."""
    page = render_template(
        f"web/embed/{template}",
        look=look,
        title=title,
        lang=request.view_args["lang"] if request.view_args else "",
        static_url=static_url,
        medallion_url=medallion_url,
        person_url=person_url,
        number=number,
        **context,
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = policy_of(look)
    return response


@blueprint.after_request
def open_frames(response: Response) -> Response:
    """Set headers that let any site embed the frames and their error pages."""
    if request.endpoint in FRAMES:
        anywhere = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
        response.headers.setdefault("Content-Security-Policy", anywhere)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    return response
