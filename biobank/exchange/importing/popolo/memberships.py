"""Popolo memberships and their organisations, converted to the bank's format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from biobank.exchange.importing.names import of_language
from biobank.exchange.importing.popolo.persons import date_of
from biobank.exchange.importing.said import Said, say
from biobank.names.folding import has_letter
from biobank.names.slug import slug
from biobank.records.organisations.schemas import KINDS, RESERVED

#: Limit of organisations and memberships in memory, about 200 bytes each.
HELD_MOST = 1_000_000
#: Limit of memberships in one record, as in its schema.
MEMBERSHIPS_MOST = 100
#: Organisation kinds by Popolo classification.
CLASSES = {
    "party": "party",
    "faction": "party",
    "legislature": "parliament",
    "parliament": "parliament",
    "chamber": "parliament",
    **{kind: kind for kind in KINDS},
}


@dataclass
class Memberships:
    """Organisations by their id in the file, and memberships by the id of the person there."""

    organisations: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_person: dict[str, list[tuple[str, str, str, str]]] = field(default_factory=dict)
    #: The same organisations by their new id.
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)
    held: int = 0
    #: The number of memberships without a person, and the ids of people already converted.
    nameless: int = 0
    asked: set[str] = field(default_factory=set)

    def learn(self, under: str, value: Any) -> bool:
        """Add an organisation or a membership; return False if the limit is reached."""
        if self.held >= HELD_MOST:
            return False
        if not isinstance(value, Mapping):
            self.nameless += 1
            return True
        self.held += 1
        if under == "organizations":
            self._organisation(value)
        else:
            person = value.get("person_id")
            if isinstance(person, str):
                self.by_person.setdefault(person, []).append(_membership(value))
            else:
                self.nameless += 1
        return True

    def alone(self) -> int:
        """Count the memberships whose person is not in the file."""
        others = (len(told) for id_, told in self.by_person.items() if id_ not in self.asked)
        return self.nameless + sum(others)

    def _organisation(self, value: Mapping[str, Any]) -> None:
        id_, text = value.get("id"), value.get("name")
        kind = CLASSES.get(str(value.get("classification", "")).lower())
        if isinstance(id_, str) and isinstance(text, str) and has_letter(text) and kind:
            own = self._free(slug(text))
            made = {"id": own, "kind": kind, "names": _names(value, text)}
            self.organisations[id_] = self.by_id[own] = made

    def _free(self, base: str) -> str:
        base = f"{base}-organisation" if base in RESERVED else base
        candidate, nth = base, 1
        while candidate in self.by_id:
            nth += 1
            candidate = f"{base}-{nth}"
        return candidate

    def of(self, person: Mapping[str, Any], notices: list[Said]) -> Iterator[dict[str, Any]]:
        """Yield the memberships of a person in organisations with enough data."""
        own = person.get("memberships")
        told = [_membership(one) for one in own or () if isinstance(one, Mapping)]
        id_ = person.get("id")
        if isinstance(id_, str):
            self.asked.add(id_)
            told += self.by_person.get(id_, [])
        left_out = 0
        for organisation, role, start, end in dict.fromkeys(told):
            if found := self.organisations.get(organisation):
                yield _made(found["id"], role, start, end, notices)
            else:
                left_out += 1
        if left_out:
            notices.append(say("popolo_memberships", "memberships", count=left_out))


def _membership(value: Mapping[str, Any]) -> tuple[str, str, str, str]:
    keys = ("organization_id", "role", "start_date", "end_date")
    texts = [text if isinstance(text := value.get(key), str) else "" for key in keys]
    return texts[0], texts[1], texts[2], texts[3]


def _made(
    organisation: str, role: str, start: str, end: str, notices: list[Said]
) -> dict[str, Any]:
    made: dict[str, Any] = {"organisation": organisation}
    if role.strip():
        made["role"] = {"en": role.strip()[:300]}
    # Many memberships begin on 1 January, of which only the year is certain.
    ends = [date_of(text, "memberships.date", notices) if text else None for text in (start, end)]
    if any(ends):
        made["date"] = f"{ends[0] or ''}/{ends[1] or '..'}"
    return made


def _names(value: Mapping[str, Any], text: str) -> list[dict[str, str]]:
    names = [{"text": text.strip()[:300], "lang": "en", "kind": "preferred"}]
    others = value.get("other_names")
    for other in others if isinstance(others, list) else ():
        found = other.get("name") if isinstance(other, Mapping) else None
        if isinstance(found, str) and has_letter(found) and len(names) < 60:
            lang = of_language(str(other.get("lang") or "und"))[0]
            names.append({"text": found.strip()[:300], "lang": lang, "kind": "variant"})
    return names
