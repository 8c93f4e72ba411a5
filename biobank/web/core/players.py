"""Players of films and recordings of other sites, and the host that each contacts.

Nothing is loaded before the reader clicks on a page that names the host.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

from biobank.common.i18n import best_with_language
from biobank.web.core.pictures import Credit, display_host, make_credit

PlayerKind = Literal["frame", "video", "audio", "link"]

#: Players of media files, by the extension in the URL.
FILE_PLAYERS: Final[Mapping[str, PlayerKind]] = {
    **dict.fromkeys((".mp4", ".m4v", ".webm", ".ogv"), "video"),
    **dict.fromkeys((".mp3", ".ogg", ".oga", ".opus", ".wav", ".m4a", ".flac"), "audio"),
}
#: ASCII host names only: they are inserted into the content security policy.
HOST_PATTERN = re.compile(r"(?=.{1,253}\Z)[a-z0-9-]+(\.[a-z0-9-]+)+\Z")
YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{11})\Z", re.ASCII)
YOUTUBE_ID_PATTERN = re.compile(r"[\w-]{11}\Z", re.ASCII)
VIMEO_PATH = re.compile(r"/(?:video/)?(\d{1,12})(?:/([0-9a-f]{6,20}))?\Z", re.ASCII)
YOUTUBE_HOSTS: Final = frozenset(("youtube.com", "m.youtube.com", "youtube-nocookie.com"))
VIMEO_HOSTS: Final = frozenset(("vimeo.com", "player.vimeo.com"))


@dataclass(frozen=True)
class Player:
    """A player of an external recording: a frame, a file, or a `link` to the other site.

    `src` is loaded from `origin` only; both are empty for a link.
    """

    kind: PlayerKind
    src: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Recording:
    """A film or recording of another site; `number` is its position in the record, from 1."""

    number: int
    type: str
    title: str
    title_lang: str
    url: str
    #: Host of the URL; `player_host` is the one that the player contacts.
    host: str
    player: Player
    player_host: str
    credit: Credit


@dataclass(frozen=True)
class ExternalImage:
    """An image of another site, which is linked to and never loaded."""

    title: str
    title_lang: str
    url: str
    host: str
    credit: Credit


def make_recording(number: int, entry: Mapping[str, Any], lang: str) -> Recording:
    title, title_lang = best_with_language(entry.get("alt"), lang)
    player = resolve_player(entry["type"], entry["url"])
    return Recording(
        number=number,
        type=entry["type"],
        title=title,
        title_lang=title_lang,
        url=entry["url"],
        host=display_host(entry["url"]),
        player=player,
        player_host=player.origin.partition("//")[2],
        credit=make_credit(entry, lang),
    )


def make_external_image(entry: Mapping[str, Any], lang: str) -> ExternalImage:
    title, title_lang = best_with_language(entry.get("alt"), lang)
    return ExternalImage(
        title, title_lang, entry["url"], display_host(entry["url"]), make_credit(entry, lang)
    )


def resolve_player(media_type: str, address: str) -> Player:
    """Return the player of the film (`video`) or recording (`audio`) at `address`."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return Player("link")
    is_plain = parts.scheme in ("http", "https") and "@" not in parts.netloc
    if not is_plain or not HOST_PATTERN.fullmatch(host):
        return Player("link")
    if frame := _frame_player(host.removeprefix("www."), parts.path, parts.query):
        return frame
    kind = FILE_PLAYERS.get(parts.path[parts.path.rfind(".") :].lower())
    if kind is None:
        return Player("link")
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    # An Ogg file may be audio or video; the record says which.
    return Player("audio" if media_type == "audio" else kind, address, origin)


def _frame_player(host: str, path: str, query: str) -> Player | None:
    """Return the cookie-free player of YouTube or Vimeo, or None for other sites."""
    if host in YOUTUBE_HOSTS or host == "youtu.be":
        youtube_match = YOUTUBE_PATH.fullmatch(path)
        id_ = youtube_match[1] if youtube_match else parse_qs(query).get("v", [""])[0]
        if host == "youtu.be":
            id_ = path.removeprefix("/")
        origin = "https://www.youtube-nocookie.com"
        if YOUTUBE_ID_PATTERN.fullmatch(id_):
            return Player("frame", f"{origin}/embed/{id_}", origin)
    if host in VIMEO_HOSTS and (vimeo_match := VIMEO_PATH.fullmatch(path)):
        origin = "https://player.vimeo.com"
        key = f"&h={vimeo_match[2]}" if vimeo_match[2] else ""
        return Player("frame", f"{origin}/video/{vimeo_match[1]}?dnt=1{key}", origin)
    return None
