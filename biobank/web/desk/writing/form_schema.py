"""The schema of the writing form, used for both parsing and rendering.

It mirrors the record: a `Field` is one input, a `Group` has named members, a `Repeat` is a list. A
field is named by its path with hyphens: `events[2].place` is `events-2-place`. Two parts are
flatter than in the record: identifiers are rows of scheme and value, and a source is an id
(`sources-1`) with the details of a new one (`sources-1-csl-title`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from biobank.common.i18n import LANGUAGES
from biobank.records.fields import MAX_BIOGRAPHY_CHARS, MAX_LINE_CHARS, MAX_PARAGRAPH_CHARS

FieldKind = Literal["line", "passage", "markdown", "date", "address", "pick", "choice"]

#: Maximum length of a label with an id, `Şuşa (susa)`, in characters.
MAX_REFERENCE_CHARS = 500
#: The key of a field that has the name of its group.
SELF_KEY: Final = ""
#: Maximum length of the authors of a source, in characters.
MAX_AUTHORS_CHARS = 1_000


@dataclass(frozen=True)
class Field:
    """One field; `target` is the kind of reference or the set of options.

    `default` is the initial value of a new row; it alone does not make a row filled.
    """

    kind: FieldKind = "line"
    max_length: int = MAX_LINE_CHARS
    target: str = ""
    default: str = ""


@dataclass(frozen=True)
class Group:
    """Fields by key; `by_language` groups have one field per language."""

    fields: Mapping[str, "FormNode"]
    by_language: bool = False


@dataclass(frozen=True)
class Repeat:
    """A list of at most `max_items` items."""

    item: "FormNode"
    max_items: int


FormNode = Field | Group | Repeat


def localized(field: Field) -> Group:
    return Group(dict.fromkeys(LANGUAGES, field), by_language=True)


def reference(target: str) -> Field:
    return Field("pick", MAX_REFERENCE_CHARS, target)


DATE_FIELD = Field("date", 64)
LOCALIZED_LINE = localized(Field())
CITATIONS = Repeat(Group({"source": reference("source"), "locator": Field(max_length=200)}), 50)
ORIGINAL_DATE = Group({"text": Field(max_length=200), "calendar": Field("choice", target="calendar")})
LIFE_EVENT = Group(
    {"date": DATE_FIELD, "place": reference("place"), "original": ORIGINAL_DATE, "cites": CITATIONS}
)
NAME_GROUP = Group(
    {
        "text": Field(max_length=200),
        "lang": Field(max_length=12),
        "script": Field(max_length=4),
        "kind": Field("choice", target="name_kind", default="variant"),
    }
)
EVENT_GROUP = Group(
    {
        "date": DATE_FIELD,
        "place": reference("place"),
        "type": reference("event"),
        "text": localized(Field("passage", MAX_PARAGRAPH_CHARS)),
        "original": ORIGINAL_DATE,
        "cites": CITATIONS,
    }
)
RELATION_GROUP = Group(
    {"type": reference("relation"), "person": reference("person"), "date": DATE_FIELD, "cites": CITATIONS}
)
MEMBERSHIP_GROUP = Group(
    {
        "organisation": reference("organisation"),
        "date": DATE_FIELD,
        "role": LOCALIZED_LINE,
        "cites": CITATIONS,
    }
)
WORK_GROUP = Group(
    {"title": LOCALIZED_LINE, "date": DATE_FIELD, "type": reference("work"), "cites": CITATIONS}
)
AWARD_GROUP = Group({"award": reference("award"), "date": DATE_FIELD, "cites": CITATIONS})
MEDIA_GROUP = Group(
    {
        "type": Field("choice", target="media_type", default="image"),
        "url": Field("address", 1000),
        "licence": Field(max_length=100),
        "author": Field(max_length=300),
        "source": Field(max_length=1000),
        "alt": LOCALIZED_LINE,
    }
)
IDENTIFIER_GROUP = Group({"scheme": Field(max_length=30), "value": Field(max_length=200)})
CSL_GROUP = Group(
    {
        "type": Field("choice", target="csl_type", default="webpage"),
        "title": Field(max_length=1000),
        "author": Field(max_length=MAX_AUTHORS_CHARS),
        "issued": Field(max_length=30),
        "publisher": Field(max_length=300),
        "url": Field("address", 1000),
    }
)
SOURCE_GROUP = Group({SELF_KEY: reference("source"), "csl": CSL_GROUP})

#: The whole form, in record order.
PERSON_FORM: Final = Group(
    {
        "id": Field(max_length=120),
        "names": Repeat(NAME_GROUP, 200),
        "gender": Field("choice", target="gender"),
        "birth": LIFE_EVENT,
        "death": LIFE_EVENT,
        "floruit": LIFE_EVENT,
        "professions": Repeat(reference("profession"), 30),
        "countries": Repeat(reference("country"), 30),
        "connection": localized(Field("passage", MAX_PARAGRAPH_CHARS)),
        "headline": LOCALIZED_LINE,
        "biography": localized(Field("markdown", MAX_BIOGRAPHY_CHARS)),
        "events": Repeat(EVENT_GROUP, 300),
        "relations": Repeat(RELATION_GROUP, 300),
        "memberships": Repeat(MEMBERSHIP_GROUP, 100),
        "works": Repeat(WORK_GROUP, 500),
        "awards": Repeat(AWARD_GROUP, 100),
        "media": Repeat(MEDIA_GROUP, 50),
        "identifiers": Repeat(IDENTIFIER_GROUP, 50),
        "sources": Repeat(SOURCE_GROUP, 200),
        "checked": Group({"on": DATE_FIELD, "against": Repeat(reference("source"), 100)}),
    }
)


def join_name(name: str, key: object) -> str:
    """Return the name of the member `key` within `name`."""
    if key == SELF_KEY:
        return name
    return f"{name}-{key}" if name else str(key)
