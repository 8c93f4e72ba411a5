"""Contract of search engines for phrases, prefixes, fields, OR, not and parentheses."""

from collections import Counter
from datetime import date
from functools import partial

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from biobank.search.engine import DecadeBirths, DetectedName, QueryContext
from biobank.search.geo import TIE_KINDS, Area
from biobank.search.language.parser import parse
from biobank.search.language.tree import AnyOf, Words, render, tidy
from biobank.search.query import MAX_PREFIX_WORDS, UNKNOWN, DateFilter, SearchQuery
from tests.contract.engines import ENGINES, FilledEngineFactory, search_ids, serve
from tests.support.documents import ABSENT, banks, choices_of, document
from tests.support.profiles import scaled
from tests.support.query_trees import evaluate, matches_leaf, trees

# Completeness


def test_gaps_and_check_date_are_searchable_fields(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", facets={"lacks": ("en", "portrait"), "stale": ("ru",)}, checked=(5, 7)),
        document("q", facets={"lacks": ("portrait",), "unsourced": ("fact", "birth")}),
        document("r", facets={"uncertain": ("date", "death")}, checked=(1, 2)),
    )
    assert search_ids(engine, "lacks:en") == ["p"]
    assert set(search_ids(engine, "lacks:portrait")) == {"p", "q"}
    assert set(search_ids(engine, "-lacks:portrait")) == {"r"}
    assert search_ids(engine, "stale:ru") == ["p"]
    assert set(search_ids(engine, "unsourced:birth OR uncertain:date")) == {"q", "r"}
    assert search_ids(engine, "checked:unknown") == ["q"]
    assert set(search_ids(engine, "checked:0001")) == {"p", "r"}
    assert search_ids(engine, "checked:<0001-01-03") == ["r"]


# Phrases


def test_phrase_matches_within_one_text(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", text="Molla Nəsrəddin jurnalı"),
        document("q", text="Nəsrəddin molla idi"),
        document("r", text="molla və Nəsrəddin"),
        document("s", text="molla", headline="Nəsrəddin"),
        document("t", text="Molla\nNəsrəddin"),
        document("u", text={"az": "molla", "en": "Nəsrəddin"}),
        document("v", text={"ru": "журнал molla nesreddin"}),
    )
    assert set(search_ids(engine, '"Molla Nəsrəddin"')) == {"p", "v"}
    assert set(search_ids(engine, '-"Molla Nəsrəddin"')) == {"q", "r", "s", "t", "u"}


def test_a_phrase_knows_neither_stems_nor_stopwords(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", text="Leyli və Məcnun"),
        document("q", text="Leyli Məcnun"),
        document("r", text="Leyli və Məcnunun"),
        document("s", text="Leyli ilə Məcnun"),
    )
    assert search_ids(engine, '"leyli VƏ mecnun"') == ["p"]
    assert set(search_ids(engine, '"və"')) == {"p", "r"}


def test_phrase_matches_name_work_and_label_but_not_across_two(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("named", "Xan Çələbi"),
        document("namesakes", "Ağa Xan", "Çələbi Bəy"),
        document("made", works={"az": "Xan Çələbi opera"}),
        document("made-two", works={"az": "Xan\nÇələbi"}),
        document("labelled", labels={"en": "xan çələbi"}),
        document("cites", sources=("Xan Çələbi",)),
    )
    assert set(search_ids(engine, '"xan çələbi"')) == {"named", "made", "labelled"}
    assert search_ids(engine, 'work:"xan çələbi"') == ["made"]
    assert search_ids(engine, 'source:"xan çələbi"') == ["cites"]
    assert search_ids(engine, 'text:"xan çələbi"') == []


def test_repeated_word_in_phrase_must_be_repeated(filled: FilledEngineFactory) -> None:
    engine = filled(document("p", text="ura ura"), document("q", text="ura"))
    assert search_ids(engine, '"ura ura"') == ["p"]
    assert set(search_ids(engine, '"ura"')) == {"p", "q"}


def test_punctuation_within_a_phrase_does_not_matter(filled: FilledEngineFactory) -> None:
    engine = filled(document("p", text="xalq, şairi!"), document("q", text="xalqın şairi"))
    assert search_ids(engine, '"Xalq şairi"') == search_ids(engine, '"xalq: şairi"') == ["p"]


# Prefixes


