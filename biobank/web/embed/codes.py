"""HTML and CSS snippets that other sites copy to embed the widget."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from biobank.addresses import absolute
from biobank.web.embed.asked import Widget
from biobank.web.embed.frames import LIMIT_DEFAULT
from biobank.web.links import person_url, with_parameters
from biobank.web.text import _
from biobank.widget_builds import NEWEST, builds

#: Height of a frame in pixels: of a person, and of a search without and per result.
PERSON_HIGH = 200
SEARCH_HIGH, EACH_HIGH = 260, 84


@dataclass(frozen=True)
class Code:
    """A snippet to copy, with a title and a hint."""

    id: str
    title: str
    hint: str
    text: str


def element_of(widget: Widget) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the name of the custom element and its attributes."""
    look = [("theme", widget.look.theme)]
    if widget.is_person:
        return "biobank-person", (("person", widget.person), ("lang", widget.lang), *look)
    limit = [("limit", str(widget.limit))]
    return "biobank-search", (("lang", widget.lang), *widget.filters, *limit, *look)


def colours_of(widget: Widget) -> tuple[tuple[str, str], ...]:
    """Return the CSS properties of the custom colours."""
    return tuple((f"--biobank-{name}", f"#{digits}") for name, digits in widget.look.rules)


def frame_path(widget: Widget) -> str:
    if widget.is_person:
        path = url_for("web.embed_person", lang=widget.lang, person_id=widget.person)
        return with_parameters(path, widget.look.address)
    path = url_for("web.embed_search", lang=widget.lang)
    limit = [("limit", str(widget.limit))] if widget.limit != LIMIT_DEFAULT else []
    return with_parameters(path, [*widget.filters, *limit, *widget.look.address])


def frame_high(widget: Widget) -> int:
    return PERSON_HIGH if widget.is_person else SEARCH_HIGH + EACH_HIGH * widget.limit


def page_path(widget: Widget) -> str:
    """Return the path of the page that the widget links to."""
    if widget.is_person:
        return person_url(widget.person, widget.lang)
    return with_parameters(url_for("web.search", lang=widget.lang), widget.filters)


def make_codes(widget: Widget, name: str) -> tuple[Code, ...]:
    """Return all snippets, the easiest first; `name` is the text of the fallback link."""
    return (*_scripts(widget, name), *_colours(widget), _frame(widget, name), _oembed(widget))


def directives() -> tuple[str, ...]:
    """Return the CSP directives that the host site needs, for the element and for the frame."""
    bank = absolute("")
    return f"script-src {bank}; connect-src {bank}; img-src {bank}", f"frame-src {bank}"


def _scripts(widget: Widget, name: str) -> Iterable[Code]:
    element = _element(widget, name)
    newest = builds()[0]
    follows = [("src", _script_url(NEWEST))]
    pinned = [
        ("src", _script_url(newest.file.removesuffix(".js"))),
        ("integrity", newest.integrity),
        ("crossorigin", "anonymous"),
    ]
    yield Code(
        "code-element",
        _("A script and an element"),
        _("Follows our fixes by itself. One script a page is enough for any number of elements."),
        f"{_script(follows)}\n{element}",
    )
    yield Code(
        "code-pinned",
        _("The same, with a build that never changes"),
        _("The address never changes its content, and the browser checks it."),
        f"{_script(pinned)}\n{element}",
    )


def _colours(widget: Widget) -> Iterable[Code]:
    if rules := colours_of(widget):
        inside = "\n".join(f"  {name}: {value};" for name, value in rules)
        text = f"{element_of(widget)[0]} {{\n{inside}\n}}"
        yield Code("code-colours", _("Your colours"), _("For your own style sheet."), text)


def _frame(widget: Widget, name: str) -> Code:
    attributes = [
        ("src", absolute(frame_path(widget))),
        ("title", name),
        ("width", "480"),
        ("height", str(frame_high(widget))),
        ("frameborder", "0"),
        ("loading", "lazy"),
    ]
    text = f"<iframe{_written(attributes)}></iframe>"
    return Code("code-frame", _("A frame"), _("Where no scripts are allowed."), text)


def _oembed(widget: Widget) -> Code:
    """Return the URL of the page, whose head names the oEmbed endpoint."""
    hint = _("For editors that make a frame of an address that is pasted (oEmbed).")
    return Code("code-oembed", _("An address"), hint, absolute(page_path(widget)))


def _element(widget: Widget, name: str) -> str:
    """Return the element with a fallback link for browsers without scripts."""
    tag, attributes = element_of(widget)
    link = f"<a{_written([('href', absolute(page_path(widget)))])}>{Markup.escape(name)}</a>"
    return f"<{tag}{_written(attributes)}>{link}</{tag}>"


def _script(attributes: Sequence[tuple[str, str]]) -> str:
    return f'<script type="module"{_written(attributes)}></script>'


def _script_url(name: str) -> str:
    return absolute(url_for("widget.script", name=name))


def _written(attributes: Iterable[tuple[str, str]]) -> str:
    return "".join(f' {name}="{Markup.escape(value)}"' for name, value in attributes)
