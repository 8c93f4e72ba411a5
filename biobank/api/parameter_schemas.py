"""OpenAPI schemas of query arguments.

A pattern matches everything that is accepted. A `format` covers what no pattern can express, such
as that a day exists or that a range is in order.
"""

from typing import Any, Final

from biobank.common.text import NO_CONTROLS
from biobank.records.edtf import MAX_EDTF_CHARS

#: Metadata of every free-text argument.
TEXT_METADATA: Final = {"pattern": NO_CONTROLS}

_DAY_PATTERN: Final = r"-?(?:[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-(?:[0-9]{2}|XX)){0,2}[~?%]?"
_MEMBER_PATTERN: Final = rf"(?:{_DAY_PATTERN}|(?:{_DAY_PATTERN})?\s*\.\.\s*(?:{_DAY_PATTERN})?)"
_END_PATTERN: Final = rf"(?:{_DAY_PATTERN}|\.\.)?"
_SPAN_PATTERN: Final = r"-?[0-9]{4} ?[-–—] ?-?[0-9]{4}"
_DECADE_PATTERN: Final = r"[0-9]{4}(?:s|-е|-(?:cı|ci|cu|cü) illər)"
#: Date ranges as `search.args` parses them.
DATE_RANGE_SCHEMA: Final[dict[str, Any]] = {
    "type": "string",
    "format": "edtf-range",
    "maxLength": MAX_EDTF_CHARS,
    "pattern": (
        r"^(?:unknown|(?:[<>]=?)?\s*(?:"
        rf"{_MEMBER_PATTERN}|\[\s*{_MEMBER_PATTERN}(?:\s*,\s*{_MEMBER_PATTERN})*\s*\]|{_END_PATTERN}\s*/\s*{_END_PATTERN}"
        rf"|{_SPAN_PATTERN}|{_DECADE_PATTERN}|[0-9]{{3}}))$"
    ),
}

_FRACTION: Final = r"(?:\.[0-9]{1,20})?"
_LONGITUDE: Final = rf"[+-]?(?:180(?:\.0{{1,20}})?|(?:1[0-7][0-9]|0?[0-9]{{1,2}}){_FRACTION})"
_LATITUDE: Final = rf"[+-]?(?:0?90(?:\.0{{1,20}})?|0?[0-8]?[0-9]{_FRACTION})"
#: Bounding boxes as `search.geo` parses them; south is not north of north.
AREA_SCHEMA: Final[dict[str, Any]] = {
    "type": "string",
    "format": "bbox",
    "pattern": r"^" + r"\s*,\s*".join((_LONGITUDE, _LATITUDE) * 2) + r"$",
}
