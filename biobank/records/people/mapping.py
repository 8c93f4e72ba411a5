"""The rows of a canonical record."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from biobank.common.i18n import LANGUAGES
from biobank.names.alphabet import index_letter, sort_key
from biobank.records.dates import parse_date
from biobank.records.people import models as m
from biobank.records.people.anniversaries import ANNIVERSARY_ROLES, month_day
from biobank.records.people.citations import FACT_FIELDS, FACT_LISTS, iter_facts
from biobank.records.people.name_parts import find_preferred_name, preferred_name_parts
from biobank.records.people.similarity_keys import SIMILARITY_FIELDS, compute_similarity_keys
from biobank.records.vocabulary.models import term_key

#: Width of the column in characters; names that share this prefix are in any order.
MAX_SORT_KEY_CHARS = 400


def set_person_columns(person: m.Person, record: Mapping[str, Any]) -> None:
    """Set the columns of `person` from `record`."""
    person.gender = record.get("gender")
    person.headline = record.get("headline")
    person.connection = record.get("connection")
    person.checked = record.get("checked")
    for name, value in sort_columns(record).items():
        setattr(person, name, value)


def sort_columns(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns of the order of names: the collation key and the initial by language."""
    columns = {}
    for lang in LANGUAGES:
        parts = preferred_name_parts(record, lang)
        columns[m.SORT_KEY_COLUMNS[lang].key] = sort_key(parts.sort_text, lang)[:MAX_SORT_KEY_CHARS]
        columns[m.INITIAL_COLUMNS[lang].key] = index_letter(parts.inverted, lang)
    return columns


def build_rows(person_id: str, record: Mapping[str, Any]) -> list[m.PersonRow]:
    """Return all child rows of a person's record."""
    return [model(**values) for model, rows in build_row_values(person_id, record).items() for values in rows]


def build_row_values(
    person_id: str, record: Mapping[str, Any], previous: Mapping[str, Any] | None = None
) -> dict[type[m.PersonRow], list[dict[str, Any]]]:
    """Return the values of all child rows of a person's record by table, without `id`.

    With the record `previous` only the tables whose rows differ from its rows.
    """
    values_by_model = {}
    for model, fields, build in _TABLES:
        if previous is not None and all(record.get(name) == previous.get(name) for name in fields):
            continue
        rows = list(build(record))
        if previous is None or rows != list(build(previous)):
            values_by_model[model] = [
                {"person_id": person_id, "position": position, **columns}
                for position, columns in enumerate(rows)
            ]
    return values_by_model


def preferred_name(record: Mapping[str, Any], lang: str) -> str:
    """Return the preferred name in `lang`, else in another language, else the first name."""
    return find_preferred_name(record, lang)["text"]


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


def _profession_rows(record: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    return ({"term_key": term_key("profession", id_)} for id_ in record.get("professions", []))


#: Each table, the fields of the record that its rows depend on, and the function that builds them.
_TABLES: Final[
    tuple[
        tuple[type[m.PersonRow], tuple[str, ...], Callable[[Mapping[str, Any]], Iterable[Mapping[str, Any]]]],
        ...,
    ]
] = (
    (m.PersonName, ("names",), lambda record: record["names"]),
    (m.Biography, ("biography",), lambda record: _pairs(record.get("biography"), "lang", "text")),
    (m.PersonProfession, ("professions",), _profession_rows),
    (
        m.PersonCountry,
        ("countries",),
        lambda record: ({"country": code} for code in record.get("countries", [])),
    ),
    (m.Event, (*FACT_FIELDS, "events"), _event_rows),
    (m.Relation, ("relations",), lambda record: _dated_rows(record, "relations", _relation_columns)),
    (m.Membership, ("memberships",), lambda record: _dated_rows(record, "memberships", _membership_columns)),
    (m.Work, ("works",), lambda record: _dated_rows(record, "works", _work_columns)),
    (m.PersonAward, ("awards",), lambda record: _dated_rows(record, "awards", _award_columns)),
    (m.Media, ("media",), lambda record: record.get("media", [])),
    (m.Identifier, ("identifiers",), lambda record: _pairs(record.get("identifiers"), "scheme", "value")),
    (
        m.PersonSource,
        ("sources",),
        lambda record: ({"source_id": source} for source in record.get("sources", [])),
    ),
    (m.Citation, (*FACT_FIELDS, *FACT_LISTS), _citation_rows),
    (
        m.SimilarityKey,
        SIMILARITY_FIELDS,
        lambda record: ({"kind": kind, "key": key} for kind, key in compute_similarity_keys(record)),
    ),
)
