"""The rows of a canonical record."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from biobank.common.i18n import LANGUAGES
from biobank.names.alphabet import index_letter, sort_key
from biobank.records.dates import parse_date
from biobank.records.people import models as m
from biobank.records.people.anniversaries import ANNIVERSARY_ROLES, month_day
from biobank.records.people.citations import FACT_FIELDS, iter_facts
from biobank.records.people.similarity_keys import compute_similarity_keys
from biobank.records.vocabulary.models import term_key

#: Width of the column in characters; names that share this prefix are in any order.
MAX_SORT_KEY_CHARS = 400


def set_person_columns(person: m.Person, record: Mapping[str, Any]) -> None:
    """Set the columns of `person` from `record`."""
    name = preferred_name(record, "az")
    person.gender = record.get("gender")
    person.headline = record.get("headline")
    person.connection = record.get("connection")
    person.checked = record.get("checked")
    person.sort_key = sort_key(name)[:MAX_SORT_KEY_CHARS]
    person.initial = index_letter(name)


def build_rows(person_id: str, record: Mapping[str, Any]) -> list[m.PersonRow]:
    """Return all child rows of a person's record."""
    return [model(**values) for model, values in build_row_values(person_id, record)]


def build_row_values(
    person_id: str, record: Mapping[str, Any]
) -> Iterator[tuple[type[m.PersonRow], dict[str, Any]]]:
    """Yield the values of all child rows of a person's record, without `id`."""
    parts: list[tuple[type[m.PersonRow], Iterable[Mapping[str, Any]]]] = [
        (m.PersonName, record["names"]),
        (m.Biography, _pairs(record.get("biography"), "lang", "text")),
        (
            m.PersonProfession,
            ({"term_key": term_key("profession", id_)} for id_ in record.get("professions", [])),
        ),
        (m.PersonCountry, ({"country": code} for code in record.get("countries", []))),
        (m.Event, _event_rows(record)),
        (m.Relation, _dated_rows(record, "relations", _relation_columns)),
        (m.Membership, _dated_rows(record, "memberships", _membership_columns)),
        (m.Work, _dated_rows(record, "works", _work_columns)),
        (m.PersonAward, _dated_rows(record, "awards", _award_columns)),
        (m.Media, record.get("media", [])),
        (m.Identifier, _pairs(record.get("identifiers"), "scheme", "value")),
        (m.PersonSource, ({"source_id": source} for source in record.get("sources", []))),
        (m.Citation, _citation_rows(record)),
        (m.SimilarityKey, ({"kind": kind, "key": key} for kind, key in compute_similarity_keys(record))),
    ]
    for model, rows in parts:
        for position, columns in enumerate(rows):
            yield model, {"person_id": person_id, "position": position, **columns}


def preferred_name(record: Mapping[str, Any], lang: str) -> str:
    """Return the preferred name in `lang`, else in another language, else the first name."""
    preferred = {
        name["lang"]: name["text"] for name in reversed(record["names"]) if name["kind"] == "preferred"
    }
    for candidate in (lang, *LANGUAGES):
        if candidate in preferred:
            return str(preferred[candidate])
    return str(next(iter(preferred.values()), record["names"][0]["text"]))


def date_columns(text: str | None) -> dict[str, Any]:
    """Return the three columns of a dated row."""
    if not text:
        return {"date": None, "earliest": None, "latest": None}
    date = parse_date(text)
    return {"date": date.text, "earliest": date.earliest, "latest": date.latest}


def _pairs(values: Mapping[str, str] | None, key: str, value: str) -> list[dict[str, str]]:
    return [{key: item_key, value: item_value} for item_key, item_value in (values or {}).items()]


def _event_rows(record: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    parts = [(role, record[role]) for role in FACT_FIELDS if record.get(role)]
    parts += [("event", part) for part in record.get("events", [])]
    for role, part in parts:
        yield {
            "role": role,
            "type_key": _key("event", part.get("type")),
            "place_id": part.get("place"),
            "original": part.get("original"),
            "text": part.get("text"),
            "month_day": month_day(part["date"]) if role in ANNIVERSARY_ROLES and part.get("date") else None,
            **date_columns(part.get("date")),
        }


def _dated_rows(
    record: Mapping[str, Any], field: str, columns: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> Iterable[dict[str, Any]]:
    return ({**columns(part), **date_columns(part.get("date"))} for part in record.get(field, []))


def _relation_columns(part: Mapping[str, Any]) -> dict[str, Any]:
    return {"type_key": term_key("relation", part["type"]), "other_id": part["person"]}


def _membership_columns(part: Mapping[str, Any]) -> dict[str, Any]:
    return {"organisation_id": part["organisation"], "role": part.get("role")}


def _work_columns(part: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": part["title"], "type_key": _key("work", part.get("type"))}


def _award_columns(part: Mapping[str, Any]) -> dict[str, Any]:
    return {"award_key": term_key("award", part["award"])}


def _citation_rows(record: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for fact, part in iter_facts(record):
        for cite in part.get("cites", []):
            yield {"fact": fact, "source_id": cite["source"], "locator": cite.get("locator")}


def _key(vocabulary: str, term: str | None) -> str | None:
    return term_key(vocabulary, term) if term else None
