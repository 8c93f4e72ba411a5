"""Limits of the markup in a biography, so that any stored text is rendered quickly.

A text of MAX_BIOGRAPHY_CHARS characters without markup takes a millisecond to render, one of nothing
but markup a hundred times as long, and HTML nested ten thousand levels deep minutes: see ADR 18.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from biobank.records.fields import MAX_BIOGRAPHY_CHARS, Localized, Text

#: Characters that may become an element or an entity of HTML.
MARKUP_CHARS: Final = '*_[]`<>&"\\\n'
#: One character in ten; in careful texts it is one in forty.
MAX_MARKUP_CHARS: Final = 10_000
MAX_TEXT_CITATIONS: Final = 500
#: Quotes and lists inside one another that one line can begin.
MAX_NESTED_BLOCKS: Final = 20

#: Also the signs of lists, which may begin many blocks in one line.
MARKUP_PATTERN: Final = re.compile(rf"[{re.escape(MARKUP_CHARS)}]|(?:[+-]|[0-9][.)])(?=[ \t])")
_CITED_SOURCE: Final = re.compile(r"(?:\[|;\s*+)@")
_DEEP_LINE: Final = re.compile(
    rf"^(?:[ \t]*+(?:>|(?:[*+-]|[0-9]{{1,9}}[.)])(?=[ \t]))){{{MAX_NESTED_BLOCKS + 1}}}", re.MULTILINE
)


@dataclass(frozen=True)
class MarkupError:
    """A limit that a text exceeds: the key of its message, and the values of the message."""

    key: str
    values: dict[str, Any]


def iter_markup_errors(text: str) -> Iterator[MarkupError]:
    """Yield the limits of markup that a biography exceeds."""
    markup_count = sum(1 for _ in MARKUP_PATTERN.finditer(text))
    if markup_count > MAX_MARKUP_CHARS:
        yield MarkupError("markup", {"count": markup_count, "most": MAX_MARKUP_CHARS})
    citation_count = sum(1 for _ in _CITED_SOURCE.finditer(text))
    if citation_count > MAX_TEXT_CITATIONS:
        yield MarkupError("citations", {"count": citation_count, "most": MAX_TEXT_CITATIONS})
    if match := _DEEP_LINE.search(text):
        line = text.count("\n", 0, match.start()) + 1
        yield MarkupError("nested", {"line": line, "most": MAX_NESTED_BLOCKS})


class BiographyText(Text):
    """CommonMark with citations, limited in length and markup."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's own idiom
        "markup": (
            'Has {count} characters of markup (* _ [ ] ` < > & " \\ list signs and line breaks); the maximum is {most}.'
        ),
        "citations": "Cites sources {count} times; the maximum is {most}.",
        "nested": (
            "Line {line} begins more than {most} quotes or lists inside one another. "
            "Remove some of the signs (> - * + 1.) at its start."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(MAX_BIOGRAPHY_CHARS, single_line=False, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        for error in iter_markup_errors(text):
            raise self.make_error(error.key, **error.values)
        return text


class LocalizedBiography(Localized):
    """A biography in some of the three languages."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(MAX_BIOGRAPHY_CHARS, single_line=False, **kwargs)
        self.text_field = BiographyText()
