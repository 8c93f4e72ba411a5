"""What every search engine promises, whatever it is made of."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biobank.errors import SearchUnavailable
from biobank.search.document import Document
from biobank.search.port import EngineAnswer, Knowing, Named, SearchEngine
from biobank.search.query import FACETS, SORTS, UNKNOWN, DateFilter, SearchQuery
from tests.contract.engines import ENGINES, Filled, Open, ids, serve
from tests.support.brute_force import check_answer, in_order, walk
from tests.support.documents import (
    ABSENT,
    VALUES,
    banks,
    choices_of,
    document,
    documents,
    names_read,
    questions,
)

ROOT = Path(__file__).parents[2]

# Words


def test_a_word_is_found_in_names_headlines_labels_and_texts_of_every_language(
    filled: Filled,
) -> None:
    engine = filled(
        document("named", "Opera Xan"),
        document("headed", headline={"en": "An opera singer"}),
        document("labelled", labels={"ru": "опера"}),
        document("told", text={"az": "Bakıda operalar yazıb."}),
        document("other", "Ağa", text="Şair"),
    )
    assert set(ids(engine, "opera", lang="ru")) == {"named", "headed", "told"}
    assert ids(engine, "оперу", lang="az") == ["labelled"]


def test_case_accents_and_the_dot_of_i_do_not_matter(filled: Filled) -> None:
    engine = filled(document("p", "İLK ÇƏLƏBİ"), document("q", "Ağa"))
    for text in ("ilk", "İlk", "ILK", "cələbi", "CELEBI", "I\u0307lk"):
        assert ids(engine, text) == ["p"], text


def test_all_words_are_sought_each_in_any_field(filled: Filled) -> None:
    engine = filled(
        document("both", "Xan", text={"en": "A poet of Baku"}),
        document("one", "Xan", text={"en": "A singer"}),
    )
    answer = engine.search(SearchQuery("Xan poets"))
    assert [hit.id for hit in answer.hits] == ["both"]
    assert (answer.total, answer.let_go) == (1, ())


def test_when_nobody_has_all_words_the_rest_is_let_go_and_said(filled: Filled) -> None:
    engine = filled(
        document("p", "Xan", text="opera"),
        document("q", "Bəy", text="opera"),
        document("r", "Ağa"),
    )
    answer = engine.search(SearchQuery(f"opera {ABSENT} xan"))
    assert ([hit.id for hit in answer.hits], answer.let_go) == (["p"], (1,))


def test_the_most_telling_words_are_kept(filled: Filled) -> None:
    common = [document(f"c{number}", "Ağa", text="musiqi") for number in range(5)]
    engine = filled(*common, document("rare", "Çələbi"))
    answer = engine.search(SearchQuery("musiqi çələbi"))
    assert ([hit.id for hit in answer.hits], answer.let_go) == (["rare"], (0,))


def test_of_words_that_tell_as_much_the_first_is_kept(filled: Filled) -> None:
    engine = filled(document("a", "Ağa"), document("b", "Bəy"), document("c", "Xan"))
    for text, found in (("ağa bəy", "a"), ("bəy ağa", "b")):
        answer = engine.search(SearchQuery(text))
        assert ([hit.id for hit in answer.hits], answer.let_go) == ([found], (1,))


def test_words_are_let_go_among_those_whom_the_conditions_leave(filled: Filled) -> None:
    engine = filled(
        document("p", "Xan", text="opera", facets={"gender": ("female",)}),
        document("q", "Xan", facets={"gender": ("male",)}),
    )
    query = SearchQuery("xan opera", choices=choices_of(gender=["male"]))
    answer = engine.search(query)
    assert ([hit.id for hit in answer.hits], answer.let_go) == (["q"], (1,))


def test_words_that_stand_together_come_before_words_that_are_apart(filled: Filled) -> None:
    engine = filled(
        document("apart", "Ağa", text={"en": "Moscow, where he lived long. A conservatory."}),
        document("together", "Xan", text={"en": "She lived long and well at Moscow Conservatory."}),
        document("near", "Bəy", text={"en": "He lived well: the conservatory in Moscow knew him."}),
        document("neither", "Çələbi", text={"en": "Lived long and well."}),
    )
    assert ids(engine, "moscow conservatory", lang="en") == ["together", "near", "apart"]
    reasons = (
        engine.search(SearchQuery("moscow conservatory", lang="en"), Knowing(reasons=True))
        .hits[0]
        .reasons
    )
    assert "together" in [reason.place for reason in reasons]


def test_standing_together_finds_nobody_else_and_changes_no_other_order(filled: Filled) -> None:
    engine = filled(
        document("a", "Ağa", text="opera yazan şair"),
        document("b", "Bəy", text="şair. Uzun illər sonra musiqi yazıb, sonra da opera"),
    )
    assert ids(engine, "opera şair", sort="name") == ["a", "b"]
    assert engine.search(SearchQuery("opera şair")).total == 2


def test_a_word_that_nobody_has_finds_nobody(filled: Filled) -> None:
    answer = filled(document("p", "Xan")).search(SearchQuery(ABSENT))
    assert (answer.hits, answer.total) == ((), 0)


def test_stopwords_are_not_sought(filled: Filled) -> None:
    engine = filled(document("p", "Xan", text="opera"), document("q", "Bəy"))
    for text in ("opera və xan", "the opera and", "и опера xan", "opera"):
        assert ids(engine, text.replace("опера", "opera")) == ["p"], text


def test_people_without_text_in_a_language_do_not_hide_those_with(filled: Filled) -> None:
    engine = filled(
        document("p", "Xan", text={"az": "opera"}),
        document("q", "Bəy"),
        document("r", "Ağa", text={"ru": "опера"}),
    )
    assert ids(engine, "operanı") == ["p"]
    assert ids(engine, "опере") == ["r"]


def test_a_long_text_does_not_outweigh_the_name(filled: Filled) -> None:
    engine = filled(document("told", "Ağa", text="xan " * 500), document("named", "Xan"))
    assert ids(engine, "xan") == ["named", "told"]


def test_the_readers_language_is_preferred_among_equals(filled: Filled) -> None:
    engine = filled(
        document("az", "Ağa", text={"az": "1908"}), document("en", "Bəy", text={"en": "1908"})
    )
    assert ids(engine, "1908", lang="az") == ["az", "en"]
    assert ids(engine, "1908", lang="en") == ["en", "az"]


def test_ties_go_to_the_better_documented_then_to_the_name(filled: Filled) -> None:
    engine = filled(
        document("c", "Xan Çələbi", documented=1),
        document("b", "Xan Bəy", documented=1),
        document("a", "Xan Ağa"),
        document("d", "Xan İlk", documented=9),
    )
    assert ids(engine, "xan") == ["d", "b", "c", "a"]
    assert ids(engine) == ["d", "b", "c", "a"]


# Facets, dates, orders, pages


def test_values_of_a_facet_are_alternatives_and_facets_are_not(filled: Filled) -> None:
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
    for (facet, *values), found in expected.items():
        assert set(ids(engine, choices=choices_of(**{facet: values}))) == found, values
    both = choices_of(country=["TR", "GE"], gender=["female"])
    assert set(ids(engine, choices=both)) == {"p", "r"}


def test_a_facets_count_leaves_out_its_own_choice_and_no_other(filled: Filled) -> None:
    engine = filled(
        document("p", facets={"country": ("AZ", "TR"), "gender": ("female",)}),
        document("q", facets={"country": ("TR",), "gender": ("male",)}),
        document("r", facets={"country": ("GE",), "gender": ("female",)}),
    )
    answer = engine.search(SearchQuery(choices=choices_of(country=["AZ"], gender=["female"])))
    assert answer.total == 1
    assert answer.facets["country"] == {"AZ": 1, "TR": 1, "GE": 1}
    assert answer.facets["gender"] == {"female": 1}
    assert answer.facets["place"] == {UNKNOWN: 1}


def test_the_values_of_a_few_among_many_are_counted(filled: Filled) -> None:
    bank = [
        document(
            f"p{number}",
            text="opera" if number % 25 == 7 else "musiqi",
            facets={"country": VALUES[: number % 4], "gender": (VALUES[number % 3],)},
        )
        for number in range(200)
    ]
    answer = filled(*bank).search(SearchQuery("opera", size=100))
    few = [d for d in bank if d.text["az"] == "opera"]
    assert answer.total == len(few) == 8
    for facet in ("country", "gender", "place"):
        counts = Counter(value for found in few for value in found.facets[facet])
        assert answer.facets[facet] == counts


@pytest.mark.parametrize(
    ("certainty", "earliest", "latest", "found"),
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
    filled: Filled, certainty: str, earliest: int | None, latest: int | None, found: set[str]
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
    assert set(ids(engine, born=dates, certainty=certainty)) == found
    assert set(ids(engine, died=dates, certainty=certainty)) == found


def test_days_before_the_common_era_and_far_ahead_are_kept(filled: Filled) -> None:
    engine = filled(
        document("old", born=(-300_000, -299_000)), document("new", born=(800_000,) * 2)
    )
    assert ids(engine, born=DateFilter("", None, 0)) == ["old"]
    assert ids(engine, sort="-birth") == ["new", "old"]


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort != "relevance"])
def test_orders_have_unknown_last_and_ties_to_the_better_documented(
    filled: Filled, sort: str
) -> None:
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
    assert ids(filled(*bank), sort=sort) == expected[sort]
    assert in_order({d.id: d for d in bank}, [d.id for d in bank], sort) == expected[sort]


@pytest.mark.parametrize("sort", SORTS)
def test_pages_have_everybody_once_in_the_same_order_every_time(filled: Filled, sort: str) -> None:
    engine = filled(*(document(f"p{number}", "Xan", born=(number % 3, 9)) for number in range(23)))
    whole = ids(engine, "xan", sort=sort, size=100)
    assert len(set(whole)) == 23
    for size in (1, 7, 23):
        assert walk(engine, SearchQuery("xan", sort=sort, size=size)) == whole
    assert ids(engine, "xan", page=1_000_000, size=100) == []
    assert engine.search(SearchQuery("xan", page=1_000_000)).total == 23


def test_where_nothing_is_found_each_condition_to_drop_is_counted(filled: Filled) -> None:
    engine = filled(
        document("p", "Xan", born=(5, 5), facets={"gender": ("female",)}),
        document("q", "Xan", born=(9, 9), facets={"gender": ("male",)}),
        document("r", "Bəy", born=(9, 9), facets={"gender": ("female",), "country": ("AZ",)}),
    )
    choices = choices_of(gender=["female"], country=["-TR"])
    answer = engine.search(SearchQuery("xan", choices=choices, born=DateFilter("", 9, None)))
    assert answer.total == 0
    assert answer.relax == {"gender": 1, "born": 1, "text": 1}


# Any documents, any question


@pytest.mark.parametrize("name", ENGINES)
@given(data=st.data())
@settings(max_examples=20)
def test_answers_equal_a_brute_force_over_any_documents(
    name: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    bank = data.draw(banks(most=30, least=12))
    engine = serve(ENGINES[name](tmp_path_factory.mktemp("engine")), bank)
    for query in data.draw(st.lists(questions(), min_size=10, max_size=10)):
        check_answer(engine, {d.id: d for d in bank}, query, data.draw(names_read))


@pytest.mark.parametrize("name", ENGINES)
@given(data=st.data())
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
def test_answers_after_changes_equal_those_of_a_bank_built_at_once(
    name: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Changed, deleted, brought back, in whatever portions: nothing of the way there is left."""
    folder = tmp_path_factory.mktemp("engine")
    bank = {d.id: d for d in data.draw(banks(most=10))}
    grown = serve(ENGINES[name](folder / "grown"), list(bank.values()))
    for _ in range(data.draw(st.integers(1, 5))):
        # Once again those who are there, to change them, as well as new ones.
        known = st.sampled_from(sorted(bank)) if bank else st.nothing()
        some = documents(known | st.sampled_from(["n1", "n2", "n3", "n4"]))
        upserts = data.draw(st.lists(some, max_size=4, unique_by=lambda d: d.id))
        written = {d.id for d in upserts}
        others = sorted({*bank, "nobody"} - written)
        deletes = data.draw(st.lists(st.sampled_from(others), max_size=2, unique=True))
        grown.apply(upserts, deletes)
        bank.update({d.id: d for d in upserts})
        bank = {id_: d for id_, d in bank.items() if id_ not in deletes}
        assert grown.ids() == {id_: d.updated for id_, d in bank.items()}
    built = serve(ENGINES[name](folder / "built"), list(bank.values()))
    assert grown.health().documents == built.health().documents == len(bank)
    for query in data.draw(st.lists(questions(), min_size=4, max_size=4)):
        assert comparable(check_answer(grown, bank, query)) == comparable(built.search(query))


