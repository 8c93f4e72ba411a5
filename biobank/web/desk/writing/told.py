"""Notices above the writing form: saved, in review, or opened from a working copy."""

from collections.abc import Mapping

from biobank.editorial.models import Revision
from biobank.editorial.working_copies import Copy
from biobank.errors import CopyRefused
from biobank.web.account.words import moment
from biobank.web.text import _


def told_of(newest: Revision, arguments: Mapping[str, str]) -> str:
    """Return the notice for a form of the latest revision, which may just have been saved."""
    number = str(newest.number)
    if arguments.get("saved") == number:
        return _("Saved as revision %(number)s.", number=number)
    if newest.state == "review":
        return _("This is in review. Saving takes it back to the drafts.")
    return ""


def told_of_copy(copy: Copy, newest: Revision | None) -> str:
    """Return the notice for a form opened from a working copy."""
    left = _(
        "As you left it: %(moment)s. It is not saved as a revision yet.",
        moment=moment(copy.saved_at),
    )
    if newest is not None and newest.number != copy.base:
        return left + " " + _("Somebody saved meanwhile; when you save, you will see both.")
    return left


def copy_words(error: CopyRefused) -> str:
    """Return why a working copy was refused."""
    if error.code == "too_many_copies":
        return _("You have too many forms open. Throw some away at the desk first.")
    return _("This form is too long to be kept.")
