"""The layout of the desk: navigation and error summary of every page."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action, is_allowed_in_any_state
from biobank.errors import FieldError
from biobank.http.auth import identity
from biobank.web.core.gettext import _, ngettext
from biobank.web.core.rendering import PageMetadata, render_page, texts_by_plural
from biobank.web.core.urls import Link

#: URL arguments that a navigation link needs besides the language.
ENDPOINT_ARGS: Mapping[str, Mapping[str, Any]] = {"reference": {"room": "terms"}}
#: Endpoints of subpages and the navigation endpoint that each belongs to.
PARENT_ENDPOINTS = {
    "reference_entry": "reference",
    "message": "inbox",
    **dict.fromkeys(("person", "edit", "blame", "revision", "changes"), "people"),
    "conflict": "people",
    "redaction": "people",
    "split": "merges",
    "merge": "merges",
    "merge_undo": "merges",
    "picture": "pictures",
    "worklist": "worklists",
    "import_run": "imports",
}


def render_desk(
    template: str, title: str, errors: Sequence[FieldError] = (), status: int = 200, **context: Any
) -> ResponseReturnValue:
    """Render a page of the desk.

    With errors the status is 422 unless another one is given. `template` is a file below
    templates/web/desk/ that extends web/desk/base.html.
    """
    page = render_page(
        f"desk/{template}",
        PageMetadata(title, indexed=False),
        sections=nav_links(),
        errors=errors,
        field_errors={error.path: error.message for error in reversed(errors)},
        choice_counts=texts_by_plural(g.lang, _choice_count_label),
        **context,
    )
    return page, 422 if errors and status == 200 else status


def nav_links() -> tuple[Link, ...]:
    """Return the navigation links that the current user may follow, in workflow order."""
    nav_items: list[tuple[str, str, Action]] = [
        ("home", _("Editors’ desk"), Action.SEE_DESK),
        ("new_person", _("New biography"), Action.WRITE_PEOPLE),
        ("reviews", _("In review"), Action.SEE_DESK),
        ("inbox", _("Inbox"), Action.TRIAGE),
        ("people", _("All records"), Action.SEE_DESK),
        ("duplicates", _("Duplicates"), Action.SEE_DESK),
        ("merges", _("Merges"), Action.MERGE_PEOPLE),
        ("reference", _("Authority lists"), Action.SEE_DESK),
        ("pictures", _("Pictures"), Action.ADD_MEDIA),
        ("worklists", _("Worklists"), Action.SEE_DESK),
        ("imports", _("Imports"), Action.IMPORT),
        ("webhooks", _("Webhooks"), Action.MANAGE_WEBHOOKS),
    ]
    current_endpoint = str(request.endpoint).removeprefix("desk.").removesuffix("_post")
    current_endpoint = PARENT_ENDPOINTS.get(current_endpoint, current_endpoint)
    return tuple(
        Link(
            label,
            url_for(f"desk.{endpoint}", lang=g.lang, **ENDPOINT_ARGS.get(endpoint, {})),
            current=endpoint == current_endpoint,
        )
        for endpoint, label, action in nav_items
        if is_allowed_in_any_state(identity(), action)
    )


def _choice_count_label(number: int) -> str:
    return ngettext("%(count)s option", "%(count)s options", number, count="{n}")
