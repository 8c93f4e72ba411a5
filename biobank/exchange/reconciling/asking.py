"""Parsing of query batches, with the position of each problem.

A malformed batch is rejected as a whole. Within a batch, a malformed query is answered with its
problems, and the others with their candidates.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from biobank.errors import BadQuery, Problem
from biobank.exchange.reconciling.properties import Property, property_of
from biobank.json_text import KeyTwice, parsed
from biobank.records.fields import CONTROL
from biobank.search.query import TEXT_MOST

#: Maximum queries per batch, stated in the manifest, and bytes per batch: fifty full queries fit.
QUERIES_MOST: Final = 50
BYTES_MOST: Final = 400_000
KEY_MOST: Final = 100
TYPES_MOST: Final = 20
PROPERTIES_MOST: Final = 20
VALUES_MOST: Final = 20
LIMIT_DEFAULT: Final = 10
LIMIT_MOST: Final = 50
STRICT: Final = ("any", "should", "all")
KNOWN: Final = frozenset({"query", "type", "limit", "properties", "type_strict"})


#: Unpaired surrogates, which JSON can express and UTF-8 cannot.
_HALVES: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Value:
    """A value of a property: `ref` if it is an entity, else `text`."""

    text: str
    ref: str = ""


@dataclass(frozen=True)
class Given:
    """A property with alternative values, any of which may be true."""

    property: Property
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Query:
    """A parsed query; `problems` lists the parts that were ignored."""

    text: str
    types: tuple[str, ...] = ()
    strict: str = STRICT[0]
    limit: int = LIMIT_DEFAULT
    given: tuple[Given, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Unread:
    """A query that cannot be answered."""

    problems: tuple[Problem, ...]


@dataclass
class _Mistakes:
    found: list[Problem] = field(default_factory=list)

    def add(self, path: str, code: str, message: str) -> None:
        self.found.append(Problem(path, code, message))


def read_json(text: str, name: str) -> Any:
    """Parse the JSON of the argument `name`.

    Raises:
        BadQuery: if it is not JSON, or too long.
    """
    if len(text.encode("utf-8", "surrogatepass")) > BYTES_MOST:
        raise BadQuery(f"{name} has more than {BYTES_MOST} bytes; send fewer at once.")
    try:
        return parsed(text, constant=_no_number)
    except RecursionError as error:
        raise BadQuery(f"{name} is nested too deeply.") from error
    except KeyTwice as error:
        raise BadQuery(f"{name}: {error}.") from error
    except ValueError as error:
        raise BadQuery(f"{name} is not JSON: {error}") from error


def read_batch(text: str) -> dict[str, Query | Unread]:
    """Parse the queries of a batch by key.

    Raises:
        BadQuery: if the batch is malformed.
    """
    batch = read_json(text, "queries")
    if not isinstance(batch, dict):
        raise BadQuery('queries takes an object of queries by key: {"q0": {"query": "…"}}.')
    if len(batch) > QUERIES_MOST:
        raise BadQuery(f"queries holds {len(batch)} queries; send {QUERIES_MOST} at most at once.")
    for key in batch:
        if len(key) > KEY_MOST or _HALVES.search(key):
            raise BadQuery(f"queries: the key {shown(key, 20)!r} is no text, or too long.")
    return {key: read_query(query) for key, query in batch.items()}


def read_query(query: Any) -> Query | Unread:
    """Parse one query of a batch."""
    if not isinstance(query, dict):
        return Unread((Problem("", "type", "A query is an object."),))
    wrong, left_out = _Mistakes(), _Mistakes()
    for key in sorted(query.keys() - KNOWN):
        left_out.add(shown(key), "unknown", f"A query has no such part; it has {_list(KNOWN)}.")
    text = _text(query, wrong)
    types = tuple(_types(query.get("type"), wrong))
    strict = query.get("type_strict", STRICT[0])
    if strict not in STRICT:
        wrong.add("type_strict", "choice", f"Takes one of {_list(STRICT)}.")
    limit = _limit(query.get("limit", LIMIT_DEFAULT), wrong)
    given = tuple(_given(query.get("properties", []), wrong, left_out))
    if not (text or query.get("properties") or wrong.found):
        wrong.add("query", "missing", "Give the query a text, or properties.")
    if wrong.found:
        return Unread((*wrong.found, *left_out.found))
    return Query(text, types, strict, limit, given, tuple(left_out.found))


def shown(text: str, most: int = 40) -> str:
    """Truncate and sanitise an input for use in a message."""
    return CONTROL.sub("�", text[:most])


def _text(query: Mapping[str, Any], wrong: _Mistakes) -> str:
    text = query.get("query", "")
    if not isinstance(text, str):
        wrong.add("query", "type", "Takes a text.")
        return ""
    if len(text) > TEXT_MOST:
        wrong.add("query", "too_long", f"Has {len(text)} characters; at most {TEXT_MOST} are read.")
    elif CONTROL.search(text):
        wrong.add("query", "control", "Holds a control character; remove it.")
    return " ".join(text.split())


def _types(given: Any, wrong: _Mistakes) -> Iterator[str]:
    types = [given] if isinstance(given, str) else given or []
    if not isinstance(types, list) or len(types) > TYPES_MOST:
        wrong.add("type", "type", f"Takes the id of a type, or a list of up to {TYPES_MOST}.")
        return
    for at, one in enumerate(types):
        if not isinstance(one, str) or len(one) > TEXT_MOST or CONTROL.search(one):
            wrong.add(f"type[{at}]", "type", "Takes the id of a type.")
        elif one:
            yield one


def _limit(limit: Any, wrong: _Mistakes) -> int:
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit < 1:
        wrong.add("limit", "type", f"Takes a number from 1; {LIMIT_MOST} at most are given.")
        return LIMIT_DEFAULT
    return int(min(limit, LIMIT_MOST))


def _given(properties: Any, wrong: _Mistakes, left_out: _Mistakes) -> Iterator[Given]:
    if not isinstance(properties, list) or len(properties) > PROPERTIES_MOST:
        wrong.add("properties", "type", f"Takes a list of up to {PROPERTIES_MOST} properties.")
        return
    for at, one in enumerate(properties):
        path = f"properties[{at}]"
        if not isinstance(one, dict) or not isinstance(one.get("pid"), str) or "v" not in one:
            wrong.add(path, "type", 'Takes an object with "pid" and "v".')
            continue
        values = tuple(_values(one["v"], f"{path}.v", wrong))
        found = property_of(one["pid"])
        if found is None:
            message = f"There is no property {shown(one['pid'])!r}; it was left out."
            left_out.add(f"{path}.pid", "unknown", message)
        elif not found.compared:
            left_out.add(f"{path}.pid", "not_compared", f"{found.id} tells nobody apart; left out.")
        elif values:
            yield Given(found, values)


def _values(given: Any, path: str, wrong: _Mistakes) -> Iterator[Value]:
    values = given if isinstance(given, list) else [given]
    if len(values) > VALUES_MOST:
        wrong.add(path, "too_many", f"Takes up to {VALUES_MOST} values.")
        return
    for at, one in enumerate(values):
        here = f"{path}[{at}]" if isinstance(given, list) else path
        value = _value(one)
        if value is None:
            wrong.add(
                here, "type", 'Takes a text, a number, true or false, or an object with "id".'
            )
        elif any(len(part) > TEXT_MOST or CONTROL.search(part) for part in (value.text, value.ref)):
            wrong.add(here, "too_long", f"Takes up to {TEXT_MOST} characters, none for control.")
        elif value.text or value.ref:
            yield value


def _value(one: Any) -> Value | None:
    if isinstance(one, dict):
        ref, name = one.get("id"), one.get("name", "")
        return Value(name if isinstance(name, str) else "", ref) if isinstance(ref, str) else None
    if isinstance(one, bool):
        return Value(str(one).lower())
    if isinstance(one, float) and one.is_integer():
        return Value(str(int(one)))
    if isinstance(one, int | float):
        return Value(str(one)[:TEXT_MOST])
    return Value(" ".join(one.split())) if isinstance(one, str) else None


def _list(words: Sequence[str] | frozenset[str]) -> str:
    return ", ".join(sorted(words))


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")
