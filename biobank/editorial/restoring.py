"""Restoring: what a revision said comes back as a new draft; all in between stays as it is."""

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial import history
from biobank.editorial.saving import Saved, save_draft
from biobank.store.session import Database


def restore_draft(
    database: Database, who: Identity, person_id: str, number: int, base: int, message: str
) -> Saved:
    """Keeps what revision `number` said as the newest draft; `base` is the newest one seen.

    Raises:
        NotFound: where there never was such a revision.
        Gone: where it was redacted.
        EditConflict: where somebody saved since `base`.
        RecordRefused: where it refers to what the bank no longer holds.
    """
    require(who, Action.SEE_DESK)
    with database.read() as session:
        revision = history.at(session, person_id, number, public=False)
    return save_draft(database, who, revision.record, base, message=message, restored=revision)
