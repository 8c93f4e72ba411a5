"""View model of the public register of organisations."""

from collections.abc import Iterable
from dataclasses import dataclass

from babel.dates import format_date

from biobank.bootstrap import Services
from biobank.names.alphabet import sort_key
from biobank.records.catalogue import Catalogue
from biobank.records.countries import COUNTRIES, country_name
from biobank.records.organisations.registrations import Registration, registered
from biobank.web.links import Link, organisation_url


@dataclass(frozen=True)
class Row:
    """An organisation of the register; `struck` if it was removed from it."""

    name: str
    url: str
    city: str
    number: str
    day: str
    on: str
    struck: bool


@dataclass(frozen=True)
class CountryRows:
    code: str
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class RegisterPage:
    """The register by country, and the organisations that are not registered."""

    total: int
    countries: tuple[CountryRows, ...]
    others: tuple[Link, ...]


def make_register_page(services: Services, lang: str) -> RegisterPage:
    catalogue = services.catalogue().public
    with services.database.read() as session:
        entries = registered(session)
    numbered = {entry.organisation_id for entry in entries}
    others = [
        Link(catalogue.organisation_name(id_, lang), organisation_url(id_, lang))
        for id_ in catalogue.organisations
        if id_ not in numbered
    ]
    return RegisterPage(
        total=sum(entry.state == "registered" for entry in entries),
        countries=tuple(_by_country(entries, catalogue, lang)),
        others=tuple(sorted(others, key=lambda link: sort_key(link.label))),
    )


def country_choices(lang: str) -> list[tuple[str, str]]:
    """Return codes and names of all countries, sorted by name."""
    named = [(code, country_name(code, lang)) for code in COUNTRIES]
    return sorted(named, key=lambda pair: sort_key(pair[1]))


def registered_words(entry: Registration, lang: str) -> str:
    """Return number and date of a registration: `AZD-2026-0001, Nov 26, 2026`."""
    return f"{entry.number}, {format_date(entry.registered_on, locale=lang)}"


def _by_country(
    entries: Iterable[Registration], catalogue: Catalogue, lang: str
) -> Iterable[CountryRows]:
    found: dict[str, list[Row]] = {}
    for entry in entries:
        found.setdefault(entry.country, []).append(_row(entry, catalogue, lang))
    named = sorted(
        ((country_name(code, lang), code) for code in found), key=lambda it: sort_key(it[0])
    )
    for name, code in named:
        yield CountryRows(code, name, tuple(found[code]))


def _row(entry: Registration, catalogue: Catalogue, lang: str) -> Row:
    return Row(
        name=catalogue.organisation_name(entry.organisation_id, lang),
        url=organisation_url(entry.organisation_id, lang),
        city=entry.city,
        number=entry.number,
        day=format_date(entry.registered_on, locale=lang),
        on=entry.registered_on.isoformat(),
        struck=entry.state == "struck",
    )
