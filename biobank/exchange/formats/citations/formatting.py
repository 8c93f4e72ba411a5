"""Rich text of citations: runs of text, some in italics or linked.

Joining two parts adds a punctuation mark only if the first does not already end with one, so that a
citation never reads `?.` or `..` because of the end of a title.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

#: Punctuation marks that end a sentence.
SENTENCE_ENDS = ".!?…"
#: Characters that may follow such a mark.
CLOSING_MARKS = '”’»"'


@dataclass(frozen=True)
class TextRun:
    """A run of text in one style; `url` is its http or https link."""

    text: str
    italic: bool = False
    url: str = ""

    @property
    def html(self) -> str:
        text = escape(self.text)
        if self.italic:
            text = f"<i>{text}</i>"
        return f'<a href="{escape(self.url)}">{text}</a>' if self.url else text


@dataclass(frozen=True)
class RichText:
    """A citation or a part of one, as a sequence of runs."""

    runs: tuple[TextRun, ...] = ()

    def __add__(self, other: "RichText | str") -> "RichText":
        appended = text(other) if isinstance(other, str) else other
        return RichText(self.runs + appended.runs)

    def __bool__(self) -> bool:
        return any(run.text for run in self.runs)

    @property
    def plain(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def html(self) -> str:
        """Return safe HTML: everything is escaped except the tags for italics and links."""
        return "".join(run.html for run in self.runs)


def text(value: str) -> RichText:
    return RichText((TextRun(value),)) if value else RichText()


def italic(value: str) -> RichText:
    return RichText((TextRun(value, italic=True),)) if value else RichText()


def link(url: str) -> RichText:
    return RichText((TextRun(url, url=url),)) if url else RichText()


def end_with(part: RichText, mark: str = ".") -> RichText:
    """Append the mark to a part, unless it already ends with one."""
    last_char = part.plain.rstrip(CLOSING_MARKS)[-1:]
    existing_marks = SENTENCE_ENDS if mark == "." else mark
    return part if not part or last_char in existing_marks else part + mark


def join_sentences(*parts: RichText) -> RichText:
    """Join the non-empty parts with spaces, each ended by a full stop."""
    return join(" ", (end_with(part) for part in parts if part))


def join(separator: str, parts: Iterable[RichText]) -> RichText:
    """Join the non-empty parts with a separator, without doubling its punctuation mark."""
    result = RichText()
    mark, space = separator[:1].strip(), separator[1:] if separator[:1].strip() else separator
    for part in parts:
        if not part:
            continue
        if result:
            result = (end_with(result, mark) if mark else result) + space
        result += part
    return result


def join_spaced(first: RichText, *following: RichText) -> RichText:
    """Join the parts with spaces, without adding punctuation."""
    return join(" ", (first, *following))
