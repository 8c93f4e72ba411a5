"""Query words: where they are searched, which are dropped, and ranking."""

from biobank.search.port import Knowing
from biobank.search.query import SearchQuery
from tests.contract.engines import Filled, ids
from tests.support.documents import ABSENT, choices_of, document


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
