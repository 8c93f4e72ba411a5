"""The pages of pictures: the list, one picture, and the choice of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts.clock import as_utc
from biobank.accounts.policy import Action, allows
from biobank.editorial.picture_uses import Use, entry_of, uses
from biobank.editorial.pictures import Details, find
from biobank.errors import PictureRefused
from biobank.extensions import services
from biobank.i18n import LANGUAGE_NAMES, LANGUAGES, best
from biobank.records.fields import ID_PATTERN
from biobank.records.media.addresses import SQUARE, file_address, picture_address
from biobank.records.media.licences import LICENCES
from biobank.records.media.models import ALT_MOST, AUTHOR_MOST, SOURCE_MOST, Picture
from biobank.records.media.queries import PAGE, page
from biobank.records.media.reading import BYTES_MOST
from biobank.records.people.mapping import preferred_name
from biobank.web.account.forms import typed
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.desk.pictures.words import picture_mistakes
from biobank.web.desk.review.record import desk_url
from biobank.web.links import with_parameters
from biobank.web.media.portraits import PictureView, picture_view
from biobank.web.paging import make_paging, page_of
from biobank.web.text import _
from biobank.web.words import day_words


@dataclass(frozen=True)
class PictureRow:
    """A picture in the list of all pictures."""

    url: str
    square: str
    alt: str
    line: str


@dataclass(frozen=True)
class UseRow:
    """A record that shows the picture; `url` is its page at the desk."""

    person_id: str
    name: str
    url: str
    number: int
    use: Use


def typed_details() -> Details:
    """Return the submitted details, one character beyond each limit so that excess is reported."""
    return Details(
        licence=typed("licence"),
        author=typed("author", AUTHOR_MOST + 1),
        source=typed("source", SOURCE_MOST + 1),
        alt={lang: typed(f"alt-{lang}", ALT_MOST + 1) for lang in LANGUAGES},
    )


def sent_file() -> bytes:
    """Return the content of the uploaded file, at most one byte beyond the limit."""
    sent = request.files.get("file")
    return sent.stream.read(BYTES_MOST + 1) if sent else b""


def meant_for() -> str:
    """Return the id of the person the picture is added for; empty if there is none."""
    text = typed("person") if request.form else request.args.get("person", "")
    return text if ID_PATTERN.fullmatch(text) else ""


def pictures_page(refused: PictureRefused | None = None) -> ResponseReturnValue:
    """Render the list of pictures, newest first, and the upload form, refilled after an error."""
    number = page_of(request.args)
    own = identity().user_id if "own" in request.args else None
    with services.database.read() as session:
        found, total = page(session, number, own)
        rows = [_row(picture) for picture in found]
    return render_desk(
        "pictures.html",
        _("Pictures"),
        picture_mistakes(refused) if refused else (),
        rows=rows,
        total=total,
        own=own is not None,
        person=meant_for(),
        paging=make_paging(number, PAGE, total, _page_url),
        details=typed_details() if refused else Details("", "", "", {}),
        **_form(),
    )


def picture_page(picture_id: int, refused: PictureRefused | None = None) -> ResponseReturnValue:
    """Render one picture with its details, its uses and the possible actions."""
    with services.database.read() as session:
        picture = find(session, picture_id)
        used = [_use_row(use) for use in uses(session, picture)]
    own = picture.uploader_id is not None and picture.uploader_id == identity().user_id
    state = "own" if own else "another's"
    said = Details(picture.licence, picture.author, picture.source, picture.alt)
    return render_desk(
        "picture.html",
        best(picture.alt, g.lang),
        picture_mistakes(refused) if refused else (),
        picture=picture,
        view=_view(picture),
        address=picture_address(picture.sha),
        added=day_words(as_utc(picture.at), g.lang),
        uses=used,
        removable=not used and allows(identity(), Action.REMOVE_MEDIA, state),
        details=typed_details() if refused and refused.problems else said,
        **_form(),
    )


def shown_picture(picture_id: int) -> PictureView:
    """Return the view of a picture.

    Raises:
        NotFound: if there is no such picture.
    """
    with services.database.read() as session:
        return _view(find(session, picture_id))


def picture_url(picture_id: int) -> str:
    return url_for("web.desk_picture", lang=g.lang, picture_id=picture_id)


def conflict() -> Sequence[Mistake]:
    """Return the error message for a record that was saved meanwhile."""
    text = _("Somebody saved this record meanwhile; here it is as it is now. Try again.")
    return [Mistake(text)]


def _view(picture: Picture) -> PictureView:
    return picture_view(picture, entry_of(picture), g.lang)


def _row(picture: Picture) -> PictureRow:
    licence = LICENCES.get(picture.licence)
    return PictureRow(
        url=picture_url(picture.id),
        square=file_address(picture.sha, SQUARE),
        alt=best(picture.alt, g.lang),
        line=f"{picture.author} · {licence.label(g.lang) if licence else picture.licence}",
    )


def _use_row(use: Use) -> UseRow:
    return UseRow(
        person_id=use.person_id,
        name=preferred_name(use.record, g.lang),
        url=desk_url(use.person_id, g.lang),
        number=use.number,
        use=use,
    )


def _form() -> dict[str, Any]:
    """Return the options and limits of the details form."""
    return {
        "licences": [(licence.id, licence.label(g.lang)) for licence in LICENCES.values()],
        "languages": LANGUAGE_NAMES,
        "bytes_most": BYTES_MOST,
        "author_most": AUTHOR_MOST,
        "source_most": SOURCE_MOST,
        "alt_most": ALT_MOST,
    }


def _page_url(number: int) -> str:
    parameters = [("own", "1")] if "own" in request.args else []
    url = url_for("web.desk_pictures", lang=g.lang)
    return with_parameters(url, [*parameters, ("page", str(number))])
