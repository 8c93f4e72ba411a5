"""The view model of an organisation's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biobank.bootstrap import Services
from biobank.errors import NotFound
from biobank.i18n import best, best_with_language
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.organisations.queries import Member, members
from biobank.records.organisations.registrations import Registration, registration_of
from biobank.web.cards import PersonCard, people_cards
from biobank.web.facts import Fact, place_link
from biobank.web.linked import Linked, linked_organisation
from biobank.web.links import Link, filter_url
from biobank.web.public.register_page import registered_words
from biobank.web.sharing.describing import described, named
from biobank.web.text import _
from biobank.web.words import ORGANISATION_KINDS, date_words, language_name


@dataclass(frozen=True)
class FormerName:
    """Another name, its language, and its period of use."""

    text: str
    lang: str
    note: str


@dataclass(frozen=True)
class MemberView:
    """A person of the organisation with all their roles."""

    card: PersonCard
    roles: tuple[str, ...]


@dataclass(frozen=True)
class OrganisationPage:
    id: str
    name: str
    kind: str
    summary: str
    summary_lang: str
    facts: tuple[Fact, ...]
    names: tuple[FormerName, ...]
    members: tuple[MemberView, ...]
    website: str
    search_url: str
    #: Meta description.
    description: str
    #: Linked data.
    linked: Linked


def make_organisation_page(services: Services, organisation_id: str, lang: str) -> OrganisationPage:
    """Return the page of an organisation.

    Raises:
        NotFound: If there is none.
    """
    catalogue = services.catalogue().public
    record = catalogue.organisations.get(organisation_id)
    if record is None:
        raise NotFound(_("There is no such organisation in the bank."))
    name = catalogue.organisation_name(organisation_id, lang)
    summary, summary_lang = best_with_language(record.get("summary"), lang)
    with services.database.read() as session:
        found = members(session, organisation_id)
        cards = people_cards(session, [member.person_id for member in found], catalogue, lang)
        entry = registration_of(session, organisation_id)
        linked = linked_organisation(session, organisation_id, catalogue, lang)
    kind = str(ORGANISATION_KINDS.get(record["kind"], record["kind"]))
    return OrganisationPage(
        id=organisation_id,
        name=name,
        kind=kind,
        summary=summary,
        summary_lang=summary_lang,
        facts=(*_facts(record, catalogue, lang), *_registered(entry, lang)),
        names=_names(record, name, lang),
        members=_members(found, cards, lang),
        website=record.get("website", ""),
        search_url=filter_url(lang, organisation=organisation_id),
        description=described(summary or f"{name}: {kind}", named(cards.values())),
        linked=linked,
    )


def _facts(record: Mapping[str, Any], catalogue: Catalogue, lang: str) -> tuple[Fact, ...]:
    country = record.get("country")
    found = (
        Fact(_("Founded"), date=date_words(record.get("founded"), lang)),
        Fact(_("Dissolved"), date=date_words(record.get("dissolved"), lang)),
        Fact(_("Place"), place=place_link(record.get("place"), None, catalogue, lang)),
        Fact(
            _("Country"),
            links=(Link(country_name(country, lang), filter_url(lang, country=country)),)
            if country
            else (),
        ),
    )
    return tuple(fact for fact in found if fact.date or fact.place or fact.links)


def _registered(entry: Registration | None, lang: str) -> tuple[Fact, ...]:
    if entry is None:
        return ()
    struck = f" ({_('struck off')})" if entry.state == "struck" else ""
    return (Fact(_("Registered"), date=registered_words(entry, lang) + struck),)


def _names(record: Mapping[str, Any], shown: str, lang: str) -> tuple[FormerName, ...]:
    return tuple(
        FormerName(
            text=name["text"],
            lang=name["lang"],
            note=date_words(name.get("period"), lang) or language_name(name["lang"], lang),
        )
        for name in record["names"]
        if name["text"] != shown
    )


def _members(
    found: list[Member], cards: Mapping[str, PersonCard], lang: str
) -> tuple[MemberView, ...]:
    roles: dict[str, list[str]] = {}
    for member in found:
        parts = (best(member.role, lang), date_words(member.date, lang))
        roles.setdefault(member.person_id, []).append(", ".join(part for part in parts if part))
    return tuple(
        MemberView(cards[id_], tuple(role for role in held if role))
        for id_, held in roles.items()
        if id_ in cards
    )
