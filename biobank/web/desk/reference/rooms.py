"""The four entity types of the reference lists with their fields."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext

from biobank.records.organisations.schemas import KINDS as ORGANISATION_KIND_IDS
from biobank.records.places.schemas import KINDS as PLACE_KIND_IDS
from biobank.records.reference.kinds import ORGANISATION, PLACE, TERM
from biobank.web.desk.reference.fields import (
    Choice,
    Column,
    Line,
    Number,
    Ref,
    Refs,
    Rows,
    WordLists,
    Words,
)
from biobank.web.desk.reference.room import (
    COUNTRY,
    IDENTIFIERS,
    IN_USE,
    LANGUAGE,
    NAME,
    Room,
    of_words,
)
from biobank.web.desk.reference.source_room import SOURCES
from biobank.web.desk.reference.words import ORGANISATION_NAME_KINDS, PLACE_KINDS
from biobank.web.words import ORGANISATION_KINDS

TERMS: Final = Room(
    "terms",
    TERM,
    lazy_gettext("Terms"),
    lazy_gettext("Add a term"),
    (
        Words(name="labels", label=lazy_gettext("Label"), required=True),
        WordLists(
            name="alt",
            label=lazy_gettext("Other words"),
            hint=lazy_gettext("Feminine forms and synonyms, one a line; they are found too."),
        ),
        Refs(
            name="broader",
            label=lazy_gettext("Broader terms"),
            hint=lazy_gettext("Whoever is found by this one is found by those too."),
            to="terms",
        ),
        Ref(
            name="inverse",
            label=lazy_gettext("Seen from the other person"),
            hint=lazy_gettext("Of relations alone: for a teacher, student."),
            to="terms",
        ),
        COUNTRY,
    ),
)
PLACES: Final = Room(
    "places",
    PLACE,
    lazy_gettext("Places"),
    lazy_gettext("Add a place"),
    (
        Rows(
            name="names",
            label=lazy_gettext("Its names"),
            hint=lazy_gettext("The first one of a language without dates is the name of today."),
            columns=(
                Column("text", NAME),
                Column("lang", LANGUAGE, 12, hint="az"),
                Column("period", IN_USE, 64, hint="1804/1918"),
            ),
            required=True,
        ),
        Choice(
            name="kind",
            label=lazy_gettext("Kind of place"),
            options=of_words(PLACE_KINDS, PLACE_KIND_IDS),
            required=True,
        ),
        Ref(name="broader", label=lazy_gettext("Lies in"), to="places"),
        COUNTRY,
        Number(name="lat", label=lazy_gettext("Latitude")),
        Number(name="lon", label=lazy_gettext("Longitude")),
        IDENTIFIERS,
    ),
)
ORGANISATIONS: Final = Room(
    "organisations",
    ORGANISATION,
    lazy_gettext("Organisations"),
    lazy_gettext("Add an organisation"),
    (
        Rows(
            name="names",
            label=lazy_gettext("Its names"),
            columns=(
                Column("text", NAME, 300),
                Column("lang", LANGUAGE, 12, hint="az"),
                Column(
                    "kind",
                    lazy_gettext("Kind of name"),
                    20,
                    of_words(ORGANISATION_NAME_KINDS),
                ),
                Column("period", IN_USE, 64, hint="1920/1958"),
            ),
            required=True,
        ),
        Choice(
            name="kind",
            label=lazy_gettext("Kind of organisation"),
            options=of_words(ORGANISATION_KINDS, ORGANISATION_KIND_IDS),
            required=True,
        ),
        Ref(name="place", label=lazy_gettext("Place"), to="places"),
        COUNTRY,
        Line(name="founded", label=lazy_gettext("Founded"), hint="1920, 1920-08-26", most=64),
        Line(name="dissolved", label=lazy_gettext("Dissolved"), most=64),
        Words(name="summary", label=lazy_gettext("In short"), rows=3, most=5_000),
        Line(name="website", label=lazy_gettext("Website"), mode="url", most=500),
        IDENTIFIERS,
    ),
)
ROOMS: Final[Mapping[str, Room]] = {
    room.name: room for room in (TERMS, PLACES, ORGANISATIONS, SOURCES)
}
ROOM_OF: Final[Mapping[str, Room]] = {room.kind.name: room for room in ROOMS.values()}
