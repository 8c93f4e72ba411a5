"""The media of a person page: pictures and recordings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from biobank.access import action_of
from biobank.accounts.policy import Action
from biobank.records.media.addresses import sha_of
from biobank.records.media.queries import by_sha, is_public
from biobank.web.media.players import Elsewhere, Recording, elsewhere_of, recording_of
from biobank.web.media.portraits import PictureView, pictures_of


@dataclass(frozen=True)
class MediaView:
    """Media of a person: the portrait for the page header, the rest below the biography."""

    portrait: PictureView | None
    pictures: tuple[PictureView, ...]
    recordings: tuple[Recording, ...]
    elsewhere: tuple[Elsewhere, ...]
    #: Whether recordings may play: only those of the current revision.
    plays: bool

    @property
    def is_any(self) -> bool:
        return bool(self.portrait or self.recordings or self.elsewhere)


def make_media(
    session: Session, media: Sequence[Mapping[str, Any]], lang: str, *, past: bool = False
) -> MediaView:
    """Build the media of a record or of a `past` revision.

    Public pages show only pictures that are public now; pages of the desk show all.
    """
    shas = {sha for part in media if (sha := sha_of(part["url"]))}
    if action_of(request.endpoint) is Action.READ_PUBLIC:
        shas = {sha for sha in shas if is_public(session, sha)}
    pictures = pictures_of(media, by_sha(session, shas) if shas else {}, lang)
    others = [(number, part) for number, part in enumerate(media, 1) if not sha_of(part["url"])]
    return MediaView(
        portrait=pictures[0] if pictures else None,
        pictures=pictures[1:],
        recordings=tuple(
            recording_of(number, part, lang) for number, part in others if part["type"] != "image"
        ),
        elsewhere=tuple(elsewhere_of(part, lang) for _, part in others if part["type"] == "image"),
        plays=not past,
    )