def test_a_prefix_finds_words_that_begin_so_as_they_are_written(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", text="Xalçaçılıq sənəti"),
        document("q", headline={"ru": "xalcanın"}),
        document("r", "Xalçayev"),
        document("s", text="Əl xalısı"),
        document("t", works={"en": "The xalça"}),
        document("u", text="Dəmirxalça"),
    )
    assert set(search_ids(engine, "xalç*")) == {"p", "q", "r", "t"}
    assert set(search_ids(engine, "XALÇ*")) == {"p", "q", "r", "t"}
    assert set(search_ids(engine, "text:xalç*")) == {"p", "q"}
    assert search_ids(engine, "name:xalç*") == ["r"]
    assert search_ids(engine, "work:xalç*") == ["t"]
    assert search_ids(engine, f"{ABSENT}*") == []


def test_broad_prefix_is_truncated_and_reported(filled: FilledEngineFactory) -> None:
    words = [f"ope{number:04}" for number in range(MAX_PREFIX_WORDS + 1)]
    engine = filled(
        *(document(f"p{at}", text=" ".join(words[at::3])) for at in range(3)),
        document("last", text=words[-1]),
        document("first", text=words[0]),
    )
    wide = engine.search(SearchQuery("ope*"))
    assert {hit.id for hit in wide.hits} == {"p0", "p1", "p2", "first"}
    assert list(wide.truncated_prefixes) == ["ope"]
    narrow = engine.search(SearchQuery("ope00*"))
    assert (list(narrow.truncated_prefixes), narrow.total) == ([], 4)
    assert search_ids(engine, words[-1][:6] + "*") == search_ids(engine, words[-1])


# Fields


def test_field_words_match_in_that_field_only(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("named", "Opera Xan"),
        document("told", text="operalar və musiqi"),
        document("headed", headline="musiqi"),
        document("made", works={"az": "Opera musiqi"}),
        document("cites", sources=("Opera",)),
    )
    assert search_ids(engine, "name:opera") == ["named"]
    assert search_ids(engine, "text:opera") == ["told"]
    assert set(search_ids(engine, "text:musiqi")) == {"told", "headed"}
    assert search_ids(engine, "text:(musiqi opera)") == ["told"]
    assert search_ids(engine, "work:opera") == ["made"]
    assert search_ids(engine, "source:opera") == ["cites"]
    # Field conditions are strict and never dropped.
    assert engine.search(SearchQuery(f"opera text:{ABSENT}")).total == 0


def test_a_source_is_found_by_its_id_or_by_a_word_of_its_title(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", facets={"source": ("ency",)}, sources=("A book",)),
        document("q", facets={"source": ("other",)}, sources=("Ency of music",)),
        document("r"),
    )
    assert set(search_ids(engine, "source:ency")) == {"p", "q"}
    assert search_ids(engine, f"source:{UNKNOWN}") == ["r"]


@pytest.mark.parametrize("field", ["award", "work", "source"])
def test_what_is_not_known_is_a_value(filled: FilledEngineFactory, field: str) -> None:
    engine = filled(document("p", facets={field: ("x",)}), document("q"))
    assert search_ids(engine, f"{field}:{UNKNOWN}") == ["q"]
    assert search_ids(engine, f"-{field}:{UNKNOWN}") == ["p"]


def test_people_without_biography_have_no_text(filled: FilledEngineFactory) -> None:
    engine = filled(document("p", facets={"language": ("az",)}, text="opera"), document("q"))
    assert search_ids(engine, f"text:{UNKNOWN}") == ["q"]


def test_unknown_dates_are_searchable(filled: FilledEngineFactory) -> None:
    engine = filled(document("p", born=(5, 7)), document("q", died=(9, 9)), document("r", born=(None, 3)))
    unknown = DateFilter(UNKNOWN, None, None)
    assert search_ids(engine, born=unknown) == search_ids(engine, f"(born:{UNKNOWN} OR born:1999)") == ["q"]
    assert set(search_ids(engine, died=unknown)) == {"p", "r"}
    assert set(search_ids(engine, f"-born:{UNKNOWN} -died:1999")) == {"p", "r"}


@pytest.mark.parametrize(
    ("text", "certainty", "expected"),
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
    filled: FilledEngineFactory, text: str, certainty: str, expected: set[str]
) -> None:
    engine = filled(
        document("young", lived=(20, 20)),
        document("sixty", lived=(60, 60)),
        document("about", lived=(59, 61)),
        document("since", lived=(70, None)),
        document("old", lived=(None, 90)),
        document("living"),
    )
    assert set(search_ids(engine, text, certainty=certainty)) == expected


def test_near_matches_any_tie_to_places_in_range(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("born", facets={"at_birth": ("susa",)}),
        document("died", facets={"at_death": ("xankendi",)}),
        document("acted", facets={"at_activity": ("baku", "susa")}),
        document("within", facets={"place": ("susa",)}),
        document("other", facets={"at_birth": ("baku",)}),
    )
    context = QueryContext(places={"susa~9km": frozenset({"susa", "xankendi"}), "baku~1km": frozenset()})

    def search_near(text: str) -> set[str]:
        return {hit.id for hit in engine.search(SearchQuery(text), context).hits}

    assert search_near("near:susa~9km") == {"born", "died", "acted"}
    assert search_near("-near:susa~9km") == {"within", "other"}
    assert search_near("near:baku~1km") == set()


