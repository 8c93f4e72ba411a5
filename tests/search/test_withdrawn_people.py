"""Whoever is withdrawn is in no result, condition, suggestion or answer once the index is updated."""

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.review.workflow import withdraw
from biobank.search.query import SearchQuery

CEYHUN, UZEYIR = "ceyhun-hacibeyli", "uzeyir-hacibeyov"


@pytest.fixture
def after_withdrawal(own_services: Services) -> Services:
    """Return a bank from which Ceyhun Hacıbəyli was withdrawn after everything was used once."""
    for text in ("Ceyhun Hacıbəyli harada doğulub", "Ceyhun Hacıbəylinin qardaşı"):
        own_services.search.search(SearchQuery(text, "az"))
        assert own_services.answers.find(SearchQuery("Ceyhun Hacıbəyli harada doğulub", "az"))
    withdraw(own_services.database, OPERATOR, CEYHUN, "wish", "")
    own_services.indexer.sync()
    return own_services


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Ceyhun Hacıbəyli", "az"),
        ("Ceyhun Hacıbəylinin qardaşı", "az"),
        ("brother of Uzeyir Hajibeyov", "en"),
        ("муж Джейхуна Гаджибейли", "ru"),
        (f"sibling:{CEYHUN}", "en"),
    ],
)
def test_withdrawn_person_is_in_no_result_and_names_no_condition(
    after_withdrawal: Services, text: str, lang: str
) -> None:
    response = after_withdrawal.search.search(SearchQuery(text, lang))
    # Words are shown as they were typed.
    understood = [part for part in response.understood if part.kind not in ("word", "let_go")]
    labels = [part.label for part in (*understood, *response.interpretation, *response.dropped)]
    assert CEYHUN not in [hit.id for hit in response.hits]
    assert not any(name in label for label in labels for name in ("Hacıbəyli", "Hajibeyli", "Гаджибейли"))
    assert not any("Hacıbəyli" in text for text in response.did_you_mean)


def test_condition_on_a_person_has_no_name_before_the_index_is_updated(own_services: Services) -> None:
    withdraw(own_services.database, OPERATOR, CEYHUN, "wish", "")
    response = own_services.search.search(SearchQuery(f"sibling:{CEYHUN}", "en"))
    assert [part.label for part in response.understood] == [f"sibling: {CEYHUN}"]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Ceyhun Hacıbəyli harada doğulub", "az"),
        ("Üzeyir Hacıbəyovun qardaşı kim idi", "az"),
        ("who was the brother of Uzeyir Hajibeyov", "en"),
        ("кто написал «Диалект и фольклор Карабаха»", "ru"),
    ],
)
def test_withdrawn_person_is_in_no_answer(after_withdrawal: Services, text: str, lang: str) -> None:
    assert CEYHUN not in repr(after_withdrawal.answers.find(SearchQuery(text, lang)))


def test_withdrawn_person_is_not_suggested(after_withdrawal: Services) -> None:
    assert CEYHUN not in [
        suggestion.id for suggestion in after_withdrawal.search.suggest("Ceyhun Hacıbəyli", "az", 20)
    ]
    assert CEYHUN not in after_withdrawal.search.complete(SearchQuery("Ceyhun Hac", "az", size=20)).people
    assert CEYHUN not in after_withdrawal.names.matcher()
