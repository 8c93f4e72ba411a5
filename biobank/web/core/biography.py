"""The biography of a person as HTML, and its freshness."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import nh3
import pyromark
from markupsafe import Markup

from biobank.common.i18n import best_with_language
from biobank.records.people.citations import SPACED_CITATION_MARK
from biobank.records.people.markup import iter_markup_errors
from biobank.records.people.sentences import paragraph_spans
from biobank.records.people.statement_ids import paragraph_id
from biobank.web.core.footnotes import FootnoteMark, Footnotes, marks_html
from biobank.web.core.labels import format_edtf_date, language_phrase, native_language_name
from biobank.web.core.urls import person_url

_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "h3", "h4", "hr", "code"}
#: Private-use characters: the first two enclose the number of a footnote, the others replace the
#: signs that begin HTML and images, which are shown as they are written.
_NOTE_START, _NOTE_END, _LESS_THAN, _EXCLAMATION = "\ue000", "\ue001", "\ue002", "\ue003"
_WITHOUT_PLACEHOLDERS = str.maketrans("", "", _NOTE_START + _NOTE_END + _LESS_THAN + _EXCLAMATION)
_NOTE = re.compile(f"{_NOTE_START}([0-9]+){_NOTE_END}")
#: The beginning of HTML, with the backslashes before it; in `<https://…>`, `](<…>)` and `]: <…>` it
#: begins an address.
_HTML_START = re.compile(r"(?<!\\)(\\*+)(?<!\]\()(?<!\]: )<(?!https?://)")
_PARAGRAPH_TAG = re.compile(r"<p>")
_HEADING_TAG = re.compile(r"<(/?)h([1-6])>")
#: The beginning of an address that leads to another host without naming a scheme.
_HOST_START = re.compile(r"[\x00-\x20]*+[/\\][\x00-\x20]*+[/\\]")


@dataclass(frozen=True)
class BiographyView:
    """The biography; `foreign` if it is not in the language of the page.

    `language` is the label of its language.
    """

    html: Markup
    lang: str
    language: str
    foreign: bool


def make_biography(biography: Mapping[str, str], lang: str, footnotes: Footnotes) -> BiographyView | None:
    """Return the biography for a reader of `lang`, or None if there is none."""
    text, text_lang = best_with_language(biography, lang)
    if not text:
        return None
    return BiographyView(
        _to_html(text, text_lang, footnotes), text_lang, language_phrase(text_lang), foreign=text_lang != lang
    )


def _to_html(text: str, lang: str, footnotes: Footnotes) -> Markup:
    if next(iter_markup_errors(text), None) is not None:
        # Stored before the limits were introduced: rendering could take minutes.
        return Markup("<p>{}</p>").format(text)
    marks: list[tuple[FootnoteMark, ...]] = []

    def store_marks(match: re.Match[str]) -> str:
        marks.append(footnotes.marks_for_citation(match[0]))
        return f"{_NOTE_START}{len(marks) - 1}{_NOTE_END}"

    plain = text.translate(_WITHOUT_PLACEHOLDERS)
    html = _sanitized_html(SPACED_CITATION_MARK.sub(store_marks, plain), lang)
    # nh3 sanitizes its output, and marks_html escapes its input.
    return Markup(_NOTE.sub(lambda note: str(marks_html(marks[int(note[1])])), html))  # noqa: S704


def _sanitized_html(text: str, lang: str) -> str:
    """Render CommonMark without HTML and images, its paragraphs with their ids.

    Headings are two levels down, because the page has its own h1 and h2.
    """
    markdown = _HTML_START.sub(_protect_html, text).replace("![", f"{_EXCLAMATION}[")
    html = nh3.clean(
        _HEADING_TAG.sub(lambda tag: f"<{tag[1]}h{min(int(tag[2]) + 2, 4)}>", pyromark.html(markdown)),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        url_relative=lambda url: None if _HOST_START.match(url) else url,
        link_rel="noopener nofollow",
    )
    ids = iter(_paragraph_ids(markdown, lang))
    identified = _PARAGRAPH_TAG.sub(lambda tag: f'<p id="{id_}">' if (id_ := next(ids, "")) else tag[0], html)
    return identified.replace(_LESS_THAN, "&lt;").replace(_EXCLAMATION, "!")


def _paragraph_ids(markdown: str, lang: str) -> Iterator[str]:
    """Yield an id for each element p that is rendered; empty if it does not begin a paragraph of the text.

    A list is one paragraph of the text if its items are not separated by empty lines.
    """
    ends, position, size = [], 0, 0
    for _start, end in paragraph_spans(markdown):
        # The parser counts bytes.
        size += len(markdown[position:end].encode())
        position = end
        ends.append(size)
    previous = 0
    for event, span in pyromark.events_with_range(markdown):
        if event == {"Start": "Paragraph"}:
            number = bisect_right(ends, span["start"]) + 1
            yield paragraph_id(lang, number) if number > previous else ""
            previous = number


def _protect_html(match: re.Match[str]) -> str:
    """Replace `<` by a placeholder; an odd backslash before it would have escaped it."""
    return match[1][: len(match[1]) // 2 * 2] + _LESS_THAN


@dataclass(frozen=True)
class SourceCheck:
    """The date of the last check against sources, and the sources."""

    day: str
    marks: tuple[FootnoteMark, ...]


@dataclass(frozen=True)
class NewerText:
    """The language of the most recent biography, and its URL."""

    lang: str
    name: str
    url: str


def make_source_check(record: Mapping[str, Any], lang: str, notes: Footnotes) -> SourceCheck | None:
    checked = record.get("checked")
    if not checked:
        return None
    cites = [{"source": source} for source in checked.get("against", ())]
    return SourceCheck(format_edtf_date(checked["on"], lang), notes.marks_for_fact({"cites": cites}))


def newer_text(stale: Mapping[str, str], biography: BiographyView | None, person_id: str) -> NewerText | None:
    """Return the newer text if the shown one is outdated; `stale` maps a language to the newest."""
    newer = stale.get(biography.lang) if biography else None
    if newer is None:
        return None
    return NewerText(newer, native_language_name(newer), f"{person_url(person_id, newer)}#life-title")
