"""Facets and their counts, date ranges, orders and pages."""

from collections import Counter

import pytest

from biobank.names.alphabet import sort_key
from biobank.search.query import SORT_ORDERS, UNKNOWN, DateFilter, SearchQuery
from tests.contract.engines import FilledEngineFactory, search_ids
from tests.support.brute_force import all_hit_ids, sorted_ids
from tests.support.documents import VALUES, choices_of, document


def test_values_of_a_facet_are_alternatives_and_facets_are_not(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", facets={"country": ("AZ", "TR"), "gender": ("female",)}),
        document("q", facets={"country": ("TR",), "gender": ("male",)}),
        document("r", facets={"country": ("GE",), "gender": ("female",)}),
        document("s"),
    )
    expected = {
        ("country", "AZ"): {"p"},
        ("country", "TR", "GE"): {"p", "q", "r"},
        ("country", "-TR"): {"r", "s"},
        ("country", "TR", "-AZ"): {"q"},
        ("country", UNKNOWN): {"s"},
        ("country", f"-{UNKNOWN}"): {"p", "q", "r"},
        ("country", "XX"): set(),
        ("country", "-XX"): {"p", "q", "r", "s"},
    }
    for (facet, *values), matching in expected.items():
        assert set(search_ids(engine, choices=choices_of(**{facet: values}))) == matching, values
    both = choices_of(country=["TR", "GE"], gender=["female"])
    assert set(search_ids(engine, choices=both)) == {"p", "r"}


def test_facet_counts_ignore_own_selection_only(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", facets={"country": ("AZ", "TR"), "gender": ("female",)}),
        document("q", facets={"country": ("TR",), "gender": ("male",)}),
        document("r", facets={"country": ("GE",), "gender": ("female",)}),
    )
    response = engine.search(SearchQuery(choices=choices_of(country=["AZ"], gender=["female"])))
    assert response.total == 1
    assert response.facets["country"] == {"AZ": 1, "TR": 1, "GE": 1}
    assert response.facets["gender"] == {"female": 1}
    assert response.facets["place"] == {UNKNOWN: 1}


def test_the_values_of_a_few_among_many_are_counted(filled: FilledEngineFactory) -> None:
    bank = [
        document(
            f"p{number}",
            text="opera" if number % 25 == 7 else "musiqi",
            facets={"country": VALUES[: number % 4], "gender": (VALUES[number % 3],)},
        )
        for number in range(200)
    ]
    response = filled(*bank).search(SearchQuery("opera", size=100))
    few = [d for d in bank if d.text["az"] == "opera"]
    assert response.total == len(few) == 8
    for facet in ("country", "gender", "place"):
        counts = Counter(value for match in few for value in match.facets[facet])
        assert response.facets[facet] == counts


@pytest.mark.parametrize(
    ("certainty", "earliest", "latest", "expected"),
    [
        ("possible", 5, 7, {"inside", "across", "edge", "since"}),
        ("certain", 5, 7, {"inside"}),
        ("possible", None, 4, {"across", "edge", "until"}),
        ("certain", None, 5, {"edge", "until"}),
        ("possible", 8, None, {"across", "since"}),
        ("certain", 5, None, {"inside", "since"}),
        ("possible", None, None, {"inside", "across", "edge", "since", "until"}),
    ],
)
def test_a_range_of_days_is_met_possibly_or_certainly(
    filled: FilledEngineFactory, certainty: str, earliest: int | None, latest: int | None, expected: set[str]
) -> None:
    engine = filled(
        document("inside", born=(5, 7), died=(5, 7)),
        document("across", born=(3, 9), died=(3, 9)),
        document("edge", born=(4, 5), died=(4, 5)),
        document("since", born=(7, None), died=(7, None)),
        document("until", born=(None, 4), died=(None, 4)),
        document("never"),
    )
    dates = DateFilter("", earliest, latest)
    assert set(search_ids(engine, born=dates, certainty=certainty)) == expected
    assert set(search_ids(engine, died=dates, certainty=certainty)) == expected


def test_days_before_common_era_and_far_future_are_stored(filled: FilledEngineFactory) -> None:
    engine = filled(document("old", born=(-300_000, -299_000)), document("new", born=(800_000,) * 2))
    assert search_ids(engine, born=DateFilter("", None, 0)) == ["old"]
    assert search_ids(engine, sort="-birth") == ["new", "old"]


