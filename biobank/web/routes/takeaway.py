"""Exports of search results: files, a printable list and a feed."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from biobank.downloads import TOTAL, answer_file
from biobank.exchange.answers.formats import BY_ENDING
from biobank.extensions import services
from biobank.search.args import query_from
from biobank.web.blueprint import LANG, blueprint
from biobank.web.feed import feed_answer, make_feed
from biobank.web.list_page import make_list_page
from biobank.web.rendering import Head, render_page

#: Quoted, because one of them contains a dot.
ENDINGS = ", ".join(f'"{ending}"' for ending in BY_ENDING)


@blueprint.get(f"/{LANG}/search.<any({ENDINGS}):ending>")
def search_file(lang: str, ending: str) -> Response:
    """Return all results as a file."""
    return answer_file(services, query_from(request.args, lang), BY_ENDING[ending])


@blueprint.get(f"/{LANG}/search/list")
def search_list(lang: str) -> str:
    """Return all results as a printable list."""
    page = make_list_page(services, query_from(request.args, lang))
    return render_page("search_list.html", Head(page.question, indexed=False), page=page)


@blueprint.get(f"/{LANG}/search.atom")
def search_feed(lang: str) -> AnyResponse:
    """Return the most recently changed results as a feed."""
    feed, total = make_feed(services, query_from(request.args, lang))
    answer = feed_answer(feed)
    answer.headers[TOTAL] = str(total)
    return answer
