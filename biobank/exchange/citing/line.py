"""Rich text of citations: runs of text, some in italics or linked.

Joining two parts adds a punctuation mark only if the first does not already end with one, so that a
citation never reads `?.` or `..` because of the end of a title.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

#: Punctuation marks that end a sentence.
ENDS = ".!?…"
#: Characters that may follow such a mark.
CLOSING = '”’»"'


@dataclass(frozen=True)
class Run:
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
class Line:
    """A citation or a part of one, as a sequence of runs."""

    runs: tuple[Run, ...] = ()

    def __add__(self, other: "Line | str") -> "Line":
        more = text(other) if isinstance(other, str) else other
        return Line(self.runs + more.runs)

    def __bool__(self) -> bool:
        return any(run.text for run in self.runs)

    @property
    def plain(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def html(self) -> str:
        """Return safe HTML: everything is escaped except the tags for italics and links."""
        return "".join(run.html for run in self.runs)


def text(value: str) -> Line:
    return Line((Run(value),)) if value else Line()


def italic(value: str) -> Line:
    return Line((Run(value, italic=True),)) if value else Line()


def link(url: str) -> Line:
    return Line((Run(url, url=url),)) if url else Line()


def ended(part: Line, mark: str = ".") -> Line:
    """Append the mark to a part, unless it already ends with one."""
    last = part.plain.rstrip(CLOSING)[-1:]
    taken = ENDS if mark == "." else mark
    return part if not part or last in taken else part + mark


def sentences(*parts: Line) -> Line:
    """Join the non-empty parts with spaces, each ended by a full stop."""
    return joined(" ", (ended(part) for part in parts if part))


def joined(separator: str, parts: Iterable[Line]) -> Line:
    """Join the non-empty parts with a separator, without doubling its punctuation mark."""
    made = Line()
    mark, space = separator[:1].strip(), separator[1:] if separator[:1].strip() else separator
    for part in parts:
        if not part:
            continue
        if made:
            made = (ended(made, mark) if mark else made) + space
        made += part
    return made


def after(made: Line, *more: Line) -> Line:
    """Join the parts with spaces, without adding punctuation."""
    return joined(" ", (made, *more))
