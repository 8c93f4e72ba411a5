"""Labels of terms by gender."""

import pytest

from biobank.records.vocabulary.gendered_labels import is_feminine, labels_for_gender

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
def test_feminine_labels_are_recognised(lang: str, words: str) -> None:
    assert all(is_feminine(word, lang) for word in words.split("|")), words


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("az", "şair|xanəndə|sərkərdə|qadın hüquqları müdafiəçisi|səhnə ustası"),
        ("en", "press photographer|women's rights activist|chess player|grandmaster"),
        ("ru", "поэт|судья|деятель науки|исполнитель мугама|учёный"),
    ],
)
def test_neutral_labels_are_not_feminine(lang: str, words: str) -> None:
    assert not any(is_feminine(word, lang) for word in words.split("|")), words


def test_labels_for_men_exclude_feminine_ones() -> None:
    assert list(labels_for_gender(POET, "en", "male")) == ["poet", "lyricist"]
    assert list(labels_for_gender(POET, "en", "female")) == ["poet", "poetess", "lyricist"]
    assert list(labels_for_gender(POET, "az", "")) == ["şair"]
    assert list(labels_for_gender({}, "ru")) == []


def test_label_for_women_is_a_search_label_of_women_only() -> None:
    term = {"labels": {"az": "balet artisti"}, "feminine": {"az": "balerina"}}
    assert list(labels_for_gender(term, "az", "female")) == ["balet artisti", "balerina"]
    assert list(labels_for_gender(term, "az", "male")) == ["balet artisti"]
