"""Reader of Popolo: a document of persons, organisations and memberships, or a list of persons."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any

from biobank.exchange.formats.json_objects import SourceObject, iter_objects
from biobank.exchange.imports.decompression import spool_to_disk
from biobank.exchange.imports.items import WHOLE_FILE, ImportItem
from biobank.exchange.imports.messages import ImportMessage, UnreadableFile, import_message
from biobank.exchange.imports.place_resolver import (
    NameEntry,
    PlaceResolver,
    deduplicate_names,
    make_name,
    parse_language_code,
)
from biobank.names.folding import fold, has_letter
from biobank.names.slug import slugify, unused_id
from biobank.records.dates import DateError, parse_date
from biobank.records.identifiers import SCHEME_PATTERN
from biobank.records.organisations.schemas import RESERVED_IDS, VALID_ORGANISATION_KINDS
from biobank.records.people.name_parts import differing_parts

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
            base = slugify(text)
            organisation_id = unused_id(f"{base}-organisation" if base in RESERVED_IDS else base, self.by_id)
            organisation = {"id": organisation_id, "kind": kind, "names": _organisation_names(value, text)}
            self.organisations[id_] = self.by_id[organisation_id] = organisation

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


def _organisation_names(value: Mapping[str, Any], text: str) -> list[dict[str, str]]:
    names = [{"text": text.strip()[:300], "lang": "en", "kind": "preferred"}]
    other_names = value.get("other_names")
    for other in other_names if isinstance(other_names, list) else ():
        other_text = other.get("name") if isinstance(other, Mapping) else None
        if isinstance(other_text, str) and has_letter(other_text) and len(names) < 60:
            lang = parse_language_code(str(other.get("lang") or "und"))[0]
            names.append({"text": other_text.strip()[:300], "lang": lang, "kind": "variant"})
    return names


#: Genders as catalogues write them; others are reported and left out.
GENDER_BY_WORD = {
    **dict.fromkeys(("male", "m", "man", "homme", "kisi", "мужской", "муж", "м"), "male"),
    **dict.fromkeys(("female", "f", "woman", "femme", "qadin", "женский", "жен", "ж"), "female"),
    **dict.fromkeys(("other", "non-binary", "nonbinary"), "other"),
    "unknown": "unknown",
}
#: Name kinds by a pattern of the note.
NAME_KIND_PATTERNS = (
    (re.compile(r"birth|maiden|née", re.IGNORECASE), "birth"),
    (re.compile(r"former|previous", re.IGNORECASE), "former"),
    (re.compile(r"pen name|pseudonym", re.IGNORECASE), "pen"),
    (re.compile(r"stage", re.IGNORECASE), "stage"),
)
POPOLO_NEW_YEAR_PATTERN = re.compile(r"([0-9]{4})-01-01")
#: Popolo dates: a year, a month or a day, with or without a time.
POPOLO_DATE_PATTERN = re.compile(r"([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:[T ].*)?")
#: Language of a name if the file states none.
UNDETERMINED_LANGUAGE = "und"


def person_to_record(person: Mapping[str, Any], notices: list[ImportMessage]) -> dict[str, Any]:
    """Return the record of a Popolo person without memberships, and add doubts to `notices`.

    A person without a name becomes a record without names.
    """
    record: dict[str, Any] = {"names": _names(person)}
    if gender := _text(person, "gender"):
        if mapped := GENDER_BY_WORD.get(fold(gender)):
            record["gender"] = mapped
        else:
            notices.append(import_message("gender_unknown", "gender", text=gender[:40]).as_left_out())
    for fact in ("birth", "death"):
        if date := _life_date(person, fact, notices):
            record[fact] = {"date": date}
    if headline := _text(person, "summary"):
        record["headline"] = {"en": headline[:300]}
    if identifiers := dict(_identifiers(person)):
        record["identifiers"] = identifiers
    return record


def _names(person: Mapping[str, Any]) -> list[NameEntry]:
    """Return the names of a person: `name` is preferred in its language, others as stated."""
    names = []
    main = _text(person, "name") or " ".join(
        text for key in ("given_name", "family_name") if (text := _text(person, key))
    )
    other_names = [entry for entry in _entries(person, "other_names") if _text(entry, "name")]
    if main and has_letter(main):
        # One of the other names may be equal and state its language.
        languages = [_text(entry, "lang") for entry in other_names if _text(entry, "name") == main]
        name = make_name(main, next(filter(None, languages), UNDETERMINED_LANGUAGE), "preferred")
        stated = differing_parts(main, _text(person, "family_name"), _text(person, "given_name"))
        names.append({**name, **stated})
    for entry in other_names:
        if has_letter(_text(entry, "name")):
            lang, note = _text(entry, "lang"), _text(entry, "note")
            kind = next((kind for pattern, kind in NAME_KIND_PATTERNS if pattern.search(note)), "")
            kind = kind or ("preferred" if lang and note != "alternate" else "variant")
            names.append(make_name(_text(entry, "name"), lang or UNDETERMINED_LANGUAGE, kind))
    return deduplicate_names(names)


def _life_date(person: Mapping[str, Any], fact: str, notices: list[ImportMessage]) -> str | None:
    text = _text(person, f"{fact}_date")
    if not text:
        return None
    return parse_popolo_date(text, f"{fact}.date", notices)


def parse_popolo_date(text: str, path: str, notices: list[ImportMessage]) -> str | None:
    """Return a Popolo date as EDTF; 1 January is read as the year it stands for."""
    match = POPOLO_DATE_PATTERN.fullmatch(text)
    if match and (new_year := POPOLO_NEW_YEAR_PATTERN.fullmatch(match[1])):
        notices.append(import_message("read_as_year", path, text=text[:40], year=new_year[1]))
        return new_year[1]
    try:
        return parse_date(match[1] if match else text).text
    except DateError as error:
        notices.append(import_message("no_date", path, why=error.message).as_left_out())
        return None


def _identifiers(person: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for entry in _entries(person, "identifiers"):
        scheme = re.sub(r"[^a-z0-9_-]+", "-", fold(_text(entry, "scheme"))).strip("-")
        value = _text(entry, "identifier")
        if value and SCHEME_PATTERN.match(scheme):
            yield scheme, value


def _entries(person: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    entries = person.get(key)
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping):
            yield entry


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


#: The lists of a document; people are in the first.
POPOLO_LISTS = frozenset(("persons", "organizations", "memberships"))
INDEXED_LISTS = ("organizations", "memberships")


def read_popolo(stream: IO[bytes], _resolver: PlaceResolver) -> Iterator[ImportItem]:
    """Yield one item for each person; read the file twice, as memberships may be anywhere.

    Raises:
        UnreadableFile: if it exceeds the disk limit, or has too many organisations and memberships.
    """
    with closing(spool_to_disk(stream)) as spool:
        index = MembershipIndex()
        for source_object in iter_objects(spool, POPOLO_LISTS):
            if source_object.list_name not in INDEXED_LISTS or source_object.error:
                continue
            if not index.add(source_object.list_name, source_object.value):
                raise UnreadableFile("popolo_many", most=MAX_INDEXED_ENTRIES)
        spool.seek(0)
        for source_object in iter_objects(spool, POPOLO_LISTS):
            if source_object.list_name not in INDEXED_LISTS or source_object.error:
                yield _to_item(source_object, index)
    if unmatched := index.count_unmatched():
        message = import_message("popolo_alone", count=unmatched)
        yield ImportItem(WHOLE_FILE, notices=[message], is_file_notice=True)


def _to_item(source_object: SourceObject, index: MembershipIndex) -> ImportItem:
    if source_object.error:
        return ImportItem(source_object.label, error=source_object.error)
    if not isinstance(source_object.value, Mapping):
        return ImportItem(source_object.label, error=import_message("no_object"))
    notices: list[ImportMessage] = []
    record = person_to_record(source_object.value, notices)
    if not record["names"]:
        return ImportItem(source_object.label, error=import_message("no_name"))
    entries = list(index.read_memberships(source_object.value, notices))
    if (excess := len(entries) - MAX_RECORD_MEMBERSHIPS) > 0:
        del entries[MAX_RECORD_MEMBERSHIPS:]
        notices.append(import_message("popolo_cut", "memberships", count=excess, most=MAX_RECORD_MEMBERSHIPS))
    if entries:
        record["memberships"] = entries
    organisation_ids = dict.fromkeys(entry["organisation"] for entry in entries)
    bundled = {"organisations": [index.by_id[id_] for id_ in organisation_ids]} if organisation_ids else {}
    return ImportItem(
        source_object.label,
        record,
        bundled_records=bundled,
        notices=notices,
        key=_source_key(source_object.value),
    )


def _source_key(person: Mapping[str, Any]) -> str:
    id_: Any = person.get("id")
    return id_.strip()[:200] if isinstance(id_, str) else ""
