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
    MAX_PARAGRAPH_CHARS,
    BoundedList,
    Country,
    Edtf,
    Id,
    Localized,
    RecordSchema,
    Text,
    VitalDate,
    WebUrl,
)
from biobank.records.identifiers import Identifiers
from biobank.records.media.urls import sha_from_url
from biobank.records.people.citations import cited_in_facts, cited_in_text
from biobank.records.people.markup import LocalizedBiography
from biobank.records.sources.schemas import SourceRef

PERSON_NAME_KINDS = ("preferred", "birth", "pen", "stage", "title", "former", "variant")
GENDER_VALUES = ("male", "female", "other", "unknown")
CALENDAR_VALUES = ("gregorian", "julian", "hijri")
MEDIA_TYPE_VALUES = ("image", "video", "audio")
# validate.Regexp uses `match`, hence the \Z.
LANGUAGE_TAG_PATTERN = re.compile(r"(?=.{2,12}\Z)[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
SCRIPT_PATTERN = re.compile(r"[A-Z][a-z]{3}\Z")


class CiteSchema(RecordSchema):
    source = Id(required=True)
    locator = Text(200, allow_none=True)


def cites() -> BoundedList:
    return BoundedList(fields.Nested(CiteSchema), validate=validate.Length(max=50))


class NameSchema(RecordSchema):
    text = Text(200, required=True)
    lang = fields.String(
        required=True,
        validate=validate.Regexp(LANGUAGE_TAG_PATTERN, error="Not a valid language tag. Use az, en, ru, fa…"),
    )
    script = fields.String(
        allow_none=True,
        validate=validate.Regexp(SCRIPT_PATTERN, error="Unknown script. Use Latn, Cyrl or Arab."),
    )
    kind = fields.String(
        required=True,
        validate=validate.OneOf(PERSON_NAME_KINDS, error="{input} is not a type of name. Use {choices}."),
    )
    family = Text(200, allow_none=True)
    given = Text(200, allow_none=True)

    @validates_schema
    def has_letters(self, data: Mapping[str, Any], **_: Any) -> None:
        if not has_letter(data.get("text", "")):
            raise ValidationError("A name must contain at least one letter.", "text")

    @validates_schema
    def contains_parts(self, data: Mapping[str, Any], **_: Any) -> None:
        words = data.get("text", "").replace(",", " ").split()
        for part in ("family", "given"):
            if data.get(part) and not set(data[part].split()) <= set(words):
                raise ValidationError("Use words of the name, spelt as in the name.", part)


class OriginalSchema(RecordSchema):
    """A date as the source gives it, in its own calendar."""

    text = Text(200, required=True)
    calendar = fields.String(required=True, validate=validate.OneOf(CALENDAR_VALUES))


class FloruitSchema(RecordSchema):
    """The time a person is known to have been active; an interval is meant as one."""

    date = Edtf(allow_none=True)
    place = Id(allow_none=True)
    original = fields.Nested(OriginalSchema, allow_none=True)
    cites = cites()


class MomentSchema(FloruitSchema):
    """A birth or a death."""

    date = VitalDate(allow_none=True)


class EventSchema(RecordSchema):
    date = Edtf(allow_none=True)
    place = Id(allow_none=True)
    type = Id(allow_none=True)
    text = Localized(MAX_PARAGRAPH_CHARS, single_line=False, allow_none=True)
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
        required=True, validate=validate.Length(min=1, error="Must not be empty. Enter it in az, en or ru.")
    )
    date = Edtf(allow_none=True)
    type = Id(allow_none=True)
    cites = cites()


class AwardSchema(RecordSchema):
    award = Id(required=True)
    date = Edtf(allow_none=True)
    cites = cites()


class MediaUrl(WebUrl):
    """A web URL, or the path of a stored picture: `/media/<SHA-256>`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, str) and sha_from_url(value):
            return value
        return super()._deserialize(value, attr, data, **kwargs)


class MediaSchema(RecordSchema):
    type = fields.String(required=True, validate=validate.OneOf(MEDIA_TYPE_VALUES))
    url = MediaUrl(1000, required=True)
    licence = Text(100, allow_none=True)
    author = Text(300, allow_none=True)
    source = Text(1000, allow_none=True)
    alt = Localized(allow_none=True)


class CheckedSchema(RecordSchema):
    """When the record was last compared with its sources, and with which."""

    on = Edtf(required=True)
    against = BoundedList(Id(), validate=validate.Length(max=100))


def bounded_list(schema: type[RecordSchema], max_items: int) -> BoundedList:
    """Return a list field of parts, limited in length so that one record cannot fill the store."""
    return BoundedList(fields.Nested(schema), validate=validate.Length(max=max_items))


class PersonSchema(RecordSchema):
    id = Id(allow_none=True)
    names = BoundedList(
        fields.Nested(NameSchema),
        required=True,
        validate=validate.Length(1, 200, error="A person must have between 1 and {max} names."),
    )
    gender = fields.String(allow_none=True, validate=validate.OneOf(GENDER_VALUES))
    birth = fields.Nested(MomentSchema, allow_none=True)
    death = fields.Nested(MomentSchema, allow_none=True)
    floruit = fields.Nested(FloruitSchema, allow_none=True)
    professions = BoundedList(Id(), validate=validate.Length(max=30))
    countries = BoundedList(Country(), validate=validate.Length(max=30))
    connection = Localized(MAX_PARAGRAPH_CHARS, allow_none=True)
    headline = Localized(allow_none=True)
    biography = LocalizedBiography(allow_none=True)
    events = bounded_list(EventSchema, 300)
    relations = bounded_list(RelationSchema, 300)
    memberships = bounded_list(MembershipSchema, 100)
    works = bounded_list(WorkSchema, 500)
    awards = bounded_list(AwardSchema, 100)
    media = bounded_list(MediaSchema, 50)
    identifiers = Identifiers()
    sources = BoundedList(SourceRef(), validate=validate.Length(max=200))
    checked = fields.Nested(CheckedSchema, allow_none=True)

    #: Lists without repeated entries.
    UNIQUE_LISTS: ClassVar[tuple[str, ...]] = ("professions", "countries")

    @validates_schema
    def one_preferred_name_per_language(self, data: Mapping[str, Any], **_: Any) -> None:
        seen: set[str] = set()
        for index, name in enumerate(data.get("names", [])):
            if name["kind"] != "preferred":
                continue
            if name["lang"] in seen:
                message = f"There is already a preferred name in {name['lang']}. Remove one of them."
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
            message = f"The death ({died}) is before the birth ({born}). Correct one of the dates."
            raise ValidationError({"death": {"date": [message]}})

    @post_load
    def canonical(self, record: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Remove repeated entries and list every cited source."""
        for key in self.UNIQUE_LISTS:
            if key in record:
                record[key] = list(dict.fromkeys(record[key]))
        listed, checked = record.pop("sources", []), record.pop("checked", None) or {}
        cited = (*cited_in_facts(record), *cited_in_text(record), *checked.get("against", []))
        sources: dict[str, Any] = {}
        for ref in (*listed, *cited):
            if isinstance(ref, dict):
                sources[ref["id"]] = ref
            else:
                sources.setdefault(ref, ref)
        if sources:
            record["sources"] = list(sources.values())
        if checked:
            record["checked"] = checked
        return record


person_schema = PersonSchema()