def test_area_applies_to_one_tie_or_any(filled: FilledEngineFactory) -> None:
    engine = filled(
        *(document(tie, facets={f"at_{tie}": ("susa",)}) for tie in TIE_KINDS[1:]), document("none")
    )
    area = Area(46.0, 39.0, 47.0, 40.0)
    context = QueryContext(places={area.text: frozenset({"susa"})})
    for tie in TIE_KINDS:
        matching = {hit.id for hit in engine.search(SearchQuery(area=area, tie=tie), context).hits}
        assert matching == ({*TIE_KINDS[1:]} if tie == "any" else {tie})
    # An area without places matches nobody.
    assert engine.search(SearchQuery(area=area)).total == 0


def test_relation_matches_person_or_type(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", facets={"relation": ("uzeyir",), "tie": ("teacher",)}),
        document("q", facets={"relation": ("teacher",), "tie": ("sibling",)}),
        document("r"),
    )
    context = QueryContext(people={"Hacıbəyov": frozenset({"uzeyir", "ceyhun"}), "nobody": frozenset()})

    def search_relation(text: str) -> list[str]:
        return [hit.id for hit in engine.search(SearchQuery(text), context).hits]

    assert search_relation("relation:Hacıbəyov") == ["p"]
    assert search_relation("relation:nobody") == []
    assert search_relation("relation:teacher") == ["p"]
    assert search_relation(f"relation:{UNKNOWN}") == ["r"]


# Trees


def test_boolean_operators(filled: FilledEngineFactory) -> None:
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
    all_ids = {"nothing", "a", "b", "c", "ab", "ac", "bc", "abc"}
    expected = {
        "alma OR bal": {"a", "b", "ab", "ac", "bc", "abc"},
        "alma bal OR cam": {"ab", "c", "ac", "bc", "abc"},
        "alma (bal OR cam)": {"ab", "ac", "abc"},
        "(alma OR bal) (bal OR cam)": {"b", "ab", "bc", "ac", "abc"},
        "-alma": all_ids - {"a", "ab", "ac", "abc"},
        "NOT alma -bal": {"nothing", "c"},
        "-(alma OR bal)": {"nothing", "c"},
        "-(alma bal)": all_ids - {"ab", "abc"},
        "alma -(bal -cam)": {"a", "ac", "abc"},
        "-alma OR -bal": all_ids - {"ab", "abc"},
        "alma OR -(bal OR cam)": {"nothing", "a", "ab", "ac", "abc"},
        "alma (bal OR -cam)": {"a", "ab", "abc"},
        '"alma bal" OR text:cam': {"ab", "abc", "c", "ac", "bc"},
        "alma -alma": set(),
    }
    for text, matching in expected.items():
        assert set(search_ids(engine, text)) == matching, text


def test_tree_conditions_stay_strict_while_words_are_dropped(filled: FilledEngineFactory) -> None:
    engine = filled(document("p", "Xan", text="opera"), document("q", text="opera"), document("r", "Xan"))
    response = engine.search(SearchQuery(f"xan {ABSENT} (opera OR musiqi)"))
    assert ([hit.id for hit in response.hits], response.dropped_positions) == (["p"], (1,))
    assert engine.search(SearchQuery(f"xan ({ABSENT} OR musiqi)")).total == 0


def test_detected_names_apply_to_their_part_only(filled: FilledEngineFactory) -> None:
    engine = filled(document("1", "Ağa"), document("2", "Bəy"))
    context = QueryContext([DetectedName((0,), {"1": 1.0}, part="uze")])

    def matching(text: str) -> list[str]:
        return [hit.id for hit in engine.search(SearchQuery(text), context).hits]

    assert matching("uze OR absent") == ["1"]
    assert matching("uzeyir OR absent") == []
    assert matching("-uze") == ["2"]


def test_alternatives_score_as_their_best_match(filled: FilledEngineFactory) -> None:
    engine = filled(document("named", "Xan", text="opera"), document("told", "Ağa", text="xan opera"))
    hits = engine.search(SearchQuery("xan OR opera")).hits
    assert [hit.id for hit in hits] == ["named", "told"]
    single_scores = {hit.id: hit.score for hit in engine.search(SearchQuery("(xan)")).hits}
    assert hits[0].score == pytest.approx(single_scores["named"])


# Births


