"""Parsing of query batches, with the position of each problem.

A malformed batch is rejected as a whole. Within a batch, a malformed query is answered with its
problems, and the others with their candidates.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from biobank.common.strict_json import DuplicateKeyError, loads
from biobank.common.text import CONTROL_CHARS
from biobank.errors import BadQuery, FieldError
from biobank.exchange.reconciliation.properties import ReconciliationProperty, find_property
from biobank.search.query import MAX_QUERY_CHARS

#: Maximum queries per batch, stated in the manifest, and bytes per batch: fifty full queries fit.
MAX_BATCH_QUERIES: Final = 50
MAX_BATCH_BYTES: Final = 400_000
MAX_QUERY_KEY_CHARS: Final = 100
MAX_QUERY_TYPES: Final = 20
MAX_QUERY_PROPERTIES: Final = 20
MAX_PROPERTY_VALUES: Final = 20
DEFAULT_CANDIDATES_PER_QUERY: Final = 10
MAX_CANDIDATES_PER_QUERY: Final = 50
TYPE_STRICT_VALUES: Final = ("any", "should", "all")
QUERY_FIELDS: Final = frozenset({"query", "type", "limit", "properties", "type_strict"})


#: Unpaired surrogates, which JSON can express and UTF-8 cannot.
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class PropertyValue:
    """A value of a property: `ref` if it is an entity, else `text`."""

    text: str
    ref: str = ""


@dataclass(frozen=True)
class PropertyConstraint:
    """A property with alternative values, any of which may be true."""

    property: ReconciliationProperty
    values: tuple[PropertyValue, ...]


@dataclass(frozen=True)
class ReconciliationQuery:
    """A parsed query; `problems` lists the parts that were ignored."""

    text: str
    types: tuple[str, ...] = ()
    strict: str = TYPE_STRICT_VALUES[0]
    limit: int = DEFAULT_CANDIDATES_PER_QUERY
    constraints: tuple[PropertyConstraint, ...] = ()
    problems: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class QueryError:
    """A query that cannot be answered."""

    problems: tuple[FieldError, ...]


@dataclass
class _ProblemList:
    problems: list[FieldError] = field(default_factory=list)

    def add(self, path: str, code: str, message: str) -> None:
        self.problems.append(FieldError(path, code, message))


def parse_json(text: str, name: str) -> Any:
    """Parse the JSON of the argument `name`.

    Raises:
        BadQuery: if it is not JSON, or too long.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BATCH_BYTES:
        raise BadQuery(f"{name} has more than {MAX_BATCH_BYTES} bytes. Send fewer at once.")
    try:
        return loads(text, constant=_reject_constant)
    except RecursionError as error:
        raise BadQuery(f"{name} is nested too deeply.") from error
    except DuplicateKeyError as error:
        raise BadQuery(f"{name}: {error}.") from error
    except ValueError as error:
        raise BadQuery(f"{name} is not JSON: {error}") from error


def parse_batch(text: str) -> dict[str, ReconciliationQuery | QueryError]:
    """Parse the queries of a batch by key.

    Raises:
        BadQuery: if the batch is malformed.
    """
    batch = parse_json(text, "queries")
    if not isinstance(batch, dict):
        raise BadQuery('queries must be an object of queries by key: {"q0": {"query": "…"}}.')
    if len(batch) > MAX_BATCH_QUERIES:
        raise BadQuery(f"queries has {len(batch)} queries; the maximum is {MAX_BATCH_QUERIES}.")
    for key in batch:
        if len(key) > MAX_QUERY_KEY_CHARS or _SURROGATES.search(key):
            raise BadQuery(
                f"queries: the key {truncate_for_message(key, 20)!r} is too long or not valid text."
            )
    return {key: parse_query(query) for key, query in batch.items()}


def parse_query(query: Any) -> ReconciliationQuery | QueryError:
    if not isinstance(query, dict):
        return QueryError((FieldError("", "type", "A query must be an object."),))
    errors, ignored = _ProblemList(), _ProblemList()
    for key in sorted(query.keys() - QUERY_FIELDS):
        ignored.add(
            truncate_for_message(key),
            "unknown",
            f"Unknown field. The fields of a query are {_join_names(QUERY_FIELDS)}.",
        )
    text = _parse_text(query, errors)
    types = tuple(_parse_types(query.get("type"), errors))
    strict = query.get("type_strict", TYPE_STRICT_VALUES[0])
    if strict not in TYPE_STRICT_VALUES:
        errors.add("type_strict", "choice", f"Must be one of: {_join_names(TYPE_STRICT_VALUES)}.")
    limit = _parse_limit(query.get("limit", DEFAULT_CANDIDATES_PER_QUERY), errors)
    constraints = tuple(_parse_constraints(query.get("properties", []), errors, ignored))
    if not (text or query.get("properties") or errors.problems):
        errors.add("query", "missing", "Give a query text or properties.")
    if errors.problems:
        return QueryError((*errors.problems, *ignored.problems))
    return ReconciliationQuery(text, types, strict, limit, constraints, tuple(ignored.problems))