def test_many_small_changes_leave_what_one_build_makes(open_engine: Open, tmp_path: Path) -> None:
    """More than any engine keeps apart; half of them change or delete what came before."""
    bank: dict[str, Document] = {}
    grown = serve(open_engine(tmp_path / "grown"), [])
    for turn in range(45):
        id_, text = (
            f"p{turn % 30}",
            " ".join(["opera"] * (turn % 5 + 1) + ["və musiqi"] * (turn % 7)),
        )
        bank[id_] = document(id_, "Xan", text=text, facets={"gender": (VALUES[turn % 3],)})
        gone = [f"p{turn - 5}"] if turn % 6 == 5 else []
        grown.apply([bank[id_]], gone)
        for other in gone:
            bank.pop(other, None)
    built = serve(open_engine(tmp_path / "built"), list(bank.values()))
    for text in ("", "opera", "musiqi opera", "xan"):
        query = SearchQuery(text, size=50)
        assert comparable(check_answer(grown, bank, query)) == comparable(built.search(query))


def comparable(answer: EngineAnswer) -> EngineAnswer:
    """The answer with scores as far as readers are shown them."""
    hits = tuple(replace(hit, score=round(hit.score, 3)) for hit in answer.hits)
    return replace(answer, hits=hits)


# Suggestions and spellings


