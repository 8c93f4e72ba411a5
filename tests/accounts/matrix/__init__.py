"""Every route × method × who asks. A room of the house has a table of its own here."""

from tests.accounts.matrix import (
    accounts,
    citing,
    desk,
    desk_writing,
    exports,
    media,
    merging,
    mirroring,
    public,
    readers,
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
    **exports.TABLE,
    **media.TABLE,
    **merging.TABLE,
    **mirroring.TABLE,
    **public.TABLE,
    **reference.TABLE,
    **review.TABLE,
    **sharing.TABLE,
    **tools.TABLE,
    **widget.TABLE,
    **worklists.TABLE,
}
