"""Schema of a place, and conversion between record and row."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from biobank.records.fields import Country, Edtf, Id, RecordSchema, Text, drop_empty
from biobank.records.identifiers import Identifiers
from biobank.records.places.models import Place, PlaceName

VALID_PLACE_KINDS = ("city", "town", "village", "settlement", "region", "country")


class PlaceNameSchema(RecordSchema):
    text = Text(200, required=True)
    lang = Text(12, required=True)
    period = Edtf(allow_none=True)


class PlaceSchema(RecordSchema):
    id = Id(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(VALID_PLACE_KINDS))
    names = fields.List(
        fields.Nested(PlaceNameSchema), required=True, validate=validate.Length(min=1, max=60)
    )
    broader = Id(allow_none=True)
    country = Country(allow_none=True)
    lat = fields.Float(allow_none=True, validate=validate.Range(-90, 90))
    lon = fields.Float(allow_none=True, validate=validate.Range(-180, 180))
    identifiers = Identifiers()


place_schema = PlaceSchema()


def place_row(record: Mapping[str, Any]) -> Place:
    """Return the row of a record."""
    return Place(
        id=record["id"],
        kind=record["kind"],
        broader_id=record.get("broader"),
        country=record.get("country"),
        lat=record.get("lat"),
        lon=record.get("lon"),
        identifiers=record.get("identifiers", {}),
        names=[PlaceName(position=index, **name) for index, name in enumerate(record["names"])],
    )


def place_record(place: Place) -> dict[str, Any]:
    """Return the record of a row."""
    names = [{"text": row.text, "lang": row.lang, "period": row.period} for row in place.names]
    record = {
        "id": place.id,
        "kind": place.kind,
        "names": [drop_empty(name) for name in names],
        "broader": place.broader_id,
        "country": place.country,
        "lat": place.lat,
        "lon": place.lon,
        "identifiers": place.identifiers,
    }
    return drop_empty(record)
