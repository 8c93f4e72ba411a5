"""Citations as numbered marks linked to the list of sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from biobank.records.people.citations import parse_mark
from biobank.web.core.gettext import _


@dataclass(frozen=True)
class FootnoteMark:
    """A footnote mark: the source `number`, and its `anchor` on the page."""

    number: int
    anchor: str
    locator: str

    @property
    def html(self) -> Markup:
        label = _("Source %(number)s", number=self.number)
        label = f"{label}, {self.locator}" if self.locator else label
        title = f' title="{escape(self.locator)}"' if self.locator else ""
        # The anchor is built from numbers.
        return Markup(  # noqa: S704
            f'<a class="cite" id="{self.anchor}" href="#source-{self.number}" '
            f'aria-label="{escape(label)}"{title}>{self.number}</a>'
        )


@dataclass
class Footnotes:
    """The numbers of cited sources, in the order of their first citation."""

    known_sources: frozenset[str]
    marks_by_source: dict[str, list[FootnoteMark]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def add_mark(self, source: str, locator: str | None = None) -> FootnoteMark | None:
        """Return a new mark for a source, or None for an unknown one."""
        if source not in self.known_sources:
            return None
        marks = self.marks_by_source.setdefault(source, [])
        number = self._numbers.setdefault(source, len(self._numbers) + 1)
        new_mark = FootnoteMark(number, f"cite-{number}-{len(marks) + 1}", (locator or "").strip())
        marks.append(new_mark)
        return new_mark

    def marks_for_fact(self, part: Mapping[str, Any]) -> tuple[FootnoteMark, ...]:
        """Return the marks of a dated fact, from its `cites`."""
        cites = part.get("cites", ())
        marks = _present(self.add_mark(cite["source"], cite.get("locator")) for cite in cites)
        return tuple(sorted(marks, key=lambda mark: mark.number))

    def marks_for_citation(self, mark: str) -> tuple[FootnoteMark, ...]:
        """Return the marks of one pair of brackets in a text: `[@one, p. 12; @another]`."""
        return _present(self.add_mark(*cite) for cite in parse_mark(mark.strip()))

    def add_uncited(self, sources: Iterable[str]) -> None:
        """Number sources of the record that nothing on the page cites."""
        for source in sources:
            if source in self.known_sources:
                self.marks_by_source.setdefault(source, [])
                self._numbers.setdefault(source, len(self._numbers) + 1)


def marks_html(marks: Iterable[FootnoteMark]) -> Markup:
    """Return the marks as a superscript, or nothing if there are none."""
    inner = Markup('<span class="cite-comma">,</span>').join(mark.html for mark in marks)
    return Markup("<sup>{}</sup>").format(inner) if inner else Markup("")


def _present(marks: Iterable[FootnoteMark | None]) -> tuple[FootnoteMark, ...]:
    return tuple(mark for mark in marks if mark)
