"""What arguments of addresses look like, as OpenAPI documents them.

A pattern is met by everything that is accepted; of `format`, what no pattern can say is told beside
it: that a day exists, that a range is in order.
"""

from typing import Any, Final

from biobank.records.edtf import MAX_LENGTH

#: Control characters are refused at the door, and U+FFFD, which stands for broken UTF-8. Lone
#: halves of surrogate pairs are broken UTF-8 and cannot be sent.
NO_CONTROLS: Final = r"^[^\u0000-\u001f\u007f-\u009f\ufffd]*$"
#: Of every argument that takes a text.
TEXT: Final = {"pattern": NO_CONTROLS}

_DAY: Final = r"-?(?:[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-(?:[0-9]{2}|XX)){0,2}[~?%]?"
_MEMBER: Final = rf"(?:{_DAY}|(?:{_DAY})?\s*\.\.\s*(?:{_DAY})?)"
_END: Final = rf"(?:{_DAY}|\.\.)?"
_SPAN: Final = r"-?[0-9]{4} ?[-–—] ?-?[0-9]{4}"
_DECADE: Final = r"[0-9]{4}(?:s|-е|-(?:cı|ci|cu|cü) illər)"
#: Ranges of days as `search.args` reads them.
DAYS: Final[dict[str, Any]] = {
    "type": "string",
    "format": "edtf-range",
    "maxLength": MAX_LENGTH,
    "pattern": (
        r"^(?:unknown|(?:[<>]=?)?\s*(?:"
        rf"{_MEMBER}|\[\s*{_MEMBER}(?:\s*,\s*{_MEMBER})*\s*\]|{_END}\s*/\s*{_END}"
        rf"|{_SPAN}|{_DECADE}|[0-9]{{3}}))$"
    ),
}

_FRACTION: Final = r"(?:\.[0-9]{1,20})?"
_LONGITUDE: Final = rf"[+-]?(?:180(?:\.0{{1,20}})?|(?:1[0-7][0-9]|0?[0-9]{{1,2}}){_FRACTION})"
_LATITUDE: Final = rf"[+-]?(?:0?90(?:\.0{{1,20}})?|0?[0-8]?[0-9]{_FRACTION})"
#: Areas as `search.where` reads them; the south is not north of the north.
AREA: Final[dict[str, Any]] = {
    "type": "string",
    "format": "bbox",
    "pattern": r"^" + r"\s*,\s*".join((_LONGITUDE, _LATITUDE) * 2) + r"$",
}
