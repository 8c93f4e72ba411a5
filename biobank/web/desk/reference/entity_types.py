"""The four entity types of the reference lists with the schemas of their forms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from flask_babel import lazy_gettext, lazy_pgettext

from biobank.records.countries import COUNTRY_CODES, country_name
from biobank.records.organisations.schemas import VALID_ORGANISATION_KINDS as ORGANISATION_KIND_IDS
from biobank.records.places.schemas import VALID_PLACE_KINDS as PLACE_KIND_IDS
from biobank.records.reference.kinds import (
    ORGANISATION_KIND,
    PLACE_KIND,
    SOURCE_KIND,
    TERM_KIND,
    ReferenceKind,
)
from biobank.records.vocabulary.models import VOCABULARIES
from biobank.web.core.labels import ORGANISATION_KIND_LABELS
from biobank.web.desk.forms.mapping import csl_name_rows, csl_names, format_csl_date, parse_csl_date
from biobank.web.desk.forms.schema import Converter, Field, Group, Repeat, localized, reference
from biobank.web.desk.reference.labels import (
    ORGANISATION_NAME_KIND_LABELS,
    PLACE_KIND_TITLES,
    SOURCE_TYPE_LABELS,
)

NAME_LABEL: Final = lazy_pgettext("organisation or place", "Name")
LANGUAGE_LABEL: Final = lazy_gettext("Language")
IN_USE_LABEL: Final = lazy_gettext("Period of use")
#: Number of empty rows below the filled ones.
EMPTY_ROW_COUNT: Final = 2


@dataclass(frozen=True)
class EntityType:
    """A type of reference records; `name` is its URL segment."""

    name: str
    kind: ReferenceKind
    title: Any
    #: Text of the button and title of the page for a new record.
    add_label: Any
    #: The schema of the form; that of a term depends on its vocabulary.
    schema: Callable[[str], Group]


def choice_options(target: str, lang: str) -> Sequence[tuple[str, str]]:
    """Return the options of a choice: values and labels."""
    if target == "country":
        pairs = ((code, country_name(code, lang)) for code in COUNTRY_CODES)
        return sorted(pairs, key=lambda pair: pair[1])
    values, labels = _CHOICE_SETS[target]
    return [(value, str(labels.get(value, value))) for value in values]


_CHOICE_SETS: Final[Mapping[str, tuple[Sequence[str], Mapping[str, Any]]]] = {
    "place_kind": (PLACE_KIND_IDS, PLACE_KIND_TITLES),
    "organisation_kind": (ORGANISATION_KIND_IDS, ORGANISATION_KIND_LABELS),
    "organisation_name_kind": (tuple(ORGANISATION_NAME_KIND_LABELS), ORGANISATION_NAME_KIND_LABELS),
    "csl_type": (tuple(SOURCE_TYPE_LABELS), SOURCE_TYPE_LABELS),
}


def _format_number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _distinct_lines(text: str) -> list[str]:
    return list(dict.fromkeys(filter(None, map(str.strip, text.splitlines()))))


#: A decimal number; a decimal comma is accepted too.
NUMBER: Final = Converter(_format_number, lambda text: text.replace(",", "."))
#: A list without duplicates.
DISTINCT: Final = Converter(list, lambda items: list(dict.fromkeys(items)))
#: A list of texts, one on each line.
LINES: Final = Converter("\n".join, _distinct_lines)

IDENTIFIERS_FIELD: Final = Repeat(
    Group(
        {
            "scheme": Field(max_length=30, label=lazy_gettext("Catalogue"), example="wikidata, geonames"),
            "value": Field(max_length=200, label=lazy_gettext("Catalogue identifier")),
        }
    ),
    label=lazy_gettext("Identifiers in other catalogues"),
    blank_rows=EMPTY_ROW_COUNT,
    key_field="value",
    mapping=True,
)
COUNTRY_FIELD: Final = Field("choice", target="country", label=lazy_gettext("Present-day country"))


CSL_FORM: Final = Group(
    {
        "type": Field("choice", target="csl_type", label=lazy_gettext("Type of source"), required=True),
        "title": Field(max_length=1_000, label=lazy_gettext("Title of the work"), required=True),
        "author": Repeat(
            Group(
                {
                    "family": Field(label=lazy_gettext("Family name or full name"), max_length=200),
                    "given": Field(label=lazy_gettext("Given name"), max_length=200),
                }
            ),
            label=lazy_gettext("Authors"),
            blank_rows=EMPTY_ROW_COUNT,
            converter=Converter(csl_name_rows, csl_names),
        ),
        "issued": Field(
            label=lazy_gettext("Date of publication"),
            hint="1999, 1999-05-01",
            converter=Converter(format_csl_date, parse_csl_date),
        ),
        "container-title": Field(
            max_length=1_000,
            label=lazy_gettext("Journal, book or website"),
            hint=lazy_gettext("The journal, newspaper, book or website in which the text was published."),
        ),
        "publisher": Field(label=lazy_gettext("Publisher")),
        "publisher-place": Field(label=lazy_gettext("Place of publication")),
        "volume": Field(label=lazy_gettext("Volume"), max_length=60),
        "issue": Field(label=lazy_gettext("Issue"), max_length=60),
        "page": Field(label=lazy_gettext("Pages"), max_length=60),
        "URL": Field("address", 2_000, label=lazy_gettext("Web address")),
        "DOI": Field(label="DOI", max_length=200),
        "ISBN": Field(label="ISBN", max_length=60),
        "language": Field(label=LANGUAGE_LABEL, hint="az, ru, en", max_length=20),
    },
    label="",
)


@cache
def _term_form(vocabulary: str) -> Group:
    # Without a vocabulary a term cannot be looked up: its id is typed.
    term = reference(vocabulary, suggestions="terms") if vocabulary in VOCABULARIES else Field()
    return Group(
        {
            "labels": localized(Field(), lazy_gettext("Label")),
            "feminine": localized(
                Field(max_length=100),
                lazy_gettext("Label for women"),
                lazy_gettext("Fill in only if the general label is not usual for a woman."),
            ),
            "alt": localized(
                Field("passage", 3_000, converter=LINES),
                lazy_gettext("Synonyms and variants"),
                lazy_gettext("Synonyms and other forms, one per line. The search also finds these."),
            ),
            "broader": Repeat(
                term,
                label=lazy_gettext("Broader terms"),
                hint=lazy_gettext("A search for a broader term also finds people with this term."),
                row=lazy_gettext("Term"),
                blank_rows=EMPTY_ROW_COUNT,
                converter=DISTINCT,
            ),
            "inverse": replace(
                term,
                label=lazy_gettext("Inverse relationship"),
                hint=lazy_gettext("For relationships only. Example: the inverse of “teacher” is “student”."),
            ),
            "country": COUNTRY_FIELD,
        }
    )


PLACE_FORM: Final = Group(
    {
        "names": Repeat(
            Group(
                {
                    "text": Field(label=NAME_LABEL, max_length=200),
                    "lang": Field(label=LANGUAGE_LABEL, max_length=12, example="az"),
                    "period": Field(label=IN_USE_LABEL, max_length=64, example="1804/1918"),
                }
            ),
            label=lazy_gettext("All names"),
            hint=lazy_gettext("The first undated name in each language is the current name."),
            blank_rows=EMPTY_ROW_COUNT,
            key_field="text",
        ),
        "kind": Field("choice", target="place_kind", label=lazy_gettext("Type of place"), required=True),
        "broader": reference("place", lazy_gettext("Located in"), suggestions="places"),
        "country": COUNTRY_FIELD,
        "lat": Field("number", 20, label=lazy_gettext("Latitude"), converter=NUMBER),
        "lon": Field("number", 20, label=lazy_gettext("Longitude"), converter=NUMBER),
        "identifiers": IDENTIFIERS_FIELD,
    }
)
ORGANISATION_FORM: Final = Group(
    {
        "names": Repeat(
            Group(
                {
                    "text": Field(label=NAME_LABEL),
                    "lang": Field(label=LANGUAGE_LABEL, max_length=12, example="az"),
                    "kind": Field(
                        "choice",
                        target="organisation_name_kind",
                        default="preferred",
                        label=lazy_gettext("Type of name"),
                    ),
                    "period": Field(label=IN_USE_LABEL, max_length=64, example="1920/1958"),
                }
            ),
            label=lazy_gettext("All names"),
            blank_rows=EMPTY_ROW_COUNT,
            key_field="text",
        ),
        "kind": Field(
            "choice", target="organisation_kind", label=lazy_gettext("Type of organisation"), required=True
        ),
        "place": reference("place", lazy_gettext("Place"), suggestions="places"),
        "country": COUNTRY_FIELD,
        "founded": Field(label=lazy_gettext("Founded"), hint="1920, 1920-08-26", max_length=64),
        "dissolved": Field(label=lazy_gettext("Dissolved"), max_length=64),
        "summary": localized(Field("passage", 5_000), lazy_gettext("Summary")),
        "website": Field("address", 500, label=lazy_gettext("Website")),
        "identifiers": IDENTIFIERS_FIELD,
    }
)
SOURCE_FORM: Final = Group({"csl": CSL_FORM})

TERM_ENTITY_TYPE: Final = EntityType(
    "terms", TERM_KIND, lazy_gettext("Terms"), lazy_gettext("Add a term"), _term_form
)
PLACE_ENTITY_TYPE: Final = EntityType(
    "places", PLACE_KIND, lazy_gettext("Places"), lazy_gettext("Add a place"), lambda _: PLACE_FORM
)
ORGANISATION_ENTITY_TYPE: Final = EntityType(
    "organisations",
    ORGANISATION_KIND,
    lazy_gettext("Organisations"),
    lazy_gettext("Add an organisation"),
    lambda _: ORGANISATION_FORM,
)
SOURCE_ENTITY_TYPE: Final = EntityType(
    "sources", SOURCE_KIND, lazy_gettext("Sources"), lazy_gettext("Add a source"), lambda _: SOURCE_FORM
)
ENTITY_TYPES: Final[Mapping[str, EntityType]] = {
    entity_type.name: entity_type
    for entity_type in (TERM_ENTITY_TYPE, PLACE_ENTITY_TYPE, ORGANISATION_ENTITY_TYPE, SOURCE_ENTITY_TYPE)
}
ENTITY_TYPE_BY_KIND: Final[Mapping[str, EntityType]] = {
    entity_type.kind.name: entity_type for entity_type in ENTITY_TYPES.values()
}
