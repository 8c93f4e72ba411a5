"""Players of films and recordings of other sites, and the host that each contacts.

Nothing is loaded before the reader clicks on a page that names the host.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

from biobank.i18n import best_with_language
from biobank.web.media.portraits import Credit, credit_of, host_of

Way = Literal["frame", "video", "audio", "link"]

#: Players of media files, by the extension in the URL.
FILES: Final[Mapping[str, Way]] = {
    **dict.fromkeys((".mp4", ".m4v", ".webm", ".ogv"), "video"),
    **dict.fromkeys((".mp3", ".ogg", ".oga", ".opus", ".wav", ".m4a", ".flac"), "audio"),
}
#: ASCII host names only: they are inserted into the content security policy.
HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9-]+(\.[a-z0-9-]+)+\Z")
YOUTUBE = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{11})\Z", re.ASCII)
YOUTUBE_ID = re.compile(r"[\w-]{11}\Z", re.ASCII)
VIMEO = re.compile(r"/(?:video/)?(\d{1,12})(?:/([0-9a-f]{6,20}))?\Z", re.ASCII)
YOUTUBE_HOSTS: Final = frozenset(("youtube.com", "m.youtube.com", "youtube-nocookie.com"))
VIMEO_HOSTS: Final = frozenset(("vimeo.com", "player.vimeo.com"))


@dataclass(frozen=True)
class Player:
    """A player of an external recording: a frame, a file, or a `link` to the other site.

    `src` is loaded from `origin` only; both are empty for a link.
    """

    way: Way
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
    asked: str
    credit: Credit


@dataclass(frozen=True)
class Elsewhere:
    """An image of another site, which is linked to and never loaded."""

    title: str
    title_lang: str
    url: str
    host: str
    credit: Credit


def recording_of(number: int, part: Mapping[str, Any], lang: str) -> Recording:
    title, title_lang = best_with_language(part.get("alt"), lang)
    player = player_of(part["type"], part["url"])
    return Recording(
        number=number,
        type=part["type"],
        title=title,
        title_lang=title_lang,
        url=part["url"],
        host=host_of(part["url"]),
        player=player,
        asked=player.origin.partition("//")[2],
        credit=credit_of(part, lang),
    )


def elsewhere_of(part: Mapping[str, Any], lang: str) -> Elsewhere:
    title, title_lang = best_with_language(part.get("alt"), lang)
    return Elsewhere(title, title_lang, part["url"], host_of(part["url"]), credit_of(part, lang))


def player_of(kind: str, address: str) -> Player:
    """Return the player of the film (`video`) or recording (`audio`) at `address`."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return Player("link")
    plain = parts.scheme in ("http", "https") and "@" not in parts.netloc
    if not plain or not HOST.fullmatch(host):
        return Player("link")
    if frame := _frame(host.removeprefix("www."), parts.path, parts.query):
        return frame
    way = FILES.get(parts.path[parts.path.rfind(".") :].lower())
    if way is None:
        return Player("link")
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    # An Ogg file may be audio or video; the record says which.
    return Player("audio" if kind == "audio" else way, address, origin)


def _frame(host: str, path: str, query: str) -> Player | None:
    """Return the cookie-free player of YouTube or Vimeo, or None for other sites."""
    if host in YOUTUBE_HOSTS or host == "youtu.be":
        found = YOUTUBE.fullmatch(path)
        id_ = found[1] if found else parse_qs(query).get("v", [""])[0]
        if host == "youtu.be":
            id_ = path.removeprefix("/")
        origin = "https://www.youtube-nocookie.com"
        if YOUTUBE_ID.fullmatch(id_):
            return Player("frame", f"{origin}/embed/{id_}", origin)
    if host in VIMEO_HOSTS and (film := VIMEO.fullmatch(path)):
        origin = "https://player.vimeo.com"
        key = f"&h={film[2]}" if film[2] else ""
        return Player("frame", f"{origin}/video/{film[1]}?dnt=1{key}", origin)
    return None
