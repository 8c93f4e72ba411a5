"""Schema of a person's record: seed YAML, JSON lines of import and export, JSON of the API.

Only the format is checked here; whether a place or term exists is checked in `reference_checks`.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from biobank.names.folding import has_letter
from biobank.records.dates import parse_date
from biobank.records.fields import (
    BIOGRAPHY,
    PARAGRAPH,
    Address,
    Country,
    Edtf,
    Id,
    Localized,
    Moment,
    RecordSchema,
    ShortList,
    Text,
)
from biobank.records.identifier_field import Identifiers
from biobank.records.media.addresses import sha_of
from biobank.records.people.citations import cited_in_facts, cited_in_text
from biobank.records.sources.schemas import SourceRef

NAME_KINDS = ("preferred", "birth", "pen", "stage", "title", "former", "variant")
GENDERS = ("male", "female", "other", "unknown")
CALENDARS = ("gregorian", "julian", "hijri")
MEDIA_TYPES = ("image", "video", "audio")
# validate.Regexp uses `match`, hence the \Z.
LANGUAGE_TAG = re.compile(r"(?=.{2,12}\Z)[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
SCRIPT = re.compile(r"[A-Z][a-z]{3}\Z")


class CiteSchema(RecordSchema):
    source = Id(required=True)
    locator = Text(200, allow_none=True)


def cites() -> ShortList:
    return ShortList(fields.Nested(CiteSchema), validate=validate.Length(max=50))


class NameSchema(RecordSchema):
    text = Text(200, required=True)
    lang = fields.String(
        required=True,
        validate=validate.Regexp(LANGUAGE_TAG, error="Is no language tag; write az, en, ru, fa…"),
    )
    script = fields.String(
        allow_none=True,
        validate=validate.Regexp(SCRIPT, error="Is no script; write Latn, Cyrl or Arab."),
    )
    kind = fields.String(
        required=True,
        validate=validate.OneOf(NAME_KINDS, error="{input} is no kind of name; use {choices}."),
    )

    @validates_schema
    def has_letters(self, data: Mapping[str, Any], **_: Any) -> None:
        if not has_letter(data.get("text", "")):
            raise ValidationError("A name needs at least one letter.", "text")


class OriginalSchema(RecordSchema):
    """A date as the source gives it, in its own calendar."""

    text = Text(200, required=True)
    calendar = fields.String(required=True, validate=validate.OneOf(CALENDARS))


class MomentSchema(RecordSchema):
    """A birth or a death."""

    date = Moment(allow_none=True)
    place = Id(allow_none=True)
    original = fields.Nested(OriginalSchema, allow_none=True)
    cites = cites()


class FloruitSchema(RecordSchema):
    """The time a person is known to have been active; an interval is meant as one."""

    date = Edtf(allow_none=True)
    place = Id(allow_none=True)
    original = fields.Nested(OriginalSchema, allow_none=True)
    cites = cites()


class EventSchema(RecordSchema):
    date = Edtf(allow_none=True)
    place = Id(allow_none=True)
    type = Id(allow_none=True)
    text = Localized(PARAGRAPH, line=False, allow_none=True)
    original = fields.Nested(OriginalSchema, allow_none=True)
    cites = cites()


class RelationSchema(RecordSchema):
    type = Id(required=True)
    person = Id(required=True)
    date = Edtf(allow_none=True)
    cites = cites()


class MembershipSchema(RecordSchema):
    organisation = Id(required=True)
    role = Localized(allow_none=True)
    date = Edtf(allow_none=True)
    cites = cites()


class WorkSchema(RecordSchema):
    title = Localized(
        required=True, validate=validate.Length(min=1, error="Is empty; write it in az, en or ru.")
    )
    date = Edtf(allow_none=True)
    type = Id(allow_none=True)
    cites = cites()


class AwardSchema(RecordSchema):
    award = Id(required=True)
    date = Edtf(allow_none=True)
    cites = cites()


class MediaAddress(Address):
    """A web URL, or the path of a stored picture: `/media/<SHA-256>`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, str) and sha_of(value):
            return value
        return super()._deserialize(value, attr, data, **kwargs)


