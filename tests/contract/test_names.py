"""Names detected in queries, and similarly spelled words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biobank.search.document import Document
from biobank.search.port import Knowing, Named
from biobank.search.query import SearchQuery
from tests.contract.engines import ENGINES, Filled, ids, serve
from tests.support.documents import ABSENT, banks, document


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


# Similarly spelled words


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
