"""Contract of search engines for phrases, prefixes, fields, OR, not and parentheses."""

from collections import Counter
from datetime import date
from functools import partial

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from biobank.search.language.parsing import parse
from biobank.search.language.tree import AnyOf, Words, render, tidy
from biobank.search.port import Births, Knowing, Named
from biobank.search.query import PREFIXED_MOST, UNKNOWN, DateFilter, SearchQuery
from biobank.search.where import TIES, Area
from tests.contract.engines import ENGINES, Filled, ids, serve
from tests.support.documents import ABSENT, banks, choices_of, document
from tests.support.trees import has_leaf, holds, trees

# Completeness


def test_what_a_record_lacks_and_when_it_was_checked_are_asked_like_any_field(
    filled: Filled,
) -> None:
    engine = filled(
        document("p", facets={"lacks": ("en", "portrait"), "stale": ("ru",)}, checked=(5, 7)),
        document("q", facets={"lacks": ("portrait",), "unsourced": ("fact", "birth")}),
        document("r", facets={"uncertain": ("date", "death")}, checked=(1, 2)),
    )
    assert ids(engine, "lacks:en") == ["p"]
    assert set(ids(engine, "lacks:portrait")) == {"p", "q"}
    assert set(ids(engine, "-lacks:portrait")) == {"r"}
    assert ids(engine, "stale:ru") == ["p"]
    assert set(ids(engine, "unsourced:birth OR uncertain:date")) == {"q", "r"}
    assert ids(engine, "checked:unknown") == ["q"]
    assert set(ids(engine, "checked:0001")) == {"p", "r"}
    assert ids(engine, "checked:<0001-01-03") == ["r"]


# Phrases


def test_a_phrase_is_found_as_it_is_written_within_one_text(filled: Filled) -> None:
    engine = filled(
        document("p", text="Molla Nəsrəddin jurnalı"),
        document("q", text="Nəsrəddin molla idi"),
        document("r", text="molla və Nəsrəddin"),
        document("s", text="molla", headline="Nəsrəddin"),
        document("t", text="Molla\nNəsrəddin"),
        document("u", text={"az": "molla", "en": "Nəsrəddin"}),
        document("v", text={"ru": "журнал molla nesreddin"}),
    )
    assert set(ids(engine, '"Molla Nəsrəddin"')) == {"p", "v"}
    assert set(ids(engine, '-"Molla Nəsrəddin"')) == {"q", "r", "s", "t", "u"}


def test_a_phrase_knows_neither_stems_nor_stopwords(filled: Filled) -> None:
    engine = filled(
        document("p", text="Leyli və Məcnun"),
        document("q", text="Leyli Məcnun"),
        document("r", text="Leyli və Məcnunun"),
        document("s", text="Leyli ilə Məcnun"),
    )
    assert ids(engine, '"leyli VƏ mecnun"') == ["p"]
    assert set(ids(engine, '"və"')) == {"p", "r"}


def test_a_phrase_is_found_in_a_name_a_work_and_a_label_but_not_across_two(
    filled: Filled,
) -> None:
    engine = filled(
        document("named", "Xan Çələbi"),
        document("namesakes", "Ağa Xan", "Çələbi Bəy"),
        document("made", works={"az": "Xan Çələbi opera"}),
        document("made-two", works={"az": "Xan\nÇələbi"}),
        document("labelled", labels={"en": "xan çələbi"}),
        document("cites", sources=("Xan Çələbi",)),
    )
    assert set(ids(engine, '"xan çələbi"')) == {"named", "made", "labelled"}
    assert ids(engine, 'work:"xan çələbi"') == ["made"]
    assert ids(engine, 'source:"xan çələbi"') == ["cites"]
    assert ids(engine, 'text:"xan çələbi"') == []


def test_a_word_that_stands_twice_in_a_phrase_must_stand_twice(filled: Filled) -> None:
    engine = filled(document("p", text="ura ura"), document("q", text="ura"))
    assert ids(engine, '"ura ura"') == ["p"]
    assert set(ids(engine, '"ura"')) == {"p", "q"}


