"""The page that plays a film or recording of another site after the reader agrees."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask import request, url_for

from biobank.bootstrap import Services
from biobank.errors import NotFound
from biobank.http.security_headers import CONTENT_SECURITY_POLICY
from biobank.records.media.urls import sha_from_url
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.web.core.gettext import _
from biobank.web.core.players import Player, Recording, make_recording
from biobank.web.core.urls import person_url

#: CSP directive that each kind of player needs.
CSP_DIRECTIVES: Final = {"frame": "frame-src", "video": "media-src", "audio": "media-src"}


@dataclass(frozen=True)
class PlayerPage:
    """A player page; unless it `plays`, it names the host that would be contacted."""

    name: str
    person_url: str
    item: Recording
    plays: bool
    play_url: str


def make_player_page(services: Services, person_id: str, number: int, lang: str) -> PlayerPage:
    """Build the page of media entry `number`, counted from 1, of a public person.

    Raises:
        NotFound: if there is no such film or recording.
    """
    with services.database.read() as session:
        record = queries.load_record(session, person_id)
    media = record.get("media", ()) if record else ()
    entry = media[number - 1] if number <= len(media) else None
    if record is None or entry is None or entry["type"] == "image" or sha_from_url(entry["url"]):
        raise NotFound(_("Recording not found."))
    item = make_recording(number, entry, lang)
    return PlayerPage(
        name=preferred_name(record, lang),
        person_url=person_url(person_id, lang),
        item=item,
        plays="play" in request.args and bool(item.player_host) and _is_same_origin_navigation(),
        play_url=url_for("web.player", lang=lang, person_id=person_id, number=number, play=1),
    )


def player_policy(player: Player) -> str:
    """Return the default policy extended by the one host of the player."""
    return f"{CONTENT_SECURITY_POLICY}; {CSP_DIRECTIVES[player.kind]} {player.origin}"


def _is_same_origin_navigation() -> bool:
    """Return whether the request comes from a page of this site, which named the host.

    A shared link therefore plays nothing by itself.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    # Over plain HTTP, browsers send only the Referer header.
    try:
        return urlsplit(request.headers.get("Referer", "")).netloc == request.host
    except ValueError:
        return False
