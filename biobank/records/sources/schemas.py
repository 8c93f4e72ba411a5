"""Schema of a source: an id and a CSL-JSON item."""

import json
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from biobank.common.text import CONTROL_CHARS
from biobank.records.fields import Id, RecordSchema
from biobank.records.sources.models import Source

MAX_CSL_CHARS = 20_000
#: Levels of a CSL item; the CSL schema has four (item, date, date-parts, one date). Limited here,
#: because the recursion limit differs between Python versions.
MAX_CSL_DEPTH = 16


class Csl(fields.Field[dict[str, Any]]):
    """A CSL-JSON item: any fields, with a type and a title, limited in size, no control characters.

    Source: the schema at citation-style-language/schema. Only what the code relies on is checked.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise ValidationError("Must be a CSL-JSON item: {type: …, title: …}.")
        item = {str(key): inner for key, inner in value.items() if key != "id"}
        for key in ("type", "title"):
            if not isinstance(item.get(key), str) or not item[key].strip():
                raise ValidationError({key: ["Required, as text."]})
        _validate_item(item)
        url = item.get("URL")
        if url is not None and not str(url).startswith(("http://", "https://")):
            raise ValidationError({"URL": ["Must start with https:// or http://."]})
        return item


def _validate_item(item: dict[str, Any]) -> None:
    """Check size, depth and characters of a whole CSL item."""
    texts = _collect_texts(item, MAX_CSL_DEPTH)
    try:
        # JSON columns accept neither NaN nor infinity, which Python's parser reads from 1e999.
        text = json.dumps(item, ensure_ascii=False, allow_nan=False, default=str)
    except ValueError as error:
        raise ValidationError("Contains an invalid number.") from error
    if len(text) > MAX_CSL_CHARS:
        raise ValidationError(f"Has {len(text)} characters; the maximum is {MAX_CSL_CHARS}.")
    if any(CONTROL_CHARS.search(part) for part in texts):
        raise ValidationError("Contains a control character. Remove it.")


def _collect_texts(value: Any, depth: int) -> list[str]:
    """Return all texts in `value`, field names included.

    Raises:
        ValidationError: the value is nested deeper than `depth` levels.
    """
    if isinstance(value, str):
        return [value]
    if depth == 0 and isinstance(value, Mapping | list | tuple):
        raise ValidationError("Nested too deeply.")
    if isinstance(value, Mapping):
        return [
            text for key, inner in value.items() for text in (str(key), *_collect_texts(inner, depth - 1))
        ]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in _collect_texts(inner, depth - 1)]
    return []


class SourceSchema(RecordSchema):
    id = Id(required=True)
    csl = Csl(required=True)


source_schema = SourceSchema()


def source_row(record: Mapping[str, Any]) -> Source:
    """Return the row of a record."""
    return Source(id=record["id"], csl=record["csl"])


def source_record(source: Source) -> dict[str, Any]:
    """Return the record of a row."""
    return {"id": source.id, "csl": source.csl}


class SourceRef(fields.Field[Any]):
    """The id of a source, or a complete new source: `{id: …, csl: {…}}`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.id_field = Id()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, Mapping):
            return source_schema.load(value)
        return self.id_field.deserialize(value)
