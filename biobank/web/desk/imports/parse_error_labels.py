"""Labels of parse errors, by the kinds that `biobank.exchange.importing` reports."""

from typing import Final

from flask_babel import lazy_gettext

PARSE_ERROR_LABELS: Final = {
    "broken": lazy_gettext("invalid syntax"),
    "cut": lazy_gettext("unexpected end of text"),
    "more_behind": lazy_gettext("unexpected content after the end"),
    "value_missing": lazy_gettext("a value is missing"),
    "no_value": lazy_gettext("invalid value"),
    "key_missing": lazy_gettext("a key in double quotes is missing"),
    "colon_missing": lazy_gettext("a colon is missing"),
    "comma_missing": lazy_gettext("a comma is missing"),
    "comma_last": lazy_gettext("unexpected comma before the end"),
    "text_open": lazy_gettext("a text is not closed"),
    "control": lazy_gettext("a text contains an invisible character"),
    "backslash": lazy_gettext("a backslash is misplaced"),
    "bytes": lazy_gettext("invalid UTF-8 bytes"),
    "tag_other": lazy_gettext("a closing tag does not match the opening tag"),
    "attribute_twice": lazy_gettext("an attribute is repeated"),
    "entity": lazy_gettext("unknown entity"),
    "prefix": lazy_gettext("unknown prefix"),
    "character": lazy_gettext("invalid character reference"),
    "declaration": lazy_gettext("the XML declaration is invalid or not at the start of the file"),
    "encoding": lazy_gettext("the encoding is unknown or differs from the declared one"),
    "quote_behind": lazy_gettext("unexpected content after a closing quotation mark"),
    "sign": lazy_gettext("a text cannot begin with this character; put it in quotation marks"),
    "indent": lazy_gettext(
        "a colon or a dash is misplaced; check the indentation and quotation marks"
    ),
    "bracket": lazy_gettext("a bracket or brace is missing or extra"),
    "yaml_tag": lazy_gettext("tags (!) are not supported; remove the tag"),
    "alias": lazy_gettext("aliases (*) are not supported; write out the value"),
    "key_no_text": lazy_gettext("a key is not text"),
    "document_second": lazy_gettext("the file contains a second document"),
}