class MediaSchema(RecordSchema):
    type = fields.String(required=True, validate=validate.OneOf(MEDIA_TYPES))
    url = MediaAddress(1000, required=True)
    licence = Text(100, allow_none=True)
    author = Text(300, allow_none=True)
    source = Text(1000, allow_none=True)
    alt = Localized(allow_none=True)


class CheckedSchema(RecordSchema):
    """When the record was last compared with its sources, and with which."""

    on = Edtf(required=True)
    against = ShortList(Id(), validate=validate.Length(max=100))


def many(schema: type[RecordSchema], most: int) -> ShortList:
    """Return a list field of parts, limited in length so that one record cannot fill the store."""
    return ShortList(fields.Nested(schema), validate=validate.Length(max=most))


class PersonSchema(RecordSchema):
    id = Id(allow_none=True)
    names = ShortList(
        fields.Nested(NameSchema),
        required=True,
        validate=validate.Length(1, 200, error="A person has one name or more, up to {max}."),
    )
    gender = fields.String(allow_none=True, validate=validate.OneOf(GENDERS))
    birth = fields.Nested(MomentSchema, allow_none=True)
    death = fields.Nested(MomentSchema, allow_none=True)
    floruit = fields.Nested(FloruitSchema, allow_none=True)
    professions = ShortList(Id(), validate=validate.Length(max=30))
    countries = ShortList(Country(), validate=validate.Length(max=30))
    connection = Localized(PARAGRAPH, allow_none=True)
    headline = Localized(allow_none=True)
    biography = Localized(BIOGRAPHY, line=False, allow_none=True)
    events = many(EventSchema, 300)
    relations = many(RelationSchema, 300)
    memberships = many(MembershipSchema, 100)
    works = many(WorkSchema, 500)
    awards = many(AwardSchema, 100)
    media = many(MediaSchema, 50)
    identifiers = Identifiers()
    sources = ShortList(SourceRef(), validate=validate.Length(max=200))
    checked = fields.Nested(CheckedSchema, allow_none=True)

    #: Lists without repeated entries.
    SETS: ClassVar[tuple[str, ...]] = ("professions", "countries")

    @validates_schema
    def one_preferred_name_a_language(self, data: Mapping[str, Any], **_: Any) -> None:
        seen: set[str] = set()
        for index, name in enumerate(data.get("names", [])):
            if name["kind"] != "preferred":
                continue
            if name["lang"] in seen:
                message = f"There is a preferred name in {name['lang']} already; keep one."
                raise ValidationError({"names": {index: {"kind": [message]}}})
            seen.add(name["lang"])

    @validates_schema
    def no_death_before_birth(self, data: Mapping[str, Any], **_: Any) -> None:
        born = (data.get("birth") or {}).get("date")
        died = (data.get("death") or {}).get("date")
        if not born or not died:
            return
        earliest, latest = parse_date(born).earliest, parse_date(died).latest
        if earliest is not None and latest is not None and latest < earliest:
            message = f"The death ({died}) is before the birth ({born}); one of them is wrong."
            raise ValidationError({"death": {"date": [message]}})

    @post_load
    def canonical(self, record: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Remove repeated entries and list every cited source."""
        for key in self.SETS:
            if key in record:
                record[key] = list(dict.fromkeys(record[key]))
        listed = record.pop("sources", [])
        sources: dict[str, Any] = {}
        for ref in listed:
            if isinstance(ref, dict):
                sources[ref["id"]] = ref
            else:
                sources.setdefault(ref, ref)
        for cited in [*cited_in_facts(record), *cited_in_text(record)]:
            sources.setdefault(cited, cited)
        checked = record.pop("checked", None)
        for cited in (checked or {}).get("against", []):
            sources.setdefault(cited, cited)
        if sources:
            record["sources"] = list(sources.values())
        if checked:
            record["checked"] = checked
        return record


person_schema = PersonSchema()
