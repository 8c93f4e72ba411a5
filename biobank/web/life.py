"""Biographies as sanitized HTML: CommonMark without raw HTML, with footnotes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from biobank.i18n import best_with_language
from biobank.records.people.citations import IN_TEXT
from biobank.web.footnotes import Footnotes, Mark, marks_html
from biobank.web.words import in_language

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": False}).disable("image")
_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "h3", "h4", "hr", "code"}
#: Private-use characters that mark placeholders of footnotes during rendering.
_OPEN, _CLOSE = "\ue000", "\ue001"
#: Includes the preceding space, so that the mark follows the word directly.
_CITED = re.compile(r"\s*" + IN_TEXT.pattern)
_PLACE = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")


@dataclass(frozen=True)
class Life:
    """The biography; `foreign` if it is not in the language of the page.

    `language` is the label of its language.
    """

    html: Markup
    lang: str
    language: str
    foreign: bool


def make_life(biography: Mapping[str, str], lang: str, footnotes: Footnotes) -> Life | None:
    """Return the biography for a reader of `lang`, or None if there is none."""
    text, found = best_with_language(biography, lang)
    if not text:
        return None
    return Life(_html(text, footnotes), found, in_language(found), foreign=found != lang)


def _html(text: str, footnotes: Footnotes) -> Markup:
    marks: list[tuple[Mark, ...]] = []

    def keep(match: re.Match[str]) -> str:
        marks.append(footnotes.of_text(match[0]))
        return f"{_OPEN}{len(marks) - 1}{_CLOSE}"

    plain = text.replace(_OPEN, "").replace(_CLOSE, "")
    html = nh3.clean(
        _render(_CITED.sub(keep, plain)),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="noopener nofollow",
    )
    # nh3 sanitizes its output, and marks_html escapes its input.
    return Markup(  # noqa: S704
        _PLACE.sub(lambda found: str(marks_html(marks[int(found[1])])), html)
    )


def _render(text: str) -> str:
    """Render CommonMark, with headings two levels down because the page has its own h1 and h2."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 4)}"
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
