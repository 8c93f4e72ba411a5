"""Totals, facets and births of any query equal a record-by-record count."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from biobank.bootstrap import Services, make_services
from biobank.common.progress import null_progress
from biobank.exchange import seeding
from biobank.search.completeness import GAP_VALUES
from biobank.search.geo import TIE_KINDS, Area
from biobank.search.language.fields import RELATION_FIELDS
from biobank.search.normalize import date_filter
from biobank.search.query import CERTAINTIES, FACETS, SORT_ORDERS, UNKNOWN, FacetChoice, SearchQuery
from biobank.settings import Settings
from biobank.store import schema
from tests.relevance.oracle_counts import OTHER_FIELDS, CountOracle, build_oracle, values_of
from tests.support.documents import ABSENT
from tests.support.profiles import scaled

#: Words that occur in no name.
WORDS = ("opera", "operanın", "театра", "teacher", "müəllim", "музыка", "university", "və")
LITERAL = ('"opera house"', '"xalq artisti"', "xalç*", "музык*", "text:sovet*", 'work:"və"')
DATES = ("1885", "188X", "1880..1920", "<1700", ">1900", "1141~", UNKNOWN)
AGES = ("90", "60..70", ">90", "<40", UNKNOWN)
NEAR_VALUES = ("susa~60km", "baku~1km", "paris~20km", "tebriz~500km", "azerbaijan~9km")


@pytest.fixture(scope="module")
def on_postgres(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Load the whole seed into a PostgreSQL store with its own index."""
    root = Path(__file__).parents[2]
    folder = tmp_path_factory.mktemp("counted")
    services = make_services(
        Settings(
            database_url=postgres_url,
            index_dir=folder / "index",
            secret_key="a key for tests",
            seed_dir=root / "seed_data",
        )
    )
    schema.upgrade(services.database)
    assert not seeding.seed(services.database, root / "seed_data").refusals
    services.indexer.rebuild(null_progress)
    yield services
    services.close()


@pytest.fixture(scope="module")
def oracle_on_postgres(on_postgres: Services) -> CountOracle:
    return build_oracle(on_postgres)


@settings(max_examples=scaled(50), phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_totals_facets_and_births_equal_a_count_over_the_records(
    services: Services, oracle: CountOracle, data: st.DataObject
) -> None:
    for query in data.draw(st.lists(_queries(oracle), min_size=10, max_size=10)):
        check(services, oracle, query)


@pytest.mark.postgres
@pytest.mark.slow
@settings(max_examples=scaled(10), phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_counts_are_equal_over_postgresql(
    on_postgres: Services, oracle_on_postgres: CountOracle, data: st.DataObject
) -> None:
    for query in data.draw(st.lists(_queries(oracle_on_postgres), min_size=10, max_size=10)):
        check(on_postgres, oracle_on_postgres, query)


def check(services: Services, counted: CountOracle, query: SearchQuery) -> None:
    response = services.search.search(query)
    normalized = response.query
    expected_ids = counted.matching_ids(normalized)
    assert (response.total, response.match) == (len(expected_ids), "found"), query
    assert set(services.search.all_ids(query)) == expected_ids, query
    for facet in FACETS:
        counts = {value.id: value.count for value in response.facets[facet]}
        assert counts == counted.facet_counts(normalized, facet), (facet, query)
    births = [(each.decade, each.possible, each.certain) for each in response.births]
    assert births == counted.births(normalized), query
    for condition in response.relax:
        assert not expected_ids
        assert condition.count == len(counted.matching_ids(condition.remaining_query)) > 0, (
            condition.label,
            query,
        )


@cache
def _known_values(counted: CountOracle, facet: str) -> list[str]:
    people = counted.bank.people.values()
    return sorted({value for record in people for value in values_of(counted.bank, record, facet)})


@cache
def _queries(counted: CountOracle) -> st.SearchStrategy[SearchQuery]:
    """Generate queries with values that exist in the bank, most of them with matches."""
    return st.builds(
        SearchQuery,
        text=_texts(counted),
        lang=st.sampled_from(("az", "en", "ru")),
        size=st.integers(1, 100),
        sort=st.sampled_from(SORT_ORDERS),
        choices=st.dictionaries(st.sampled_from(FACETS), st.none(), max_size=2).flatmap(
            lambda chosen: st.fixed_dictionaries({facet: _choice(counted, facet) for facet in chosen})
        ),
        born=st.none() | st.sampled_from(DATES).map(date_filter),
        died=st.none() | st.none() | st.sampled_from(DATES).map(date_filter),
        certainty=st.sampled_from(CERTAINTIES),
        area=st.none() | st.none() | _areas,
        tie=st.sampled_from(TIE_KINDS),
    )


def _choice(counted: CountOracle, facet: str) -> st.SearchStrategy[FacetChoice]:
    values = st.sampled_from([*_known_values(counted, facet), "nonesuch"])
    signed = st.tuples(st.sampled_from(("", "", "-")), values).map("".join)
    return st.lists(signed, min_size=1, max_size=4).map(FacetChoice.from_values)


_edges = st.tuples(st.integers(-90, 90), st.integers(-90, 90)).map(sorted)
_areas = st.one_of(
    st.builds(lambda ns, west, east: Area(west, ns[0], east, ns[1]), _edges, *[st.integers(-180, 180)] * 2),
    st.just(Area(44.0, 38.0, 51.0, 42.0)),
    st.just(Area(170.0, -10.0, 60.0, 60.0)),
)


def _texts(counted: CountOracle) -> st.SearchStrategy[str]:
    """Generate trees of every kind of part; words are alternatives, so that none is dropped."""
    fields = {
        field: st.sampled_from(_known_values(counted, field))
        for field in (*FACETS, *(field for field in OTHER_FIELDS if field not in ("tie", "related")))
    }
    # Completeness fields are known for everyone, so `unknown` is not a value.
    fields |= {gap: st.sampled_from(values) for gap, values in GAP_VALUES.items()}
    fields["relation"] |= st.sampled_from(_known_values(counted, "tie"))
    fields |= {
        "born": st.sampled_from(DATES),
        "died": st.sampled_from(DATES),
        "alive": st.sampled_from(DATES),
        "checked": st.sampled_from(("<2026", ">2020", "2026", UNKNOWN)),
        "age": st.sampled_from(AGES),
        "near": st.sampled_from(NEAR_VALUES),
    }
    related = [text.split(":") for text in _known_values(counted, "related") if text != UNKNOWN]
    fields |= {
        field: st.sampled_from((UNKNOWN, *(person for kind, person in related if kind == field)))
        for field in RELATION_FIELDS
    }
    value = st.sampled_from(sorted(fields)).flatmap(
        lambda field: fields[field].map(lambda text: f"{field}:{text}")
    )
    word = st.sampled_from(WORDS).map(lambda text: f"({text} OR {ABSENT})")
    part = st.recursive(
        value | value | word | st.sampled_from(LITERAL),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda some: f"({' OR '.join(some)})"),
            st.lists(inner, min_size=2, max_size=3).map(lambda some: f"({' '.join(some)})"),
            inner.map(lambda subtext: f"-{subtext}"),
        ),
        max_leaves=6,
    )
    return st.lists(part, max_size=3).map(" ".join).filter(lambda text: len(text) <= 600)
