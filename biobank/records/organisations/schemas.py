"""Schema of an organisation, and conversion between record and row."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from biobank.records.fields import (
    MAX_PARAGRAPH_CHARS,
    Country,
    Edtf,
    Id,
    Localized,
    RecordSchema,
    Text,
    WebUrl,
    drop_empty,
)
from biobank.records.identifiers import Identifiers
from biobank.records.organisations.models import Organisation, OrganisationName

VALID_ORGANISATION_KINDS = (
    *("school", "university", "institute", "academy", "museum", "theatre", "orchestra", "studio"),
    *("union", "society", "party", "parliament", "federation", "army"),
    *("company", "newspaper", "magazine", "diaspora"),
)
#: Ids that would collide with pages below /organisations/.
RESERVED_IDS = frozenset(("register",))
ORGANISATION_NAME_KINDS = ("preferred", "former", "variant")


class OrganisationNameSchema(RecordSchema):
    text = Text(required=True)
    lang = Text(12, required=True)
    kind = fields.String(required=True, validate=validate.OneOf(ORGANISATION_NAME_KINDS))
    period = Edtf(allow_none=True)


class OrganisationSchema(RecordSchema):
    id = Id(
        required=True,
        validate=validate.NoneOf(RESERVED_IDS, error="This ID is reserved. Choose another one."),
    )
    kind = fields.String(required=True, validate=validate.OneOf(VALID_ORGANISATION_KINDS))
    names = fields.List(
        fields.Nested(OrganisationNameSchema), required=True, validate=validate.Length(min=1, max=60)
    )
    place = Id(allow_none=True)
    country = Country(allow_none=True)
    founded = Edtf(allow_none=True)
    dissolved = Edtf(allow_none=True)
    summary = Localized(MAX_PARAGRAPH_CHARS, single_line=False)
    website = WebUrl(500, allow_none=True)
    identifiers = Identifiers()


organisation_schema = OrganisationSchema()


def organisation_row(record: Mapping[str, Any]) -> Organisation:
    """Return the row of a record."""
    return Organisation(
        id=record["id"],
        kind=record["kind"],
        place_id=record.get("place"),
        country=record.get("country"),
        founded=record.get("founded"),
        dissolved=record.get("dissolved"),
        summary=record.get("summary", {}),
        website=record.get("website"),
        identifiers=record.get("identifiers", {}),
        names=[OrganisationName(position=index, **name) for index, name in enumerate(record["names"])],
    )


def organisation_record(organisation: Organisation) -> dict[str, Any]:
    """Return the record of a row."""
    names = [
        {"text": row.text, "lang": row.lang, "kind": row.kind, "period": row.period}
        for row in organisation.names
    ]
    record = {
        "id": organisation.id,
        "kind": organisation.kind,
        "names": [drop_empty(name) for name in names],
        "place": organisation.place_id,
        "country": organisation.country,
        "founded": organisation.founded,
        "dissolved": organisation.dissolved,
        "summary": organisation.summary,
        "website": organisation.website,
        "identifiers": organisation.identifiers,
    }
    return drop_empty(record)
