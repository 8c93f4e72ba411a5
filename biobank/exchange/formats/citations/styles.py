"""Registry of citation styles and citation file formats; add an entry here for a new one."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from biobank.exchange.formats.citations import apa, chicago, gost, mla
from biobank.exchange.formats.citations.item import CitationEntry, CitedItem
from biobank.exchange.formats.citations.reference_managers import write_bibtex, write_csl_json, write_ris
from biobank.exchange.formats.citations.typography import RichText
from biobank.names.alphabet import sort_key


@dataclass(frozen=True)
class CitationStyle:
    """A citation style; `name` is for URLs and programs, `title` for people."""

    name: str
    title: str
    write: Callable[[CitedItem], RichText]
    #: Whether biographies are described in Russian and entries in Cyrillic come first.
    is_russian: bool = False

    def described_item(self, item: CitedItem) -> CitedItem:
        """Return the item in the language in which the style describes it."""
        return item.russian or item if self.is_russian else item

    def bibliography(self, items: Iterable[CitedItem]) -> list[tuple[CitedItem, RichText]]:
        """Format works as a bibliography, sorted by the bank's alphabet."""
        formatted = ((item, self.write(item)) for item in items)
        return sorted(formatted, key=lambda pair: self._sort_key(pair[1]))

    def _sort_key(self, citation: RichText) -> tuple[bool, str]:
        is_cyrillic = bool(re.match(r"\W*[\u0400-\u04ff]", citation.plain))
        return self.is_russian and not is_cyrillic, sort_key(citation.plain)


@dataclass(frozen=True)
class CitationFileFormat:
    """A file format for citations; `extension` is that of files and URLs."""

    name: str
    title: str
    extension: str
    media_type: str
    write: Callable[[Iterable[CitationEntry]], Iterator[str]]

    def text(self, entries: Iterable[CitationEntry]) -> str:
        return "".join(self.write(entries))


CITATION_STYLES = {
    style.name: style
    for style in (
        CitationStyle("apa", "APA 7", apa.format_entry),
        CitationStyle("chicago", "Chicago 17", chicago.format_entry),
        CitationStyle("mla", "MLA 9", mla.format_entry),
        CitationStyle("gost", "ГОСТ Р 7.0.5-2008", gost.format_reference, is_russian=True),
    )
}
CITATION_FILE_FORMATS = {
    file.name: file
    for file in (
        CitationFileFormat("bibtex", "BibTeX", "bib", "application/x-bibtex; charset=utf-8", write_bibtex),
        CitationFileFormat(
            "ris", "RIS", "ris", "application/x-research-info-systems; charset=utf-8", write_ris
        ),
        CitationFileFormat(
            "csl-json", "CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", write_csl_json
        ),
    )
}
CITATION_FORMATS_BY_EXTENSION = {file.extension: file for file in CITATION_FILE_FORMATS.values()}


def styles_for_language(lang: str) -> list[CitationStyle]:
    """Return the styles, the most common one for readers of `lang` first."""
    first = "gost" if lang == "ru" else "apa"
    return sorted(CITATION_STYLES.values(), key=lambda style: style.name != first)
