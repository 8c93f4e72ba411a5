"""Labels of terms by gender."""

import pytest

from biobank.records.vocabulary.words import called, is_of_women

POET = {
    "labels": {"az": "şair", "en": "poet", "ru": "поэт"},
    "alt": {"az": ["şairə", "qadın şair"], "en": ["poetess", "lyricist"], "ru": ["поэтесса"]},
}


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("az", "şairə|qadın həkim|aktrisa|müəllimə|rəqqasə"),
        ("en", "poetess|actress|newspaperwoman|woman artist|benefactress"),
        ("ru", "поэтесса|певица|журналистка|оперная певица|женщина-врач|балерина|партизанка"),
    ],
)
def test_words_that_call_women_alone_are_known(lang: str, words: str) -> None:
    assert all(is_of_women(word, lang) for word in words.split("|")), words


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("az", "şair|xanəndə|sərkərdə|qadın hüquqları müdafiəçisi|səhnə ustası"),
        ("en", "press photographer|women's rights activist|chess player|grandmaster"),
        ("ru", "поэт|судья|деятель науки|исполнитель мугама|учёный"),
    ],
)
def test_words_for_everybody_are_for_everybody(lang: str, words: str) -> None:
    assert not any(is_of_women(word, lang) for word in words.split("|")), words


def test_a_term_calls_men_by_its_words_but_those_for_women() -> None:
    assert list(called(POET, "en", "male")) == ["poet", "lyricist"]
    assert list(called(POET, "en", "female")) == ["poet", "poetess", "lyricist"]
    assert list(called(POET, "az", "")) == ["şair"]
    assert list(called({}, "ru")) == []
