"""The message of the public that is shown beside the writing form."""

from flask import request

from biobank.editorial.inbox.form_context import find_form_message
from biobank.editorial.inbox.models import InboxMessage
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.desk.inbox.message_view import MessageView, build_message_view


def requested_message_id() -> int | None:
    """Return the message number that the URL names."""
    return parse_message_id(request.args.get("suggestion", ""))


def parse_message_id(text: str) -> int | None:
    """Return a message number, or None if the text is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def get_suggestion(message_id: int | None, person_id: str | None) -> InboxMessage | None:
    """Return the message that is being handled, if the current user may decide on it."""
    return find_form_message(services.database, identity(), message_id, person_id)


def get_suggestion_view(message_id: int | None, person_id: str | None) -> MessageView | None:
    """Return the view of the message that is being handled, if any."""
    message = get_suggestion(message_id, person_id)
    if message is None:
        return None
    with services.database.read() as session:
        return build_message_view(session, message)
