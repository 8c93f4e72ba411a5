"""The media of a person page: pictures and recordings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from biobank.accounts.policy import Action
from biobank.http.auth import action_for_endpoint
from biobank.records.media.queries import is_public, pictures_by_sha
from biobank.records.media.urls import sha_from_url
from biobank.web.core.pictures import PictureView, picture_views
from biobank.web.core.players import ExternalImage, Recording, make_external_image, make_recording


@dataclass(frozen=True)
class MediaView:
    """Media of a person: the portrait for the page header, the rest below the biography."""

    portrait: PictureView | None
    pictures: tuple[PictureView, ...]
    recordings: tuple[Recording, ...]
    external_images: tuple[ExternalImage, ...]
    #: Whether recordings may play: only those of the current revision.
    plays: bool

    @property
    def is_any(self) -> bool:
        return bool(self.portrait or self.recordings or self.external_images)


def make_media(
    session: Session, media: Sequence[Mapping[str, Any]], lang: str, *, past: bool = False
) -> MediaView:
    """Build the media of a record or of a `past` revision.

    Public pages show only pictures that are public now; pages of the desk show all.
    """
    shas = {sha for entry in media if (sha := sha_from_url(entry["url"]))}
    if action_for_endpoint(request.endpoint) is Action.READ_PUBLIC:
        shas = {sha for sha in shas if is_public(session, sha)}
    pictures = picture_views(media, pictures_by_sha(session, shas) if shas else {}, lang)
    external = [(number, entry) for number, entry in enumerate(media, 1) if not sha_from_url(entry["url"])]
    return MediaView(
        portrait=pictures[0] if pictures else None,
        pictures=pictures[1:],
        recordings=tuple(
            make_recording(number, entry, lang) for number, entry in external if entry["type"] != "image"
        ),
        external_images=tuple(
            make_external_image(entry, lang) for _, entry in external if entry["type"] == "image"
        ),
        plays=not past,
    )
