"""The page on which a film or recording of another site plays, once a reader said so."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask import request, url_for

from biobank.bootstrap import Services
from biobank.errors import NotFound
from biobank.records.media.addresses import sha_of
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.security import POLICY
from biobank.web.links import person_url
from biobank.web.media.players import Player, Recording, recording_of
from biobank.web.text import _

#: What a policy lets each way of playing ask for.
DIRECTIVES: Final = {"frame": "frame-src", "video": "media-src", "audio": "media-src"}


@dataclass(frozen=True)
class PlayerPage:
    """`plays` whether the player itself is on the page; else it says who would be asked."""

    name: str
    person_url: str
    item: Recording
    plays: bool
    play_url: str


def make_player_page(services: Services, person_id: str, number: int, lang: str) -> PlayerPage:
    """The film or recording that is the entry `number`, from 1, of a public person's media.

    Raises:
        NotFound: where there is none.
    """
    with services.database.read() as session:
        record = queries.record(session, person_id)
    media = record.get("media", ()) if record else ()
    part = media[number - 1] if number <= len(media) else None
    if record is None or part is None or part["type"] == "image" or sha_of(part["url"]):
        raise NotFound(_("There is no such recording in the bank."))
    item = recording_of(number, part, lang)
    return PlayerPage(
        name=preferred_name(record, lang),
        person_url=person_url(person_id, lang),
        item=item,
        plays="play" in request.args and bool(item.asked) and _comes_from_here(),
        play_url=url_for("web.player", lang=lang, person_id=person_id, number=number, play=1),
    )


def policy_of(player: Player) -> str:
    """The bank's own policy, and besides it exactly the one host that plays."""
    return f"{POLICY}; {DIRECTIVES[player.way]} {player.origin}"


def _comes_from_here() -> bool:
    """Whether a page of the bank led here, which told who would be asked.

    An address that somebody sends around plays nothing by itself.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    # Browsers say where one comes from in the older way where the bank is served by plain http.
    try:
        return urlsplit(request.headers.get("Referer", "")).netloc == request.host
    except ValueError:
        return False