def test_punctuation_within_a_phrase_does_not_matter(filled: Filled) -> None:
    engine = filled(document("p", text="xalq, şairi!"), document("q", text="xalqın şairi"))
    assert ids(engine, '"Xalq şairi"') == ids(engine, '"xalq: şairi"') == ["p"]


# Prefixes


def test_a_prefix_finds_words_that_begin_so_as_they_are_written(filled: Filled) -> None:
    engine = filled(
        document("p", text="Xalçaçılıq sənəti"),
        document("q", headline={"ru": "xalcanın"}),
        document("r", "Xalçayev"),
        document("s", text="Əl xalısı"),
        document("t", works={"en": "The xalça"}),
        document("u", text="Dəmirxalça"),
    )
    assert set(ids(engine, "xalç*")) == {"p", "q", "r", "t"}
    assert set(ids(engine, "XALÇ*")) == {"p", "q", "r", "t"}
    assert set(ids(engine, "text:xalç*")) == {"p", "q"}
    assert ids(engine, "name:xalç*") == ["r"]
    assert ids(engine, "work:xalç*") == ["t"]
    assert ids(engine, f"{ABSENT}*") == []


def test_of_a_wide_prefix_the_first_words_are_sought_and_it_is_said(filled: Filled) -> None:
    words = [f"ope{number:04}" for number in range(PREFIXED_MOST + 1)]
    engine = filled(
        *(document(f"p{at}", text=" ".join(words[at::3])) for at in range(3)),
        document("last", text=words[-1]),
        document("first", text=words[0]),
    )
    wide = engine.search(SearchQuery("ope*"))
    assert {hit.id for hit in wide.hits} == {"p0", "p1", "p2", "first"}
    assert list(wide.wide) == ["ope"]
    narrow = engine.search(SearchQuery("ope00*"))
    assert (list(narrow.wide), narrow.total) == ([], 4)
    assert ids(engine, words[-1][:6] + "*") == ids(engine, words[-1])


# Fields


def test_words_of_a_field_are_sought_in_it_alone_and_all_of_them(filled: Filled) -> None:
    engine = filled(
        document("named", "Opera Xan"),
        document("told", text="operalar və musiqi"),
        document("headed", headline="musiqi"),
        document("made", works={"az": "Opera musiqi"}),
        document("cites", sources=("Opera",)),
    )
    assert ids(engine, "name:opera") == ["named"]
    assert ids(engine, "text:opera") == ["told"]
    assert set(ids(engine, "text:musiqi")) == {"told", "headed"}
    assert ids(engine, "text:(musiqi opera)") == ["told"]
    assert ids(engine, "work:opera") == ["made"]
    assert ids(engine, "source:opera") == ["cites"]
    # Field conditions are strict and never dropped.
    assert engine.search(SearchQuery(f"opera text:{ABSENT}")).total == 0


def test_a_source_is_found_by_its_id_or_by_a_word_of_its_title(filled: Filled) -> None:
    engine = filled(
        document("p", facets={"source": ("ency",)}, sources=("A book",)),
        document("q", facets={"source": ("other",)}, sources=("Ency of music",)),
        document("r"),
    )
    assert set(ids(engine, "source:ency")) == {"p", "q"}
    assert ids(engine, f"source:{UNKNOWN}") == ["r"]


@pytest.mark.parametrize("field", ["award", "work", "source"])
def test_what_is_not_known_is_a_value(filled: Filled, field: str) -> None:
    engine = filled(document("p", facets={field: ("x",)}), document("q"))
    assert ids(engine, f"{field}:{UNKNOWN}") == ["q"]
    assert ids(engine, f"-{field}:{UNKNOWN}") == ["p"]


def test_whoever_has_no_biography_has_no_text(filled: Filled) -> None:
    engine = filled(document("p", facets={"language": ("az",)}, text="opera"), document("q"))
    assert ids(engine, f"text:{UNKNOWN}") == ["q"]


