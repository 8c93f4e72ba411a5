"""Restoring an old revision as a new draft."""

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.revisions import history
from biobank.editorial.revisions.drafts import SavedRevision, save_draft
from biobank.store.session import Database


def restore_revision(
    database: Database, actor: Identity, person_id: str, number: int, base: int, message: str
) -> SavedRevision:
    """Save the contents of revision `number` as a new draft; `base` is the latest revision seen.

    Raises:
        NotFound: if the revision does not exist.
        Gone: if it was redacted.
        EditConflict: if the record was saved since `base`.
        RecordRefused: if it refers to records that no longer exist.
    """
    require(actor, Action.SEE_DESK)
    with database.read() as session:
        revision = history.get_revision(session, person_id, number, public=False)
    return save_draft(
        database, actor, revision.record, base, message=message, restored_from=revision
    )
