"""GET /changes: what changed since one read last, for those who keep a copy of the bank."""

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

#: Seconds that an answer may be kept: a mirror that asks every minute misses nothing.
KEPT = 10
#: What `since` takes: a number of as many digits as a database counts to, or a moment. That there
#: is such a day and hour no pattern can say.
SINCE = r"[0-9]{1,18}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}[0-9:.,+\- Z]*)?"
#: A zone east of Greenwich whose plus was not written as %2B: in a query it means a space.
ZONE_UNQUOTED = re.compile(r"(:[0-9]{2}(?:\.[0-9]+)?) ([0-9]{2}:?[0-9]{2})$")


WANTED = "Takes `next` of the last answer, or a moment like 2026-11-26T09:00:00Z."


class Since(fields.Field[int | datetime]):
    """A number of the feed, or a moment as ISO 8601 writes it."""

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
    """From where, how much, and whether with the records."""

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
    """What became of one person."""

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
    """A step of the feed; read on from `next`."""

    changes = fields.List(fields.Nested(PersonChangeSchema), required=True)
    next = fields.Integer(required=True)
    more = fields.Boolean(required=True)


@mirror.get("/changes")
@arguments(mirror, ChangesArgs)
@mirror.response(200, PeopleChangesSchema)
@mirror.alt_response(304, description="Nothing changed since the reader asked for the same.")
@documented(mirror)
def get_changes(since: int | datetime, size: int, records: bool) -> Response:
    """Who changed, was withdrawn or merged since, oldest first, each person once.

    From `since=0` it is the whole bank. Withdrawn and merged people stand as tombstones, by id.
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
