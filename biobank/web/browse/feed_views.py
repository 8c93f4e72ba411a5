"""Atom feeds of the whole bank."""

from flask import request
from werkzeug.wrappers import Response

from biobank.http.extensions import services
from biobank.web.browse.feeds import FEED_NAMES, make_bank_feed
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.pagination import page_number
from biobank.web.search.feed import feed_response

FEED_NAME_RULE = ", ".join(f'"{name}"' for name in FEED_NAMES)


@blueprint.get(f"/{LANG_RULE}/feeds/<any({FEED_NAME_RULE}):name>.atom")
def feed(lang: str, name: str) -> Response:
    return feed_response(make_bank_feed(services, name, page_number(request.args), lang))
