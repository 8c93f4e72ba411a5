"""Every route × method × who asks. A room of the house has a table of its own here."""

from tests.accounts.matrix import accounts, desk, merging, readers, review
from tests.accounts.matrix.answers import Table

TABLE: Table = {
    **readers.TABLE,
    **accounts.TABLE,
    **desk.TABLE,
    **review.TABLE,
    **merging.TABLE,
}