def test_births_are_counted_by_decade_possibly_and_certainly(filled: FilledEngineFactory) -> None:
    def days(first: int, last: int) -> tuple[int, int]:
        return date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal()

    engine = filled(
        document("1", born=days(1885, 1885), facets={"gender": ("female",)}),
        document("2", born=days(1880, 1889)),
        document("3", born=days(1889, 1890), facets={"gender": ("female",)}),
        document("4", born=days(1871, 1909)),
        document("5"),
    )
    all_births = [
        DecadeBirths(1870, 1, 0),
        DecadeBirths(1880, 4, 2),
        DecadeBirths(1890, 2, 0),
        DecadeBirths(1900, 1, 0),
    ]
    assert list(engine.search(SearchQuery()).births) == all_births
    # The filter on births is ignored, all others apply.
    born = DateFilter("1900", *days(1900, 1900))
    assert list(engine.search(SearchQuery(born=born)).births) == all_births
    women = SearchQuery(born=born, choices=choices_of(gender=["female"]))
    assert list(engine.search(women).births) == [DecadeBirths(1880, 2, 1), DecadeBirths(1890, 1, 0)]
    assert list(engine.search(SearchQuery("-gender:female born:1871")).births) == [
        DecadeBirths(1870, 1, 0),
        DecadeBirths(1880, 1, 0),
        DecadeBirths(1890, 1, 0),
        DecadeBirths(1900, 1, 0),
    ]


# Relaxations


def test_each_part_of_a_tree_can_be_relaxed(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", "Xan", text="opera", facets={"gender": ("female",), "award": ("x",)}),
        document("q", "Xan", text="musiqi"),
        document("r", "Bəy"),
    )

    def relaxations(text: str, **values: list[str]) -> dict[str, int]:
        response = engine.search(SearchQuery(text, choices=choices_of(**values)))
        assert response.total == 0
        return dict(response.relaxations)

    women = relaxations('xan -award:x "opera" (musiqi OR opera)', gender=["female"])
    assert women == {"-award:x": 1}
    assert relaxations('-xan "opera"') == {"-xan": 1, '"opera"': 1}
    assert relaxations("bəy text:opera") == {"text:opera": 1, "text": 1}
    # The whole query is one part, and without it everyone matches.
    assert relaxations('xan "opera" award:y OR bəy text:opera') == {
        'xan "opera" award:y OR bəy text:opera': 3
    }


def test_no_relaxations_if_there_are_matches(filled: FilledEngineFactory) -> None:
    engine = filled(document("p", "Xan", text="opera"))
    assert engine.search(SearchQuery('xan "opera"')).relaxations == {}


# Reasons


def test_score_reasons_name_best_fields_and_add_up(filled: FilledEngineFactory) -> None:
    engine = filled(
        document("p", "Xan", text="opera", headline={"en": "opera"}),
        document("q", "Bəy", text="opera musiqi"),
    )
    query = SearchQuery('xan opera OR "opera musiqi" OR musi*')
    for hit in engine.search(query, QueryContext(reasons=True)).hits:
        assert hit.reasons
        assert [reason.score for reason in hit.reasons] == sorted(
            (reason.score for reason in hit.reasons), reverse=True
        )
    (hit, *_) = engine.search(SearchQuery("xan opera"), QueryContext(reasons=True)).hits
    assert [(reason.word, reason.place, reason.lang) for reason in hit.reasons] == [
        ("xan", "name", ""),
        ("opera", "headline", "en"),
    ]
    assert sum(reason.score for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-3)
    assert all(not hit.reasons for hit in engine.search(SearchQuery("xan opera")).hits)


# Arbitrary documents and trees


@pytest.mark.parametrize("name", ENGINES)
@given(data=st.data())
# Each example builds an index, so shrinking would take minutes.
@settings(max_examples=scaled(15), phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_any_tree_matches_exactly(
    name: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    bank = data.draw(banks(max_size=25, min_size=10))
    engine = serve(ENGINES[name](tmp_path_factory.mktemp("engine")), bank)
    for tree in data.draw(st.lists(trees(), min_size=20, max_size=20)):
        # Beside another part, plain words are as strict as any condition.
        strict = tidy(AnyOf((tree, Words(ABSENT))))
        text = render(strict)
        assert parse(text).tree == strict
        true = {d.id for d in bank if evaluate(strict, partial(matches_leaf, d))}
        response = engine.search(SearchQuery(text, size=100))
        assert ({hit.id for hit in response.hits}, response.total) == (true, len(true)), text
        counts = Counter(value for d in bank if d.id in true for value in d.facets["country"])
        assert response.facets["country"] == counts
        negated = engine.search(SearchQuery(f"-({text})", size=100))
        assert {hit.id for hit in negated.hits} == {d.id for d in bank} - true
