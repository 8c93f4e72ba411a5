"""Views of the public forms: corrections, proposals, objections, registrations."""

from flask import request
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.http.auth import csrf_token_in_form, requires
from biobank.http.extensions import services
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.record_labels import field_title
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.public.forms import PublicForm, handle_submission, render_form
from biobank.web.public.pages import (
    CORRECTABLE_FIELDS,
    country_choices,
    current_value,
    make_receipt_page,
    make_register_page,
)

#: Maximum characters of a search query that prefills the name of a proposal.
MAX_NAME_QUERY_CHARS = 200


@blueprint.get(f"/{LANG_RULE}/people/<person_id>/suggest")
@requires(Action.SUBMIT_MESSAGE)
def suggest(lang: str, person_id: str) -> ResponseReturnValue:
    return render_form(_correction(person_id, request.args.get("field", ""), lang))


@blueprint.post(f"/{LANG_RULE}/people/<person_id>/suggest")
@requires(Action.SUBMIT_MESSAGE)
@csrf_token_in_form
def suggest_post(lang: str, person_id: str) -> ResponseReturnValue:
    return handle_submission(_correction(person_id, request.form.get("field", ""), lang))


@blueprint.get(f"/{LANG_RULE}/propose")
@requires(Action.SUBMIT_MESSAGE)
def propose(lang: str) -> ResponseReturnValue:
    return render_form(_proposal())


@blueprint.post(f"/{LANG_RULE}/propose")
@requires(Action.SUBMIT_MESSAGE)
@csrf_token_in_form
def propose_post(lang: str) -> ResponseReturnValue:
    return handle_submission(_proposal())


@blueprint.get(f"/{LANG_RULE}/people/<person_id>/objection")
@requires(Action.SUBMIT_MESSAGE)
def objection(lang: str, person_id: str) -> ResponseReturnValue:
    return render_form(_objection(person_id, lang))


@blueprint.post(f"/{LANG_RULE}/people/<person_id>/objection")
@requires(Action.SUBMIT_MESSAGE)
@csrf_token_in_form
def objection_post(lang: str, person_id: str) -> ResponseReturnValue:
    return handle_submission(_objection(person_id, lang))


@blueprint.get(f"/{LANG_RULE}/organisations/register")
@requires(Action.SUBMIT_MESSAGE)
def register(lang: str) -> ResponseReturnValue:
    return render_form(_registration(lang))


@blueprint.post(f"/{LANG_RULE}/organisations/register")
@requires(Action.SUBMIT_MESSAGE)
@csrf_token_in_form
def register_post(lang: str) -> ResponseReturnValue:
    return handle_submission(_registration(lang))


@blueprint.get(f"/{LANG_RULE}/sent/<reference>")
@requires(Action.SUBMIT_MESSAGE)
def receipt(lang: str, reference: str) -> ResponseReturnValue:
    page = make_receipt_page(services, reference, lang)
    return render_page("public/sent.html", PageMetadata(_("Thank you"), indexed=False), submission=page)


@blueprint.get(f"/{LANG_RULE}/organisations/")
def organisations(lang: str) -> str:
    head = PageMetadata(_("Organisations"), _("Register of diaspora organisations by country."))
    return render_page("public/register.html", head, page=make_register_page(services, lang))


def _correction(person_id: str, field: str, lang: str) -> PublicForm:
    current = current_value(services, person_id, field[:40], lang)
    fields = [(name, field_title(name)) for name in CORRECTABLE_FIELDS]
    context = {"present": current, "fields": fields}
    return PublicForm("correction", _("Suggest a correction"), person_id, current.path, context)


def _proposal() -> PublicForm:
    name = request.args.get("name", "")[:MAX_NAME_QUERY_CHARS]
    return PublicForm("proposal", _("Suggest a person"), context={"suggested_name": name})


def _objection(person_id: str, lang: str) -> PublicForm:
    current = current_value(services, person_id, "", lang)
    return PublicForm("objection", _("Dispute a page"), person_id, context={"present": current})


def _registration(lang: str) -> PublicForm:
    context = {"countries": country_choices(lang)}
    return PublicForm("registration", _("Register an organisation"), context=context)
