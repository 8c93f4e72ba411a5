"""The pages of pictures: the list, one picture, and the choice of a person; with their form and its errors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from biobank.accounts.policy import Action, is_allowed
from biobank.common.clock import as_utc
from biobank.common.i18n import LANGUAGE_NAMES, LANGUAGES, best_text
from biobank.editorial.models import Revision
from biobank.editorial.pictures import (
    PictureDetails,
    PictureUse,
    build_media_entry,
    find_picture_uses,
    get_picture,
)
from biobank.editorial.revisions.latest_revisions import load_latest_revisions, recently_edited_ids
from biobank.errors import FieldError, PictureRefused
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.fields import ID_PATTERN
from biobank.records.media.image_processing import MAX_PICTURE_BYTES
from biobank.records.media.licences import LICENCES
from biobank.records.media.models import (
    MAX_ALT_CHARS,
    MAX_MEDIA_AUTHOR_CHARS,
    MAX_MEDIA_SOURCE_CHARS,
    Picture,
)
from biobank.records.media.queries import PICTURES_PER_PAGE, list_pictures_page
from biobank.records.media.urls import SQUARE, picture_file_path, picture_path
from biobank.records.people.mapping import preferred_name
from biobank.search.query import MAX_QUERY_CHARS
from biobank.web.core.forms import read_line
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day, format_years
from biobank.web.core.pagination import make_pagination, page_number
from biobank.web.core.pictures import PictureView, picture_view
from biobank.web.core.urls import with_query
from biobank.web.desk.layout import render_desk
from biobank.web.desk.review.record_page import desk_person_url


@dataclass(frozen=True)
class PictureRow:
    """A picture in the list of all pictures."""

    url: str
    thumbnail_url: str
    alt: str
    summary: str


@dataclass(frozen=True)
class PictureUseRow:
    """A record that shows the picture; `url` is its page at the desk."""

    person_id: str
    name: str
    url: str
    number: int
    use: PictureUse


def submitted_details() -> PictureDetails:
    """Return the submitted details, one character beyond each limit so that excess is reported."""
    return PictureDetails(
        licence=read_line("licence"),
        author=read_line("author", MAX_MEDIA_AUTHOR_CHARS + 1),
        source=read_line("source", MAX_MEDIA_SOURCE_CHARS + 1),
        alt={lang: read_line(f"alt-{lang}", MAX_ALT_CHARS + 1) for lang in LANGUAGES},
    )


def uploaded_bytes() -> bytes:
    """Return the content of the uploaded file, at most one byte beyond the limit."""
    upload = request.files.get("file")
    return upload.stream.read(MAX_PICTURE_BYTES + 1) if upload else b""


def requested_person_id() -> str:
    """Return the id of the person the picture is added for; empty if there is none."""
    text = read_line("person") if request.form else request.args.get("person", "")
    return text if ID_PATTERN.fullmatch(text) else ""


def pictures_page(error: PictureRefused | None = None) -> ResponseReturnValue:
    """Render the list of pictures, newest first, and the upload form, refilled after an error."""
    number = page_number(request.args)
    own = identity().user_id if "own" in request.args else None
    with services.database.read() as session:
        pictures, total = list_pictures_page(session, number, own)
        rows = [_row(picture) for picture in pictures]
    return render_desk(
        "pictures/list.html",
        _("Pictures"),
        picture_errors(error) if error else (),
        rows=rows,
        total=total,
        own=own is not None,
        person=requested_person_id(),
        paging=make_pagination(number, PICTURES_PER_PAGE, total, _page_url),
        details=submitted_details() if error else PictureDetails("", "", "", {}),
        **_form_context(),
    )


def picture_page(picture_id: int, error: PictureRefused | None = None) -> ResponseReturnValue:
    """Render one picture with its details, its uses and the possible actions."""
    with services.database.read() as session:
        picture = get_picture(session, picture_id)
        use_rows = [_use_row(use) for use in find_picture_uses(session, picture)]
    own = picture.uploader_id is not None and picture.uploader_id == identity().user_id
    state = "own" if own else "another's"
    stored_details = PictureDetails(picture.licence, picture.author, picture.source, picture.alt)
    return render_desk(
        "pictures/picture.html",
        best_text(picture.alt, g.lang),
        picture_errors(error) if error else (),
        picture=picture,
        view=_view(picture),
        address=picture_path(picture.sha),
        added=format_day(as_utc(picture.at), g.lang),
        uses=use_rows,
        removable=not use_rows and is_allowed(identity(), Action.REMOVE_MEDIA, state),
        details=submitted_details() if error and error.problems else stored_details,
        **_form_context(),
    )


def get_picture_view(picture_id: int) -> PictureView:
    """Return the view of a picture.

    Raises:
        NotFound: if there is no such picture.
    """
    with services.database.read() as session:
        return _view(get_picture(session, picture_id))


def picture_url(picture_id: int) -> str:
    return url_for("desk.picture", lang=g.lang, picture_id=picture_id)


def conflict_errors() -> Sequence[FieldError]:
    """Return the error message for a record that was saved meanwhile."""
    text = _("Edit conflict: someone else saved this record. This is the current version. Try again.")
    return [FieldError(message=text)]


def _view(picture: Picture) -> PictureView:
    return picture_view(picture, build_media_entry(picture), g.lang)


def _row(picture: Picture) -> PictureRow:
    licence = LICENCES.get(picture.licence)
    return PictureRow(
        url=picture_url(picture.id),
        thumbnail_url=picture_file_path(picture.sha, SQUARE),
        alt=best_text(picture.alt, g.lang),
        summary=f"{picture.author} · {licence.label(g.lang) if licence else picture.licence}",
    )


def _use_row(use: PictureUse) -> PictureUseRow:
    return PictureUseRow(
        person_id=use.person_id,
        name=preferred_name(use.record, g.lang),
        url=desk_person_url(use.person_id, g.lang),
        number=use.number,
        use=use,
    )


def _form_context() -> dict[str, Any]:
    """Return the options and limits of the details form."""
    return {
        "licences": [(licence.id, licence.label(g.lang)) for licence in LICENCES.values()],
        "languages": LANGUAGE_NAMES,
        "max_bytes": MAX_PICTURE_BYTES,
        "max_author_chars": MAX_MEDIA_AUTHOR_CHARS,
        "max_source_chars": MAX_MEDIA_SOURCE_CHARS,
        "max_alt_chars": MAX_ALT_CHARS,
    }


def _page_url(number: int) -> str:
    parameters = [("own", "1")] if "own" in request.args else []
    url = url_for("desk.pictures", lang=g.lang)
    return with_query(url, [*parameters, ("page", str(number))])


#: Maximum number of people offered.
MAX_OFFERED_PEOPLE = 10


@dataclass(frozen=True)
class PicturePersonCandidate:
    """A person the picture may be attached to; `number` is the latest revision."""

    id: str
    name: str
    years: str
    headline: str
    number: int


def picture_person_page(
    picture_id: int, errors: Sequence[FieldError] = (), person_id: str = ""
) -> ResponseReturnValue:
    """Render the search results, the recently edited people, or the person of `person_id`."""
    question = request.args.get("q", "")[:MAX_QUERY_CHARS].strip()
    with services.database.read() as session:
        candidates = [_candidate(latest) for latest in _candidate_revisions(session, question, person_id)]
    return render_desk(
        "pictures/person.html",
        _("Attach to a record"),
        errors,
        view=get_picture_view(picture_id),
        picture_id=picture_id,
        back_url=picture_url(picture_id),
        question=question,
        candidates=candidates,
    )


def _candidate_revisions(session: Session, question: str, person_id: str) -> Iterable[Revision]:
    if person_id:
        ids = [person_id]
    elif question:
        # An exact id also finds drafts, which the search does not.
        suggestions = services.search.suggest(question, g.lang, MAX_OFFERED_PEOPLE)
        ids = [question, *(suggestion.id for suggestion in suggestions)]
    else:
        ids = recently_edited_ids(session, identity(), MAX_OFFERED_PEOPLE)
    return load_latest_revisions(session, ids)


def _candidate(latest: Revision) -> PicturePersonCandidate:
    record = latest.record
    birth, death = ((record.get(role) or {}).get("date") for role in ("birth", "death"))
    return PicturePersonCandidate(
        id=latest.person_id,
        name=preferred_name(record, g.lang),
        years=format_years(birth, death, g.lang, living="death" not in record),
        headline=best_text(record.get("headline"), g.lang),
        number=latest.number,
    )


#: Errors of the file, by code; shown at the file field.
FILE_ERROR_LABELS: Final = {
    "picture_missing": lazy_gettext("Choose a picture file."),
    "picture_heavy": lazy_gettext("The file is larger than 7.5 MB. Choose a smaller one."),
    "picture_unknown": lazy_gettext("The file is not a JPEG, PNG or WebP picture. Choose another file."),
    "picture_broken": lazy_gettext("The file is damaged. Save the picture again and upload the new file."),
    "picture_large": lazy_gettext("The picture has more than 40 million pixels. Make it smaller."),
    "picture_small": lazy_gettext("The picture is too small. Each side must be at least 64 pixels."),
    "picture_moves": lazy_gettext("Animated pictures are not accepted. Upload a single frame."),
}
#: Errors of the details, by field and code.
DETAIL_ERROR_LABELS: Final = {
    ("licence", "missing"): lazy_gettext("Choose a licence."),
    ("author", "missing"): lazy_gettext("Enter the author. If unknown, enter “Unknown”."),
    ("source", "missing"): lazy_gettext("Enter the source of the picture."),
    ("source", "bad"): lazy_gettext("Enter the full web address, starting with https://."),
}


def picture_errors(error: PictureRefused) -> list[FieldError]:
    """Return all error messages, that of the file first."""
    if error.code == "picture_used":
        text = _("This picture is in a record or in an earlier version of one, so it cannot be deleted.")
        return [FieldError(message=text)]
    errors = [
        FieldError(field_id(problem.path), message=_problem_text(problem)) for problem in error.problems
    ]
    if error.code in FILE_ERROR_LABELS:
        errors.insert(0, FieldError("file", message=str(FILE_ERROR_LABELS[error.code])))
    return errors


def field_id(path: str) -> str:
    """Return the input id of a path: `alt-az` for `alt.az`."""
    return path.replace(".", "-")


def _problem_text(problem: FieldError) -> str:
    label = DETAIL_ERROR_LABELS.get((problem.path, problem.code))
    if label is not None:
        return str(label)
    name, _dot, lang = problem.path.partition(".")
    if name == "alt" and problem.code == "missing":
        language = next(native_name for code, native_name in LANGUAGE_NAMES.items() if code == lang)
        return _("Describe the picture in every language. Missing: %(language)s.", language=language)
    return _("The text is too long. Shorten it.") if problem.code == "long" else problem.message
