"""The preview of a biography as the public page renders it, with its citations."""

from typing import Any

from flask import request

from biobank.extensions import services
from biobank.i18n import is_language
from biobank.records.fields import BIOGRAPHY, ID_PATTERN
from biobank.records.people.citations import cited_in_text
from biobank.records.sources import queries
from biobank.web.desk.tools.asked import sent_text
from biobank.web.footnotes import Footnotes
from biobank.web.life import make_life

#: Maximum number of sources of a form, and length of each in characters.
SOURCES_MOST, SOURCE_MOST = 200, 500


def preview_of_sent(lang: str) -> dict[str, Any]:
    """Return safe `html`, the numbered `sources`, and cited ids that are `unknown`."""
    text = sent_text("text", BIOGRAPHY)
    written = request.form.get("lang", "")
    written = written if is_language(written) else lang
    cited = list(dict.fromkeys(cited_in_text({"biography": {written: text}})))
    with services.database.read() as session:
        titles = queries.titles(session, cited)
    titles = {id_: id_ for id_ in _of_form() if id_ in cited} | titles
    footnotes = Footnotes(frozenset(titles))
    life = make_life({written: text}, written, footnotes)
    return {
        "html": life.html if life else "",
        "sources": [
            {"number": number, "id": id_, "title": titles[id_]}
            for number, id_ in enumerate(footnotes.order, start=1)
        ],
        "unknown": [id_ for id_ in cited if id_ not in titles],
    }


def _of_form() -> list[str]:
    """Return the source ids of the same form, written as `Title (id)` or as the id alone."""
    values = (value[:SOURCE_MOST] for value in request.form.getlist("sources")[:SOURCES_MOST])
    ids = (value.rpartition("(")[2].removesuffix(")").strip() for value in values)
    return [id_ for id_ in ids if ID_PATTERN.fullmatch(id_)]