# Names that were read in the question


def test_who_is_named_has_the_words_of_the_name(filled: Filled) -> None:
    engine = filled(
        document("1", "Çələbi", text="opera"), document("2", "Ağa", text="opera"), document("3")
    )
    answer = engine.search(
        SearchQuery(f"{ABSENT} opera"), Knowing([Named((0,), {"1": 0.8, "3": 1.0})])
    )
    assert ([hit.id for hit in answer.hits], answer.let_go) == (["1"], ())


def test_who_is_named_better_comes_first_and_before_texts(filled: Filled) -> None:
    engine = filled(
        document("told", "Ağa", headline="xan", text="xan xan"),
        document("called", "Xan Ağa"),
        document("poorer", "Bəy", documented=9),
        document("better", "Bəy"),
    )
    named = [Named((0,), {"poorer": 0.8, "better": 0.9})]
    found = [hit.id for hit in engine.search(SearchQuery("xan"), Knowing(named)).hits]
    assert found == ["better", "poorer", "called", "told"]


def test_those_tied_to_who_is_named_come_after_who_is_called_so(filled: Filled) -> None:
    engine = filled(
        document("pupil", "Bəy", ties={"en": "student pupil"}, facets={"relation": ("master",)}),
        document("master", "Ağa", ties={"en": "teacher"}, facets={"relation": ("pupil",)}),
        document("stranger", "Xan", ties={"en": "student"}, facets={"relation": ("nobody",)}),
    )
    named = Knowing([Named((0,), {"master": 1.0})])
    found = [hit.id for hit in engine.search(SearchQuery(f"{ABSENT}"), named).hits]
    assert found == ["master", "pupil"]
    found = [hit.id for hit in engine.search(SearchQuery(f"{ABSENT} pupil"), named).hits]
    assert found == ["pupil"]
    called = Knowing([Named((0,), {"master": 1.0}, part=f"name:{ABSENT}")])
    found = [hit.id for hit in engine.search(SearchQuery(f"name:{ABSENT}"), called).hits]
    assert found == ["master"]


