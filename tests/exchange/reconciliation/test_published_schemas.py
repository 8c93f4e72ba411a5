"""All answers conform to the published schemas."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.exchange.reconciliation.properties import PROPERTIES_BY_ID
from biobank.exchange.reconciliation.query_parser import MAX_BATCH_QUERIES, MAX_QUERY_KEY_CHARS
from biobank.exchange.reconciliation.suggestions import SuggestRequest
from biobank.search.query import MAX_QUERY_CHARS
from tests.support.profiles import scaled
from tests.support.reconciliation import check, errors, examples

QUERIES, RESULTS = "reconciliation-query-batch", "reconciliation-result-batch"

#: Possible inputs: names of the seed, of nobody, and arbitrary values.
words = st.sampled_from(
    ["Üzeyir", "Hacıbəyov", "Гаджибеков", "Nizami", "Bakı", "composer", "Xan", "نظامی", "1885"]
)
texts = st.lists(words, max_size=5).map(" ".join) | st.text(max_size=80)
values = (
    texts
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.fixed_dictionaries({"id": texts}, optional={"name": texts})
)
pids = st.sampled_from([*PROPERTIES_BY_ID, "birth", "no such"])
properties = st.lists(
    st.fixed_dictionaries({"pid": pids, "v": values | st.lists(values, max_size=3)}), max_size=4
)
types = st.sampled_from(
    ["person", "place", "organisation", "term", "term/award", "profession/composer", "none"]
)
queries = st.fixed_dictionaries(
    {"query": texts},
    optional={
        "type": types | st.lists(types, max_size=3),
        "type_strict": st.sampled_from(["any", "should", "all"]),
        "limit": st.integers(1, 9),
        "properties": properties,
    },
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_schemas_accept_valid_and_reject_invalid_examples(shared: Path) -> None:
    """Check that the schemas reject invalid examples."""
    for name in ("manifest", QUERIES, RESULTS, "data-extension-response"):
        for file, example in examples(shared, name, "valid"):
            assert not list(errors(shared, name, example)), file
        for file, example in examples(shared, name, "invalid"):
            assert list(errors(shared, name, example)), file


def test_the_manifest_is_valid(services: Services, shared: Path, lang: str) -> None:
    manifest = services.reconciliation.manifest(lang, "https://bank.example{}".format)
    check(shared, "manifest", manifest)
    assert manifest["versions"] == ["0.2"]
    assert manifest["batchSize"] == MAX_BATCH_QUERIES
    for kind in manifest["defaultTypes"]:
        check(shared, "type", kind)


@given(batch=st.dictionaries(st.text(max_size=8), queries, max_size=3))
@settings(max_examples=scaled(150))
def test_answers_to_valid_batches_are_valid(services: Services, shared: Path, batch: dict[str, Any]) -> None:
    response = services.reconciliation.reconcile(json.dumps(batch), "en")
    check(shared, RESULTS, response)
    assert list(response) == list(batch)
    for key, query in batch.items():
        result = response[key]["result"]
        scores = [candidate["score"] for candidate in result]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 100 for score in scores)
        assert len(result) <= query.get("limit", 10)
        assert not any(candidate["match"] for candidate in result[1:])
        assert len({candidate["id"] for candidate in result}) == len(result)


@given(batch=st.dictionaries(st.text(max_size=8), json_values, max_size=3))
def test_malformed_queries_are_answered_individually(
    services: Services, shared: Path, batch: dict[str, Any]
) -> None:
    text = json.dumps(batch).replace("NaN", "0").replace("Infinity", "0")
    response = services.reconciliation.reconcile(text, "ru")
    check(shared, RESULTS, response)
    for result in response.values():
        assert result["result"] or result.get("problems")


def test_published_examples_are_answered_or_rejected(services: Services, shared: Path) -> None:
    for file, batch in examples(shared, QUERIES, "valid"):
        response = services.reconciliation.reconcile(json.dumps(batch), "en")
        check(shared, RESULTS, response)
        codes = {problem["code"] for item in response.values() for problem in item.get("problems", ())}
        # They query another bank, whose types and properties are unknown here.
        assert codes <= {"unknown"}, file
    for file, batch in examples(shared, QUERIES, "invalid"):
        response = services.reconciliation.reconcile(json.dumps(batch), "en")
        refused = [item for item in response.values() if item.get("problems") and not item["result"]]
        assert refused, file


@given(
    ids=st.lists(
        st.sampled_from(["uzeyir-hacibeyov", "place/baku", "organisation/baku-music-academy", "nobody"])
        | st.text(max_size=20),
        max_size=4,
    ),
    columns=st.lists(pids, max_size=8),
    setting=st.dictionaries(st.sampled_from(["limit", "lang", "x"]), json_values, max_size=2),
)
def test_extended_rows_are_valid(
    services: Services, shared: Path, ids: list[str], columns: list[str], setting: dict[str, Any]
) -> None:
    request = {"ids": ids, "properties": [{"id": column, "settings": setting} for column in columns]}
    text = json.dumps(request).replace("NaN", "0").replace("Infinity", "0")
    response = services.reconciliation.extend(text, "en", "https://bank.example{}".format)
    check(shared, "data-extension-response", response)
    assert [column["id"] for column in response["meta"]] == columns


def test_all_property_values_are_valid(services: Services, shared: Path, lang: str) -> None:
    """Test all properties of all people, organisations, places and terms of the seed."""
    with services.database.read() as session:
        people = sorted(id_ for id_ in services.names.matcher().ids())
        assert session
    catalogue = services.catalogue().public
    ids = [
        *people,
        *(f"organisation/{id_}" for id_ in catalogue.organisations),
        *(f"place/{id_}" for id_ in catalogue.places),
        *(f"term/{key}" for key in catalogue.terms),
    ]
    columns = [{"id": property_id} for property_id in PROPERTIES_BY_ID]
    for at in range(0, len(ids), 100):
        request = json.dumps({"ids": ids[at : at + 100], "properties": columns})
        response = services.reconciliation.extend(request, lang, "https://bank.example{}".format)
        check(shared, "data-extension-response", response)
        assert all(row["name"] and row["url"] for row in response["rows"].values())


@given(prefix=st.text(max_size=12) | words, cursor=st.integers(0, 30), wanted=st.lists(types, max_size=2))
def test_suggestions_are_valid(
    services: Services, shared: Path, prefix: str, cursor: int, wanted: list[str]
) -> None:
    typed = SuggestRequest(prefix, cursor, tuple(wanted), "az")
    for what, schema in (
        ("entity", "suggest-entities-response"),
        ("type", "suggest-types-response"),
        ("property", "suggest-properties-response"),
    ):
        response = services.reconciliation.suggest(what, typed)  # type: ignore[arg-type]
        check(shared, schema, response)


@pytest.mark.parametrize("kind", ["", "person", "profession/poet", "place", "organisation", "term"])
def test_proposed_properties_are_valid(services: Services, shared: Path, lang: str, kind: str) -> None:
    check(shared, "data-extension-property-proposal", services.reconciliation.propose(kind, 0, lang))


def test_limits_match_the_documentation() -> None:
    assert (MAX_BATCH_QUERIES, MAX_QUERY_CHARS, MAX_QUERY_KEY_CHARS) == (50, 600, 100)
