"""The people that a question names: only without doubt."""

import pytest

from biobank.names.matcher import NameMatcher
from biobank.search.answers.named_people import find_named_people

PEOPLE = {
    "qarayev": ["Qara Qarayev", "Gara Garayev", "Кара Караев"],
    "nizami": ["Nizami Gəncəvi", "Nizami Ganjavi", "Низами Гянджеви"],
    "bulbul": ["Bülbül", "Bulbul", "Бюльбюль"],
    "elder": ["Müslüm Maqomayev", "Muslim Magomayev", "Муслим Магомаев"],
    "younger": ["Müslüm Maqomayev", "Muslim Magomayev", "Муслим Магомаев"],
    "kerimov": ["Kərim Kərimov", "Карим Керимов"],
    "uzeyir": ["Üzeyir Hacıbəyov"],
}


@pytest.fixture(scope="module")
def matcher() -> NameMatcher:
    return NameMatcher([(id_, names, 0) for id_, names in PEOPLE.items()])


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Qara Qarayev", "qarayev"),
        ("Qara Qarayevin", "qarayev"),
        ("Kara Karaev's", "qarayev"),
        ("Кары Караева", "qarayev"),
        ("Караевым", "qarayev"),
        ("Nizaminin", "nizami"),
        ("Низами", "nizami"),
        ("Бюльбюля", "bulbul"),
        ("Üzeyir bəy", "uzeyir"),
    ],
)
def test_inflected_and_transliterated_names_are_found(matcher: NameMatcher, name: str, person: str) -> None:
    people = find_named_people(matcher, name.split())
    assert people is not None
    assert people.ids == (person,)


def test_namesakes_are_found_by_their_full_name_only(matcher: NameMatcher) -> None:
    people = find_named_people(matcher, ["Muslim", "Magomayev"])
    assert people is not None
    assert people.ids == ("elder", "younger")
    assert find_named_people(matcher, ["Magomayev"]) is None


@pytest.mark.parametrize(
    "name",
    [
        "Ali Karimov",
        "Qara Əliyev",
        "Nizami Hacıbəyov",
        "Самед Караев",
        "Garayevsky",
        "Nizami 1141",
        "Qara Qarayev Nizami Bülbül Üzeyir Kərimov Hacıbəyov",
        "",
    ],
)
def test_an_absent_person_is_taken_for_nobody(matcher: NameMatcher, name: str) -> None:
    assert find_named_people(matcher, name.split()) is None
