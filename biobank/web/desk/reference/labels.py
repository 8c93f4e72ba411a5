"""Labels and messages of the reference lists."""

from flask_babel import lazy_gettext, lazy_pgettext

from biobank.errors import FieldError
from biobank.web.core.gettext import _
from biobank.web.desk.forms.labels import problem_text as person_problem_text

VOCABULARY_TITLES = {
    "profession": lazy_gettext("Professions"),
    "relation": lazy_gettext("Relationships"),
    "event": lazy_gettext("Types of events"),
    "work": lazy_gettext("Types of works"),
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
    "former": lazy_pgettext("organisation", "former name"),
    "variant": lazy_gettext("other name"),
}
SOURCE_TYPE_LABELS = {
    "book": lazy_gettext("Book"),
    "chapter": lazy_gettext("Book chapter"),
    "article-journal": lazy_gettext("Journal article"),
    "article-newspaper": lazy_gettext("Newspaper article"),
    "article-magazine": lazy_gettext("Magazine article"),
    "entry-encyclopedia": lazy_gettext("Encyclopedia entry"),
    "webpage": lazy_gettext("Web page"),
    "thesis": lazy_gettext("Thesis"),
    "report": lazy_gettext("Report"),
    "manuscript": lazy_gettext("Manuscript"),
    "document": lazy_gettext("Document"),
    "interview": lazy_gettext("Interview"),
    "broadcast": lazy_gettext("Broadcast"),
    "motion_picture": lazy_gettext("Video"),
    "speech": lazy_gettext("Speech"),
    "map": lazy_gettext("Map"),
}


def edit_label(action: str) -> str:
    """Return the label of an entry in the edit history."""
    return {
        "added": _("added"),
        "accepted": _("accepted"),
        "changed": _("changed"),
        "removed": _("removed"),
        "merged": _("merged into another record"),
        "restored": _("merge undone"),
    }.get(action, action)


def problem_text(problem: FieldError) -> str:
    """Return the message of a problem with one field."""
    if text := _text_by_code(problem.code):
        return text
    last = problem.path.rpartition(".")[2].partition("[")[0]
    if problem.message == "Required.":
        return _("This field is required.")
    if "characters; the maximum" in problem.message or problem.message.startswith("Longer than"):
        return _("The text is too long. Shorten it.")
    # Other problems use the messages of person records, which share these field types.
    return _text_by_field(last) or person_problem_text(problem)


def _text_by_code(code: str) -> str:
    return {
        "required": _("Enter text in at least one language."),
        "id_taken": _("This ID is taken. Choose another one."),
        "id_merged": _("This ID belongs to a merged record and redirects elsewhere. Choose another one."),
        "unknown_term": _("Term not found. Choose one from the list."),
        "unknown_place": _("Place not found. Choose one from the list."),
        "cycle": _("A record cannot be part of itself. Change the broader record first."),
        "unfinished": _("Another merge of one of the records was interrupted. Finish or undo it first."),
        "same": _("These are the same record. Choose another one."),
        "vocabulary": _("Terms from different vocabularies cannot be merged."),
    }.get(code, "")


def _text_by_field(name: str) -> str:
    if name in ("founded", "dissolved", "period"):
        return _("Enter a date such as 1885, 1885-09-18, 1141~ or 1900/1910.")
    if name in ("lat", "lon"):
        return _("Enter decimal degrees, for example 40.4093. Latitude is up to 90, longitude up to 180.")
    if name in ("website", "URL"):
        return _("Enter the full web address, starting with https://.")
    if name in ("id", "broader", "inverse", "place"):
        return _("Use only lower-case letters a–z, digits and hyphens.")
    if name in ("kind", "type", "country", "vocabulary"):
        return _("Choose an option from the list.")
    return ""
