"""View model of the public register of organisations."""

from collections.abc import Iterable
from dataclasses import dataclass

from babel.dates import format_date

from biobank.bootstrap import Services
from biobank.names.alphabet import sort_key
from biobank.records.catalogue import Catalogue
from biobank.records.countries import COUNTRY_CODES, country_name
from biobank.records.organisations.registrations import Registration, list_registrations
from biobank.web.core.urls import Link, organisation_url


@dataclass(frozen=True)
class RegisterRow:
    """An organisation of the register; `struck` if it was removed from it."""

    name: str
    url: str
    city: str
    number: str
    day: str
    on: str
    struck: bool


@dataclass(frozen=True)
class RegisterCountry:
    code: str
    name: str
    rows: tuple[RegisterRow, ...]


@dataclass(frozen=True)
class RegisterPage:
    """The register by country, and the organisations that are not registered."""

    total: int
    countries: tuple[RegisterCountry, ...]
    unregistered: tuple[Link, ...]


def make_register_page(services: Services, lang: str) -> RegisterPage:
    catalogue = services.catalogue().public
    with services.database.read() as session:
        entries = list_registrations(session)
    registered_ids = {entry.organisation_id for entry in entries}
    unregistered = [
        Link(catalogue.organisation_name(id_, lang), organisation_url(id_, lang))
        for id_ in catalogue.organisations
        if id_ not in registered_ids
    ]
    return RegisterPage(
        total=sum(entry.state == "registered" for entry in entries),
        countries=tuple(_by_country(entries, catalogue, lang)),
        unregistered=tuple(sorted(unregistered, key=lambda link: sort_key(link.label))),
    )


def country_choices(lang: str) -> list[tuple[str, str]]:
    """Return codes and names of all countries, sorted by name."""
    choices = [(code, country_name(code, lang)) for code in COUNTRY_CODES]
    return sorted(choices, key=lambda pair: sort_key(pair[1]))


def registration_label(entry: Registration, lang: str) -> str:
    """Return number and date of a registration: `AZD-2026-0001, Nov 26, 2026`."""
    return f"{entry.number}, {format_date(entry.registered_on, locale=lang)}"


def _by_country(
    entries: Iterable[Registration], catalogue: Catalogue, lang: str
) -> Iterable[RegisterCountry]:
    rows_by_country: dict[str, list[RegisterRow]] = {}
    for entry in entries:
        rows_by_country.setdefault(entry.country, []).append(_register_row(entry, catalogue, lang))
    countries = sorted(
        ((country_name(code, lang), code) for code in rows_by_country),
        key=lambda pair: sort_key(pair[0]),
    )
    for name, code in countries:
        yield RegisterCountry(code, name, tuple(rows_by_country[code]))


def _register_row(entry: Registration, catalogue: Catalogue, lang: str) -> RegisterRow:
    return RegisterRow(
        name=catalogue.organisation_name(entry.organisation_id, lang),
        url=organisation_url(entry.organisation_id, lang),
        city=entry.city,
        number=entry.number,
        day=format_date(entry.registered_on, locale=lang),
        on=entry.registered_on.isoformat(),
        struck=entry.state == "struck",
    )
