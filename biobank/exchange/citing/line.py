"""A citation while it is put together: pieces of text, some in italics, some with an address.

Whoever joins two pieces asks for a mark between them; no mark is set where one stands already,
so that nothing ever reads `?.` or `..` because a title ended as it did.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

#: What ends a sentence by itself.
ENDS = ".!?…"
#: What may stand behind such a mark and hides it.
CLOSING = '”’»"'


@dataclass(frozen=True)
class Run:
    """A piece of text in one form; `url` is where it leads, http or https."""

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
    """A citation, or a part of one."""

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
        """Safe to put into a page: everything is escaped but the tags for italics and links."""
        return "".join(run.html for run in self.runs)


def text(value: str) -> Line:
    return Line((Run(value),)) if value else Line()


def italic(value: str) -> Line:
    return Line((Run(value, italic=True),)) if value else Line()


def link(url: str) -> Line:
    return Line((Run(url, url=url),)) if url else Line()


def ended(part: Line, mark: str = ".") -> Line:
    """The part with the mark behind it, unless it ends with one already."""
    last = part.plain.rstrip(CLOSING)[-1:]
    taken = ENDS if mark == "." else mark
    return part if not part or last in taken else part + mark


def sentences(*parts: Line) -> Line:
    """Every part ended by a full stop, a space between; parts that are empty fall out."""
    return joined(" ", (ended(part) for part in parts if part))


def joined(separator: str, parts: Iterable[Line]) -> Line:
    """The parts that are not empty with a separator between them, its mark never doubled."""
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
    """What is made, then more behind a space each, as they are."""
    return joined(" ", (made, *more))
