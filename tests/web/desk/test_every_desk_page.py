"""Properties of every page of the desk, in every language."""

import re

import pytest
from flask.testing import FlaskClient

from tests.support.pages import visible_text
from tests.web.core.test_every_page import _Page

#: Paths below the language, as an administrator sees them on a bank without pending work.
PAGES = (
    "desk",
    "desk/reviews",
    "desk/people",
    "desk/duplicates",
    "desk/people/new",
    "desk/people/uzeyir-hacibeyov/edit",
    "desk/people/uzeyir-hacibeyov",
    "desk/people/uzeyir-hacibeyov/blame",
    "desk/people/uzeyir-hacibeyov/revisions/1",
    "desk/people/uzeyir-hacibeyov/revisions/1/changes",
    "desk/people/uzeyir-hacibeyov/revisions/1/redaction",
    "desk/inbox",
    "desk/pictures",
    "desk/worklists",
    "desk/imports",
    "desk/worklists/dead-ends",
    "desk/worklists/stale-az",
    "desk/webhooks",
    "desk/merge",
    "desk/merge?kept=uzeyir-hacibeyov&gone=ceyhun-hacibeyli",
    "desk/merges",
    "desk/people/uzeyir-hacibeyov/split",
    "desk/terms",
    "desk/terms?new=1",
    "desk/terms/profession/composer",
    "desk/places?q=baku",
    "desk/places/baku",
    "desk/places/baku?merge=susa",
    "desk/organisations/mit",
    "desk/organisations?new=1",
    "desk/sources?page=2",
    "desk/sources?new=1",
)
LANGUAGES = ("az", "en", "ru")
#: Words of the layout that appear in English only if they are not translated.
ENGLISH = ("Editors’ desk", "Save", "Search", "Add", "Publish", "draft", "Draft", "people", "Nothing")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_desk_pages_are_valid_translated_and_fit_the_content_security_policy(
    admin_client: FlaskClient, lang: str
) -> None:
    for path in PAGES:
        response = admin_client.get(f"/{lang}/{path}")
        assert response.status_code == 200, path
        assert response.headers["Cache-Control"] == "no-store", path
        _check_elements(_Page(response.text), path)
        if lang != "en":
            _check_translated(response.text, path)


def _check_elements(page: _Page, path: str) -> None:
    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    assert len(ids) == len(set(ids)), path
    assert len(page.of("h1")) == 1, path
    for tag, attrs in page.tags:
        assert tag != "style", path
        assert "style" not in attrs, (path, tag)
        assert not [name for name in attrs if name.startswith("on")], (path, tag)
        assert tag != "script" or str(attrs["src"]).startswith("/static/"), path
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert attrs.get(name) is None or set(str(attrs[name]).split()) <= set(ids), attrs


def _check_translated(html: str, path: str) -> None:
    # Texts of users stay in their own language.
    text = visible_text(html, without="script, head, .desk-note")
    for word in ENGLISH:
        assert not re.search(rf"\b{word}\b", text), (path, word)
