"""The message of the public that is shown beside the writing form."""

from flask import request

from biobank.access import identity
from biobank.editorial.inbox.beside import beside
from biobank.editorial.inbox.models import Message
from biobank.extensions import services
from biobank.web.desk.inbox.told import Told, told


def asked_for() -> int | None:
    """Return the message number that the URL names."""
    return number_of(request.args.get("suggestion", ""))


def number_of(text: str) -> int | None:
    """Return a message number, or None if the text is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def suggestion(message_id: int | None, person_id: str | None) -> Message | None:
    """Return the message that is being handled, if the current user may decide on it."""
    return beside(services.database, identity(), message_id, person_id)


def shown(message_id: int | None, person_id: str | None) -> Told | None:
    """Return the view of the message that is being handled, if any."""
    message = suggestion(message_id, person_id)
    if message is None:
        return None
    with services.database.read() as session:
        return told(session, message)
