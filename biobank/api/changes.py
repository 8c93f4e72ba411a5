"""GET /changes: the feed of changes for mirrors of the bank."""

import re
from datetime import UTC, datetime
from typing import Any

from flask import Response, url_for
from marshmallow import Schema, ValidationError, fields, validate

from biobank.api.blueprint import arguments, conditional, documented, mirror
from biobank.exchange.mirroring.feed import (
    RECORDS_MOST,
    SIZE_DEFAULT,
    SIZE_MOST,
    changes_since,
    number_at,
)
from biobank.extensions import services
from biobank.records.people.schemas import PersonSchema

#: Seconds for which a response may be cached; a mirror that polls every minute misses nothing.
KEPT = 10
#: Pattern of `since`: a number of at most 18 digits, or a timestamp. Whether the date exists is
#: checked after the match.
SINCE = r"[0-9]{1,18}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}[0-9:.,+\- Z]*)?"
#: A positive zone offset whose plus sign was not encoded as %2B and became a space.
ZONE_UNQUOTED = re.compile(r"(:[0-9]{2}(?:\.[0-9]+)?) ([0-9]{2}:?[0-9]{2})$")


WANTED = "Takes `next` of the last answer, or a moment like 2026-11-26T09:00:00Z."


class Since(fields.Field[int | datetime]):
    """A number of the feed, or an ISO 8601 timestamp."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int | datetime:
        text = ZONE_UNQUOTED.sub(r"\1+\2", str(value).strip())
        if not re.fullmatch(SINCE, text):
            raise ValidationError(WANTED)
        if text.isdecimal():
            return int(text)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(WANTED) from error
        try:
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except OverflowError as error:
            raise ValidationError("Is no moment that this bank could know.") from error


class ChangesArgs(Schema):
    """The start of a step of the feed, its size, and whether it includes the records."""

    since = Since(
        load_default=0,
        metadata={
            "type": "string",
            "format": "feed-mark",
            "pattern": f"^\\s*(?:{SINCE})\\s*$",
            "default": "0",
            "description": "`next` of the last answer; 0 for everybody; or a moment (ISO 8601).",
        },
    )
    size = fields.Integer(load_default=SIZE_DEFAULT, validate=validate.Range(1, SIZE_MOST))
    records = fields.Boolean(
        load_default=False,
        metadata={"description": f"With the records; then {RECORDS_MOST} come at once at most."},
    )


class PersonChangeSchema(Schema):
    """The latest change of one person."""

    number = fields.Integer(required=True, metadata={"description": "Its place in the feed."})
    id = fields.String(required=True)
    at = fields.DateTime(required=True)
    state = fields.String(
        required=True, validate=validate.OneOf(("published", "withdrawn", "merged"))
    )
    revision = fields.Integer(metadata={"description": "Of whoever is public."})
    into = fields.String(metadata={"description": "Of whoever was merged: with whom."})
    record = fields.Nested(PersonSchema, metadata={"description": "With `records=true`."})


class PeopleChangesSchema(Schema):
    """A step of the feed; continue from `next`."""

    changes = fields.List(fields.Nested(PersonChangeSchema), required=True)
    next = fields.Integer(required=True)
    more = fields.Boolean(required=True)


@mirror.get("/changes")
@arguments(mirror, ChangesArgs)
@mirror.response(200, PeopleChangesSchema)
@mirror.alt_response(304, description="Nothing changed since the reader asked for the same.")
@documented(mirror)
def get_changes(since: int | datetime, size: int, records: bool) -> Response:
    """Return who changed, was withdrawn or merged since, oldest first, each person once.

    From `since=0` it is the whole bank. Withdrawn and merged people are tombstones with their id.
    """
    if records:
        size = min(size, RECORDS_MOST)
    with services.database.read() as session:
        start = since if isinstance(since, int) else number_at(session, since)
        step = changes_since(session, start, size, with_records=records)
    response = conditional(step.as_dict(), kept=KEPT)
    if step.more:
        address = url_for("changes.get_changes", since=step.next, size=size, records=records)
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response
