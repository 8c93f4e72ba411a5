"""HTML and CSS snippets that other sites copy to embed the widget."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from biobank.http.urls import absolute_url
from biobank.http.widget_assets import LATEST_VERSION, list_builds
from biobank.web.core.gettext import _
from biobank.web.core.urls import person_url, with_query
from biobank.web.embed.forms import WidgetOptions
from biobank.web.embed.frames import DEFAULT_WIDGET_LIMIT

#: Height of a frame in pixels: of a person, and of a search without and per result.
PERSON_FRAME_HEIGHT = 200
SEARCH_FRAME_BASE_HEIGHT, SEARCH_FRAME_ROW_HEIGHT = 260, 84


@dataclass(frozen=True)
class EmbedSnippet:
    """A snippet to copy, with a title and a hint."""

    id: str
    title: str
    hint: str
    text: str


def build_element(widget: WidgetOptions) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the name of the custom element and its attributes."""
    theme = [("theme", widget.appearance.theme)]
    if widget.is_person:
        return "biobank-person", (("person", widget.person), ("lang", widget.lang), *theme)
    limit = [("limit", str(widget.limit))]
    return "biobank-search", (("lang", widget.lang), *widget.filters, *limit, *theme)


def css_properties(widget: WidgetOptions) -> tuple[tuple[str, str], ...]:
    """Return the CSS properties of the custom colours."""
    return tuple((f"--biobank-{name}", f"#{digits}") for name, digits in widget.appearance.css_variables)


def frame_path(widget: WidgetOptions) -> str:
    if widget.is_person:
        path = url_for("web.embed_person", lang=widget.lang, person_id=widget.person)
        return with_query(path, widget.appearance.query_params)
    path = url_for("web.embed_search", lang=widget.lang)
    limit = [("limit", str(widget.limit))] if widget.limit != DEFAULT_WIDGET_LIMIT else []
    return with_query(path, [*widget.filters, *limit, *widget.appearance.query_params])


def frame_height(widget: WidgetOptions) -> int:
    return (
        PERSON_FRAME_HEIGHT
        if widget.is_person
        else SEARCH_FRAME_BASE_HEIGHT + SEARCH_FRAME_ROW_HEIGHT * widget.limit
    )


def page_path(widget: WidgetOptions) -> str:
    """Return the path of the page that the widget links to."""
    if widget.is_person:
        return person_url(widget.person, widget.lang)
    return with_query(url_for("web.search", lang=widget.lang), widget.filters)


def make_snippets(widget: WidgetOptions, name: str) -> tuple[EmbedSnippet, ...]:
    """Return all snippets, the easiest first; `name` is the text of the fallback link."""
    return (
        *_script_snippets(widget, name),
        *_colour_snippets(widget),
        _frame_snippet(widget, name),
        _oembed_snippet(widget),
    )


def host_policy_directives() -> tuple[str, ...]:
    """Return the CSP directives that the host site needs, for the element and for the frame."""
    bank = absolute_url("")
    return f"script-src {bank}; connect-src {bank}; img-src {bank}", f"frame-src {bank}"


def _script_snippets(widget: WidgetOptions, name: str) -> Iterable[EmbedSnippet]:
    element = _element_html(widget, name)
    latest_build = list_builds()[0]
    floating = [("src", _script_url(LATEST_VERSION))]
    pinned = [
        ("src", _script_url(latest_build.file.removesuffix(".js"))),
        ("integrity", latest_build.integrity),
        ("crossorigin", "anonymous"),
    ]
    yield EmbedSnippet(
        "code-element",
        _("Web component (recommended)"),
        _("Updates automatically. One script per page is enough for any number of components."),
        f"{_script_tag(floating)}\n{element}",
    )
    yield EmbedSnippet(
        "code-pinned",
        _("Web component, pinned version"),
        _("The file at this address never changes, and the browser verifies it."),
        f"{_script_tag(pinned)}\n{element}",
    )


def _colour_snippets(widget: WidgetOptions) -> Iterable[EmbedSnippet]:
    if properties := css_properties(widget):
        declarations = "\n".join(f"  {name}: {value};" for name, value in properties)
        text = f"{build_element(widget)[0]} {{\n{declarations}\n}}"
        yield EmbedSnippet(
            "code-colours", _("Custom colours (CSS)"), _("Add this to your style sheet."), text
        )


def _frame_snippet(widget: WidgetOptions, name: str) -> EmbedSnippet:
    attributes = [
        ("src", absolute_url(frame_path(widget))),
        ("title", name),
        ("width", "480"),
        ("height", str(frame_height(widget))),
        ("frameborder", "0"),
        ("loading", "lazy"),
    ]
    text = f"<iframe{_format_attributes(attributes)}></iframe>"
    return EmbedSnippet("code-frame", _("iframe"), _("For sites that do not allow scripts."), text)


def _oembed_snippet(widget: WidgetOptions) -> EmbedSnippet:
    """Return the URL of the page, whose head names the oEmbed endpoint."""
    hint = _("For editors that turn a pasted address into an embed (oEmbed).")
    return EmbedSnippet("code-oembed", _("oEmbed URL"), hint, absolute_url(page_path(widget)))


def _element_html(widget: WidgetOptions, name: str) -> str:
    """Return the element with a fallback link for browsers without scripts."""
    tag, attributes = build_element(widget)
    link = f"<a{_format_attributes([('href', absolute_url(page_path(widget)))])}>{Markup.escape(name)}</a>"
    return f"<{tag}{_format_attributes(attributes)}>{link}</{tag}>"


def _script_tag(attributes: Sequence[tuple[str, str]]) -> str:
    return f'<script type="module"{_format_attributes(attributes)}></script>'


def _script_url(name: str) -> str:
    return absolute_url(url_for("widget.script", name=name))


def _format_attributes(attributes: Iterable[tuple[str, str]]) -> str:
    return "".join(f' {name}="{Markup.escape(value)}"' for name, value in attributes)
