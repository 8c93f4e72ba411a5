"""The matcher: one person under every spelling, and nothing similar before equal."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.names.matcher import NameMatcher, compare_names, name_similarity

PEOPLE = [
    ("uzeyir", ["Üzeyir Hacıbəyov"], 9),
    ("zulfuqar", ["Zülfüqar Hacıbəyov"], 7),
    ("ceyhun", ["Ceyhun Hacıbəyli"], 5),
    ("natevan", ["Xurşidbanu Natəvan"], 8),
    ("fikret", ["Fikrət Əmirov"], 6),
    ("mehriban", ["Mehriban Əliyeva"], 4),
    ("heyder", ["Heydər Əliyev"], 9),
    ("sehriyar", ["Məhəmmədhüseyn Şəhriyar"], 3),
    ("ismayil", ["Şah İsmayıl Xətai"], 7),
    ("puste", ["Püstəxanım Əzizbəyova"], 2),
    ("meshedi", ["Məşədi Əzizbəyov"], 6),
    ("mirqasimov", ["Mirəsədulla Mirqasımov"], 2),
    ("seyid", ["Seyid Şuşinski"], 3),
    ("xan", ["Xan Şuşinski"], 4),
]
#: Parts for composed names; none ends like a patronymic.
GIVEN_NAMES = ["Fikrət", "Heydər", "Üzeyir", "Şəmsi", "Nigar", "Çingiz", "Əkrəm", "Ülkər"]
SURNAMES = ["Əmirov", "Hacıbəyov", "Bədəlbəyli", "Rəfibəyli", "Mustafazadə", "Əylisli", "Vahid"]
NAMES = st.tuples(st.sampled_from(GIVEN_NAMES), st.sampled_from(SURNAMES)).map(" ".join)


@pytest.fixture(scope="module")
def matcher() -> NameMatcher:
    return NameMatcher(PEOPLE)


@pytest.mark.parametrize(
    "spelling",
    [
        "Üzeyir Hacıbəyov",
        "uzeyir hacibeyov",
        "Uzeyir Hajibeyov",
        "Uzeyir Hajibeyli",
        "Узеир Гаджибеков",
        "Гаджибеков, Узеир Абдул-Гусейн оглы",
        "Үзејир Һаҹыбәјов",
        "عزیر حاجی‌بیوف",
        "Useir Hadschibejow",
        "Ouzeïr Hadjibeyov",
        "Uzeir Gadzhibekov",
        "Hacıbəyov Üzeyir bəy",
        "Ü. Hacıbəyov",
        "uzeyir hacibyov",
    ],
)
def test_person_is_found_under_every_spelling(matcher: NameMatcher, spelling: str) -> None:
    assert matcher.find(spelling)[0].person_id == "uzeyir"


@pytest.mark.parametrize(
    ("query", "person"),
    [
        ("Mohammad-Hossein Shahriar", "sehriyar"),
        ("محمدحسین شهریار", "sehriyar"),
        ("Mir-Asadulla Mirkasimov", "mirqasimov"),
        ("میراسدالله میرقاسموف", "mirqasimov"),
        ("Пюста ханум Азизбекова", "puste"),
        ("Мешади Азизбеков", "meshedi"),
        ("Мехрибан Ариф кызы Алиева", "mehriban"),
        ("Гейдар Алиевич Алиев", "heyder"),
        ("Хан Шушинский", "xan"),
        ("Сеид Шушинский", "seyid"),
        ("Джейхун Гаджибейли", "ceyhun"),
        ("shah ismail khatia", "ismayil"),
    ],
)
def test_words_may_be_joined_cut_missing_or_extra(matcher: NameMatcher, query: str, person: str) -> None:
    assert matcher.find(query)[0].person_id == person


def test_quality_says_how_a_name_was_found(matcher: NameMatcher) -> None:
    assert matcher.find("hacıbəyov üzeyir")[0].quality == "equal"
    assert matcher.find("Узеир Гаджибеков")[0].quality == "reading"
    assert matcher.find("uzeyir hacixeyov")[0].quality == "similar"
    assert matcher.find("Heydər Əlizadə")[0].quality == "similar"
    assert matcher.find("Heydər Əliyeva")[0].quality == "similar"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        *[("Гасан", "Hüseyn"), ("حسین", "Həsən"), ("حسن", "Hüseyn"), ("Ali", "Vəli")],
        *[("Əli", "Vəli"), ("Rza", "Rəsul"), ("Nəriman", "Nərmin"), ("کمال", "Kəmalə")],
        *[("احمد", "Həmid"), ("حمید", "Əhməd"), ("Сулейман", "Salman"), ("Jalil", "Cəlal")],
    ],
)
def test_other_name_is_no_transliteration(query: str, named: str) -> None:
    match = compare_names(f"{query} Həsənli", f"{named} Həsənli")
    assert match is None or match.quality == "similar"


def test_surname_ranks_best_documented_first(matcher: NameMatcher) -> None:
    matches = [match for match in matcher.find("Гаджибеков") if match.quality == "reading"]
    assert [match.person_id for match in matches] == ["uzeyir", "zulfuqar"]


def test_what_is_equal_is_not_outranked_by_what_is_similar() -> None:
    people = [("near", ["Nəsib Əliyev"], 90), ("equal", ["Hacı Nəsir Tofiq oğlu Əliyev"], 0)]
    assert [m.person_id for m in NameMatcher(people).find("Nəsir Əliyev")] == ["equal", "near"]


def test_match_has_word_pairs(matcher: NameMatcher) -> None:
    match = matcher.find("Гаджибеков Узеир")[0]
    pairs = [(p.query, p.name, p.quality, p.reading) for p in match.pairs]
    assert pairs == [("гаджибеков", "hacıbəyov", "reading", "ru"), ("узеир", "üzeyir", "reading", "ru")]
    assert (match.reading, match.name) == ("ru", "Üzeyir Hacıbəyov")


def test_changes_are_seen_and_deletions_too() -> None:
    matcher = NameMatcher(PEOPLE)
    matcher.apply([("uzeyir", ["Üzeyir bəy Hacıbəyli"], 9), ("niyazi", ["Niyazi"], 1)], ["fikret"])
    assert matcher.find("Niyazi")[0].person_id == "niyazi"
    assert matcher.find("Üzeyir Hacıbəyov")[0].name == "Üzeyir bəy Hacıbəyli"
    assert all(match.person_id != "fikret" for match in matcher.find("Fikrət Əmirov"))
    matcher.apply((), ["niyazi"])
    assert all(match.person_id != "niyazi" for match in matcher.find("Niyazi"))
    assert len(matcher) == len(PEOPLE) - 1


def test_many_changes_are_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biobank.names.matcher.MAX_OVERLAY_PEOPLE", 3)
    changed = NameMatcher(PEOPLE[:4])
    changed.apply(PEOPLE[4:])
    rebuilt = NameMatcher(PEOPLE)
    for _, names, _ in PEOPLE:
        assert changed.find(names[0]) == rebuilt.find(names[0])


def test_changes_are_atomic_for_readers() -> None:
    matcher = NameMatcher(PEOPLE)
    names = ("Fikrət Əmirov", "Fikrət Qarayev")

    def change() -> None:
        for turn in range(20):
            matcher.apply([("fikret", [names[turn % 2]], 1)])

    with ThreadPoolExecutor(3) as pool:
        changing = pool.submit(change)
        while not changing.done():
            matches = [m for m in matcher.find("Fikrət") if m.person_id == "fikret"]
            assert [match.name in names for match in matches] == [True]
        changing.result()


@pytest.mark.parametrize("text", ["", " ", "12", "—", "ʼ", "王", "\u0301", "a" * 600, "a " * 300])
def test_any_text_is_accepted(matcher: NameMatcher, text: str) -> None:
    assert isinstance(matcher.find(text), list)
    assert NameMatcher().find(text) == []


@given(st.text(max_size=40))
def test_a_name_is_equal_to_itself(text: str) -> None:
    matches = NameMatcher([("it", [text], 0), ("other", ["Fikrət Əmirov"], 0)]).find(text)
    assert not matches or (matches[0].person_id == "it" and matches[0].quality == "equal")


@given(st.permutations(["Şəmsi", "Əsəd", "Bədəlbəyli"]))
def test_the_order_of_words_does_not_matter(words: list[str]) -> None:
    match = compare_names(" ".join(words), "Şəmsi Əsəd Bədəlbəyli")
    assert match
    assert match.quality == "equal"


@given(NAMES, NAMES)
def test_similarity_is_symmetric(first: str, second: str) -> None:
    assert name_similarity(first, second) == name_similarity(second, first)
    assert name_similarity(first, first) == 1


@given(st.lists(NAMES, min_size=1, max_size=12, unique=True), st.integers(0, 99))
def test_find_is_deterministic_and_order_independent(names: list[str], seed: int) -> None:
    people = [(name, [name], 0) for name in names]
    mixed = random.Random(seed).sample(people, len(people))
    assert NameMatcher(people).find(names[0]) == NameMatcher(mixed).find(names[0])


@given(st.lists(NAMES, min_size=1, max_size=12, unique=True))
def test_more_people_never_lose_an_equal_match(names: list[str]) -> None:
    matcher = NameMatcher([(names[0], [names[0]], 0)])
    matcher.apply([(name, [name], 5) for name in names[1:]])
    matches = matcher.find(names[0], 20)
    assert any(m.person_id == names[0] and m.quality == "equal" for m in matches)


def test_surname_matches_all_people_with_it() -> None:
    people = [(str(number), [f"Əli{number} Məmmədov"], number) for number in range(400)]
    matcher = NameMatcher([*people, ("other", ["Əli Məlikov"], 900)])
    for text in ("Məmmədov", "mammadov", "Мамедов", "Mamedow"):
        scores = matcher.people_with_name(text)
        assert scores.keys() == {id_ for id_, _, _ in people}
        assert len(set(scores.values())) == 1


def test_people_with_name_have_all_identifying_words() -> None:
    matcher = NameMatcher([("1", ["Üzeyir Hacıbəyov"], 1), ("2", ["Soltan Hacıbəyov"], 2)])
    assert matcher.people_with_name("Узеир Гаджибеков").keys() == {"1"}
    assert matcher.people_with_name("Гаджибеков Узеир Абдул-Гусейн оглы").keys() == {"1"}
    assert matcher.people_with_name("Elçin Hacıbəyov") == {}
    assert matcher.people_with_name("bəy") == matcher.people_with_name("") == {}


@pytest.mark.parametrize("word", ["law", "set", "women", "baku", "tar", "шейх"])
def test_single_word_must_match_closely(word: str) -> None:
    names = ["Tair Salahov", "Lev Nussimbaum", "Abdulla Shaig", "Qurban Səid", "محمد امین رسول‌زاده", "علی بگ"]
    matcher = NameMatcher([(name, [name], 0) for name in names])
    assert matcher.people_with_name(word) == {}


def test_match_of_one_person_equals_find() -> None:
    matcher = NameMatcher([("1", ["Üzeyir Hacıbəyov", "Узеир Гаджибеков"], 1), ("2", ["Əli"], 2)])
    for text in ("Uzeyir Hajibeyov", "Гаджибеков", "Uzeir Gajibekof"):
        match = matcher.match(text, "1")
        assert match is not None
        assert match.quality == matcher.find(text)[0].quality
    assert matcher.match("Hacıbəyov", "nobody") is None


def test_first_of_equal_names_is_reported() -> None:
    matcher = NameMatcher([("1", ["Üzeyir Hacıbəyov", "Uzeyir Hajibeyov", "Узеир Гаджибеков"], 1)])
    for text, name in (("Uzeir Gajibekof", "Üzeyir Hacıbəyov"), ("Узеир Гаджибеков", "Узеир Гаджибеков")):
        match = matcher.match(text, "1")
        assert match is not None
        assert match.name == name


def test_unchanged_people_are_not_reindexed() -> None:
    matcher = NameMatcher([("1", ["Üzeyir Hacıbəyov"], 1), ("2", ["Əli"], 2)])
    before = matcher._snapshot
    matcher.apply([("1", ("Üzeyir Hacıbəyov",), 1)], ["nobody"])
    assert matcher.ids() == ["1", "2"]
    assert len(matcher._snapshot.indexes) == len(before.indexes)
