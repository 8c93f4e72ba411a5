"""The biography of a person as HTML, and its freshness."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from biobank.common.i18n import best_with_language
from biobank.records.people.citations import CITATION_MARK
from biobank.web.core.footnotes import FootnoteMark, Footnotes, marks_html
from biobank.web.core.labels import format_edtf_date, language_phrase, native_language_name
from biobank.web.core.urls import person_url

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": False}).disable("image")
_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "h3", "h4", "hr", "code"}
#: Texts whose HTML is cached.
HTML_CACHE_SIZE = 512
#: Private-use characters that mark placeholders of footnotes during rendering.
_PLACEHOLDER_START, _PLACEHOLDER_END = "\ue000", "\ue001"
#: Includes the preceding space, so that the mark follows the word directly.
_CITATION = re.compile(r"\s*" + CITATION_MARK.pattern)
_PLACEHOLDER = re.compile(f"{_PLACEHOLDER_START}([0-9]+){_PLACEHOLDER_END}")


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
        _to_html(text, footnotes), text_lang, language_phrase(text_lang), foreign=text_lang != lang
    )


def _to_html(text: str, footnotes: Footnotes) -> Markup:
    marks: list[tuple[FootnoteMark, ...]] = []

    def store_marks(match: re.Match[str]) -> str:
        marks.append(footnotes.marks_for_citation(match[0]))
        return f"{_PLACEHOLDER_START}{len(marks) - 1}{_PLACEHOLDER_END}"

    plain = text.replace(_PLACEHOLDER_START, "").replace(_PLACEHOLDER_END, "")
    html = _sanitized_html(_CITATION.sub(store_marks, plain))
    # nh3 sanitizes its output, and marks_html escapes its input.
    return Markup(  # noqa: S704
        _PLACEHOLDER.sub(lambda placeholder: str(marks_html(marks[int(placeholder[1])])), html)
    )


@lru_cache(maxsize=HTML_CACHE_SIZE)
def _sanitized_html(text: str) -> str:
    """Render CommonMark, with headings two levels down because the page has its own h1 and h2."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 4)}"
    return nh3.clean(
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="noopener nofollow",
    )


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
