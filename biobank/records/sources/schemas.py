"""The shape of a source: an id and a CSL-JSON item."""

import json
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from biobank.records.fields import CONTROL, Id, RecordSchema
from biobank.records.sources.models import Source

CSL_MOST = 20_000
#: Levels of a CSL item; its own schema has four (item, date, date-parts, one date). Said here,
#: because where the interpreter gives up differs between its versions.
DEPTH_MOST = 16


class Csl(fields.Field[dict[str, Any]]):
    """A CSL-JSON item: any fields, with a type and a title, bounded and free of control characters.

    Source: the schema at citation-style-language/schema; checked here is only what is relied on.
    """

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise ValidationError("Must be a CSL-JSON item: {type: …, title: …}.")
        item = {str(key): inner for key, inner in value.items() if key != "id"}
        for key in ("type", "title"):
            if not isinstance(item.get(key), str) or not item[key].strip():
                raise ValidationError({key: ["Is required, as text."]})
        _check_whole(item)
        url = item.get("URL")
        if url is not None and not str(url).startswith(("http://", "https://")):
            raise ValidationError({"URL": ["Must start with https:// or http://."]})
        return item


def _check_whole(item: dict[str, Any]) -> None:
    """What holds for all of a CSL item, however it is nested."""
    texts = _texts(item, DEPTH_MOST)
    try:
        # The databases' JSON has no NaN and no infinity, which Python's reads from 1e999.
        text = json.dumps(item, ensure_ascii=False, allow_nan=False, default=str)
    except ValueError as error:
        raise ValidationError("Holds a number that is none.") from error
    if len(text) > CSL_MOST:
        raise ValidationError(f"Is {len(text)} characters long; at most {CSL_MOST} are kept.")
    if any(CONTROL.search(part) for part in texts):
        raise ValidationError("Holds a control character; remove it.")


def _texts(value: Any, depth: int) -> list[str]:
    """Every text in `value`, the names of fields included, down to `depth` levels."""
    if isinstance(value, str):
        return [value]
    if depth == 0 and isinstance(value, Mapping | list | tuple):
        raise ValidationError("Is nested too deeply.")
    if isinstance(value, Mapping):
        return [
            text for key, inner in value.items() for text in (str(key), *_texts(inner, depth - 1))
        ]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in _texts(inner, depth - 1)]
    return []


class SourceSchema(RecordSchema):
    id = Id(required=True)
    csl = Csl(required=True)


source_schema = SourceSchema()


def source_row(record: Mapping[str, Any]) -> Source:
    return Source(id=record["id"], csl=record["csl"])


def source_record(source: Source) -> dict[str, Any]:
    return {"id": source.id, "csl": source.csl}


class SourceRef(fields.Field[Any]):
    """The id of a source, or the whole source where it is new: `{id: …, csl: {…}}`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.id_field = Id()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, Mapping):
            return source_schema.load(value)
        return self.id_field.deserialize(value)