def test_the_other_surname_of_a_family_comes_after_the_one_that_is_asked(filled: Filled) -> None:
    engine = filled(
        document("told", "Xan", text="Məmmədov"),
        document("she", "Ağa Məmmədova"),
        document("he", "Bəy Məmmədov"),
        document("other", "Məmmədli"),
    )
    assert ids(engine, "Məmmədov") == ["he", "she", "told"]
    assert ids(engine, "məmmədova")[:2] == ["she", "he"]


# Words that are spelt nearly so


def test_near_words_are_those_of_fewest_edits_then_of_most_people(filled: Filled) -> None:
    engine = filled(
        document("1", "Xan", text={"ru": "композитор"}),
        document("2", "Bəy", labels={"ru": "композитор"}, text={"ru": "композиторы"}),
        document("3", "Ağa", text={"ru": "композиции"}),
    )
    assert list(engine.near_words("композитр")) == ["композитор", "композиторы"]
    assert next(iter(engine.near_words("Композитор"))) == "композитор"
    assert list(engine.near_words("rкомпозитор")) == []


def test_short_words_numbers_and_common_words_are_near_nothing(filled: Filled) -> None:
    engine = filled(document("1", "Xan", text={"en": "Born in 1908, she wrote with them."}))
    for word in ("she", "1909", "theb", "wit", "", "-"):
        assert list(engine.near_words(word)) == [], word
    assert list(engine.near_words("wrotr")) == ["wrote"]


