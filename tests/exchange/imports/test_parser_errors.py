"""Parser errors are classified; no message of a parser is shown."""

import io
import json
from xml.etree.ElementTree import ParseError, fromstring

import ijson
import pytest

from biobank.exchange.formats.csv import delimited_table
from biobank.exchange.imports.items import parse_yaml
from biobank.exchange.imports.messages import UnreadableFile, classify_json_error, classify_xml_error

#: Of each text what Python's parser finds, and what yajl does.
JSON = {
    "": ("value_missing", "cut"),
    "{1: 2}": ("key_missing", "key_missing"),
    '{"a" 1}': ("colon_missing", "colon_missing"),
    "[1 2]": ("comma_missing", "comma_missing"),
    "[1] 2": ("more_behind", "more_behind"),
    '["a': ("text_open", "cut"),
    '["\\q"]': ("backslash", "backslash"),
    '["\n"]': ("control", "control"),
    "[nul]": ("value_missing", "no_value"),
}


@pytest.mark.parametrize("text", JSON)
def test_json(text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as line:
        json.loads(text)
    with pytest.raises(ijson.JSONError) as document:
        list(ijson.basic_parse(io.BytesIO(text.encode()), use_float=True))
    assert (classify_json_error(line.value.msg), classify_json_error(str(document.value))) == JSON[text]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "cut"),
        ("<a", "cut"),
        ("<a></b>", "tag_other"),
        ("<a b='' b=''/>", "attribute_twice"),
        ("<a/><b/>", "more_behind"),
        ("<a>&x;</a>", "entity"),
        ("<a>&#0;</a>", "character"),
        ("<x:a/>", "prefix"),
        (" <?xml version='1.0'?><a/>", "declaration"),
        ("<a>1 < 2</a>", "broken"),
    ],
)
def test_xml(text: str, kind: str) -> None:
    with pytest.raises(ParseError) as exc_info:
        fromstring(text)
    assert classify_xml_error(exc_info.value.code) == kind


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("a:\n\t- b", "sign", 2),
        ("a: @x", "sign", 1),
        ("a: b: c", "indent", 1),
        ("- a\nb: 1", "indent", 2),
        ("a: {b", "bracket", 2),
        ("a: ]", "bracket", 1),
        ("a: 'x", "text_open", 1),
        ('a: "\\q"', "backslash", 1),
        ("a: !x y", "yaml_tag", 1),
        ("a: *b", "alias", 1),
        ("[a]: 1", "key_no_text", 1),
        ("a: 1\n---\nb: 2", "document_second", 2),
        ("a: 1\nb: \x07", "control", 2),
    ],
)
def test_yaml(text: str, kind: str, line: int) -> None:
    with pytest.raises(UnreadableFile) as exc_info:
        parse_yaml(text.encode(), "map.yaml")
    values = exc_info.value.reason.values
    assert [values["fault"], values["line"]] == [kind, line]


@pytest.mark.parametrize(("text", "kind"), [('a,b\n"x"y,1\n', "quote_behind"), ('a,b\n1,"x', "text_open")])
def test_csv(text: str, kind: str) -> None:
    [row] = delimited_table(io.BytesIO(text.encode()), separator=",").rows
    assert row.error is not None
    assert row.error.values["fault"] == kind
