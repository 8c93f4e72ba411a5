"""Every route × method × who asks. A room of the house has a table of its own here."""

from tests.accounts.matrix import (
    accounts,
    citing,
    desk,
    desk_writing,
    exports,
    imports,
    media,
    merging,
    mirroring,
    public,
    readers,
    reconcile,
    reference,
    review,
    sharing,
    tools,
    widget,
    worklists,
)
from tests.accounts.matrix.answers import Table

TABLE: Table = {
    **readers.TABLE,
    **accounts.TABLE,
    **citing.TABLE,
    **desk.TABLE,
    **desk_writing.TABLE,
    **imports.TABLE,
    **exports.TABLE,
    **media.TABLE,
    **merging.TABLE,
    **mirroring.TABLE,
    **public.TABLE,
    **reconcile.TABLE,
    **reference.TABLE,
    **review.TABLE,
    **sharing.TABLE,
    **tools.TABLE,
    **widget.TABLE,
    **worklists.TABLE,
}
