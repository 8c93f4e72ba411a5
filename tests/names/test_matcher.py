"""The matcher: one person under every spelling, and nothing similar before equal."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.names.matcher import Matcher, compare, similarity

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
GIVEN = ["Fikrət", "Heydər", "Üzeyir", "Şəmsi", "Nigar", "Çingiz", "Əkrəm", "Ülkər"]
SURNAMES = ["Əmirov", "Hacıbəyov", "Bədəlbəyli", "Rəfibəyli", "Mustafazadə", "Əylisli", "Vahid"]
NAMES = st.tuples(st.sampled_from(GIVEN), st.sampled_from(SURNAMES)).map(" ".join)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(PEOPLE)


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
def test_one_person_is_found_under_every_spelling(matcher: Matcher, spelling: str) -> None:
    assert matcher.find(spelling)[0].person_id == "uzeyir"


@pytest.mark.parametrize(
    ("asked", "person"),
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
def test_words_may_be_joined_cut_missing_or_extra(
    matcher: Matcher, asked: str, person: str
) -> None:
    assert matcher.find(asked)[0].person_id == person


def test_quality_says_how_a_name_was_found(matcher: Matcher) -> None:
    assert matcher.find("hacıbəyov üzeyir")[0].quality == "equal"
    assert matcher.find("Узеир Гаджибеков")[0].quality == "reading"
    assert matcher.find("uzeyir hacixeyov")[0].quality == "similar"
    assert matcher.find("Heydər Əlizadə")[0].quality == "similar"
    assert matcher.find("Heydər Əliyeva")[0].quality == "similar"


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        *[("Гасан", "Hüseyn"), ("حسین", "Həsən"), ("حسن", "Hüseyn"), ("Ali", "Vəli")],
        *[("Əli", "Vəli"), ("Rza", "Rəsul"), ("Nəriman", "Nərmin"), ("کمال", "Kəmalə")],
        *[("احمد", "Həmid"), ("حمید", "Əhməd"), ("Сулейман", "Salman"), ("Jalil", "Cəlal")],
    ],
)
def test_another_name_is_no_reading(asked: str, named: str) -> None:
    found = compare(f"{asked} Həsənli", f"{named} Həsənli")
    assert found is None or found.quality == "similar"


def test_a_surname_alone_shows_the_best_documented_first(matcher: Matcher) -> None:
    found = [match for match in matcher.find("Гаджибеков") if match.quality == "reading"]
    assert [match.person_id for match in found] == ["uzeyir", "zulfuqar"]


def test_what_is_equal_is_not_outranked_by_what_is_similar() -> None:
    people = [("near", ["Nəsib Əliyev"], 90), ("equal", ["Hacı Nəsir Tofiq oğlu Əliyev"], 0)]
    assert [m.person_id for m in Matcher(people).find("Nəsir Əliyev")] == ["equal", "near"]


def test_a_match_tells_its_words(matcher: Matcher) -> None:
    found = matcher.find("Гаджибеков Узеир")[0]
    pairs = [(p.query, p.name, p.quality, p.reading) for p in found.pairs]
    assert pairs == [
        ("гаджибеков", "hacıbəyov", "reading", "ru"),
        ("узеир", "üzeyir", "reading", "ru"),
    ]
    assert (found.reading, found.name) == ("ru", "Üzeyir Hacıbəyov")


def test_changes_are_seen_and_deletions_too() -> None:
    matcher = Matcher(PEOPLE)
    matcher.apply([("uzeyir", ["Üzeyir bəy Hacıbəyli"], 9), ("niyazi", ["Niyazi"], 1)], ["fikret"])
    assert matcher.find("Niyazi")[0].person_id == "niyazi"
    assert matcher.find("Üzeyir Hacıbəyov")[0].name == "Üzeyir bəy Hacıbəyli"
    assert all(match.person_id != "fikret" for match in matcher.find("Fikrət Əmirov"))
    matcher.apply((), ["niyazi"])
    assert all(match.person_id != "niyazi" for match in matcher.find("Niyazi"))
    assert len(matcher) == len(PEOPLE) - 1


def test_many_changes_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biobank.names.matcher.OVERLAY_MOST", 3)
    changed = Matcher(PEOPLE[:4])
    changed.apply(PEOPLE[4:])
    anew = Matcher(PEOPLE)
    for _, names, _ in PEOPLE:
        assert changed.find(names[0]) == anew.find(names[0])


def test_readers_see_all_of_a_change_or_nothing() -> None:
    matcher = Matcher(PEOPLE)
    names = ("Fikrət Əmirov", "Fikrət Qarayev")

    def change() -> None:
        for turn in range(20):
            matcher.apply([("fikret", [names[turn % 2]], 1)])

    with ThreadPoolExecutor(3) as pool:
        changing = pool.submit(change)
        while not changing.done():
            found = [m for m in matcher.find("Fikrət") if m.person_id == "fikret"]
            assert [match.name in names for match in found] == [True]
        changing.result()


@pytest.mark.parametrize("text", ["", " ", "12", "—", "ʼ", "王", "\u0301", "a" * 600, "a " * 300])
def test_any_text_may_be_asked(matcher: Matcher, text: str) -> None:
    assert isinstance(matcher.find(text), list)
    assert Matcher().find(text) == []


@given(st.text(max_size=40))
def test_a_name_is_equal_to_itself(text: str) -> None:
    found = Matcher([("it", [text], 0), ("other", ["Fikrət Əmirov"], 0)]).find(text)
    assert not found or (found[0].person_id == "it" and found[0].quality == "equal")


@given(st.permutations(["Şəmsi", "Əsəd", "Bədəlbəyli"]))
def test_the_order_of_words_does_not_matter(words: list[str]) -> None:
    found = compare(" ".join(words), "Şəmsi Əsəd Bədəlbəyli")
    assert found
    assert found.quality == "equal"


@given(NAMES, NAMES)
def test_similarity_is_the_same_both_ways(one: str, other: str) -> None:
    assert similarity(one, other) == similarity(other, one)
    assert similarity(one, one) == 1


@given(st.lists(NAMES, min_size=1, max_size=12, unique=True), st.integers(0, 99))
def test_finding_is_the_same_every_time_and_in_every_order(names: list[str], seed: int) -> None:
    people = [(name, [name], 0) for name in names]
    mixed = random.Random(seed).sample(people, len(people))
    assert Matcher(people).find(names[0]) == Matcher(mixed).find(names[0])


@given(st.lists(NAMES, min_size=1, max_size=12, unique=True))
def test_more_people_never_lose_an_equal_match(names: list[str]) -> None:
    matcher = Matcher([(names[0], [names[0]], 0)])
    matcher.apply([(name, [name], 5) for name in names[1:]])
    found = matcher.find(names[0], 20)
    assert any(m.person_id == names[0] and m.quality == "equal" for m in found)


def test_everybody_with_a_surname_is_a_bearer_of_it() -> None:
    people = [(str(number), [f"Əli{number} Məmmədov"], number) for number in range(400)]
    matcher = Matcher([*people, ("other", ["Əli Məlikov"], 900)])
    for text in ("Məmmədov", "mammadov", "Мамедов", "Mamedow"):
        bearers = matcher.bearers(text)
        assert bearers.keys() == {id_ for id_, _, _ in people}
        assert len(set(bearers.values())) == 1


def test_a_bearer_has_all_that_tells_of_the_name() -> None:
    matcher = Matcher([("1", ["Üzeyir Hacıbəyov"], 1), ("2", ["Soltan Hacıbəyov"], 2)])
    assert matcher.bearers("Узеир Гаджибеков").keys() == {"1"}
    assert matcher.bearers("Гаджибеков Узеир Абдул-Гусейн оглы").keys() == {"1"}
    assert matcher.bearers("Elçin Hacıbəyov") == {}
    assert matcher.bearers("bəy") == matcher.bearers("") == {}


@pytest.mark.parametrize("word", ["law", "set", "women", "baku", "tar", "шейх"])
def test_a_word_that_stands_alone_is_no_name_that_is_only_near_it(word: str) -> None:
    names = [
        "Tair Salahov",
        "Lev Nussimbaum",
        "Abdulla Shaig",
        "Qurban Səid",
        "محمد امین رسول‌زاده",
        "علی بگ",
    ]
    matcher = Matcher([(name, [name], 0) for name in names])
    assert matcher.bearers(word) == {}


def test_one_persons_match_is_the_one_that_is_found() -> None:
    matcher = Matcher([("1", ["Üzeyir Hacıbəyov", "Узеир Гаджибеков"], 1), ("2", ["Əli"], 2)])
    for text in ("Uzeyir Hajibeyov", "Гаджибеков", "Uzeir Gajibekof"):
        match = matcher.match(text, "1")
        assert match is not None
        assert match.quality == matcher.find(text)[0].quality
    assert matcher.match("Hacıbəyov", "nobody") is None


def test_of_names_that_fit_alike_the_first_is_told() -> None:
    matcher = Matcher([("1", ["Üzeyir Hacıbəyov", "Uzeyir Hajibeyov", "Узеир Гаджибеков"], 1)])
    for text, name in (
        ("Uzeir Gajibekof", "Üzeyir Hacıbəyov"),
        ("Узеир Гаджибеков", "Узеир Гаджибеков"),
    ):
        match = matcher.match(text, "1")
        assert match is not None
        assert match.name == name


def test_what_did_not_change_is_not_put_in_order_again() -> None:
    matcher = Matcher([("1", ["Üzeyir Hacıbəyov"], 1), ("2", ["Əli"], 2)])
    before = matcher._state
    matcher.apply([("1", ("Üzeyir Hacıbəyov",), 1)], ["nobody"])
    assert matcher.ids() == ["1", "2"]
    assert len(matcher._state.indexes) == len(before.indexes)
