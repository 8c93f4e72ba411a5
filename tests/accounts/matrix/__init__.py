"""Every route × method × who asks. A room of the house has a table of its own here."""

from tests.accounts.matrix import (
    accounts,
    desk,
    desk_writing,
    linked,
    media,
    merging,
    public,
    readers,
    reference,
    review,
    tools,
    worklists,
)
from tests.accounts.matrix.answers import Table

TABLE: Table = {
    **readers.TABLE,
    **accounts.TABLE,
    **desk.TABLE,
    **desk_writing.TABLE,
    **linked.TABLE,
    **media.TABLE,
    **merging.TABLE,
    **public.TABLE,
    **reference.TABLE,
    **review.TABLE,
    **tools.TABLE,
    **worklists.TABLE,
}
