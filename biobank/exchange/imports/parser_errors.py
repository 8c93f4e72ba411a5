"""Classification of parser errors into kinds that can be translated.

Messages of parsers are English only, differ between versions, and expose internals.
"""

from typing import Final

import yaml

#: Prefixes of messages of Python's JSON parser, and fragments of those of yajl, used by ijson.
_JSON_ERRORS: Final = {
    "Expecting value": "value_missing",
    "Expecting property name": "key_missing",
    "Expecting ':'": "colon_missing",
    "Expecting ','": "comma_missing",
    "Extra data": "more_behind",
    "Unterminated string": "text_open",
    "Invalid control character": "control",
    "Invalid \\": "backslash",
    "Illegal trailing comma": "comma_last",
    "premature EOF": "cut",
    "separated by a colon": "colon_missing",
    "I expect ','": "comma_missing",
    "trailing garbage": "more_behind",
    "invalid object key": "key_missing",
    "unallowed token": "value_missing",
    "invalid character inside string": "control",
    "occurs before a character which it may not": "backslash",
    "in json text": "no_value",
    "invalid bytes in UTF8": "bytes",
}
_CSV_ERRORS: Final = {"expected after": "quote_behind", "unexpected end of data": "text_open"}
_YAML_ERRORS: Final = {
    "cannot start any token": "sign",
    "values are not allowed": "indent",
    "'-' indicator": "indent",
    "expected key": "indent",
    "expected ',' or": "bracket",
    "expected node content": "bracket",
    "unexpected end of stream": "text_open",
    "unknown escape": "backslash",
    "determine a constructor": "yaml_tag",
    "undefined alias": "alias",
    "unhashable key": "key_no_text",
    "another document": "document_second",
}
#: By the stable error numbers of expat (`xml.parsers.expat.errors`).
_XML_ERRORS: Final = {
    **dict.fromkeys((3, 5, 6, 20), "cut"),
    7: "tag_other",
    8: "attribute_twice",
    9: "more_behind",
    11: "entity",
    14: "character",
    **dict.fromkeys((17, 30, 31), "declaration"),
    **dict.fromkeys((18, 19), "encoding"),
    27: "prefix",
}


def classify_json_error(message: str) -> str:
    """Return the kind of a JSON parser message."""
    return _classify(_JSON_ERRORS, message)


def classify_csv_error(message: str) -> str:
    return _classify(_CSV_ERRORS, message)


def classify_xml_error(code: int) -> str:
    """Return the kind of an expat error number."""
    return _XML_ERRORS.get(code, "broken")


def classify_yaml_error(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.reader.ReaderError):
        return "control"
    return _classify(_YAML_ERRORS, str(getattr(error, "problem", "")))


def _classify(kinds: dict[str, str], message: str) -> str:
    return next((kind for fragment, kind in kinds.items() if fragment in message), "broken")
