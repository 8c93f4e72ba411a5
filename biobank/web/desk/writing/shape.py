"""The schema of the writing form, used for both parsing and rendering.

It mirrors the record: a `Field` is one input, a `Group` has named members, a `Repeat` is a list. A
field is named by its path with hyphens: `events[2].place` is `events-2-place`. Two parts are
flatter than in the record: identifiers are rows of scheme and value, and a source is an id
(`sources-1`) with the details of a new one (`sources-1-csl-title`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from biobank.i18n import LANGUAGES
from biobank.records.fields import BIOGRAPHY, LINE, PARAGRAPH

Kind = Literal["line", "passage", "markdown", "date", "address", "pick", "choice"]

#: Maximum length of a label with an id, `Şuşa (susa)`, in characters.
PICK = 500
#: The key of a field that has the name of its group.
SELF: Final = ""
#: Maximum length of the authors of a source, in characters.
AUTHORS = 1_000


@dataclass(frozen=True)
class Leaf:
    """One field; `target` is the kind of reference or the set of options.

    `default` is the initial value of a new row; it alone does not make a row filled.
    """

    kind: Kind = "line"
    most: int = LINE
    of: str = ""
    start: str = ""


@dataclass(frozen=True)
class Part:
    """Fields by key; `by_language` groups have one field per language."""

    fields: Mapping[str, "Node"]
    by_language: bool = False


@dataclass(frozen=True)
class Rows:
    """A list of at most `max_items` items."""

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

#: The whole form, in record order.
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
    """Return the name of the member `key` within `name`."""
    if key == SELF:
        return name
    return f"{name}-{key}" if name else str(key)
