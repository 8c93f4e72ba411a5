"""Social cards of pages: their content, URL and version."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from biobank.errors import NotFound
from biobank.extensions import services
from biobank.i18n import best
from biobank.records.media.addresses import portrait_of, sha_of
from biobank.records.media.queries import by_sha
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.web.links import absolute
from biobank.web.media.portraits import credit_of
from biobank.web.sharing.bank_card import BankText, draw_bank
from biobank.web.sharing.canvas import HEIGHT, WIDTH
from biobank.web.sharing.easel import easel
from biobank.web.sharing.person_card import PORTRAIT, CardText, draw_person
from biobank.web.sharing.typesetting import SANS, SERIF, SERIF_TEXT, drawable, is_whole
from biobank.web.text import _
from biobank.web.words import years

#: Incremented with every change of the design: it is part of the version in card URLs.
DESIGN = 1


@dataclass(frozen=True)
class Picture:
    """An image for page metadata; `url` is absolute and includes the version."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Portrait:
    """A stored picture and the size of it that a card uses."""

    sha: str
    size: int


@dataclass(frozen=True)
class Card:
    """The content of a card; equal content renders to equal bytes."""

    text: CardText | BankText
    portrait: Portrait | None = None

    @property
    def version(self) -> str:
        return sha256(repr((DESIGN, self)).encode()).hexdigest()[:10]


def person_card(session: Session, record: Mapping[str, Any], lang: str) -> Card:
    """Build the card of a public record."""
    portrait = _portrait(session, record)
    text = CardText(
        id=record["id"],
        name=_name(record, lang),
        years=drawable(_years(record, lang), SERIF_TEXT),
        headline=drawable(best(record.get("headline"), lang), SERIF_TEXT),
        bank=_("Azerbaijani Biography Bank"),
        credit=drawable(_credit(record, lang), SANS) if portrait else "",
    )
    return Card(text, portrait)


def person_card_of(person_id: str, lang: str) -> Card:
    """Load the card of a public person.

    Raises:
        NotFound: if there is no such person.
    """
    with services.database.read() as session:
        record = queries.record(session, person_id)
        if record is None:
            raise NotFound(_("There is no such person in the bank."))
        return person_card(session, record, lang)


def bank_card() -> Card:
    """Build the card of the bank, in the language of the request."""
    return Card(BankText(_("Azerbaijani Biography Bank"), _("Lives of notable Azerbaijanis")))


def drawn(card: Card) -> bytes:
    """Return the card as PNG, rendered or from the cache.

    Raises:
        Busy: if too many cards are being rendered.
    """
    return easel().picture(card, lambda: _draw(card))


def person_picture(card: Card, lang: str) -> Picture:
    assert isinstance(card.text, CardText)
    text = card.text
    name = f"{text.name} ({text.years})" if text.years else text.name
    url = url_for("web.person_card", lang=lang, person_id=text.id, v=card.version)
    return Picture(absolute(url), WIDTH, HEIGHT, ". ".join(filter(None, (name, text.headline))))


def bank_picture(lang: str) -> Picture:
    card = bank_card()
    assert isinstance(card.text, BankText)
    url = url_for("web.bank_card", lang=lang, v=card.version)
    return Picture(absolute(url), WIDTH, HEIGHT, f"{card.text.name}. {card.text.line}")


def _draw(card: Card) -> bytes:
    if isinstance(card.text, BankText):
        return draw_bank(card.text)
    chosen = card.portrait
    content = services.media.read(chosen.sha, str(chosen.size)) if chosen else None
    return draw_person(card.text, content)


def _name(record: Mapping[str, Any], lang: str) -> str:
    """Return the preferred name, else a form that the font can draw, else the id."""
    forms = [preferred_name(record, lang), *(name["text"] for name in record["names"])]
    whole = (" ".join(form.split()) for form in forms if is_whole(form, SERIF))
    found = next(whole, "") or drawable(forms[0], SERIF)
    readable = any(character.isalpha() for character in found)
    return found if readable else record["id"].replace("-", " ").title()


def _years(record: Mapping[str, Any], lang: str) -> str:
    birth, death = ((record.get(role) or {}).get("date") for role in ("birth", "death"))
    return years(birth, death, lang, living="death" not in record)


def _portrait(session: Session, record: Mapping[str, Any]) -> Portrait | None:
    """Return the portrait of the record if its files are stored here."""
    sha = portrait_of(record)
    found = by_sha(session, [sha]).get(sha) if sha else None
    if found is None or not services.media.has(sha):
        return None
    # At least as many pixels as on the card; it is scaled down when drawn.
    enough = (size for size in found.sizes if size >= max(PORTRAIT))
    return Portrait(sha, next(enough, found.sizes[-1]))


def _credit(record: Mapping[str, Any], lang: str) -> str:
    """Return author and licence of the portrait."""
    part = next(part for part in record["media"] if sha_of(part["url"]) == portrait_of(record))
    its = credit_of(part, lang)
    return " · ".join(text for text in (its.author, its.licence) if text)
