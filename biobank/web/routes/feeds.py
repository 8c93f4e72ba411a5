"""Atom feeds of the whole bank."""

from flask import request
from werkzeug.wrappers import Response

from biobank.extensions import services
from biobank.web.bank_feeds import NAMES, make_bank_feed
from biobank.web.blueprint import LANG, blueprint
from biobank.web.feed import feed_answer
from biobank.web.paging import page_of

NAME = ", ".join(f'"{name}"' for name in NAMES)


@blueprint.get(f"/{LANG}/feeds/<any({NAME}):name>.atom")
def feed(lang: str, name: str) -> Response:
    return feed_answer(make_bank_feed(services, name, page_of(request.args), lang))
