"""Views of the frames for other sites and of the page that generates embed code."""

from flask import Response, make_response, render_template, request, url_for

from biobank.http.extensions import services
from biobank.http.security_headers import CONTENT_SECURITY_POLICY
from biobank.search.request_args import parse_search_query
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _, pgettext
from biobank.web.core.labels import format_number
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.core.urls import medallion_url, person_url, static_url
from biobank.web.embed.forms import Appearance, frame_policy, parse_appearance
from biobank.web.embed.frames import make_person_frame, make_search_frame, parse_limit
from biobank.web.embed.pages import make_embed_page

FRAME_ENDPOINTS = frozenset({"web.embed_search", "web.embed_person"})


@blueprint.get(f"/{LANG_RULE}/embed/search")
def embed_search(lang: str) -> Response:
    query, appearance = parse_search_query(request.args, lang), parse_appearance(request.args)
    limit = parse_limit(request.args.get("limit", "").strip(), query)
    page = make_search_frame(services, query, limit)
    hidden_fields = [*page.filters, *appearance.query_params, ("limit", str(limit))]
    title = pgettext("page title", "Search")
    return _render_frame("frame_search.html", appearance, title, page=page, hidden_fields=hidden_fields)


@blueprint.get(f"/{LANG_RULE}/embed/people/<person_id>")
def embed_person(lang: str, person_id: str) -> Response:
    appearance = parse_appearance(request.args)
    page = make_person_frame(services, person_id, lang)
    title = page.card.name if page.card else _("Page not found")
    response = _render_frame("frame_person.html", appearance, title, page=page)
    response.status_code = page.status
    return response


@blueprint.get(f"/{LANG_RULE}/embed")
def embed(lang: str) -> Response:
    page = make_embed_page(services, request.args, lang)
    description = _("Add the search form or a person card to your own site.")
    head = PageMetadata(_("Embed on a website"), description, canonical=url_for("web.embed", lang=lang))
    response = make_response(render_page("embed/embed.html", head, page=page))
    # This is the only page that shows a frame of this site.
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


def _render_frame(template: str, appearance: Appearance, title: str, **context: object) -> Response:
    """Render a page without the site layout, with the frame policy."""
    html = render_template(
        f"web/embed/{template}",
        appearance=appearance,
        title=title,
        lang=request.view_args["lang"] if request.view_args else "",
        static_url=static_url,
        medallion_url=medallion_url,
        person_url=person_url,
        number=format_number,
        **context,
    )
    response = make_response(html)
    response.headers["Content-Security-Policy"] = frame_policy(appearance)
    return response


@blueprint.after_request
def allow_framing(response: Response) -> Response:
    """Set headers that let any site embed the frames and their error pages."""
    if request.endpoint in FRAME_ENDPOINTS:
        policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    return response
