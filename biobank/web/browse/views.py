"""Browse pages by letter, profession, place and century."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from biobank.http.extensions import services
from biobank.records.reference.redirects import resolve_facet_value
from biobank.web.browse import pages
from biobank.web.browse.overview import make_browse_overview
from biobank.web.browse.pages import BrowseListPage
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.pagination import page_number
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.sharing.meta_description import build_description, join_names, list_title


@blueprint.get(f"/{LANG_RULE}/browse/")
def browse(lang: str) -> str:
    overview = make_browse_overview(services, lang)
    head = PageMetadata(_("Browse"), _("All biographies by name, profession, place and century."))
    return render_page("browse.html", head, page=overview)


@blueprint.get(f"/{LANG_RULE}/browse/letter/<letter>")
def browse_letter(lang: str, letter: str) -> str:
    return _render_list(pages.letter_page(services, letter, page_number(request.args), lang))


@blueprint.get(f"/{LANG_RULE}/browse/profession/")
def browse_professions(lang: str) -> str:
    head = PageMetadata(_("Professions"), _("Professions and the number of people in each."))
    return render_page("browse.html", head, page=make_browse_overview(services, lang, "profession"))


@blueprint.get(f"/{LANG_RULE}/browse/profession/<profession_id>")
def browse_profession(lang: str, profession_id: str) -> ResponseReturnValue:
    current_id = resolve_facet_value(services.catalogue().redirects, "profession", profession_id)
    if current_id != profession_id:
        return redirect(url_for("web.browse_profession", lang=lang, profession_id=current_id), 301)
    return _render_list(
        pages.profession_page(services, profession_id, page_number(request.args), lang)
    )


@blueprint.get(f"/{LANG_RULE}/browse/place/")
def browse_places(lang: str) -> str:
    head = PageMetadata(_("Places"), _("Places associated with people, by country."))
    return render_page("browse.html", head, page=make_browse_overview(services, lang, "place"))


@blueprint.get(f"/{LANG_RULE}/browse/place/<place_id>")
def browse_place(lang: str, place_id: str) -> ResponseReturnValue:
    current_id = resolve_facet_value(services.catalogue().redirects, "place", place_id)
    if current_id != place_id:
        return redirect(url_for("web.browse_place", lang=lang, place_id=current_id), 301)
    return _render_list(pages.place_page(services, place_id, page_number(request.args), lang))


@blueprint.get(f"/{LANG_RULE}/browse/century/")
def browse_centuries(lang: str) -> str:
    head = PageMetadata(_("Centuries"), _("All biographies by century of birth."))
    return render_page("browse.html", head, page=make_browse_overview(services, lang, "century"))


@blueprint.get(f"/{LANG_RULE}/browse/century/<int(signed=True):century>")
def browse_century(lang: str, century: int) -> str:
    return _render_list(pages.century_page(services, century, page_number(request.args), lang))


def _render_list(page: BrowseListPage) -> str:
    head = PageMetadata(
        list_title(page), build_description(list_title(page), join_names(page.people))
    )
    return render_page("list.html", head, page=page)
