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
        return _("Saved as revision %(number)s.", number=number)
    if latest.state == "review":
        return _("This is in review. Saving takes it back to the drafts.")
    return ""


def copy_notice(copy: WorkingCopyData, latest: Revision | None) -> str:
    """Return the notice for a form opened from a working copy."""
    notice = _(
        "As you left it: %(moment)s. It is not saved as a revision yet.",
        moment=format_timestamp(copy.saved_at),
    )
    if latest is not None and latest.number != copy.base:
        return notice + " " + _("Somebody saved meanwhile; when you save, you will see both.")
    return notice


def copy_error_text(error: CopyRefused) -> str:
    """Return why a working copy was refused."""
    if error.code == "too_many_copies":
        return _("You have too many forms open. Throw some away at the desk first.")
    return _("This form is too long to be kept.")
