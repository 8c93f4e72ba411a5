"""GET /changes: the feed of changes for mirrors of the bank."""

import re
from datetime import UTC, datetime
from typing import Any

from flask import Response, url_for
from marshmallow import Schema, ValidationError, fields, validate

from biobank.api.blueprint import conditional_json, document_errors, mirror, query_arguments
from biobank.exchange.changes.feed import (
    DEFAULT_FEED_SIZE,
    MAX_FEED_RECORDS,
    MAX_FEED_SIZE,
    change_number_before,
    changes_since,
)
from biobank.http.extensions import services
from biobank.records.people.schemas import PersonSchema

#: Seconds for which a response may be cached; a mirror that polls every minute misses nothing.
CHANGES_CACHE_SECONDS = 10
#: Pattern of `since`: a number of at most 18 digits, or a timestamp. Whether the date exists is
#: checked after the match.
SINCE_PATTERN = r"[0-9]{1,18}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}[0-9:.,+\- Z]*)?"
#: A positive zone offset whose plus sign was not encoded as %2B and became a space.
UNQUOTED_ZONE = re.compile(r"(:[0-9]{2}(?:\.[0-9]+)?) ([0-9]{2}:?[0-9]{2})$")


SINCE_HELP = "Use `next` of the previous response, or a timestamp such as 2026-11-26T09:00:00Z."


class SinceField(fields.Field[int | datetime]):
    """A number of the feed, or an ISO 8601 timestamp."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int | datetime:
        text = UNQUOTED_ZONE.sub(r"\1+\2", str(value).strip())
        if not re.fullmatch(SINCE_PATTERN, text):
            raise ValidationError(SINCE_HELP)
        if text.isdecimal():
            return int(text)
        try:
            timestamp = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(SINCE_HELP) from error
        try:
            return timestamp.astimezone(UTC) if timestamp.tzinfo else timestamp.replace(tzinfo=UTC)
        except OverflowError as error:
            raise ValidationError("The timestamp is out of range.") from error


class ChangesArgs(Schema):
    """The start of a step of the feed, its size, and whether it includes the records."""

    since = SinceField(
        load_default=0,
        metadata={
            "type": "string",
            "format": "feed-mark",
            "pattern": f"^\\s*(?:{SINCE_PATTERN})\\s*$",
            "default": "0",
            "description": "`next` of the previous response; 0 for all people; or an ISO 8601 timestamp.",
        },
    )
    size = fields.Integer(load_default=DEFAULT_FEED_SIZE, validate=validate.Range(1, MAX_FEED_SIZE))
    records = fields.Boolean(
        load_default=False,
        metadata={
            "description": f"Include the records; then at most {MAX_FEED_RECORDS} are returned per response."
        },
    )


class PersonChangeSchema(Schema):
    """The latest change of one person."""

    number = fields.Integer(required=True, metadata={"description": "Position in the feed."})
    id = fields.String(required=True)
    at = fields.DateTime(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("published", "withdrawn", "merged")))
    revision = fields.Integer(metadata={"description": "Published revision; only for published people."})
    into = fields.String(metadata={"description": "Target of the merge; only for merged people."})
    record = fields.Nested(PersonSchema, metadata={"description": "Only with `records=true`."})


class PeopleChangesSchema(Schema):
    """A step of the feed; continue from `next`."""

    changes = fields.List(fields.Nested(PersonChangeSchema), required=True)
    next = fields.Integer(required=True)
    more = fields.Boolean(required=True)


@mirror.get("/changes")
@query_arguments(mirror, ChangesArgs)
@mirror.response(200, PeopleChangesSchema)
@mirror.alt_response(304, description="Not changed since the previous request.")
@document_errors(mirror)
def get_changes(since: int | datetime, size: int, records: bool) -> Response:
    """Return who changed, was withdrawn or merged since, oldest first, each person once.

    From `since=0` it is the whole bank. Withdrawn and merged people are tombstones with their id.
    """
    if records:
        size = min(size, MAX_FEED_RECORDS)
    with services.database.read() as session:
        start = since if isinstance(since, int) else change_number_before(session, since)
        batch = changes_since(session, start, size, with_records=records)
    response = conditional_json(batch.to_dict(), max_age=CHANGES_CACHE_SECONDS)
    if batch.more:
        next_url = url_for("changes.get_changes", since=batch.next, size=size, records=records)
        response.headers["Link"] = f'<{next_url}>; rel="next"'
    return response