def test_dates_that_are_not_known_are_asked_for(filled: Filled) -> None:
    engine = filled(
        document("p", born=(5, 7)), document("q", died=(9, 9)), document("r", born=(None, 3))
    )
    unknown = DateFilter(UNKNOWN, None, None)
    assert ids(engine, born=unknown) == ids(engine, f"(born:{UNKNOWN} OR born:1999)") == ["q"]
    assert set(ids(engine, died=unknown)) == {"p", "r"}
    assert set(ids(engine, f"-born:{UNKNOWN} -died:1999")) == {"p", "r"}


@pytest.mark.parametrize(
    ("text", "certainty", "found"),
    [
        ("age:60", "possible", {"sixty", "about", "old"}),
        ("age:60", "certain", {"sixty"}),
        ("age:59..61", "certain", {"sixty", "about"}),
        ("age:..58", "possible", {"young", "old"}),
        ("age:..58", "certain", {"young"}),
        ("age:62..", "possible", {"since", "old"}),
        ("age:62..", "certain", {"since"}),
        ("age:..95", "certain", {"young", "sixty", "about", "old"}),
        ("-age:60", "possible", {"young", "since", "living"}),
        (f"age:{UNKNOWN}", "possible", {"living"}),
        ("age:61.. OR age:..30", "possible", {"young", "about", "since", "old"}),
    ],
)
def test_an_age_is_met_possibly_or_certainly_by_those_who_died(
    filled: Filled, text: str, certainty: str, found: set[str]
) -> None:
    engine = filled(
        document("young", lived=(20, 20)),
        document("sixty", lived=(60, 60)),
        document("about", lived=(59, 61)),
        document("since", lived=(70, None)),
        document("old", lived=(None, 90)),
        document("living"),
    )
    assert set(ids(engine, text, certainty=certainty)) == found


def test_near_is_any_tie_to_one_of_the_places_that_lie_there(filled: Filled) -> None:
    engine = filled(
        document("born", facets={"at_birth": ("susa",)}),
        document("died", facets={"at_death": ("xankendi",)}),
        document("acted", facets={"at_activity": ("baku", "susa")}),
        document("within", facets={"place": ("susa",)}),
        document("other", facets={"at_birth": ("baku",)}),
    )
    told = Knowing(places={"susa~9km": frozenset({"susa", "xankendi"}), "baku~1km": frozenset()})

    def near(text: str) -> set[str]:
        return {hit.id for hit in engine.search(SearchQuery(text), told).hits}

    assert near("near:susa~9km") == {"born", "died", "acted"}
    assert near("-near:susa~9km") == {"within", "other"}
    assert near("near:baku~1km") == set()


def test_an_area_is_asked_of_one_kind_of_tie_or_of_any(filled: Filled) -> None:
    engine = filled(
        *(document(tie, facets={f"at_{tie}": ("susa",)}) for tie in TIES[1:]), document("none")
    )
    area = Area(46.0, 39.0, 47.0, 40.0)
    told = Knowing(places={area.text: frozenset({"susa"})})
    for tie in TIES:
        found = {hit.id for hit in engine.search(SearchQuery(area=area, tie=tie), told).hits}
        assert found == ({*TIES[1:]} if tie == "any" else {tie})
    # An area without places matches nobody.
    assert engine.search(SearchQuery(area=area)).total == 0


def test_a_relation_is_to_a_person_who_is_meant_or_of_a_kind(filled: Filled) -> None:
    engine = filled(
        document("p", facets={"relation": ("uzeyir",), "tie": ("teacher",)}),
        document("q", facets={"relation": ("teacher",), "tie": ("sibling",)}),
        document("r"),
    )
    told = Knowing(people={"Hacıbəyov": frozenset({"uzeyir", "ceyhun"}), "nobody": frozenset()})

    def tied(text: str) -> list[str]:
        return [hit.id for hit in engine.search(SearchQuery(text), told).hits]

    assert tied("relation:Hacıbəyov") == ["p"]
    assert tied("relation:nobody") == []
    assert tied("relation:teacher") == ["p"]
    assert tied(f"relation:{UNKNOWN}") == ["r"]


