"""Popolo memberships and their organisations, converted to the bank's format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.exchange.imports.place_resolver import parse_language_code
from biobank.exchange.imports.popolo.persons import parse_popolo_date
from biobank.names.folding import has_letter
from biobank.names.slug import slugify
from biobank.records.organisations.schemas import RESERVED_IDS, VALID_ORGANISATION_KINDS

#: Limit of organisations and memberships in memory, about 200 bytes each.
MAX_INDEXED_ENTRIES = 1_000_000
#: Limit of memberships in one record, as in its schema.
MAX_RECORD_MEMBERSHIPS = 100
#: Organisation kinds by Popolo classification.
KIND_BY_CLASSIFICATION = {
    "party": "party",
    "faction": "party",
    "legislature": "parliament",
    "parliament": "parliament",
    "chamber": "parliament",
    **{kind: kind for kind in VALID_ORGANISATION_KINDS},
}


@dataclass
class MembershipIndex:
    """Organisations by their id in the file, and memberships by the id of the person there."""

    organisations: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_person: dict[str, list[tuple[str, str, str, str]]] = field(default_factory=dict)
    #: The same organisations by their new id.
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)
    entry_count: int = 0
    #: The number of memberships without a person, and the ids of people already converted.
    unassigned: int = 0
    requested: set[str] = field(default_factory=set)

    def add(self, list_name: str, value: Any) -> bool:
        """Add an organisation or a membership; return False if the limit is reached."""
        if self.entry_count >= MAX_INDEXED_ENTRIES:
            return False
        if not isinstance(value, Mapping):
            self.unassigned += 1
            return True
        self.entry_count += 1
        if list_name == "organizations":
            self._add_organisation(value)
        else:
            person = value.get("person_id")
            if isinstance(person, str):
                self.by_person.setdefault(person, []).append(_parse_membership(value))
            else:
                self.unassigned += 1
        return True

    def count_unmatched(self) -> int:
        """Count the memberships whose person is not in the file."""
        unmatched = (
            len(memberships) for id_, memberships in self.by_person.items() if id_ not in self.requested
        )
        return self.unassigned + sum(unmatched)

    def _add_organisation(self, value: Mapping[str, Any]) -> None:
        id_, text = value.get("id"), value.get("name")
        kind = KIND_BY_CLASSIFICATION.get(str(value.get("classification", "")).lower())
        if isinstance(id_, str) and isinstance(text, str) and has_letter(text) and kind:
            organisation_id = self._generate_id(slugify(text))
            organisation = {"id": organisation_id, "kind": kind, "names": _names(value, text)}
            self.organisations[id_] = self.by_id[organisation_id] = organisation

    def _generate_id(self, base: str) -> str:
        base = f"{base}-organisation" if base in RESERVED_IDS else base
        candidate, number = base, 1
        while candidate in self.by_id:
            number += 1
            candidate = f"{base}-{number}"
        return candidate

    def read_memberships(
        self, person: Mapping[str, Any], notices: list[ImportMessage]
    ) -> Iterator[dict[str, Any]]:
        """Yield the memberships of a person in organisations with enough data."""
        embedded = person.get("memberships")
        memberships = [_parse_membership(entry) for entry in embedded or () if isinstance(entry, Mapping)]
        id_ = person.get("id")
        if isinstance(id_, str):
            self.requested.add(id_)
            memberships += self.by_person.get(id_, [])
        left_out = 0
        for organisation, role, start, end in dict.fromkeys(memberships):
            if record := self.organisations.get(organisation):
                yield _build_membership(record["id"], role, start, end, notices)
            else:
                left_out += 1
        if left_out:
            notices.append(import_message("popolo_memberships", "memberships", count=left_out))


def _parse_membership(value: Mapping[str, Any]) -> tuple[str, str, str, str]:
    keys = ("organization_id", "role", "start_date", "end_date")
    texts = [text if isinstance(text := value.get(key), str) else "" for key in keys]
    return texts[0], texts[1], texts[2], texts[3]


def _build_membership(
    organisation: str, role: str, start: str, end: str, notices: list[ImportMessage]
) -> dict[str, Any]:
    membership: dict[str, Any] = {"organisation": organisation}
    if role.strip():
        membership["role"] = {"en": role.strip()[:300]}
    # Many memberships begin on 1 January, of which only the year is certain.
    ends = [parse_popolo_date(text, "memberships.date", notices) if text else None for text in (start, end)]
    if any(ends):
        membership["date"] = f"{ends[0] or ''}/{ends[1] or '..'}"
    return membership


def _names(value: Mapping[str, Any], text: str) -> list[dict[str, str]]:
    names = [{"text": text.strip()[:300], "lang": "en", "kind": "preferred"}]
    other_names = value.get("other_names")
    for other in other_names if isinstance(other_names, list) else ():
        other_text = other.get("name") if isinstance(other, Mapping) else None
        if isinstance(other_text, str) and has_letter(other_text) and len(names) < 60:
            lang = parse_language_code(str(other.get("lang") or "und"))[0]
            names.append({"text": other_text.strip()[:300], "lang": lang, "kind": "variant"})
    return names
