"""Query words: where they are searched, which are dropped, and ranking."""

from biobank.search.engine import QueryContext
from biobank.search.query import SearchQuery
from tests.contract.engines import FilledEngineFactory, search_ids
from tests.support.documents import ABSENT, choices_of, document


def test_word_matches_all_fields_in_every_language(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("named", "Opera Xan"),
        document("headed", headline={"en": "An opera singer"}),
        document("labelled", labels={"ru": "опера"}),
        document("told", text={"az": "Bakıda operalar yazıb."}),
        document("other", "Ağa", text="Şair"),
    )
    assert set(search_ids(engine, "opera", lang="ru")) == {"named", "headed", "told"}
    assert search_ids(engine, "оперу", lang="az") == ["labelled"]


def test_case_accents_and_the_dot_of_i_do_not_matter(filled: FilledEngineFactory) -> None:
    engine = filled(document("p", "İLK ÇƏLƏBİ"), document("q", "Ağa"))
    for text in ("ilk", "İlk", "ILK", "cələbi", "CELEBI", "I\u0307lk"):
        assert search_ids(engine, text) == ["p"], text


def test_all_words_are_sought_each_in_any_field(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("both", "Xan", text={"en": "A poet of Baku"}),
        document("one", "Xan", text={"en": "A singer"}),
    )
    response = engine.search(SearchQuery("Xan poets"))
    assert [hit.id for hit in response.hits] == ["both"]
    assert (response.total, response.dropped_positions) == (1, ())


def test_unmatched_words_are_dropped_and_reported(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", "Xan", text="opera"), document("q", "Bəy", text="opera"), document("r", "Ağa")
    )
    response = engine.search(SearchQuery(f"opera {ABSENT} xan"))
    assert ([hit.id for hit in response.hits], response.dropped_positions) == (["p"], (1,))


def test_most_significant_words_are_kept(filled: FilledEngineFactory) -> None:
    common = [document(f"c{number}", "Ağa", text="musiqi") for number in range(5)]
    engine = filled(*common, document("rare", "Çələbi"))
    response = engine.search(SearchQuery("musiqi çələbi"))
    assert ([hit.id for hit in response.hits], response.dropped_positions) == (["rare"], (0,))


def test_first_of_equally_significant_words_is_kept(filled: FilledEngineFactory) -> None:
    engine = filled(document("a", "Ağa"), document("b", "Bəy"), document("c", "Xan"))
    for text, expected in (("ağa bəy", "a"), ("bəy ağa", "b")):
        response = engine.search(SearchQuery(text))
        assert ([hit.id for hit in response.hits], response.dropped_positions) == ([expected], (1,))


def test_words_are_dropped_within_other_conditions(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", "Xan", text="opera", facets={"gender": ("female",)}),
        document("q", "Xan", facets={"gender": ("male",)}),
    )
    query = SearchQuery("xan opera", choices=choices_of(gender=["male"]))
    response = engine.search(query)
    assert ([hit.id for hit in response.hits], response.dropped_positions) == (["q"], (1,))


def test_adjacent_words_rank_before_separate_words(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("apart", "Ağa", text={"en": "Moscow, where he lived long. A conservatory."}),
        document("together", "Xan", text={"en": "She lived long and well at Moscow Conservatory."}),
        document("near", "Bəy", text={"en": "He lived well: the conservatory in Moscow knew him."}),
        document("neither", "Çələbi", text={"en": "Lived long and well."}),
    )
    assert search_ids(engine, "moscow conservatory", lang="en") == ["together", "near", "apart"]
    reasons = (
        engine.search(SearchQuery("moscow conservatory", lang="en"), QueryContext(reasons=True))
        .hits[0]
        .reasons
    )
    assert "together" in [reason.place for reason in reasons]


def test_proximity_does_not_change_matches_or_other_orders(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("a", "Ağa", text="opera yazan şair"),
        document("b", "Bəy", text="şair. Uzun illər sonra musiqi yazıb, sonra da opera"),
    )
    assert search_ids(engine, "opera şair", sort="name") == ["a", "b"]
    assert engine.search(SearchQuery("opera şair")).total == 2


def test_unknown_word_matches_nobody(filled: FilledEngineFactory) -> None:
    response = filled(document("p", "Xan")).search(SearchQuery(ABSENT))
    assert (response.hits, response.total) == ((), 0)


def test_stopwords_are_not_sought(filled: FilledEngineFactory) -> None:
    engine = filled(document("p", "Xan", text="opera"), document("q", "Bəy"))
    for text in ("opera və xan", "the opera and", "и опера xan", "opera"):
        assert search_ids(engine, text.replace("опера", "opera")) == ["p"], text


def test_people_without_text_in_a_language_do_not_hide_those_with(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", "Xan", text={"az": "opera"}),
        document("q", "Bəy"),
        document("r", "Ağa", text={"ru": "опера"}),
    )
    assert search_ids(engine, "operanı") == ["p"]
    assert search_ids(engine, "опере") == ["r"]


def test_a_long_text_does_not_outweigh_the_name(filled: FilledEngineFactory) -> None:
    engine = filled(document("told", "Ağa", text="xan " * 500), document("named", "Xan"))
    assert search_ids(engine, "xan") == ["named", "told"]


def test_the_readers_language_is_preferred_among_equals(filled: FilledEngineFactory) -> None:
    engine = filled(document("az", "Ağa", text={"az": "1908"}), document("en", "Bəy", text={"en": "1908"}))
    assert search_ids(engine, "1908", lang="az") == ["az", "en"]
    assert search_ids(engine, "1908", lang="en") == ["en", "az"]


def test_ties_go_to_the_better_documented_then_to_the_name(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("c", "Xan Çələbi", documented=1),
        document("b", "Xan Bəy", documented=1),
        document("a", "Xan Ağa"),
        document("d", "Xan İlk", documented=9),
    )
    assert search_ids(engine, "xan") == ["d", "b", "c", "a"]
    assert search_ids(engine) == ["d", "b", "c", "a"]