def truncate_for_message(text: str, max_chars: int = 40) -> str:
    """Truncate and sanitise an input for use in a message."""
    return CONTROL_CHARS.sub("�", text[:max_chars])


def _parse_text(query: Mapping[str, Any], errors: _ProblemList) -> str:
    text = query.get("query", "")
    if not isinstance(text, str):
        errors.add("query", "type", "Must be text.")
        return ""
    if len(text) > MAX_QUERY_CHARS:
        errors.add("query", "too_long", f"Has {len(text)} characters; the maximum is {MAX_QUERY_CHARS}.")
    elif CONTROL_CHARS.search(text):
        errors.add("query", "control", "Contains a control character. Remove it.")
    return " ".join(text.split())


def _parse_types(value: Any, errors: _ProblemList) -> Iterator[str]:
    types = [value] if isinstance(value, str) else value or []
    if not isinstance(types, list) or len(types) > MAX_QUERY_TYPES:
        errors.add("type", "type", f"Must be the ID of a type, or a list of up to {MAX_QUERY_TYPES}.")
        return
    for index, type_id in enumerate(types):
        if not isinstance(type_id, str) or len(type_id) > MAX_QUERY_CHARS or CONTROL_CHARS.search(type_id):
            errors.add(f"type[{index}]", "type", "Must be the ID of a type.")
        elif type_id:
            yield type_id


def _parse_limit(limit: Any, errors: _ProblemList) -> int:
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit < 1:
        errors.add("limit", "type", f"Must be a number from 1 to {MAX_CANDIDATES_PER_QUERY}.")
        return DEFAULT_CANDIDATES_PER_QUERY
    return int(min(limit, MAX_CANDIDATES_PER_QUERY))


def _parse_constraints(
    properties: Any, errors: _ProblemList, ignored: _ProblemList
) -> Iterator[PropertyConstraint]:
    if not isinstance(properties, list) or len(properties) > MAX_QUERY_PROPERTIES:
        errors.add("properties", "type", f"Must be a list of up to {MAX_QUERY_PROPERTIES} properties.")
        return
    for index, item in enumerate(properties):
        path = f"properties[{index}]"
        if not isinstance(item, dict) or not isinstance(item.get("pid"), str) or "v" not in item:
            errors.add(path, "type", 'Must be an object with "pid" and "v".')
            continue
        values = tuple(_parse_values(item["v"], f"{path}.v", errors))
        property_ = find_property(item["pid"])
        if property_ is None:
            message = f"Unknown property {truncate_for_message(item['pid'])!r}. It was ignored."
            ignored.add(f"{path}.pid", "unknown", message)
        elif not property_.compared:
            ignored.add(
                f"{path}.pid", "not_compared", f"{property_.id} does not distinguish people. It was ignored."
            )
        elif values:
            yield PropertyConstraint(property_, values)


def _parse_values(items: Any, path: str, errors: _ProblemList) -> Iterator[PropertyValue]:
    values = items if isinstance(items, list) else [items]
    if len(values) > MAX_PROPERTY_VALUES:
        errors.add(path, "too_many", f"The maximum is {MAX_PROPERTY_VALUES} values.")
        return
    for index, item in enumerate(values):
        item_path = f"{path}[{index}]" if isinstance(items, list) else path
        value = _parse_value(item)
        if value is None:
            errors.add(item_path, "type", 'Must be text, a number, true, false or an object with "id".')
        elif any(
            len(part) > MAX_QUERY_CHARS or CONTROL_CHARS.search(part) for part in (value.text, value.ref)
        ):
            errors.add(
                item_path,
                "too_long",
                f"Must have at most {MAX_QUERY_CHARS} characters and no control characters.",
            )
        elif value.text or value.ref:
            yield value


def _parse_value(item: Any) -> PropertyValue | None:
    if isinstance(item, dict):
        ref, name = item.get("id"), item.get("name", "")
        return PropertyValue(name if isinstance(name, str) else "", ref) if isinstance(ref, str) else None
    if isinstance(item, bool):
        return PropertyValue(str(item).lower())
    if isinstance(item, float) and item.is_integer():
        return PropertyValue(str(int(item)))
    if isinstance(item, int | float):
        return PropertyValue(str(item)[:MAX_QUERY_CHARS])
    return PropertyValue(" ".join(item.split())) if isinstance(item, str) else None


def _join_names(names: Sequence[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")
