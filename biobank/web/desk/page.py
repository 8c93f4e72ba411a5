"""The layout of the desk: navigation and error summary of every page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts.policy import Action, allows_somewhere
from biobank.web.links import Link
from biobank.web.rendering import Head, by_plural, render_page
from biobank.web.text import _, ngettext

#: URL arguments that a navigation link needs besides the language.
FIRST: Mapping[str, Mapping[str, Any]] = {"desk_reference": {"room": "terms"}}
#: Endpoints of subpages and the navigation endpoint that each belongs to.
WITHIN = {
    "desk_reference_entry": "desk_reference",
    "desk_message": "desk_inbox",
    **dict.fromkeys(
        ("desk_person", "desk_edit", "desk_blame", "desk_revision", "desk_changes"), "desk_people"
    ),
    "desk_conflict": "desk_people",
    "desk_redaction": "desk_people",
    "desk_split": "desk_merges",
    "desk_merge": "desk_merges",
    "desk_merge_undo": "desk_merges",
    "desk_picture": "desk_pictures",
    "desk_worklist": "desk_worklists",
    "desk_import": "desk_imports",
}


@dataclass(frozen=True)
class Mistake:
    """An error message with the id of the field it belongs to; empty for the whole form."""

    text: str
    field: str = ""


def render_desk(
    template: str,
    title: str,
    mistakes: Sequence[Mistake] = (),
    status: int = 200,
    **context: Any,
) -> ResponseReturnValue:
    """Render a page of the desk.

    With errors the status is 422 unless another one is given. `template` is a file below
    templates/web/desk/ that extends web/desk/base.html.
    """
    page = render_page(
        f"desk/{template}",
        Head(title, indexed=False),
        sections=sections(),
        mistakes=mistakes,
        wrong_at={mistake.field: mistake.text for mistake in reversed(mistakes)},
        who=identity(),
        choice_counts=by_plural(g.lang, _offered),
        **context,
    )
    return page, 422 if mistakes and status == 200 else status


def sections() -> tuple[Link, ...]:
    """Return the navigation links that the current user may follow, in workflow order."""
    ways: list[tuple[str, str, Action]] = [
        ("desk", _("Desk"), Action.SEE_DESK),
        ("desk_new_person", _("New person"), Action.WRITE_PEOPLE),
        ("desk_reviews", _("In review"), Action.SEE_DESK),
        ("desk_inbox", _("Inbox"), Action.TRIAGE),
        ("desk_people", _("All records"), Action.SEE_DESK),
        ("desk_duplicates", _("Duplicates"), Action.SEE_DESK),
        ("desk_merges", _("Merges"), Action.MERGE_PEOPLE),
        ("desk_reference", _("Reference lists"), Action.SEE_DESK),
        ("desk_pictures", _("Pictures"), Action.ADD_MEDIA),
        ("desk_worklists", _("Worklists"), Action.SEE_DESK),
        ("desk_imports", _("Imports"), Action.IMPORT),
        ("desk_webhooks", _("Webhooks"), Action.MANAGE_WEBHOOKS),
    ]
    here = str(request.endpoint).removeprefix("web.").removesuffix("_send")
    here = WITHIN.get(here, here)
    return tuple(
        Link(
            label,
            url_for(f"web.{endpoint}", lang=g.lang, **FIRST.get(endpoint, {})),
            current=endpoint == here,
        )
        for endpoint, label, action in ways
        if allows_somewhere(identity(), action)
    )


def _offered(number: int) -> str:
    return ngettext("%(count)s choice", "%(count)s choices", number, count="{n}")