def test_words_that_stand_nowhere_are_told_though_they_are_read_as_a_name(filled: Filled) -> None:
    engine = filled(document("1", "Xan", text="opera"), document("2", "Bəy", text=ABSENT))
    engine.apply([], ["2"])
    answer = engine.search(SearchQuery(f"opera {ABSENT}"), Knowing([Named((1,), {"1": 1.0})]))
    assert (answer.total, answer.unknown) == (1, (1,))


def test_those_named_who_are_not_there_are_nobody(filled: Filled) -> None:
    engine = filled(document("1", "Xan"), document("2", "Bəy"))
    engine.apply([], ["2"])
    named = [Named((0,), {"2": 1.0, "nobody": 1.0})]
    assert engine.search(SearchQuery(ABSENT), Knowing(named)).total == 0


def test_names_are_told_whole_then_as_they_change(filled: Filled) -> None:
    engine = filled(document("1", "Xan", "Bəy", documented=3), document("2", "Ağa"))
    told = engine.names_since()
    assert told.everybody
    assert sorted(told.upserts) == [("1", ("Xan", "Bəy"), 3), ("2", ("Ağa",), 0)]
    same = engine.names_since(told.mark)
    assert (same.mark, list(same.upserts), list(same.deletes)) == (told.mark, [], [])
    engine.apply([document("3", "Çələbi"), document("1", "Xan")], ["2"])
    changed = engine.names_since(told.mark)
    assert not changed.everybody
    assert sorted(changed.upserts) == [("1", ("Xan",), 0), ("3", ("Çələbi",), 0)]
    assert list(changed.deletes) == ["2"]
    engine.activate(engine.build([document("4", "Xan")]))
    anew = engine.names_since(changed.mark)
    assert anew.everybody
    assert [id_ for id_, _, _ in anew.upserts] == ["4"]


