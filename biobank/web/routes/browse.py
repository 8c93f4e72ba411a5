"""Browse pages by letter, profession, place and century."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from biobank.extensions import services
from biobank.records.reference.redirects import led_on
from biobank.web import browse as pages
from biobank.web.blueprint import LANG, blueprint
from biobank.web.browse import ListPage
from biobank.web.overview import make_overview
from biobank.web.paging import page_of
from biobank.web.rendering import Head, render_page
from biobank.web.sharing.describing import described, named, title_of_list
from biobank.web.text import _


@blueprint.get(f"/{LANG}/browse/")
def browse(lang: str) -> str:
    overview = make_overview(services, lang)
    head = Head(_("Browse"), _("Everyone in the bank by letter, profession, place and century."))
    return render_page("browse.html", head, page=overview)


@blueprint.get(f"/{LANG}/browse/letter/<letter>")
def browse_letter(lang: str, letter: str) -> str:
    return _list(pages.letter_page(services, letter, page_of(request.args), lang))


@blueprint.get(f"/{LANG}/browse/profession/")
def browse_professions(lang: str) -> str:
    head = Head(_("Professions"), _("The professions of everyone in the bank, with how many."))
    return render_page("browse.html", head, page=make_overview(services, lang, "profession"))


@blueprint.get(f"/{LANG}/browse/profession/<profession_id>")
def browse_profession(lang: str, profession_id: str) -> ResponseReturnValue:
    new = led_on(services.catalogue().redirects, "profession", profession_id)
    if new != profession_id:
        return redirect(url_for("web.browse_profession", lang=lang, profession_id=new), 301)
    return _list(pages.profession_page(services, profession_id, page_of(request.args), lang))


@blueprint.get(f"/{LANG}/browse/place/")
def browse_places(lang: str) -> str:
    head = Head(_("Places"), _("The places that lives in the bank are tied to, by country."))
    return render_page("browse.html", head, page=make_overview(services, lang, "place"))


@blueprint.get(f"/{LANG}/browse/place/<place_id>")
def browse_place(lang: str, place_id: str) -> ResponseReturnValue:
    new = led_on(services.catalogue().redirects, "place", place_id)
    if new != place_id:
        return redirect(url_for("web.browse_place", lang=lang, place_id=new), 301)
    return _list(pages.place_page(services, place_id, page_of(request.args), lang))


@blueprint.get(f"/{LANG}/browse/century/")
def browse_centuries(lang: str) -> str:
    head = Head(_("Centuries"), _("Everyone in the bank by the century of birth."))
    return render_page("browse.html", head, page=make_overview(services, lang, "century"))


@blueprint.get(f"/{LANG}/browse/century/<int(signed=True):century>")
def browse_century(lang: str, century: int) -> str:
    return _list(pages.century_page(services, century, page_of(request.args), lang))


def _list(page: ListPage) -> str:
    head = Head(title_of_list(page), described(title_of_list(page), named(page.people)))
    return render_page("list.html", head, page=page)
