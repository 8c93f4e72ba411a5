"""Notices above the writing form: saved, in review, or opened from a working copy."""

from collections.abc import Mapping

from biobank.editorial.models import Revision
from biobank.editorial.revisions.working_copies import WorkingCopyData
from biobank.errors import CopyRefused
from biobank.web.account.labels import format_timestamp
from biobank.web.core.gettext import _


def edit_notice(latest: Revision, arguments: Mapping[str, str]) -> str:
    """Return the notice for a form of the latest revision, which may just have been saved."""
    number = str(latest.number)
    if arguments.get("saved") == number:
        return _("Saved as version %(number)s.", number=number)
    if latest.state == "review":
        return _("This record is in review. If you save it, it becomes a draft again.")
    return ""


def copy_notice(copy: WorkingCopyData, latest: Revision | None) -> str:
    """Return the notice for a form opened from a working copy."""
    notice = _(
        "You are editing an unsaved form from %(moment)s. It is not yet saved as a version.",
        moment=format_timestamp(copy.saved_at),
    )
    if latest is not None and latest.number != copy.base:
        return (
            notice
            + " "
            + _(
                "Someone else has saved this record in the meantime. When you "
                "save, you will see both versions."
            )
        )
    return notice


def copy_error_text(error: CopyRefused) -> str:
    """Return why a working copy was refused."""
    if error.code == "too_many_copies":
        return _(
            "You have too many unsaved forms. Discard some of them on the editors’ desk first."
        )
    return _("This form is too long to be saved for later.")