@pytest.mark.parametrize("name", ENGINES)
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(
    bank=banks(6, 1), steps=st.lists(st.tuples(banks(4), st.sets(st.integers(0, 20))), max_size=5)
)
def test_changes_of_names_add_up_to_everybody(
    name: str,
    tmp_path_factory: pytest.TempPathFactory,
    bank: list[Document],
    steps: list[tuple[list[Document], set[int]]],
) -> None:
    engine = serve(ENGINES[name](tmp_path_factory.mktemp("engine")), bank)
    told = engine.names_since()
    known = {id_: (names, documented) for id_, names, documented in told.upserts}
    for upserts, deleted in steps:
        engine.apply(upserts, [f"p{n}" for n in deleted if f"p{n}" not in {d.id for d in upserts}])
        told = engine.names_since(told.mark)
        known.update({id_: (names, documented) for id_, names, documented in told.upserts})
        for id_ in told.deletes:
            del known[id_]
    everybody = {id_: (names, count) for id_, names, count in engine.names_since().upserts}
    assert known == everybody


# Changes


def test_changes_are_seen_at_once(filled: Filled) -> None:
    engine = filled(document("1", "Xan"), document("2", "Bəy"))
    for turn in range(12):
        engine.apply([document("1", "Xan", text=f"musiqi{turn}")], [])
        assert ids(engine, f"musiqi{turn}") == ["1"]
        assert engine.search(SearchQuery("xan")).total == 1
    engine.apply([], ["2"])
    assert ids(engine, "bəy") == []
    assert engine.health().documents == 1


def test_the_deleted_are_in_no_total_facet_suggestion_or_order(filled: Filled) -> None:
    engine = filled(
        *(document(f"p{n}", "Xan", facets={"gender": (VALUES[n % 2],)}) for n in range(10))
    )
    engine.apply([], [f"p{n}" for n in range(0, 10, 2)])
    answer = engine.search(SearchQuery(size=100, sort="name"))
    assert [hit.id for hit in answer.hits] == ["p1", "p3", "p5", "p7", "p9"]
    assert answer.total == engine.search(SearchQuery("xan")).total == 5
    assert answer.facets["gender"] == {"b": 5}
    assert {id_ for id_, _, _ in engine.names_since().upserts} == set(engine.ids())
    assert set(engine.ids()) == {"p1", "p3", "p5", "p7", "p9"}


def test_how_telling_a_word_is_does_not_count_the_deleted(filled: Filled) -> None:
    bank = [document(f"p{n}", "Ağa", text="opera") for n in range(9)]
    engine = filled(*bank, document("q", "Bəy", text="opera"), document("r", "Xan"))
    before = engine.search(SearchQuery("opera")).hits[0].score
    engine.apply([], [f"p{n}" for n in range(9)])
    assert engine.search(SearchQuery("opera")).hits[0].score > before


def test_deleting_and_changing_those_who_are_not_there_is_no_error(filled: Filled) -> None:
    engine = filled(document("1", "Xan"))
    engine.apply([], ["nobody"])
    engine.apply([], [])
    engine.apply([document("2", "Bəy")], ["nobody"])
    assert sorted(engine.ids()) == ["1", "2"]


def test_a_change_that_fails_leaves_everything_as_it_was(filled: Filled) -> None:
    engine = filled(document("1", "Xan"))
    broken = document("2", "Bəy", text={"az": 1908})
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the engine makes of it
        engine.apply([document("3", "Ağa"), broken, document("4", "Bəy")], ["1"])
    assert list(engine.ids()) == ["1"]
    engine.apply([document("5", "Ağa")], [])
    assert sorted(engine.ids()) == ["1", "5"]


# Generations


