"""What the form of a record is made of: the one description that reading and drawing it go by.

It mirrors the record: a `Leaf` is one field, a `Part` has named ones, `Rows` repeat. A field's name
is its path with hyphens: `events[2].place` is `events-2-place`. Two things are flatter in a form
than in a record: identifiers are rows of catalogue and id, and a source is an id (`sources-1`) with
what is told of it where it is new (`sources-1-csl-title`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from biobank.i18n import LANGUAGES
from biobank.records.fields import BIOGRAPHY, LINE, PARAGRAPH

Kind = Literal["line", "passage", "markdown", "date", "address", "pick", "choice"]

#: Room for a label and an id: `Şuşa (susa)`.
PICK = 500
#: The field of a part that is named as the part itself.
SELF: Final = ""
#: Authors of a source, in one line.
AUTHORS = 1_000


@dataclass(frozen=True)
class Leaf:
    """One field. `of` says what a pick names, or from what is chosen.

    `start` is what a new row has in it; it alone makes no row worth keeping.
    """

    kind: Kind = "line"
    most: int = LINE
    of: str = ""
    start: str = ""


@dataclass(frozen=True)
class Part:
    """Fields by their keys; `by_language` where these are the three languages."""

    fields: Mapping[str, "Node"]
    by_language: bool = False


@dataclass(frozen=True)
class Rows:
    """A part that repeats, up to `most` times."""

    row: "Node"
    most: int


Node = Leaf | Part | Rows


def in_languages(leaf: Leaf) -> Part:
    return Part(dict.fromkeys(LANGUAGES, leaf), by_language=True)


def pick(of: str) -> Leaf:
    return Leaf("pick", PICK, of)


DATE = Leaf("date", 64)
LINES = in_languages(Leaf())
CITES = Rows(Part({"source": pick("source"), "locator": Leaf(most=200)}), 50)
ORIGINAL = Part({"text": Leaf(most=200), "calendar": Leaf("choice", of="calendar")})
MOMENT = Part({"date": DATE, "place": pick("place"), "original": ORIGINAL, "cites": CITES})
NAME = Part(
    {
        "text": Leaf(most=200),
        "lang": Leaf(most=12),
        "script": Leaf(most=4),
        "kind": Leaf("choice", of="name_kind", start="variant"),
    }
)
EVENT = Part(
    {
        "date": DATE,
        "place": pick("place"),
        "type": pick("event"),
        "text": in_languages(Leaf("passage", PARAGRAPH)),
        "original": ORIGINAL,
        "cites": CITES,
    }
)
RELATION = Part({"type": pick("relation"), "person": pick("person"), "date": DATE, "cites": CITES})
MEMBERSHIP = Part(
    {"organisation": pick("organisation"), "date": DATE, "role": LINES, "cites": CITES}
)
WORK = Part({"title": LINES, "date": DATE, "type": pick("work"), "cites": CITES})
AWARD = Part({"award": pick("award"), "date": DATE, "cites": CITES})
MEDIA = Part(
    {
        "type": Leaf("choice", of="media_type", start="image"),
        "url": Leaf("address", 1000),
        "licence": Leaf(most=100),
        "author": Leaf(most=300),
        "source": Leaf(most=1000),
        "alt": LINES,
    }
)
IDENTIFIER = Part({"scheme": Leaf(most=30), "value": Leaf(most=200)})
CSL = Part(
    {
        "type": Leaf("choice", of="csl_type", start="webpage"),
        "title": Leaf(most=1000),
        "author": Leaf(most=AUTHORS),
        "issued": Leaf(most=30),
        "publisher": Leaf(most=300),
        "url": Leaf("address", 1000),
    }
)
SOURCE = Part({SELF: pick("source"), "csl": CSL})

#: The whole form, in the order of the record.
FORM: Final = Part(
    {
        "id": Leaf(most=120),
        "names": Rows(NAME, 200),
        "gender": Leaf("choice", of="gender"),
        "birth": MOMENT,
        "death": MOMENT,
        "floruit": MOMENT,
        "professions": Rows(pick("profession"), 30),
        "countries": Rows(pick("country"), 30),
        "connection": in_languages(Leaf("passage", PARAGRAPH)),
        "headline": LINES,
        "biography": in_languages(Leaf("markdown", BIOGRAPHY)),
        "events": Rows(EVENT, 300),
        "relations": Rows(RELATION, 300),
        "memberships": Rows(MEMBERSHIP, 100),
        "works": Rows(WORK, 500),
        "awards": Rows(AWARD, 100),
        "media": Rows(MEDIA, 50),
        "identifiers": Rows(IDENTIFIER, 50),
        "sources": Rows(SOURCE, 200),
        "checked": Part({"on": DATE, "against": Rows(pick("source"), 100)}),
    }
)


def joined(name: str, key: object) -> str:
    """The name of what is at `key` within what is called `name`."""
    if key == SELF:
        return name
    return f"{name}-{key}" if name else str(key)
