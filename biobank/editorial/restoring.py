"""Restoring an old revision as a new draft."""

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial import history
from biobank.editorial.saving import Saved, save_draft
from biobank.store.session import Database


def restore_draft(
    database: Database, who: Identity, person_id: str, number: int, base: int, message: str
) -> Saved:
    """Save the contents of revision `number` as a new draft; `base` is the latest revision seen.

    Raises:
        NotFound: if the revision does not exist.
        Gone: if it was redacted.
        EditConflict: if the record was saved since `base`.
        RecordRefused: if it refers to records that no longer exist.
    """
    require(who, Action.SEE_DESK)
    with database.read() as session:
        revision = history.at(session, person_id, number, public=False)
    return save_draft(database, who, revision.record, base, message=message, restored=revision)
