"""The marshmallow field of external identifiers, shared by people, places and organisations."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from biobank.records.fields import Text
from biobank.records.identifiers import EXTERNAL_CATALOGUES

SCHEME_PATTERN = re.compile(r"[a-z][a-z0-9_-]{0,29}\Z")


class Identifiers(fields.Dict):
    """Ids in external catalogues, by catalogue: `{"wikidata": "Q317397"}`."""

    def __init__(self) -> None:
        error = "Is no name of a catalogue; write one in small letters, such as wikidata or viaf."
        scheme = fields.String(validate=validate.Regexp(SCHEME_PATTERN, error=error))
        super().__init__(keys=scheme, values=Text(200))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            ids = super()._deserialize(  # type: ignore[no-untyped-call]
                value, attr, data, **kwargs
            )
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            # The messages of Dict separate keys from values, which is not a path in the record.
            raise ValidationError(
                {name: [*messages.values()] for name, messages in error.messages.items()}
            ) from error
        if malformed := {
            scheme: _format_errors(scheme) for scheme in ids if not _is_well_formed(scheme, ids)
        }:
            raise ValidationError(malformed)
        return ids


def _is_well_formed(scheme: str, ids: Mapping[str, str]) -> bool:
    return scheme not in EXTERNAL_CATALOGUES or EXTERNAL_CATALOGUES[scheme].is_valid_id(ids[scheme])


def _format_errors(scheme: str) -> list[str]:
    catalogue = EXTERNAL_CATALOGUES[scheme]
    return [f"Is no id of {catalogue.name}; write it alone and whole, as in {catalogue.example}."]