def test_without_an_index_there_is_nothing_to_serve(open_engine: Open, tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "new")
    calls: list[Callable[[], object]] = [
        lambda: engine.search(SearchQuery()),
        engine.names_since,
        engine.ids,
        engine.health,
        lambda: engine.apply([document("1", "Xan")], []),
    ]
    for call in calls:
        with pytest.raises(SearchUnavailable):
            call()
    assert ids(serve(engine, [document("1", "Xan")])) == ["1"]


def test_an_empty_index_answers_with_nobody(filled: Filled) -> None:
    engine = filled()
    for query in (
        SearchQuery(),
        SearchQuery("xan", sort="birth", choices=choices_of(gender=["x"])),
    ):
        answer = engine.search(query)
        assert (answer.total, answer.hits, dict(answer.relax)) == (0, (), {})
        assert answer.facets == {facet: {} for facet in FACETS}
    assert list(engine.names_since().upserts) == []
    assert (engine.health().documents, dict(engine.ids())) == (0, {})
    engine.apply([document("1", "Xan")], [])
    assert ids(engine, "xan") == ["1"]


def test_everybody_may_leave_and_come_back(filled: Filled) -> None:
    engine = filled(document("1", "Xan"), document("2", "Bəy"))
    engine.apply([], ["1", "2"])
    assert engine.search(SearchQuery("xan")).total == engine.health().documents == 0
    engine.apply([document("2", "Xan")], [])
    assert ids(engine, "xan") == ["2"]


def test_a_generation_serves_once_it_is_activated_and_not_before(filled: Filled) -> None:
    engine = filled(document("1", "Xan"))
    old = engine.health().generation
    new = engine.build([document("2", "Bəy")])
    assert (ids(engine), engine.health().generation) == (["1"], old)
    engine.activate(new)
    assert (ids(engine), engine.health().generation) == (["2"], new)


def test_activation_brings_what_changed_meanwhile(filled: Filled) -> None:
    engine = filled(document("1", "Xan"), document("2", "Xan"))
    new = engine.build([document("1", "Xan"), document("2", "Xan")])
    engine.activate(new, [document("1", "Bəy"), document("3", "Xan")], ["2"])
    assert ids(engine, "xan") == ["3"]
    assert ids(engine, "bəy") == ["1"]


def test_another_process_sees_the_new_generation(
    filled: Filled, open_engine: Open, tmp_path: Path
) -> None:
    engine = filled(document("1", "Xan"))
    other = open_engine(tmp_path)
    assert ids(other) == ["1"]
    engine.activate(engine.build([document("2", "Xan")]))
    assert eventually(lambda: ids(other) == ["2"])
    engine.apply([document("3", "Xan")], [])
    assert eventually(lambda: ids(other) == ["2", "3"])


def test_a_build_that_fails_leaves_the_old_generation_serving(
    filled: Filled, open_engine: Open, tmp_path: Path
) -> None:
    engine = filled(document("1", "Xan"))

    def dying() -> Iterator[Document]:
        yield document("2", "Bəy")
        raise ConnectionError("the store went away")

    with pytest.raises(ConnectionError):
        engine.build(dying())
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the engine makes of it
        engine.build([document("2", "Bəy", text={"az": 1908})])
    assert ids(engine) == ids(open_engine(tmp_path)) == ["1"]
    engine.apply([document("3", "Ağa")], [])
    engine.activate(engine.build([document("4", "Xan")]))
    assert ids(engine) == ["4"]


KILLED = """
import sys
from pathlib import Path
from tests.contract.engines import ENGINES
from tests.support.documents import document
engine = ENGINES[sys.argv[1]](Path(sys.argv[2]))
print("writing", flush=True)
for turn in range(1_000_000):
    found = [document(f"p{n}", "Xan", text=f"opera {turn} " * 50) for n in range(40)]
    if sys.argv[3] == "build":
        engine.build(found)
    else:
        engine.apply(found, [])
"""


