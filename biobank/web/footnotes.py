"""Citations as numbered marks linked to the list of sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from biobank.records.people.citations import cites_of_mark
from biobank.web.text import _


@dataclass(frozen=True)
class Mark:
    """A footnote mark: the source `number`, and its `anchor` on the page."""

    number: int
    anchor: str
    locator: str

    @property
    def html(self) -> Markup:
        label = _("Source %(number)s", number=self.number)
        label = f"{label}, {self.locator}" if self.locator else label
        return Markup('<a class="cite" id="{}" href="#source-{}" aria-label="{}"{}>{}</a>').format(
            self.anchor,
            self.number,
            label,
            Markup(' title="{}"').format(self.locator) if self.locator else "",
            self.number,
        )


@dataclass
class Footnotes:
    """The numbers of cited sources, in the order of their first citation."""

    known: frozenset[str]
    order: dict[str, list[Mark]] = field(default_factory=dict)

    def mark(self, source: str, locator: str | None = None) -> Mark | None:
        """Return a new mark for a source, or None for an unknown one."""
        if source not in self.known:
            return None
        marks = self.order.setdefault(source, [])
        number = list(self.order).index(source) + 1
        made = Mark(number, f"cite-{number}-{len(marks) + 1}", (locator or "").strip())
        marks.append(made)
        return made

    def of_fact(self, part: Mapping[str, Any]) -> tuple[Mark, ...]:
        """Return the marks of a dated fact, from its `cites`."""
        cites = part.get("cites", ())
        marks = _there(self.mark(cite["source"], cite.get("locator")) for cite in cites)
        return tuple(sorted(marks, key=lambda mark: mark.number))

    def of_text(self, mark: str) -> tuple[Mark, ...]:
        """Return the marks of one pair of brackets in a text: `[@one, p. 12; @another]`."""
        return _there(self.mark(*cite) for cite in cites_of_mark(mark.strip()))

    def rest(self, sources: Iterable[str]) -> None:
        """Number sources of the record that nothing on the page cites."""
        for source in sources:
            if source in self.known:
                self.order.setdefault(source, [])


def marks_html(marks: Iterable[Mark]) -> Markup:
    """Return the marks as a superscript, or nothing if there are none."""
    inner = Markup('<span class="cite-comma">,</span>').join(mark.html for mark in marks)
    return Markup("<sup>{}</sup>").format(inner) if inner else Markup("")


def _there(marks: Iterable[Mark | None]) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks if mark)
