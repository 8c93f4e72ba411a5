"""Types of a person's record, as `schemas.person_schema` loads it and the bank stores it.

Empty fields are left out. `sources` are ids: those given in full are stored before the record is.
"""

from typing import Literal, NotRequired, Required, TypedDict, cast

#: Text by language: az, en, ru.
LocalizedText = dict[str, str]
Gender = Literal["male", "female", "other", "unknown"]


class Cite(TypedDict):
    source: str
    locator: NotRequired[str]


class NameRecord(TypedDict):
    text: str
    lang: str
    script: NotRequired[str]
    kind: str
    #: The surname and the other names, where they are not those that the form of the name shows.
    family: NotRequired[str]
    given: NotRequired[str]


class OriginalDate(TypedDict):
    """A date as the source gives it, in its own calendar."""

    text: str
    calendar: str


class CitedPart(TypedDict, total=False):
    """A part that sources support."""

    cites: list[Cite]


class VitalEvent(CitedPart, total=False):
    """A birth, a death or a floruit; `date` is EDTF."""

    date: str
    place: str
    original: OriginalDate


class EventRecord(VitalEvent, total=False):
    type: str
    text: LocalizedText


class RelationRecord(CitedPart):
    """A relation to another person; `type` is the other's role."""

    type: str
    person: str
    date: NotRequired[str]


class MembershipRecord(CitedPart):
    organisation: str
    role: NotRequired[LocalizedText]
    date: NotRequired[str]


class WorkRecord(CitedPart):
    title: LocalizedText
    date: NotRequired[str]
    type: NotRequired[str]


class AwardRecord(CitedPart):
    award: str
    date: NotRequired[str]


class MediaRecord(TypedDict):
    type: str
    url: str
    licence: NotRequired[str]
    author: NotRequired[str]
    source: NotRequired[str]
    alt: NotRequired[LocalizedText]


class CheckRecord(TypedDict):
    """When the record was last compared with its sources, and with which."""

    on: str
    against: NotRequired[list[str]]


class PersonRecord(TypedDict, total=False):
    id: Required[str]
    names: Required[list[NameRecord]]
    gender: Gender
    birth: VitalEvent
    death: VitalEvent
    floruit: VitalEvent
    professions: list[str]
    countries: list[str]
    connection: LocalizedText
    headline: LocalizedText
    biography: LocalizedText
    events: list[EventRecord]
    relations: list[RelationRecord]
    memberships: list[MembershipRecord]
    works: list[WorkRecord]
    awards: list[AwardRecord]
    media: list[MediaRecord]
    identifiers: dict[str, str]
    sources: list[str]
    checked: CheckRecord


def vital_event(record: PersonRecord, role: str) -> VitalEvent:
    """Return the birth, death or floruit of a record; empty if it has none."""
    return cast(VitalEvent, record.get(role) or {})