@pytest.mark.parametrize("work", ["build", "apply"])
def test_a_writer_that_is_killed_leaves_an_index_that_answers_and_can_be_written(
    name: str, open_engine: Open, tmp_path: Path, work: str
) -> None:
    serve(open_engine(tmp_path), [document(f"p{n}", "Xan") for n in range(40)])
    for pause in (0.0, 0.11):
        command = [sys.executable, "-c", KILLED, name, str(tmp_path), work]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(pause)
            process.kill()
        engine = open_engine(tmp_path)
        answer = engine.search(SearchQuery("xan", size=100))
        assert {hit.id for hit in answer.hits} == {f"p{n}" for n in range(40)}
        engine.apply([document("q", "Bəy")], [])
        assert ids(engine, "bəy") == ["q"]
        engine.apply([], ["q"])


# Threads

READERS = 8


def test_eight_threads_read_right_while_another_writes(filled: Filled) -> None:
    """One person leaves as another comes, in one change: everybody always counts the same."""
    others = [document(f"p{n}", "Xan", text="opera", documented=n) for n in range(20)]
    engine = filled(*others, document("turn0", "Bəy", text="opera"))

    def read() -> None:
        for query, total in (
            (SearchQuery("opera", size=100), 21),
            (SearchQuery("xan operalar", size=100, sort="name"), 20),
            (SearchQuery("bəy", size=100), 1),
            (SearchQuery(size=100, choices=choices_of(gender=[UNKNOWN])), 21),
        ):
            answer = engine.search(query)
            assert answer.total == total
            assert len({hit.id for hit in answer.hits}) == total
            assert answer.facets["country"] == {UNKNOWN: total}
        assert len(list(engine.names_since().upserts)) == 21

    def write() -> None:
        for turn in range(1, 31):
            engine.apply([document(f"turn{turn}", "Bəy", text="opera")], [f"turn{turn - 1}"])
            assert ids(engine, "bəy") == [f"turn{turn}"]

    together(write, *[read] * READERS)


def test_the_swap_of_generations_is_one_step_for_readers(filled: Filled) -> None:
    small = [document(f"p{n}", "Xan", facets={"gender": ("a",)}) for n in range(3)]
    large = [document(f"q{n}", "Xan", facets={"gender": ("b",)}) for n in range(11)]
    engine = filled(*small)
    seen: set[int] = set()

    def read() -> None:
        answer = engine.search(SearchQuery("xan", size=100))
        found = "".join(sorted({hit.id[0] for hit in answer.hits}))
        facts = (answer.total, len(answer.hits), found, dict(answer.facets["gender"]))
        assert facts in [(3, 3, "p", {"a": 3}), (11, 11, "q", {"b": 11})]
        seen.add(answer.total)

    def write() -> None:
        for turn in range(12):
            engine.activate(engine.build(small if turn % 2 else large))

    together(write, *[read] * READERS)
    assert seen == {3, 11}


def test_writers_wait_for_each_other(filled: Filled, open_engine: Open, tmp_path: Path) -> None:
    engine = filled(document("0", "Xan"))
    other = open_engine(tmp_path)

    def write(writer: SearchEngine, first: int) -> None:
        for number in range(first, first + 5):
            writer.apply([document(str(number), "Xan")], [])

    threads = [
        threading.Thread(target=write, args=(writer, first))
        for writer, first in ((engine, 1), (engine, 6), (other, 11))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(engine.ids()) == {str(number) for number in range(16)}


def together(write: Callable[[], None], *reads: Callable[[], None]) -> None:
    """Runs `write` once while each of `reads` goes on and on; raises what any of them raised."""
    failures: list[BaseException] = []
    over = threading.Event()

    def forever(read: Callable[[], None]) -> None:
        try:
            while not over.is_set():
                read()
                # A breath, or the writer waits for eight others after every byte it writes.
                time.sleep(0.002)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=forever, args=(read,)) for read in reads]
    for thread in threads:
        thread.start()
    try:
        write()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]


def eventually(true: Callable[[], bool]) -> bool:
    """Whether `true` comes to be so; how soon, the benchmarks tell."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return true()
