"""The preview of a biography as the public page renders it, with its citations."""

from typing import Any

from flask import request

from biobank.common.i18n import is_language
from biobank.http.extensions import services
from biobank.records.fields import ID_PATTERN, MAX_BIOGRAPHY_CHARS
from biobank.records.people.citations import cited_in_text
from biobank.records.sources import queries
from biobank.web.desk.tools.forms import form_text
from biobank.web.people.biography import make_biography
from biobank.web.people.footnotes import Footnotes

#: Maximum number of sources of a form, and length of each in characters.
MAX_FORM_SOURCES, MAX_FORM_SOURCE_CHARS = 200, 500


def preview_payload(lang: str) -> dict[str, Any]:
    """Return safe `html`, the numbered `sources`, and cited ids that are `unknown`."""
    text = form_text("text", MAX_BIOGRAPHY_CHARS)
    text_lang = request.form.get("lang", "")
    text_lang = text_lang if is_language(text_lang) else lang
    cited = list(dict.fromkeys(cited_in_text({"biography": {text_lang: text}})))
    with services.database.read() as session:
        titles = queries.load_titles(session, cited)
    titles = {id_: id_ for id_ in _form_source_ids() if id_ in cited} | titles
    footnotes = Footnotes(frozenset(titles))
    biography = make_biography({text_lang: text}, text_lang, footnotes)
    return {
        "html": biography.html if biography else "",
        "sources": [
            {"number": number, "id": id_, "title": titles[id_]}
            for number, id_ in enumerate(footnotes.marks_by_source, start=1)
        ],
        "unknown": [id_ for id_ in cited if id_ not in titles],
    }


def _form_source_ids() -> list[str]:
    """Return the source ids of the same form, written as `Title (id)` or as the id alone."""
    values = (
        value[:MAX_FORM_SOURCE_CHARS]
        for value in request.form.getlist("sources")[:MAX_FORM_SOURCES]
    )
    ids = (value.rpartition("(")[2].removesuffix(")").strip() for value in values)
    return [id_ for id_ in ids if ID_PATTERN.fullmatch(id_)]
