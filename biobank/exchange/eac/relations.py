"""The `relations` section: related people, organisations, works and media."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from biobank.exchange.answers.edition import Edition
from biobank.exchange.answers.surroundings import Surroundings
from biobank.exchange.eac.citing import Citing
from biobank.exchange.eac.dates import add_date
from biobank.exchange.eac.description import add_cites, add_texts, labels
from biobank.exchange.eac.elements import add, uri
from biobank.i18n import LANGUAGES
from biobank.records.people.mapping import Record

Part = Mapping[str, Any]
#: Fields that credit a picture or recording.
CREDIT = ("licence", "author", "source")


def add_relations(
    parent: etree._Element,
    record: Record,
    edition: Edition,
    around: Surroundings,
    citing: Citing,
) -> None:
    made = add(parent, "relations")
    for part in record.get("relations", ()):
        _add_tie(made, part, edition, around, citing)
    for part in record.get("memberships", ()):
        _add_membership(made, part, edition, citing)
    for part in record.get("works", ()):
        _add_work(made, part, edition, citing)
    for part in record.get("media", ()):
        _add_media(made, part)
    if not len(made):
        parent.remove(made)


def _add_tie(
    relations: etree._Element, part: Part, edition: Edition, around: Surroundings, citing: Citing
) -> None:
    """Add a relation; `targetRole` is the role of the other person, as in the record."""
    other = part["person"]
    made = _add_relation(relations, "relation", citing.of(part), type=part["type"])
    its = {"targetType": "person", "valueURI": uri(edition.url(other))}
    target = add(made, "targetEntity", "", its, id=other)
    names = around.names.get(other)
    add_texts(target, "part", names if names else {"": other})
    add_date(made, part, edition.lang)
    add_texts(made, "targetRole", labels(edition.catalogue, "relation", part["type"]))


def _add_membership(
    relations: etree._Element, part: Part, edition: Edition, citing: Citing
) -> None:
    """Add a membership; `descriptiveNote` is the role of the person."""
    organisation = part["organisation"]
    made = _add_relation(relations, "membership", citing.of(part))
    target = add(made, "targetEntity", "", {"targetType": "corporateBody"}, id=organisation)
    for lang in LANGUAGES:
        name = edition.catalogue.organisation_name(organisation, lang)
        add(target, "part", name, {"languageOfElement": lang})
    add_date(made, part, edition.lang)
    add(made, "relationType", "membership", {"languageOfElement": "en"})
    if role := part.get("role"):
        add_texts(add(made, "descriptiveNote"), "p", role)


def _add_work(relations: etree._Element, part: Part, edition: Edition, citing: Citing) -> None:
    type_ = part.get("type")
    made = _add_relation(relations, "work", citing.of(part), type=type_)
    target = add(made, "targetEntity", "", {"targetType": "resource"})
    add_texts(target, "part", part["title"])
    add_date(made, part, edition.lang)
    add(made, "relationType", "creatorOf", {"languageOfElement": "en"})
    if type_:
        add_texts(made, "targetRole", labels(edition.catalogue, "work", type_))


def _add_media(relations: etree._Element, part: Part) -> None:
    """Add a picture, film or recording; the note holds its credit."""
    made = _add_relation(relations, "media", None, type=part["type"])
    its = {"targetType": "resource", "valueURI": uri(part["url"])}
    target = add(made, "targetEntity", "", its, address=part["url"])
    alt = part.get("alt")
    add_texts(target, "part", alt or {"": part["url"]})
    add(made, "relationType", part["type"], {"languageOfElement": "en"})
    if not any(part.get(name) for name in CREDIT):
        return
    note = add(add(made, "descriptiveNote"), "p")
    for name in CREDIT:
        if part.get(name):
            add(note, "span", part[name], {"localType": name})


def _add_relation(
    relations: etree._Element, kind: str, cites: str | None, **own: str | None
) -> etree._Element:
    made = add(relations, "relation", "", None, kind=kind, **own)
    add_cites(made, cites)
    return made
