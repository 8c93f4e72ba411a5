"""Problems of a batch are reported with their position, and valid queries are answered."""

import json
from typing import Any

import pytest

from biobank.bootstrap import Services
from biobank.errors import BadQuery
from biobank.exchange.reconciliation.query_parser import MAX_BATCH_BYTES, parse_batch
from tests.exchange.reconciliation.conftest import property_list, reconcile


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ('{"q0": {"query": "a"}, "q0": {"query": "b"}}', "duplicate key"),
        ("{", "line 1 column 2"),
        ("[]", "an object"),
        ('"x"', "an object"),
        ('{"a": NaN}', "NaN is not a number"),
        ("[" * 100_000, "nested too deeply"),
        (json.dumps({str(n): {"query": "x"} for n in range(51)}), "has 51 queries; the maximum is 50"),
        (json.dumps({"k" * 101: {"query": "x"}}), "too long"),
        (r'{"\ud800": {"query": "x"}}', "not valid text"),
        (json.dumps({"a": {"query": "x" * MAX_BATCH_BYTES}}), f"more than {MAX_BATCH_BYTES} bytes"),
    ],
)
def test_malformed_batches_are_rejected(text: str, message: str) -> None:
    with pytest.raises(BadQuery, match=message):
        parse_batch(text)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({}, "query"),
        ({"query": 5}, "query"),
        ({"query": "x" * 601}, "query"),
        ({"query": "a\0b"}, "query"),
        ({"query": "\ud800"}, "query"),
        ({"query": "x", "type": 5}, "type"),
        ({"query": "x", "type": [5]}, "type[0]"),
        ({"query": "x", "type": ["person"] * 21}, "type"),
        ({"query": "x", "type_strict": "some"}, "type_strict"),
        ({"query": "x", "limit": "5"}, "limit"),
        ({"query": "x", "limit": 0}, "limit"),
        ({"query": "x", "limit": True}, "limit"),
        ({"query": "x", "properties": {}}, "properties"),
        ({"query": "x", "properties": [{"p": "viaf", "v": 1}]}, "properties[0]"),
        ({"query": "x", "properties": [{"pid": "viaf"}]}, "properties[0]"),
        ({"query": "x", "properties": property_list(viaf=None)}, "properties[0].v"),
        ({"query": "x", "properties": property_list(viaf=["1", {}])}, "properties[0].v[1]"),
        ({"query": "x", "properties": property_list(viaf="1" * 601)}, "properties[0].v"),
        ({"query": "x", "properties": property_list(viaf=["1"] * 21)}, "properties[0].v"),
        ({"query": "x", "properties": property_list(viaf="1") * 21}, "properties"),
        ("x", ""),
        (None, ""),
    ],
)
def test_malformed_query_is_reported_and_others_answered(services: Services, query: Any, path: str) -> None:
    batch = json.dumps({"bad": query, "good": {"query": "Üzeyir Hacıbəyov"}})
    response = services.reconciliation.reconcile(batch, "az")
    assert response["bad"]["result"] == []
    problems = response["bad"]["problems"]
    assert [problem["path"] for problem in problems] == [path]
    assert problems[0]["message"]
    assert response["good"]["result"][0]["id"] == "uzeyir-hacibeyov"
    assert "problems" not in response["good"]


def test_unknown_field_is_reported_and_ignored(services: Services) -> None:
    response = reconcile(services, "Üzeyir Hacıbəyov", lang="az", language="az")
    assert response["result"][0]["match"]
    assert [problem["path"] for problem in response["problems"]] == ["language"]


def test_excessive_limit_is_capped(services: Services) -> None:
    assert len(reconcile(services, "Məmməd", limit=1e9)["result"]) <= 50


def test_fifty_full_queries_fit() -> None:
    query = {"query": "ə" * 600, "properties": property_list(birth_year="1885", profession="bəstəkar")}
    assert len(parse_batch(json.dumps({f"q{n}": query for n in range(50)}))) == 50
