"""Routes of pictures: adding, describing, attaching to people and removing."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from biobank.accounts.policy import Action
from biobank.editorial import pictures
from biobank.errors import EditConflict, FieldError, PictureRefused, RecordRefused
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.web.core.forms import read_line, read_number
from biobank.web.desk import blueprint
from biobank.web.desk.pictures.pages import (
    conflict_errors,
    picture_page,
    picture_person_page,
    pictures_page,
    requested_person_id,
    submitted_details,
    uploaded_bytes,
)
from biobank.web.desk.review.labels import PICTURE_ATTACHED
from biobank.web.desk.review.record_page import desk_person_url

#: The largest id of a 32-bit integer column in both databases.
PICTURE_ID = "<int(max=2147483647):picture_id>"


@blueprint.get("/pictures", endpoint="pictures")
@requires(Action.ADD_MEDIA)
def pictures_view(lang: str) -> ResponseReturnValue:
    return pictures_page()


@blueprint.post("/pictures")
@requires(Action.ADD_MEDIA)
def pictures_post(lang: str) -> ResponseReturnValue:
    database, folder, actor = services.database, services.media, identity()
    try:
        added = pictures.add_picture(database, folder, actor, uploaded_bytes(), submitted_details())
    except PictureRefused as error:
        return pictures_page(error)
    if person_id := requested_person_id():
        next_url = url_for("desk.picture_person", lang=lang, picture_id=added.id, q=person_id)
        return redirect(next_url, 303)
    return _redirect_to_picture(lang, added.id, known=None if added.is_new else 1)


@blueprint.get(f"/pictures/{PICTURE_ID}")
@requires(Action.ADD_MEDIA)
def picture(lang: str, picture_id: int) -> ResponseReturnValue:
    return picture_page(picture_id)


@blueprint.post(f"/pictures/{PICTURE_ID}")
@requires(Action.ADD_MEDIA)
def picture_post(lang: str, picture_id: int) -> ResponseReturnValue:
    """Update the details of a picture or remove it, by the button that was pressed."""
    try:
        if read_line("do") == "remove":
            pictures.delete_picture(services.database, services.media, identity(), picture_id)
            return redirect(url_for("desk.pictures", lang=lang), 303)
        pictures.update_picture(services.database, identity(), picture_id, submitted_details())
    except PictureRefused as error:
        return picture_page(picture_id, error)
    return _redirect_to_picture(lang, picture_id)


@blueprint.get(f"/pictures/{PICTURE_ID}/person")
@requires(Action.ADD_MEDIA)
def picture_person(lang: str, picture_id: int) -> ResponseReturnValue:
    return picture_person_page(picture_id)


@blueprint.post(f"/pictures/{PICTURE_ID}/person")
@requires(Action.ADD_MEDIA)
def picture_person_post(lang: str, picture_id: int) -> ResponseReturnValue:
    person_id, base, message = read_line("person"), read_number("base") or 0, PICTURE_ATTACHED
    attach, actor = pictures.attach_picture, identity()
    is_portrait = read_line("portrait") == "1"
    try:
        attach(
            services.database, actor, picture_id, person_id, base, as_portrait=is_portrait, message=message
        )
    except EditConflict:
        return picture_person_page(picture_id, conflict_errors(), person_id)
    except RecordRefused as error:
        return picture_person_page(picture_id, [FieldError(message=str(error))], person_id)
    # On that page the draft is checked and submitted for review.
    return redirect(desk_person_url(person_id, lang), 303)


def _redirect_to_picture(lang: str, picture_id: int, known: int | None = None) -> Response:
    url = url_for("desk.picture", lang=lang, picture_id=picture_id, known=known)
    return redirect(url, 303)
