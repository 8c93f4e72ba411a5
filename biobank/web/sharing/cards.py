"""Social cards of pages: their content, URL and version."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from biobank.common.i18n import best_text
from biobank.errors import NotFound
from biobank.http.extensions import services
from biobank.records.media.queries import pictures_by_sha
from biobank.records.media.urls import portrait_sha, sha_from_url
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_years
from biobank.web.core.pictures import make_credit
from biobank.web.core.social_meta import (
    CARD_HEIGHT,
    CARD_WIDTH,
    BankCardText,
    CardPortrait,
    CardText,
    ShareCard,
    SocialImage,
)
from biobank.web.core.urls import absolute_url
from biobank.web.sharing.bank_card import render_bank_card
from biobank.web.sharing.image_cache import render_cache
from biobank.web.sharing.person_card import PORTRAIT_SIZE, render_person_card
from biobank.web.sharing.typesetting import SANS, SERIF, SERIF_TEXT, drop_missing_glyphs, has_all_glyphs


def make_person_card(session: Session, record: Mapping[str, Any], lang: str) -> ShareCard:
    """Build the card of a public record."""
    portrait = _portrait(session, record)
    text = CardText(
        id=record["id"],
        name=_name(record, lang),
        years=drop_missing_glyphs(_years(record, lang), SERIF_TEXT),
        headline=drop_missing_glyphs(best_text(record.get("headline"), lang), SERIF_TEXT),
        bank=_("Azerbaijani Biography Bank"),
        credit=drop_missing_glyphs(_credit(record, lang), SANS) if portrait else "",
    )
    return ShareCard(text, portrait)


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


def person_social_image(card: ShareCard, lang: str) -> SocialImage:
    assert isinstance(card.text, CardText)
    text = card.text
    name = f"{text.name} ({text.years})" if text.years else text.name
    url = url_for("web.person_card", lang=lang, person_id=text.id, v=card.version)
    return SocialImage(
        absolute_url(url), CARD_WIDTH, CARD_HEIGHT, ". ".join(filter(None, (name, text.headline)))
    )


def _render(card: ShareCard) -> bytes:
    if isinstance(card.text, BankCardText):
        return render_bank_card(card.text)
    chosen = card.portrait
    content = services.media.read(chosen.sha, str(chosen.size)) if chosen else None
    return render_person_card(card.text, content)


def _name(record: Mapping[str, Any], lang: str) -> str:
    """Return the preferred name, else a form that the font can draw, else the id."""
    forms = [preferred_name(record, lang), *(name["text"] for name in record["names"])]
    drawable_forms = (" ".join(form.split()) for form in forms if has_all_glyphs(form, SERIF))
    chosen = next(drawable_forms, "") or drop_missing_glyphs(forms[0], SERIF)
    readable = any(character.isalpha() for character in chosen)
    return chosen if readable else record["id"].replace("-", " ").title()


def _years(record: Mapping[str, Any], lang: str) -> str:
    birth, death = ((record.get(role) or {}).get("date") for role in ("birth", "death"))
    return format_years(birth, death, lang, living="death" not in record)


def _portrait(session: Session, record: Mapping[str, Any]) -> CardPortrait | None:
    """Return the portrait of the record if its files are stored here."""
    sha = portrait_sha(record)
    picture = pictures_by_sha(session, [sha]).get(sha) if sha else None
    if picture is None or not services.media.has(sha):
        return None
    # At least as many pixels as on the card; it is scaled down when drawn.
    large_enough = (size for size in picture.sizes if size >= max(PORTRAIT_SIZE))
    return CardPortrait(sha, next(large_enough, picture.sizes[-1]))


def _credit(record: Mapping[str, Any], lang: str) -> str:
    """Return author and licence of the portrait."""
    entry = next(entry for entry in record["media"] if sha_from_url(entry["url"]) == portrait_sha(record))
    credit = make_credit(entry, lang)
    return " · ".join(text for text in (credit.author, credit.licence) if text)