@pytest.mark.parametrize("sort", [sort for sort in SORT_ORDERS if sort != "relevance"])
def test_unknown_sorts_last_and_ties_go_to_better_documented(filled: FilledEngineFactory, sort: str) -> None:
    bank = [
        document("1", "Zahid", born=(5, 5), updated=3.0, checked=(8, 9)),
        document("2", "Ismayıl", born=(4, 9), updated=1.0, checked=(3, 3)),
        document("3", "İlk", born=(4, 4), updated=1.0, documented=2),
        document("4", "Xan"),
        document("5", "Qarı", documented=7),
        document("6", "Əfəndi", born=(None, 3)),
        document("7", "Ela", born=(2, None), updated=2.0),
        document("8", "Ela", born=(2, 2), updated=2.0, documented=5),
    ]
    expected = {
        "name": ["8", "7", "6", "4", "2", "3", "5", "1"],
        "birth": ["6", "8", "7", "3", "2", "1", "5", "4"],
        "-birth": ["1", "3", "2", "8", "7", "6", "5", "4"],
        "updated": ["1", "8", "7", "3", "2", "5", "6", "4"],
        "checked": ["5", "8", "3", "7", "6", "4", "2", "1"],
    }
    assert search_ids(filled(*bank), sort=sort) == expected[sort]
    assert sorted_ids({d.id: d for d in bank}, [d.id for d in bank], sort) == expected[sort]


def test_names_sort_in_the_language_of_the_query(filled: FilledEngineFactory) -> None:
    names = {
        "hajibeyov": ("Hacıbəyov", "Hajibeyov", "Гаджибеков"),
        "garayev": ("Qarayev", "Garayev", "Караев"),
        "javanshir": ("Cavanşir", "Javanshir", "Джаваншир"),
        "banin": ("Banin", "Banine", "Банин"),
    }
    bank = [
        document(
            id_,
            az,
            sort_keys={"az": sort_key(az, "az"), "en": sort_key(en, "en"), "ru": sort_key(ru, "ru")},
            updated=5.0,
        )
        for id_, (az, en, ru) in names.items()
    ]
    engine = filled(*bank)
    expected = {
        "az": ["banin", "javanshir", "hajibeyov", "garayev"],
        "en": ["banin", "garayev", "hajibeyov", "javanshir"],
        "ru": ["banin", "hajibeyov", "javanshir", "garayev"],
    }
    for lang, ids in expected.items():
        assert search_ids(engine, sort="name", lang=lang) == ids
        # The name decides between people with equal dates, too.
        assert search_ids(engine, sort="updated", lang=lang) == ids
        assert sorted_ids({d.id: d for d in bank}, names, "name", lang) == ids
        middle = SearchQuery(sort="name", lang=lang, size=1, page=3)
        assert [hit.id for hit in engine.search(middle).hits] == ids[2:3]


@pytest.mark.parametrize("sort", SORT_ORDERS)
def test_pages_are_complete_and_stable(filled: FilledEngineFactory, sort: str) -> None:
    engine = filled(*(document(f"p{number}", "Xan", born=(number % 3, 9)) for number in range(23)))
    all_ids = search_ids(engine, "xan", sort=sort, size=100)
    assert len(set(all_ids)) == 23
    for size in (1, 7, 23):
        assert all_hit_ids(engine, SearchQuery("xan", sort=sort, size=size)) == all_ids
    assert search_ids(engine, "xan", page=1_000_000, size=100) == []
    assert engine.search(SearchQuery("xan", page=1_000_000)).total == 23


def test_empty_result_counts_each_relaxation(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", "Xan", born=(5, 5), facets={"gender": ("female",)}),
        document("q", "Xan", born=(9, 9), facets={"gender": ("male",)}),
        document("r", "Bəy", born=(9, 9), facets={"gender": ("female",), "country": ("AZ",)}),
    )
    choices = choices_of(gender=["female"], country=["-TR"])
    response = engine.search(SearchQuery("xan", choices=choices, born=DateFilter("", 9, None)))
    assert response.total == 0
    assert response.relaxations == {"gender": 1, "born": 1, "text": 1}
