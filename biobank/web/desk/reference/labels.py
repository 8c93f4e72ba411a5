"""Labels and messages of the reference lists."""

from flask_babel import lazy_gettext

from biobank.errors import Problem
from biobank.web.core.gettext import _
from biobank.web.desk.writing.validation_messages import problem_text as person_problem_text

VOCABULARY_TITLES = {
    "profession": lazy_gettext("Professions"),
    "relation": lazy_gettext("Relations"),
    "event": lazy_gettext("Kinds of events"),
    "work": lazy_gettext("Kinds of works"),
    "award": lazy_gettext("Awards"),
}
PLACE_KIND_TITLES = {
    "city": lazy_gettext("City"),
    "town": lazy_gettext("Town"),
    "village": lazy_gettext("Village"),
    "settlement": lazy_gettext("Settlement"),
    "region": lazy_gettext("Region"),
    "country": lazy_gettext("Country"),
}
ORGANISATION_NAME_KIND_LABELS = {
    "preferred": lazy_gettext("main name"),
    "former": lazy_gettext("former name"),
    "variant": lazy_gettext("other name"),
}
SOURCE_TYPE_LABELS = {
    "book": lazy_gettext("Book"),
    "chapter": lazy_gettext("Chapter of a book"),
    "article-journal": lazy_gettext("Article in a journal"),
    "article-newspaper": lazy_gettext("Article in a newspaper"),
    "article-magazine": lazy_gettext("Article in a magazine"),
    "entry-encyclopedia": lazy_gettext("Entry of an encyclopedia"),
    "webpage": lazy_gettext("Web page"),
    "thesis": lazy_gettext("Thesis"),
    "report": lazy_gettext("Report"),
    "manuscript": lazy_gettext("Manuscript"),
    "document": lazy_gettext("Document"),
    "interview": lazy_gettext("Interview"),
    "broadcast": lazy_gettext("Broadcast"),
    "motion_picture": lazy_gettext("Film"),
    "speech": lazy_gettext("Speech"),
    "map": lazy_gettext("Map"),
}


def edit_label(what: str) -> str:
    """Return the label of an entry in the edit history."""
    return {
        "added": _("added"),
        "accepted": _("accepted"),
        "changed": _("changed"),
        "removed": _("removed"),
        "merged": _("merged into another"),
        "restored": _("apart again"),
    }.get(what, what)


def problem_text(problem: Problem) -> str:
    """Return the message of a problem with one field."""
    if text := _text_by_code(problem.code):
        return text
    last = problem.path.rpartition(".")[2].partition("[")[0]
    if problem.message == "Is required.":
        return _("This is needed.")
    if "characters long" in problem.message or problem.message.startswith("Longer than"):
        return _("This is too long.")
    # Other problems use the messages of person records, which share these field types.
    return _text_by_field(last) or person_problem_text(problem)


def _text_by_code(code: str) -> str:
    return {
        "required": _("Write it in one language at least."),
        "id_taken": _("This id is taken; choose another one."),
        "id_merged": _("This id was merged into another one and leads there; choose another one."),
        "unknown_term": _("There is no such term. Choose one of the list."),
        "unknown_place": _("There is no such place. Choose one of the list."),
        "cycle": _("It would lie within itself. Change what stands above first."),
        "same": _("It is one and the same already."),
        "vocabulary": _("They are of two vocabularies and cannot be one."),
    }.get(code, "")


def _text_by_field(name: str) -> str:
    if name in ("founded", "dissolved", "period"):
        return _("Write a date as 1885, 1885-09-18, 1141~ or 1900/1910.")
    if name in ("lat", "lon"):
        return _(
            "Write degrees as 40.4093; up to 90 for the latitude, up to 180 for the longitude."
        )
    if name in ("website", "URL"):
        return _("Write the address whole, from https:// on.")
    if name in ("id", "broader", "inverse", "place"):
        return _("An id is lower-case letters a–z and digits, joined by hyphens.")
    if name in ("kind", "type", "country", "vocabulary"):
        return _("Choose one of the list.")
    return ""
