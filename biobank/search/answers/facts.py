"""The facts of a record that a question may ask for, as statements with their places in the record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from biobank.common.i18n import best_with_language
from biobank.records.catalogue import Catalogue
from biobank.records.date_formatting import format_edtf
from biobank.records.dates import DateError
from biobank.records.people.record import PersonRecord, WorkRecord, vital_event
from biobank.records.vocabulary.models import term_key

#: The relation, and the gender of the other person, that a question asks for.
RELATION_FACTS: Final[Mapping[str, tuple[str, str]]] = {
    "teacher": ("teacher", ""),
    "student": ("student", ""),
    "father": ("parent", "male"),
    "mother": ("parent", "female"),
    "parent": ("parent", ""),
    "husband": ("spouse", "male"),
    "wife": ("spouse", "female"),
    "spouse": ("spouse", ""),
    "brother": ("sibling", "male"),
    "sister": ("sibling", "female"),
    "sibling": ("sibling", ""),
    "son": ("child", "male"),
    "daughter": ("child", "female"),
    "child": ("child", ""),
    "grandfather": ("grandparent", "male"),
    "grandmother": ("grandparent", "female"),
    "grandparent": ("grandparent", ""),
    "grandchild": ("grandchild", ""),
    "predecessor": ("predecessor", ""),
    "successor": ("successor", ""),
    "patron": ("patron", ""),
    "friend": ("friend", ""),
}
_NAME_KINDS: Final = {"pen-name": "pen", "birth-name": "birth"}
#: Facts that are events of the type of the same name.
_EVENT_FACTS: Final = ("burial", "education", "exile", "arrest", "execution", "emigration", "rehabilitation")
#: Parts of roles, in three languages, of those who study at an organisation.
_STUDENT_ROLES: Final = ("student", "pupil", "tələbə", "студент", "воспитан", "учени", "şagird", "cadet")
#: Maximum number of statements in an answer.
MAX_FACTS = 12


@dataclass(frozen=True)
class FoundFact:
    """A fact, its part of the record with citations, and the language of its text."""

    field: str
    text: str
    lang: str
    part: Mapping[str, Any]
    #: The label of the type of the part, if it has one.
    label: str = ""


def find_facts(
    record: PersonRecord, fact: str, catalogue: Catalogue, lang: str, work_types: frozenset[str]
) -> list[FoundFact]:
    """Return what a record says of `fact`, in its order; of works only those of `work_types` if any."""
    if fact in _FINDERS:
        return list(_FINDERS[fact](record, fact, catalogue, lang))[:MAX_FACTS]
    if fact == "works":
        return list(_works(record, catalogue, lang, work_types))[:MAX_FACTS]
    return []


def _vital(record: PersonRecord, fact: str, catalogue: Catalogue, lang: str) -> Iterator[FoundFact]:
    """Yield the date and place of birth or death, or the one that `birth.place` names."""
    role, _, detail = fact.partition(".")
    part = vital_event(record, role)
    if detail != "place" and (date := format_date(part.get("date"), lang)):
        yield FoundFact(f"{role}.date", date, lang, part)
    if detail != "date" and (place := place_name(part.get("place"), catalogue, lang)):
        yield FoundFact(f"{role}.place", place, lang, part)


def _events(record: PersonRecord, fact: str, catalogue: Catalogue, lang: str) -> Iterator[FoundFact]:
    for number, event in enumerate(record.get("events", ())):
        if event.get("type") == fact:
            text, text_lang = best_with_language(event.get("text"), lang)
            if text:
                label = catalogue.term_label("event", event["type"], lang)
                yield FoundFact(f"events[{number}]", text, text_lang, event, label)


def _education(record: PersonRecord, fact: str, catalogue: Catalogue, lang: str) -> Iterator[FoundFact]:
    """Yield events of education, else the organisations of which the person was a student."""
    events = list(_events(record, fact, catalogue, lang))
    yield from events
    if events:
        return
    for number, membership in enumerate(record.get("memberships", ())):
        roles = " ".join(membership.get("role", {}).values()).casefold()
        is_student = any(role in roles for role in _STUDENT_ROLES)
        if is_student and membership["organisation"] in catalogue.organisations:
            name = catalogue.organisation_name(membership["organisation"], lang)
            yield FoundFact(f"memberships[{number}]", name, lang, membership)


def _works(
    record: PersonRecord, catalogue: Catalogue, lang: str, types: frozenset[str]
) -> Iterator[FoundFact]:
    for number, work in enumerate(record.get("works", ())):
        if not types or work.get("type") in types:
            yield work_fact(number, work, catalogue, lang)


def work_fact(number: int, work: WorkRecord, catalogue: Catalogue, lang: str) -> FoundFact:
    """Return a work, the `number`th of its record, with the title for the reader."""
    title, title_lang = best_with_language(work["title"], lang)
    label = catalogue.term_label("work", work["type"], lang) if work.get("type") else ""
    return FoundFact(f"works[{number}]", title, title_lang, work, label)


def _awards(record: PersonRecord, fact: str, catalogue: Catalogue, lang: str) -> Iterator[FoundFact]:
    for number, award in enumerate(record.get("awards", ())):
        if term_key("award", award["award"]) in catalogue.terms:
            label = catalogue.term_label("award", award["award"], lang)
            yield FoundFact(f"awards[{number}]", label, lang, award)


def _names(record: PersonRecord, fact: str, catalogue: Catalogue, lang: str) -> Iterator[FoundFact]:
    names = [
        (number, name) for number, name in enumerate(record["names"]) if name["kind"] == _NAME_KINDS[fact]
    ]
    own = [(number, name) for number, name in names if name["lang"] == lang]
    for number, name in own or names:
        yield FoundFact(f"names[{number}]", name["text"], name["lang"], {})


def _professions(record: PersonRecord, fact: str, catalogue: Catalogue, lang: str) -> Iterator[FoundFact]:
    ids = [id_ for id_ in record.get("professions", ()) if term_key("profession", id_) in catalogue.terms]
    gender = record.get("gender", "")
    labels = [catalogue.term_label("profession", id_, lang, gender) for id_ in ids]
    if labels:
        yield FoundFact("professions", ", ".join(labels), lang, {})


_FINDERS: Final = {
    **dict.fromkeys(("birth", "birth.date", "birth.place", "death", "death.date", "death.place"), _vital),
    **dict.fromkeys(_EVENT_FACTS, _events),
    "education": _education,
    "award": _awards,
    "pen-name": _names,
    "birth-name": _names,
    "profession": _professions,
}


def format_date(date: str | None, lang: str) -> str:
    """Return an EDTF date in words; empty without a valid one."""
    try:
        return format_edtf(date, lang) if date else ""
    except DateError:
        return ""


def place_name(place: str | None, catalogue: Catalogue, lang: str) -> str:
    """Return the name of a public place; empty if there is none."""
    place = catalogue.resolve_redirect("place", place or "")
    return catalogue.place_name(place, lang) if place in catalogue.places else ""


def related_ids(
    record: PersonRecord, inbound: Sequence[Any], relation: str, catalogue: Catalogue
) -> list[tuple[str, str, int]]:
    """Return related people as (person, owner of the relation, its position in the owner's record).

    `inbound` are rows of the relations of other people to this one, whose type is the inverse.
    """
    own = [
        (related["person"], record["id"], number)
        for number, related in enumerate(record.get("relations", ()))
        if related["type"] == relation
    ]
    inverse = catalogue.terms.get(term_key("relation", relation), {}).get("inverse")
    others = [
        (row.person_id, row.person_id, row.position)
        for row in inbound
        if inverse and row.type_key == term_key("relation", inverse)
    ]
    return own + others