# Trees


def test_or_and_not_and_parentheses_mean_what_logic_says(filled: Filled) -> None:
    engine = filled(
        *(
            document(
                "".join(word[0] for at, word in enumerate(words) if number >> at & 1) or "nothing",
                text=" ".join(word for at, word in enumerate(words) if number >> at & 1),
            )
            for words in [("alma", "bal", "cam")]
            for number in range(8)
        )
    )
    everybody = {"nothing", "a", "b", "c", "ab", "ac", "bc", "abc"}
    expected = {
        "alma OR bal": {"a", "b", "ab", "ac", "bc", "abc"},
        "alma bal OR cam": {"ab", "c", "ac", "bc", "abc"},
        "alma (bal OR cam)": {"ab", "ac", "abc"},
        "(alma OR bal) (bal OR cam)": {"b", "ab", "bc", "ac", "abc"},
        "-alma": everybody - {"a", "ab", "ac", "abc"},
        "NOT alma -bal": {"nothing", "c"},
        "-(alma OR bal)": {"nothing", "c"},
        "-(alma bal)": everybody - {"ab", "abc"},
        "alma -(bal -cam)": {"a", "ac", "abc"},
        "-alma OR -bal": everybody - {"ab", "abc"},
        "alma OR -(bal OR cam)": {"nothing", "a", "ab", "ac", "abc"},
        "alma (bal OR -cam)": {"a", "ab", "abc"},
        '"alma bal" OR text:cam': {"ab", "abc", "c", "ac", "bc"},
        "alma -alma": set(),
    }
    for text, found in expected.items():
        assert set(ids(engine, text)) == found, text


def test_conditions_of_a_tree_are_strict_though_plain_words_beside_it_are_let_go(
    filled: Filled,
) -> None:
    engine = filled(
        document("p", "Xan", text="opera"), document("q", text="opera"), document("r", "Xan")
    )
    answer = engine.search(SearchQuery(f"xan {ABSENT} (opera OR musiqi)"))
    assert ([hit.id for hit in answer.hits], answer.let_go) == (["p"], (1,))
    assert engine.search(SearchQuery(f"xan ({ABSENT} OR musiqi)")).total == 0


def test_names_read_in_one_part_are_nobody_in_another(filled: Filled) -> None:
    engine = filled(document("1", "Ağa"), document("2", "Bəy"))
    told = Knowing([Named((0,), {"1": 1.0}, part="uze")])

    def found(text: str) -> list[str]:
        return [hit.id for hit in engine.search(SearchQuery(text), told).hits]

    assert found("uze OR absent") == ["1"]
    assert found("uzeyir OR absent") == []
    assert found("-uze") == ["2"]


def test_what_fits_more_of_an_or_is_worth_as_much_as_its_best(filled: Filled) -> None:
    engine = filled(
        document("named", "Xan", text="opera"),
        document("told", "Ağa", text="xan opera"),
    )
    hits = engine.search(SearchQuery("xan OR opera")).hits
    assert [hit.id for hit in hits] == ["named", "told"]
    alone = {hit.id: hit.score for hit in engine.search(SearchQuery("(xan)")).hits}
    assert hits[0].score == pytest.approx(alone["named"])


# Births


def test_births_are_counted_by_decade_possibly_and_certainly(filled: Filled) -> None:
    def days(first: int, last: int) -> tuple[int, int]:
        return date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal()

    engine = filled(
        document("1", born=days(1885, 1885), facets={"gender": ("female",)}),
        document("2", born=days(1880, 1889)),
        document("3", born=days(1889, 1890), facets={"gender": ("female",)}),
        document("4", born=days(1871, 1909)),
        document("5"),
    )
    everybody = [Births(1870, 1, 0), Births(1880, 4, 2), Births(1890, 2, 0), Births(1900, 1, 0)]
    assert list(engine.search(SearchQuery()).births) == everybody
    # The filter on births is ignored, all others apply.
    born = DateFilter("1900", *days(1900, 1900))
    assert list(engine.search(SearchQuery(born=born)).births) == everybody
    women = SearchQuery(born=born, choices=choices_of(gender=["female"]))
    assert list(engine.search(women).births) == [Births(1880, 2, 1), Births(1890, 1, 0)]
    assert list(engine.search(SearchQuery("-gender:female born:1871")).births) == [
        Births(1870, 1, 0),
        Births(1880, 1, 0),
        Births(1890, 1, 0),
        Births(1900, 1, 0),
    ]


