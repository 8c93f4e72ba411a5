"""Every route × method × who asks. A room of the house has a table of its own here."""

from tests.accounts.matrix import (
    accounts,
    desk,
    desk_writing,
    media,
    merging,
    public,
    readers,
    reference,
    review,
    sharing,
    tools,
    worklists,
)
from tests.accounts.matrix.answers import Table

TABLE: Table = {
    **readers.TABLE,
    **accounts.TABLE,
    **desk.TABLE,
    **desk_writing.TABLE,
    **media.TABLE,
    **merging.TABLE,
    **public.TABLE,
    **reference.TABLE,
    **review.TABLE,
    **sharing.TABLE,
    **tools.TABLE,
    **worklists.TABLE,
}
