"""The page of anniversaries of a day."""

from flask import request

from biobank.extensions import services
from biobank.web.blueprint import LANG, blueprint
from biobank.web.day_page import day_asked, make_day_page, names_of, today_in_baku
from biobank.web.paging import page_of
from biobank.web.rendering import Head, render_page
from biobank.web.sharing.describing import described, named
from biobank.web.text import _


@blueprint.get(f"/{LANG}/on-this-day")
def on_this_day(lang: str) -> str:
    day = day_asked(request.args, today_in_baku())
    page = make_day_page(services, day, page_of(request.args), lang)
    about = _("Notable Azerbaijanis who were born or died on %(day)s", day=page.words)
    head = Head(page.title, described(about, named(names_of(page))))
    return render_page("on_this_day.html", head, page=page)
