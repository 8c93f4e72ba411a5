"""Marshmallow fields shared by all records: text, localized text, ids, EDTF dates."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from biobank.common.i18n import LANGUAGES
from biobank.common.text import CONTROL_CHARS, LINE_BREAKS, clean_text
from biobank.records.countries import COUNTRY_CODES
from biobank.records.dates import DateError, parse_date, parse_vital_date

ID_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: Lengths of texts in characters.
MAX_LINE_CHARS = 300
MAX_PARAGRAPH_CHARS = 5_000
MAX_BIOGRAPHY_CHARS = 100_000


class Text(fields.String):
    """Non-empty text in NFC, limited in length, without control characters.

    A `single_line` text may not contain line breaks; surrounding white space is removed.
    """

    default_error_messages = {  # noqa: RUF012 - marshmallow's own idiom
        "blank": "Must not be empty. Leave the field out instead.",
        "control": "Contains the control character U+{code:04X}. Remove it.",
        "long": "Has {length} characters; the maximum is {most}.",
        "line": "Contains a line break or a tab. Write it on one line.",
    }

    def __init__(self, max_length: int = MAX_LINE_CHARS, *, single_line: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_length = max_length
        self.single_line = single_line

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = clean_text(super()._deserialize(value, attr, data, **kwargs))
        if match := CONTROL_CHARS.search(text):
            raise self.make_error("control", code=ord(match[0]))
        if not text:
            raise self.make_error("blank")
        if len(text) > self.max_length:
            raise self.make_error("long", length=len(text), most=self.max_length)
        if self.single_line and LINE_BREAKS.search(text):
            raise self.make_error("line")
        return text


class WebUrl(Text):
    """A web URL."""

    _check = validate.URL(
        schemes={"http", "https"},
        error="Not a valid web address. Enter the full URL, starting with https://.",
    )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return self._check(super()._deserialize(value, attr, data, **kwargs))


class Id(Text):
    """A permanent id: lower-case ASCII words joined by hyphens."""

    default_error_messages = {  # noqa: RUF012
        "id": "{value!r} is not a valid ID. Use lower-case letters a–z and digits, separated by hyphens."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(120, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not ID_PATTERN.fullmatch(text):
            raise self.make_error("id", value=text[:80])
        return text


class Edtf(Text):
    """An EDTF date (ISO 8601-2)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(64, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return self.parse(text)
        except DateError as error:
            raise ValidationError(error.message) from error

    def parse(self, text: str) -> str:
        """Return the canonical EDTF text."""
        return parse_date(text).text


class VitalDate(Edtf):
    """The EDTF date of a birth or death: `a/b` is stored as `[a..b]`."""

    def parse(self, text: str) -> str:
        """Return the canonical EDTF text, an interval as a set."""
        return parse_vital_date(text)[0].text


class Localized(fields.Field[dict[str, str]]):
    """Text in some of the three languages: `{"az": …, "en": …, "ru": …}`."""

    default_error_messages = {  # noqa: RUF012
        "type": "Must be text by language: {{az: …, en: …, ru: …}}.",
        "language": "Unsupported language. Use az, en or ru.",
    }

    def __init__(self, max_length: int = MAX_LINE_CHARS, *, single_line: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.text_field: Text = Text(max_length, single_line=single_line)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        if not isinstance(value, Mapping):
            raise self.make_error("type")
        texts: dict[str, Any] = {}
        problems: dict[str, Any] = {}
        for lang, text in value.items():
            try:
                if lang not in LANGUAGES:
                    raise self.make_error("language")
                texts[lang] = self.text_field.deserialize(text)
            except ValidationError as error:
                problems[str(lang)] = error.messages
        if problems:
            raise ValidationError(problems)
        return {lang: texts[lang] for lang in LANGUAGES if lang in texts}


class BoundedList(fields.List[Any]):
    """A list whose length is checked before its items are validated.

    A malicious record could hold a million invalid items, each of which costs about 1,000 bytes of
    error messages.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list):
            for check in self.validators:
                if isinstance(check, validate.Length):
                    check(value)
        return super()._deserialize(value, attr, data, **kwargs)


class Country(fields.String):
    """An ISO 3166-1 alpha-2 code in capitals."""

    MESSAGE = "{input} is not a country code. Use two capital letters (ISO 3166-1), for example AZ or TR."

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.OneOf(COUNTRY_CODES, error=self.MESSAGE), **kwargs)


class RecordSchema(Schema):
    """A schema that rejects unknown fields and drops empty ones.

    A loaded record has the field order of the schema, so that equal records are equal bytes.
    """

    error_messages = {  # noqa: RUF012
        "unknown": "Unknown field. See docs/reference/record.md.",
        "type": "Must be an object with fields.",
    }

    @post_load
    def drop_empty_fields(self, record: dict[str, Any], **_: Any) -> dict[str, Any]:
        return drop_empty(record)


def drop_empty(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a record that are not empty; zero and empty text count as values."""
    return {key: value for key, value in record.items() if value not in (None, [], {})}
