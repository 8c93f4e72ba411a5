"""Every route × method × who asks. A room of the house has a table of its own here."""

from tests.accounts.matrix import (
    accounts,
    desk,
    desk_writing,
    media,
    public,
    readers,
    review,
    worklists,
)
from tests.accounts.matrix.answers import Table

TABLE: Table = {
    **readers.TABLE,
    **accounts.TABLE,
    **desk.TABLE,
    **desk_writing.TABLE,
    **media.TABLE,
    **public.TABLE,
    **review.TABLE,
    **worklists.TABLE,
}
