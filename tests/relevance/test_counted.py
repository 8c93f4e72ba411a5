"""Totals, facets and births of any query equal a record-by-record count."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from biobank.bootstrap import Services, make_services
from biobank.exchange import seeding
from biobank.exchange.importing.importer import silent
from biobank.search.asking import date_filter
from biobank.search.document import Around, make_document
from biobank.search.gaps import GAPS
from biobank.search.query import CERTAINTIES, FACETS, SORTS, UNKNOWN, Choice, SearchQuery
from biobank.search.where import TIES, Area
from biobank.settings import Settings
from biobank.store import schema
from tests.relevance.bank import read_bank
from tests.relevance.counted import OTHER, Counted, values_of
from tests.support.documents import ABSENT

#: Words that occur in no name.
WORDS = ("opera", "operanın", "театра", "teacher", "müəllim", "музыка", "university", "və")
LITERAL = ('"opera house"', '"xalq artisti"', "xalç*", "музык*", "text:sovet*", 'work:"və"')
DATES = ("1885", "188X", "1880..1920", "<1700", ">1900", "1141~", UNKNOWN)
AGES = ("90", "60..70", ">90", "<40", UNKNOWN)
NEAR = ("susa~60km", "baku~1km", "paris~20km", "tebriz~500km", "azerbaijan~9km")


@pytest.fixture(scope="module")
def counted(services: Services) -> Counted:
    return _counted(services)


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
    services.indexer.rebuild(silent)
    yield services
    services.close()


@pytest.fixture(scope="module")
def counted_on_postgres(on_postgres: Services) -> Counted:
    return _counted(on_postgres)


@settings(max_examples=50, phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_totals_facets_and_births_equal_a_count_over_the_records(
    services: Services, counted: Counted, data: st.DataObject
) -> None:
    for query in data.draw(st.lists(_queries(counted), min_size=10, max_size=10)):
        check(services, counted, query)


@pytest.mark.postgres
@pytest.mark.measured
@settings(max_examples=10, phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_they_equal_it_over_postgresql_too(
    on_postgres: Services, counted_on_postgres: Counted, data: st.DataObject
) -> None:
    for query in data.draw(st.lists(_queries(counted_on_postgres), min_size=10, max_size=10)):
        check(on_postgres, counted_on_postgres, query)


def check(services: Services, counted: Counted, query: SearchQuery) -> None:
    answer = services.search.search(query)
    asked = answer.query
    found = counted.found(asked)
    assert (answer.total, answer.match) == (len(found), "found"), query
    assert set(services.search.everybody(query)) == found, query
    for facet in FACETS:
        counts = {value.id: value.count for value in answer.facets[facet]}
        assert counts == counted.facet(asked, facet), (facet, query)
    births = [(each.decade, each.possible, each.certain) for each in answer.births]
    assert births == counted.births(asked), query
    for way in answer.relax:
        assert not found
        assert way.count == len(counted.found(way.rest)) > 0, (way.label, query)


def _counted(services: Services) -> Counted:
    bank = read_bank(services)
    titles = {id_: source["csl"]["title"] for id_, source in bank.sources.items()}
    inbound: dict[str, list[tuple[str, str]]] = {}
    for id_, one in bank.people.items():
        for tie in one.get("relations", []):
            inbound.setdefault(tie["person"], []).append((id_, tie["type"]))
    return Counted(
        bank,
        {
            id_: make_document(one, bank.catalogue, around=Around(inbound.get(id_, ()), titles))
            for id_, one in bank.people.items()
        },
    )


@cache
def _known(counted: Counted, facet: str) -> list[str]:
    people = counted.bank.people.values()
    return sorted({value for one in people for value in values_of(counted.bank, one, facet)})


@cache
def _queries(counted: Counted) -> st.SearchStrategy[SearchQuery]:
    """Generate queries with values that exist in the bank, most of them with matches."""
    return st.builds(
        SearchQuery,
        text=_texts(counted),
        lang=st.sampled_from(("az", "en", "ru")),
        size=st.integers(1, 100),
        sort=st.sampled_from(SORTS),
        choices=st.dictionaries(st.sampled_from(FACETS), st.none(), max_size=2).flatmap(
            lambda chosen: st.fixed_dictionaries(
                {facet: _choice(counted, facet) for facet in chosen}
            )
        ),
        born=st.none() | st.sampled_from(DATES).map(date_filter),
        died=st.none() | st.none() | st.sampled_from(DATES).map(date_filter),
        certainty=st.sampled_from(CERTAINTIES),
        area=st.none() | st.none() | _areas,
        tie=st.sampled_from(TIES),
    )


def _choice(counted: Counted, facet: str) -> st.SearchStrategy[Choice]:
    values = st.sampled_from([*_known(counted, facet), "nonesuch"])
    signed = st.tuples(st.sampled_from(("", "", "-")), values).map("".join)
    return st.lists(signed, min_size=1, max_size=4).map(Choice.of)


_edges = st.tuples(st.integers(-90, 90), st.integers(-90, 90)).map(sorted)
_areas = st.one_of(
    st.builds(
        lambda ns, west, east: Area(west, ns[0], east, ns[1]), _edges, *[st.integers(-180, 180)] * 2
    ),
    st.just(Area(44.0, 38.0, 51.0, 42.0)),
    st.just(Area(170.0, -10.0, 60.0, 60.0)),
)


def _texts(counted: Counted) -> st.SearchStrategy[str]:
    """Generate trees of every kind of part; words are alternatives, so that none is dropped."""
    fields = {
        field: st.sampled_from(_known(counted, field))
        for field in (*FACETS, *(field for field in OTHER if field != "tie"))
    }
    # Completeness fields are known for everyone, so `unknown` is not a value.
    fields |= {gap: st.sampled_from(values) for gap, values in GAPS.items()}
    fields["relation"] |= st.sampled_from(_known(counted, "tie"))
    fields |= {
        "born": st.sampled_from(DATES),
        "died": st.sampled_from(DATES),
        "checked": st.sampled_from(("<2026", ">2020", "2026", UNKNOWN)),
        "age": st.sampled_from(AGES),
        "near": st.sampled_from(NEAR),
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
            inner.map(lambda one: f"-{one}"),
        ),
        max_leaves=6,
    )
    return st.lists(part, max_size=3).map(" ".join).filter(lambda text: len(text) <= 600)
