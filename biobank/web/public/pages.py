"""The receipt of a message, the register of organisations, and values to correct."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from biobank.bootstrap import Services
from biobank.common.clock import as_utc
from biobank.common.i18n import LANGUAGES, best_with_language
from biobank.editorial.inbox.queue import get_by_reference
from biobank.editorial.revisions.record_diff import LOCALIZED_FIELDS, RecordPath, iter_leaves
from biobank.errors import NotFound
from biobank.names.alphabet import sort_key
from biobank.records.catalogue import Catalogue
from biobank.records.countries import COUNTRY_CODES, country_name
from biobank.records.organisations.registrations import Registration, list_registrations
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.records.people.record import LocalizedText
from biobank.web.core.gettext import _
from biobank.web.core.labels import MESSAGE_KIND_LABELS, format_day, language_name
from biobank.web.core.name_forms import NameForm, find_name_form
from biobank.web.core.record_labels import (
    FIELD_TITLES,
    ValuePart,
    field_title,
    load_record_names,
    value_parts,
)
from biobank.web.core.urls import Link, organisation_url, person_url
from biobank.web.public.labels import MESSAGE_STATUS_TEXTS


@dataclass(frozen=True)
class ReceiptPage:
    reference: str
    kind: str
    day: str
    on: str
    status: str
    person_url: str


def make_receipt_page(services: Services, reference: str, lang: str) -> ReceiptPage:
    """Build the receipt of a message.

    Raises:
        NotFound: if there is no message with this reference.
    """
    message = get_by_reference(services.database, reference[:20])
    sent_at = as_utc(message.sent_at)
    return ReceiptPage(
        reference=message.reference,
        kind=str(MESSAGE_KIND_LABELS[message.kind]),
        day=format_day(sent_at, lang),
        on=f"{sent_at:%Y-%m-%d}",
        status=str(MESSAGE_STATUS_TEXTS[message.state]),
        person_url=person_url(message.person_id, lang) if message.person_id else "",
    )


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


def _by_country(
    entries: Iterable[Registration], catalogue: Catalogue, lang: str
) -> Iterable[RegisterCountry]:
    rows_by_country: dict[str, list[RegisterRow]] = {}
    for entry in entries:
        rows_by_country.setdefault(entry.country, []).append(_register_row(entry, catalogue, lang))
    countries = sorted(
        ((country_name(code, lang), code) for code in rows_by_country), key=lambda pair: sort_key(pair[0])
    )
    for name, code in countries:
        yield RegisterCountry(code, name, tuple(rows_by_country[code]))


def _register_row(entry: Registration, catalogue: Catalogue, lang: str) -> RegisterRow:
    return RegisterRow(
        name=catalogue.organisation_name(entry.organisation_id, lang),
        url=organisation_url(entry.organisation_id, lang),
        city=entry.city,
        number=entry.number,
        day=format_day(entry.registered_on, lang),
        on=entry.registered_on.isoformat(),
        struck=entry.state == "struck",
    )


#: Fields that the public may correct.
CORRECTABLE_FIELDS = tuple(name for name in FIELD_TITLES if name != "checked")


@dataclass(frozen=True)
class CurrentValue:
    """A person and the value of a field: one row per item of a list, or a text.

    `path` is the field and the language of a text: `birth`, `biography.az`.
    """

    id: str
    name: NameForm
    path: str
    title: str
    rows: tuple[tuple[ValuePart, ...], ...] = ()
    text: str = ""
    text_lang: str = ""

    @property
    def field(self) -> str:
        return self.path.partition(".")[0]


def current_value(services: Services, person_id: str, field: str, lang: str) -> CurrentValue:
    """Return the value of `field` of a public person; an unknown field means the whole record.

    Raises:
        NotFound: if there is no such person.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        record = queries.load_record(session, person_id)
        if record is None:
            raise NotFound(_("Biography not found."))
        name = find_name_form(record["names"], preferred_name(record, lang), lang)
        field, _dot, requested_lang = field.partition(".")
        if field not in CORRECTABLE_FIELDS:
            return CurrentValue(person_id, name, "", "")
        if field in LOCALIZED_FIELDS:
            text = cast(LocalizedText | None, record.get(field))
            return _text_value(person_id, name, field, text, requested_lang, lang)
        names = load_record_names(session, iter_leaves(record), catalogue, lang)
        rows = tuple(value_parts(path, value, names) for path, value in _items(record, field))
    return CurrentValue(person_id, name, field, field_title(field), rows=rows)


def _text_value(
    person_id: str,
    name: NameForm,
    field: str,
    texts: Mapping[str, str] | None,
    requested_lang: str,
    lang: str,
) -> CurrentValue:
    """Return the text in the requested language, else in the best one for the page."""
    text, text_lang = best_with_language(texts, lang)
    if requested_lang in LANGUAGES:
        text, text_lang = (texts or {}).get(requested_lang, ""), requested_lang
    title = f"{field_title(field)} ({language_name(text_lang, lang)})"
    return CurrentValue(person_id, name, f"{field}.{text_lang}", title, text=text, text_lang=text_lang)


def _items(record: Mapping[str, Any], field: str) -> Iterable[tuple[RecordPath, Any]]:
    value = record.get(field)
    if isinstance(value, list):
        return [((field, index), _without_cites(item)) for index, item in enumerate(value)]
    return [((field,), _without_cites(value))] if value else []


def _without_cites(value: Any) -> Any:
    """Return a value without its citations, which the page shows as footnotes."""
    if not isinstance(value, Mapping):
        return value
    return {key: part for key, part in value.items() if key != "cites"}
