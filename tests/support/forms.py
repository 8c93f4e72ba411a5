"""HTML forms as a browser without scripts submits them."""

from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class HtmlForm(HTMLParser):
    """The fields of the form with an id, its buttons, and the focused element."""

    def __init__(self, html: str, form_id: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self.buttons: list[tuple[str, str]] = []
        self.focus = ""
        self._id = form_id
        self._inside = False
        self._templates = 0
        self._select = ""
        self._textarea: list[str] | None = None
        self.feed(html)
        assert self.action, html[:2000]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form" and attributes.get("id") == self._id:
            self._inside, self.action = True, attributes["action"]
        if tag == "template":
            self._templates += 1
        if not self._inside or self._templates:
            return
        if "autofocus" in attributes:
            self.focus = attributes["id"]
        name = attributes.get("name", "")
        if tag == "button":
            self.buttons.append((name, attributes["value"]))
        elif tag == "select":
            self._select = name
            self.fields.append((name, ""))
        elif tag == "option" and self._select and "selected" in attributes:
            self.fields[-1] = (self._select, attributes["value"])
        elif tag == "textarea":
            self.fields.append((name, ""))
            self._textarea = []
        elif tag == "input" and (attributes["type"] not in ("checkbox", "radio") or "checked" in attributes):
            self.fields.append((name, attributes.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "template":
            self._templates -= 1
        if tag == "select":
            self._select = ""
        if tag == "textarea" and self._textarea is not None:
            text = "".join(self._textarea).removeprefix("\n")
            self.fields[-1] = (self.fields[-1][0], text)
            self._textarea = None

    def fill(self, **values: str) -> "HtmlForm":
        """Fill in fields; `names_0_text` is `names-0-text`."""
        return self.type({name.replace("_", "-"): value for name, value in values.items()})

    def type(self, values: dict[str, str]) -> "HtmlForm":
        names = {name for name, _ in self.fields}
        assert set(values) <= names, set(values) - names
        self.fields = [(name, values.get(name, value)) for name, value in self.fields]
        return self

    def press(self, client: FlaskClient, do: str, *more: tuple[str, str]) -> TestResponse:
        """Submit the form by a button; `more` are ticked check boxes."""
        assert ("do", do) in self.buttons, self.buttons
        data: dict[str, list[str]] = {}
        for name, value in [*self.fields, *more, ("do", do)]:
            data.setdefault(name, []).append(value)
        return client.post(self.action, data=data)


def writing_form(response: TestResponse) -> HtmlForm:
    """Return the editing form of a page."""
    return HtmlForm(response.text, "writing")
