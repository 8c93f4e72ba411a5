"""Labels of parse errors, by the kinds that `biobank.exchange.importing` reports."""

from typing import Final

from flask_babel import lazy_gettext

PARSE_ERROR_LABELS: Final = {
    "broken": lazy_gettext("something stands there that may not"),
    "cut": lazy_gettext("it ends too early"),
    "more_behind": lazy_gettext("there is more after its end"),
    "value_missing": lazy_gettext("a value is missing"),
    "no_value": lazy_gettext("something stands there that is no value"),
    "key_missing": lazy_gettext("a key in double quotes is missing"),
    "colon_missing": lazy_gettext("a colon is missing"),
    "comma_missing": lazy_gettext("a comma is missing"),
    "comma_last": lazy_gettext("a comma stands before the end"),
    "text_open": lazy_gettext("a text has no end"),
    "control": lazy_gettext("a text holds an invisible character"),
    "backslash": lazy_gettext("a backslash stands where it may not"),
    "bytes": lazy_gettext("there are bytes that are no UTF-8"),
    "tag_other": lazy_gettext("a tag ends another one than was begun"),
    "attribute_twice": lazy_gettext("an attribute stands twice"),
    "entity": lazy_gettext("an entity is not known"),
    "prefix": lazy_gettext("a prefix is not known"),
    "character": lazy_gettext("a number stands for no character"),
    "declaration": lazy_gettext("the XML declaration is wrong, or not at the very beginning"),
    "encoding": lazy_gettext("the encoding is not the one that is named, or not known"),
    "quote_behind": lazy_gettext("something follows the quote that ends a text"),
    "sign": lazy_gettext("no text begins with this sign; put it in quotes"),
    "indent": lazy_gettext(
        "a colon or a dash stands where it may not; mind the indentation and the quotes"
    ),
    "bracket": lazy_gettext("a bracket or a brace is missing, or one too many"),
    "yaml_tag": lazy_gettext("a tag (!) is not read; leave it out"),
    "alias": lazy_gettext("an alias (*) is not read; write its value out"),
    "key_no_text": lazy_gettext("a key is no text"),
    "document_second": lazy_gettext("a second document begins"),
}
