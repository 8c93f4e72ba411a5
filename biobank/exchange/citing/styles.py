"""Registry of citation styles and citation file formats; add an entry here for a new one."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from biobank.exchange.citing import apa, bibtex, chicago, csl_json, gost, mla, ris
from biobank.exchange.citing.item import Item
from biobank.exchange.citing.line import Line
from biobank.exchange.citing.work import CitedWork
from biobank.names.alphabet import sort_key


@dataclass(frozen=True)
class Style:
    """A citation style; `name` is for URLs and programs, `title` for people."""

    name: str
    title: str
    write: Callable[[Item], Line]
    #: Whether a bibliography lists entries in Cyrillic first, as Russian ones do.
    cyrillic_first: bool = False

    def bibliography(self, items: Iterable[Item]) -> list[tuple[Item, Line]]:
        """Format works as a bibliography, sorted by the bank's alphabet."""
        written = ((item, self.write(item)) for item in items)
        return sorted(written, key=lambda pair: self._place(pair[1]))

    def _place(self, line: Line) -> tuple[bool, str]:
        is_cyrillic = bool(re.match(r"\W*[\u0400-\u04ff]", line.plain))
        return self.cyrillic_first and not is_cyrillic, sort_key(line.plain)


@dataclass(frozen=True)
class File:
    """A file format for citations; `extension` is that of files and URLs."""

    name: str
    title: str
    ending: str
    media_type: str
    write: Callable[[Iterable[CitedWork]], Iterator[str]]

    def text(self, entries: Iterable[CitedWork]) -> str:
        return "".join(self.write(entries))


STYLES = {
    style.name: style
    for style in (
        Style("apa", "APA 7", apa.write),
        Style("chicago", "Chicago 17", chicago.write),
        Style("mla", "MLA 9", mla.write),
        Style("gost", "ГОСТ Р 7.0.5-2008", gost.write, cyrillic_first=True),
    )
}
FILES = {
    file.name: file
    for file in (
        File("bibtex", "BibTeX", "bib", "application/x-bibtex; charset=utf-8", bibtex.write),
        File("ris", "RIS", "ris", "application/x-research-info-systems; charset=utf-8", ris.write),
        File(
            "csl-json",
            "CSL-JSON",
            "csl.json",
            "application/vnd.citationstyles.csl+json",
            csl_json.write,
        ),
    )
}
BY_ENDING = {file.ending: file for file in FILES.values()}


def styles_for(lang: str) -> list[Style]:
    """Return the styles, the most common one for readers of `lang` first."""
    first = "gost" if lang == "ru" else "apa"
    return sorted(STYLES.values(), key=lambda style: style.name != first)
