"""Views of the public forms: corrections, proposals, objections, registrations."""

from flask import request
from flask.typing import ResponseReturnValue

from biobank.access import permits, proves_itself
from biobank.accounts.policy import Action
from biobank.extensions import services
from biobank.web.blueprint import LANG, blueprint
from biobank.web.public.form import Form, show, take
from biobank.web.public.present import CORRECTED, present
from biobank.web.public.register_page import country_choices, make_register_page
from biobank.web.public.sent_page import make_sent_page
from biobank.web.rendering import Head, render_page
from biobank.web.revisions.titles import field_title
from biobank.web.text import _

#: Maximum characters of a search query that prefills the name of a proposal.
ASKED_MOST = 200


@blueprint.get(f"/{LANG}/people/<person_id>/suggest")
@permits(Action.SEND)
def suggest(lang: str, person_id: str) -> ResponseReturnValue:
    return show(_correction(person_id, request.args.get("field", ""), lang))


@blueprint.post(f"/{LANG}/people/<person_id>/suggest")
@permits(Action.SEND)
@proves_itself
def suggest_send(lang: str, person_id: str) -> ResponseReturnValue:
    return take(_correction(person_id, request.form.get("field", ""), lang))


@blueprint.get(f"/{LANG}/propose")
@permits(Action.SEND)
def propose(lang: str) -> ResponseReturnValue:
    return show(_proposal())


@blueprint.post(f"/{LANG}/propose")
@permits(Action.SEND)
@proves_itself
def propose_send(lang: str) -> ResponseReturnValue:
    return take(_proposal())


@blueprint.get(f"/{LANG}/people/<person_id>/objection")
@permits(Action.SEND)
def objection(lang: str, person_id: str) -> ResponseReturnValue:
    return show(_objection(person_id, lang))


@blueprint.post(f"/{LANG}/people/<person_id>/objection")
@permits(Action.SEND)
@proves_itself
def objection_send(lang: str, person_id: str) -> ResponseReturnValue:
    return take(_objection(person_id, lang))


@blueprint.get(f"/{LANG}/organisations/register")
@permits(Action.SEND)
def register(lang: str) -> ResponseReturnValue:
    return show(_registration(lang))


@blueprint.post(f"/{LANG}/organisations/register")
@permits(Action.SEND)
@proves_itself
def register_send(lang: str) -> ResponseReturnValue:
    return take(_registration(lang))


@blueprint.get(f"/{LANG}/sent/<reference>")
@permits(Action.SEND)
def sent(lang: str, reference: str) -> ResponseReturnValue:
    page = make_sent_page(services, reference, lang)
    return render_page("public/sent.html", Head(_("Thank you"), indexed=False), sent=page)


@blueprint.get(f"/{LANG}/organisations/")
def organisations(lang: str) -> str:
    head = Head(_("Organisations"), _("The register of diaspora organisations by country."))
    return render_page("public/register.html", head, page=make_register_page(services, lang))


def _correction(person_id: str, field: str, lang: str) -> Form:
    now = present(services, person_id, field[:40], lang)
    fields = [(name, field_title(name)) for name in CORRECTED]
    context = {"present": now, "fields": fields}
    return Form("correction", _("Suggest a correction"), person_id, now.path, context)


def _proposal() -> Form:
    asked = request.args.get("name", "")[:ASKED_MOST]
    return Form("proposal", _("Propose a person"), context={"asked": asked})


def _objection(person_id: str, lang: str) -> Form:
    now = present(services, person_id, "", lang)
    return Form("objection", _("Object to a page"), person_id, context={"present": now})


def _registration(lang: str) -> Form:
    context = {"countries": country_choices(lang)}
    return Form("registration", _("Register an organisation"), context=context)
