"""The view model of an organisation's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biobank.bootstrap import Services
from biobank.common.i18n import best_text, best_with_language
from biobank.errors import NotFound
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.organisations.queries import OrganisationMember, list_members
from biobank.records.organisations.registrations import Registration, get_registration
from biobank.web.core.gettext import _
from biobank.web.core.labels import (
    ORGANISATION_KIND_LABELS,
    format_edtf_date,
    language_name,
    registration_label,
)
from biobank.web.core.linked_data import LinkedData, linked_organisation
from biobank.web.core.meta_description import build_description, join_names
from biobank.web.core.person_cards import PersonCard, people_cards
from biobank.web.core.urls import Link, filter_url
from biobank.web.people.facts import Fact, place_link


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
    linked: LinkedData


def make_organisation_page(services: Services, organisation_id: str, lang: str) -> OrganisationPage:
    """Return the page of an organisation.

    Raises:
        NotFound: If there is none.
    """
    catalogue = services.catalogue().public
    record = catalogue.organisations.get(organisation_id)
    if record is None:
        raise NotFound(_("Organisation not found."))
    name = catalogue.organisation_name(organisation_id, lang)
    summary, summary_lang = best_with_language(record.get("summary"), lang)
    with services.database.read() as session:
        memberships = list_members(session, organisation_id, lang)
        cards = people_cards(session, [member.person_id for member in memberships], catalogue, lang)
        registration = get_registration(session, organisation_id)
        linked = linked_organisation(session, organisation_id, catalogue, lang)
    kind = str(ORGANISATION_KIND_LABELS.get(record["kind"], record["kind"]))
    return OrganisationPage(
        id=organisation_id,
        name=name,
        kind=kind,
        summary=summary,
        summary_lang=summary_lang,
        facts=(*_facts(record, catalogue, lang), *_registration_facts(registration, lang)),
        names=_names(record, name, lang),
        members=_members(memberships, cards, lang),
        website=record.get("website", ""),
        search_url=filter_url(lang, organisation=organisation_id),
        description=build_description(summary or f"{name}: {kind}", join_names(cards.values())),
        linked=linked,
    )


def _facts(record: Mapping[str, Any], catalogue: Catalogue, lang: str) -> tuple[Fact, ...]:
    country = record.get("country")
    facts = (
        Fact(_("Founded"), date=format_edtf_date(record.get("founded"), lang)),
        Fact(_("Dissolved"), date=format_edtf_date(record.get("dissolved"), lang)),
        Fact(_("Place"), place=place_link(record.get("place"), None, catalogue, lang)),
        Fact(
            _("Country"),
            links=(Link(country_name(country, lang), filter_url(lang, country=country)),) if country else (),
        ),
    )
    return tuple(fact for fact in facts if fact.date or fact.place or fact.links)


def _registration_facts(entry: Registration | None, lang: str) -> tuple[Fact, ...]:
    if entry is None:
        return ()
    struck = f" ({_('removed from the register')})" if entry.state == "struck" else ""
    return (Fact(_("Registered"), date=registration_label(entry, lang) + struck),)


def _names(record: Mapping[str, Any], displayed: str, lang: str) -> tuple[FormerName, ...]:
    return tuple(
        FormerName(
            text=name["text"],
            lang=name["lang"],
            note=format_edtf_date(name.get("period"), lang) or language_name(name["lang"], lang),
        )
        for name in record["names"]
        if name["text"] != displayed
    )


def _members(
    memberships: list[OrganisationMember], cards: Mapping[str, PersonCard], lang: str
) -> tuple[MemberView, ...]:
    roles: dict[str, list[str]] = {}
    for member in memberships:
        parts = (best_text(member.role, lang), format_edtf_date(member.date, lang))
        roles.setdefault(member.person_id, []).append(", ".join(part for part in parts if part))
    return tuple(
        MemberView(cards[id_], tuple(role for role in member_roles if role))
        for id_, member_roles in roles.items()
        if id_ in cards
    )
