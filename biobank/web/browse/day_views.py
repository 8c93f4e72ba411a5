"""The page of anniversaries of a day."""

from flask import request

from biobank.http.extensions import services
from biobank.web.browse.day_page import day_from_args, make_day_page, page_cards, today_in_baku
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.pagination import page_number
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.sharing.meta_description import build_description, join_names


@blueprint.get(f"/{LANG_RULE}/on-this-day")
def on_this_day(lang: str) -> str:
    day = day_from_args(request.args, today_in_baku())
    page = make_day_page(services, day, page_number(request.args), lang)
    about = _("Notable Azerbaijanis born or deceased on %(day)s", day=page.day_label)
    head = PageMetadata(page.title, build_description(about, join_names(page_cards(page))))
    return render_page("on_this_day.html", head, page=page)