# Relaxations


def test_each_part_of_a_tree_is_a_condition_that_may_be_dropped(filled: Filled) -> None:
    engine = filled(
        document("p", "Xan", text="opera", facets={"gender": ("female",), "award": ("x",)}),
        document("q", "Xan", text="musiqi"),
        document("r", "Bəy"),
    )

    def ways(text: str, **values: list[str]) -> dict[str, int]:
        answer = engine.search(SearchQuery(text, choices=choices_of(**values)))
        assert answer.total == 0
        return dict(answer.relax)

    women = ways('xan -award:x "opera" (musiqi OR opera)', gender=["female"])
    assert women == {"-award:x": 1}
    assert ways('-xan "opera"') == {"-xan": 1, '"opera"': 1}
    assert ways("bəy text:opera") == {"text:opera": 1, "text": 1}
    # The whole query is one part, and without it everyone matches.
    assert ways('xan "opera" award:y OR bəy text:opera') == {
        'xan "opera" award:y OR bəy text:opera': 3
    }


def test_of_whom_something_is_found_no_condition_is_told(filled: Filled) -> None:
    engine = filled(document("p", "Xan", text="opera"))
    assert engine.search(SearchQuery('xan "opera"')).relax == {}


# Reasons


def test_reasons_tell_each_word_where_it_weighs_most_and_add_up(filled: Filled) -> None:
    engine = filled(
        document("p", "Xan", text="opera", headline={"en": "opera"}),
        document("q", "Bəy", text="opera musiqi"),
    )
    query = SearchQuery('xan opera OR "opera musiqi" OR musi*')
    for hit in engine.search(query, Knowing(reasons=True)).hits:
        assert hit.reasons
        assert [it.score for it in hit.reasons] == sorted(
            (it.score for it in hit.reasons), reverse=True
        )
    (hit, *_) = engine.search(SearchQuery("xan opera"), Knowing(reasons=True)).hits
    assert [(it.word, it.place, it.lang) for it in hit.reasons] == [
        ("xan", "name", ""),
        ("opera", "headline", "en"),
    ]
    assert sum(it.score for it in hit.reasons) == pytest.approx(hit.score, abs=1e-3)
    assert all(not hit.reasons for hit in engine.search(SearchQuery("xan opera")).hits)


# Arbitrary documents and trees


@pytest.mark.parametrize("name", ENGINES)
@given(data=st.data())
# Each example builds an index, so shrinking would take minutes.
@settings(max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_any_tree_finds_exactly_those_for_whom_it_is_true(
    name: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    bank = data.draw(banks(most=25, least=10))
    engine = serve(ENGINES[name](tmp_path_factory.mktemp("engine")), bank)
    for tree in data.draw(st.lists(trees(), min_size=20, max_size=20)):
        # Beside another part, plain words are as strict as any condition.
        strict = tidy(AnyOf((tree, Words(ABSENT))))
        text = render(strict)
        assert parse(text).tree == strict
        true = {d.id for d in bank if holds(strict, partial(has_leaf, d))}
        answer = engine.search(SearchQuery(text, size=100))
        assert ({hit.id for hit in answer.hits}, answer.total) == (true, len(true)), text
        counts = Counter(value for d in bank if d.id in true for value in d.facets["country"])
        assert answer.facets["country"] == counts
        other = engine.search(SearchQuery(f"-({text})", size=100))
        assert {hit.id for hit in other.hits} == {d.id for d in bank} - true
