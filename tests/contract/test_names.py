"""Names detected in queries, and similarly spelled words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biobank.search.document import Document
from biobank.search.engine import DetectedName, QueryContext
from biobank.search.query import SearchQuery
from tests.contract.engines import ENGINES, FilledEngineFactory, search_ids, serve
from tests.support.documents import ABSENT, banks, document
from tests.support.profiles import scaled


def test_named_people_match_the_words_of_the_name(filled: FilledEngineFactory) -> None:
    engine = filled(document("1", "Çələbi", text="opera"), document("2", "Ağa", text="opera"), document("3"))
    response = engine.search(
        SearchQuery(f"{ABSENT} opera"), QueryContext([DetectedName((0,), {"1": 0.8, "3": 1.0})])
    )
    assert ([hit.id for hit in response.hits], response.dropped_positions) == (["1"], ())


def test_better_name_matches_rank_first_and_before_texts(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("told", "Ağa", headline="xan", text="xan xan"),
        document("called", "Xan Ağa"),
        document("poorer", "Bəy", documented=9),
        document("better", "Bəy"),
    )
    named = [DetectedName((0,), {"poorer": 0.8, "better": 0.9})]
    ranked = [hit.id for hit in engine.search(SearchQuery("xan"), QueryContext(named)).hits]
    assert ranked == ["better", "poorer", "called", "told"]


def test_related_people_rank_after_named_people(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("pupil", "Bəy", ties={"en": "student pupil"}, facets={"relation": ("master",)}),
        document("master", "Ağa", ties={"en": "teacher"}, facets={"relation": ("pupil",)}),
        document("stranger", "Xan", ties={"en": "student"}, facets={"relation": ("nobody",)}),
    )
    named = QueryContext([DetectedName((0,), {"master": 1.0})])
    ranked = [hit.id for hit in engine.search(SearchQuery(f"{ABSENT}"), named).hits]
    assert ranked == ["master", "pupil"]
    ranked = [hit.id for hit in engine.search(SearchQuery(f"{ABSENT} pupil"), named).hits]
    assert ranked == ["pupil"]
    context = QueryContext([DetectedName((0,), {"master": 1.0}, part=f"name:{ABSENT}")])
    ranked = [hit.id for hit in engine.search(SearchQuery(f"name:{ABSENT}"), context).hits]
    assert ranked == ["master"]


def test_other_gender_surname_ranks_after_exact_one(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("told", "Xan", text="Məmmədov"),
        document("she", "Ağa Məmmədova"),
        document("he", "Bəy Məmmədov"),
        document("other", "Məmmədli"),
    )
    assert search_ids(engine, "Məmmədov") == ["he", "she", "told"]
    assert search_ids(engine, "məmmədova")[:2] == ["she", "he"]


# Similarly spelled words


def test_similar_words_are_ordered_by_edits_then_frequency(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("1", "Xan", text={"ru": "композитор"}),
        document("2", "Bəy", labels={"ru": "композитор"}, text={"ru": "композиторы"}),
        document("3", "Ağa", text={"ru": "композиции"}),
    )
    assert list(engine.similar_words("композитр")) == ["композитор", "композиторы"]
    assert next(iter(engine.similar_words("Композитор"))) == "композитор"
    assert list(engine.similar_words("rкомпозитор")) == []


def test_short_words_numbers_and_stopwords_have_no_similar_words(filled: FilledEngineFactory) -> None:
    engine = filled(document("1", "Xan", text={"en": "Born in 1908, she wrote with them."}))
    for word in ("she", "1909", "theb", "wit", "", "-"):
        assert list(engine.similar_words(word)) == [], word
    assert list(engine.similar_words("wrotr")) == ["wrote"]


def test_words_in_no_text_are_reported_even_if_named(filled: FilledEngineFactory) -> None:
    engine = filled(document("1", "Xan", text="opera"), document("2", "Bəy", text=ABSENT))
    engine.apply([], ["2"])
    response = engine.search(SearchQuery(f"opera {ABSENT}"), QueryContext([DetectedName((1,), {"1": 1.0})]))
    assert (response.total, response.unknown_positions) == (1, (1,))


def test_names_of_missing_people_are_ignored(filled: FilledEngineFactory) -> None:
    engine = filled(document("1", "Xan"), document("2", "Bəy"))
    engine.apply([], ["2"])
    named = [DetectedName((0,), {"2": 1.0, "nobody": 1.0})]
    assert engine.search(SearchQuery(ABSENT), QueryContext(named)).total == 0


def test_names_are_complete_first_then_incremental(filled: FilledEngineFactory) -> None:
    engine = filled(document("1", "Xan", "Bəy", documented=3), document("2", "Ağa"))
    initial = engine.name_changes()
    assert initial.is_complete
    assert sorted(initial.upserts) == [("1", ("Xan", "Bəy"), 3), ("2", ("Ağa",), 0)]
    unchanged = engine.name_changes(initial.mark)
    assert (unchanged.mark, list(unchanged.upserts), list(unchanged.deletes)) == (initial.mark, [], [])
    engine.apply([document("3", "Çələbi"), document("1", "Xan")], ["2"])
    changed = engine.name_changes(initial.mark)
    assert not changed.is_complete
    assert sorted(changed.upserts) == [("1", ("Xan",), 0), ("3", ("Çələbi",), 0)]
    assert list(changed.deletes) == ["2"]
    engine.activate(engine.build([document("4", "Xan")]))
    rebuilt = engine.name_changes(changed.mark)
    assert rebuilt.is_complete
    assert [id_ for id_, _, _ in rebuilt.upserts] == ["4"]


@pytest.mark.parametrize("name", ENGINES)
@settings(max_examples=scaled(15), suppress_health_check=list(HealthCheck))
@given(bank=banks(6, 1), steps=st.lists(st.tuples(banks(4), st.sets(st.integers(0, 20))), max_size=5))
def test_name_changes_add_up_to_all_names(
    name: str,
    tmp_path_factory: pytest.TempPathFactory,
    bank: list[Document],
    steps: list[tuple[list[Document], set[int]]],
) -> None:
    engine = serve(ENGINES[name](tmp_path_factory.mktemp("engine")), bank)
    initial = engine.name_changes()
    known = {id_: (names, documented) for id_, names, documented in initial.upserts}
    for upserts, deleted in steps:
        engine.apply(upserts, [f"p{n}" for n in deleted if f"p{n}" not in {d.id for d in upserts}])
        initial = engine.name_changes(initial.mark)
        known.update({id_: (names, documented) for id_, names, documented in initial.upserts})
        for id_ in initial.deletes:
            del known[id_]
    all_names = {id_: (names, count) for id_, names, count in engine.name_changes().upserts}
    assert known == all_names
