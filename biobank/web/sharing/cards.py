"""Social cards of people and of the bank: loaded, rendered one at a time, and cached.

A card takes some 70 ms of CPU time, so a burst of requests for different ones could occupy every
thread of a worker. Therefore only two threads may wait; further requests are rejected as busy, so
that the worker keeps serving pages.
"""

from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import replace
from threading import Lock

from cachetools import LRUCache
from flask import current_app

from biobank.errors import Busy, NotFound
from biobank.http.extensions import services
from biobank.records.people import queries
from biobank.web.core.gettext import _
from biobank.web.core.social_meta import BankCardText, CardText, ShareCard, make_person_card
from biobank.web.sharing.drawing import render_bank_card, render_person_card
from biobank.web.sharing.typesetting import SANS, SERIF, SERIF_TEXT, drop_missing_glyphs, has_all_glyphs

#: Maximum bytes of cached images per process: about two hundred images.
MAX_CACHE_BYTES = 16_000_000
#: Threads that may wait for the rendering one; a worker has four, so one is left for pages.
MAX_WAITING_THREADS = 2
#: Seconds that a thread waits; rendering takes about 0.1.
RENDER_WAIT_SECONDS = 3.0


class RenderCache:
    """Least-recently-used cache of images by their content key."""

    def __init__(self, max_bytes: int = MAX_CACHE_BYTES, max_waiting: int = MAX_WAITING_THREADS) -> None:
        self._images: LRUCache[Hashable, bytes] = LRUCache(max_bytes, getsizeof=len)
        self._max_waiting = max_waiting
        self._waiting = 0
        self._state_lock, self._render_lock = Lock(), Lock()

    def get_or_render(self, key: Hashable, render: Callable[[], bytes]) -> bytes:
        """Return the image of `key`, rendered if it is not cached.

        Raises:
            Busy: if too many threads wait already, or the wait times out.
        """
        if (cached := self._get(key)) is not None:
            return cached
        self._acquire_render_lock()
        try:
            # Another thread may have rendered the same image meanwhile.
            cached = self._get(key)
            return self._store(key, render()) if cached is None else cached
        finally:
            self._render_lock.release()

    def _acquire_render_lock(self) -> None:
        if self._render_lock.acquire(blocking=False):
            return
        with self._state_lock:
            if self._waiting >= self._max_waiting:
                raise Busy("Too many pictures are asked for at once.")
            self._waiting += 1
        try:
            if not self._render_lock.acquire(timeout=RENDER_WAIT_SECONDS):
                raise Busy("Too many pictures are asked for at once.")
        finally:
            with self._state_lock:
                self._waiting -= 1

    def _get(self, key: Hashable) -> bytes | None:
        with self._state_lock:
            return self._images.get(key)

    def _store(self, key: Hashable, image: bytes) -> bytes:
        # An image that is larger than the whole cache is not stored.
        with self._state_lock, suppress(ValueError):
            self._images[key] = image
        return image


def render_cache() -> RenderCache:
    """Return the cache of the current app."""
    cache: RenderCache = current_app.extensions.setdefault("biobank-card-cache", RenderCache())
    return cache


def load_person_card(person_id: str, lang: str) -> ShareCard:
    """Load the card of a public person.

    Raises:
        NotFound: if there is no such person.
    """
    with services.database.read() as session:
        record = queries.load_record(session, person_id)
        if record is None:
            raise NotFound(_("Biography not found."))
        return make_person_card(session, record, lang)


def render_card(card: ShareCard) -> bytes:
    """Return the card as PNG, rendered or from the cache.

    Raises:
        Busy: if too many cards are being rendered.
    """
    return render_cache().get_or_render(card, lambda: _render(card))


def _render(card: ShareCard) -> bytes:
    if isinstance(card.text, BankCardText):
        return render_bank_card(card.text)
    chosen = card.portrait
    content = services.media.read(chosen.sha, str(chosen.size)) if chosen else None
    return render_person_card(drawable_text(card.text), content)


def drawable_text(text: CardText) -> CardText:
    """Return the text without characters that the fonts lack."""
    return replace(
        text,
        name=_drawable_name(text),
        years=drop_missing_glyphs(text.years, SERIF_TEXT),
        headline=drop_missing_glyphs(text.headline, SERIF_TEXT),
        credit=drop_missing_glyphs(text.credit, SANS),
    )


def _drawable_name(text: CardText) -> str:
    """Return the first name that the font can draw, else the id."""
    drawable = (name for name in (text.name, *text.other_names) if has_all_glyphs(name, SERIF))
    chosen = " ".join(next(drawable, "").split()) or drop_missing_glyphs(text.name, SERIF)
    readable = any(character.isalpha() for character in chosen)
    return chosen if readable else text.id.replace("-", " ").title()
