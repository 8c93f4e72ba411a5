"""Routes of pictures: adding, describing, attaching to people and removing."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from biobank.access import identity, permits
from biobank.accounts.policy import Action
from biobank.editorial import picture_uses, pictures
from biobank.errors import EditConflict, PictureRefused, RecordRefused
from biobank.extensions import services
from biobank.web.account.forms import typed
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.page import Mistake
from biobank.web.desk.pictures.pages import (
    conflict,
    meant_for,
    picture_page,
    pictures_page,
    sent_file,
    typed_details,
)
from biobank.web.desk.pictures.person import picture_person_page
from biobank.web.desk.review.message import PICTURE_PUT
from biobank.web.desk.review.record import desk_url

#: The largest id of a 32-bit integer column in both databases.
ID = "<int(max=2147483647):picture_id>"


@blueprint.get(f"/{LANG}/desk/pictures")
@permits(Action.ADD_MEDIA)
def desk_pictures(lang: str) -> ResponseReturnValue:
    return pictures_page()


@blueprint.post(f"/{LANG}/desk/pictures")
@permits(Action.ADD_MEDIA)
def desk_pictures_send(lang: str) -> ResponseReturnValue:
    database, folder, who = services.database, services.media, identity()
    try:
        added = pictures.add(database, folder, who, sent_file(), typed_details())
    except PictureRefused as error:
        return pictures_page(error)
    if person_id := meant_for():
        ask = url_for("web.desk_picture_person", lang=lang, picture_id=added.id, q=person_id)
        return redirect(ask, 303)
    return _to_picture(lang, added.id, known=None if added.is_new else 1)


@blueprint.get(f"/{LANG}/desk/pictures/{ID}")
@permits(Action.ADD_MEDIA)
def desk_picture(lang: str, picture_id: int) -> ResponseReturnValue:
    return picture_page(picture_id)


@blueprint.post(f"/{LANG}/desk/pictures/{ID}")
@permits(Action.ADD_MEDIA)
def desk_picture_send(lang: str, picture_id: int) -> ResponseReturnValue:
    """Update the details of a picture or remove it, by the button that was pressed."""
    try:
        if typed("do") == "remove":
            pictures.remove(services.database, services.media, identity(), picture_id)
            return redirect(url_for("web.desk_pictures", lang=lang), 303)
        pictures.change(services.database, identity(), picture_id, typed_details())
    except PictureRefused as error:
        return picture_page(picture_id, error)
    return _to_picture(lang, picture_id)


@blueprint.get(f"/{LANG}/desk/pictures/{ID}/person")
@permits(Action.ADD_MEDIA)
def desk_picture_person(lang: str, picture_id: int) -> ResponseReturnValue:
    return picture_person_page(picture_id)


@blueprint.post(f"/{LANG}/desk/pictures/{ID}/person")
@permits(Action.ADD_MEDIA)
def desk_picture_person_send(lang: str, picture_id: int) -> ResponseReturnValue:
    person_id, base, message = typed("person"), _number("base"), PICTURE_PUT
    put, who = picture_uses.put_on, identity()
    first = typed("portrait") == "1"
    try:
        put(services.database, who, picture_id, person_id, base, as_portrait=first, message=message)
    except EditConflict:
        return picture_person_page(picture_id, conflict(), person_id)
    except RecordRefused as error:
        return picture_person_page(picture_id, [Mistake(str(error))], person_id)
    # On that page the draft is checked and submitted for review.
    return redirect(desk_url(person_id, lang), 303)


def _number(name: str) -> int:
    """Return the integer of a hidden field; 0, the number of no revision, for anything else."""
    text = typed(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _to_picture(lang: str, picture_id: int, known: int | None = None) -> Response:
    url = url_for("web.desk_picture", lang=lang, picture_id=picture_id, known=known)
    return redirect(url, 303)
