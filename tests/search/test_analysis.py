"""What text analysis promises: the forms of a word meet in a term, and others do not."""

import itertools
import os
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.names.folding import fold
from biobank.search.analysis import analyse
from biobank.search.analysis.azerbaijani import MAX_STEMS, stems
from biobank.search.analysis.stopwords import STOPWORDS

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
KEYBOARD_WITHOUT = str.maketrans("əıöüğşç", "eiougsc")

FORMS = {
    "şair": "şairlərimizin şairi şairə şairdə şairlik şairdir şairidir şairlərindən",
    "uşaq": "uşağı uşağın uşaqlar uşaqlarımızın uşağımız",
    "çörək": "çörəyi çörəyə çörəkdən çörəklərin",
    "kitab": "kitabı kitabın kitabında kitablarından",
    "ölkə": "ölkəsi ölkəsində ölkənin ölkəyə ölkələrin",
    "dağ": "dağı dağın dağlar dağlarında",
    "oğul": "oğlu oğlunun oğullar",
    "fikir": "fikri fikrində fikirlər",
    "bəstəkar": "bəstəkarı bəstəkarlarından bəstəkarlıq bəstəkarıdır",
    "universitet": "universiteti universitetinin universitetlərində",
}


YAZ = ["yazdı", "yazıb", "yazan", "yazmışdır", "yazmaq", "yazılmışdır", "yazdığı"]


def terms(word: str, lang: str = "az") -> set[str]:
    return {term for token in analyse(word, lang) for term in token.terms}


@pytest.mark.parametrize(("lemma", "forms"), FORMS.items())
def test_the_forms_of_a_noun_meet_its_lemma(lemma: str, forms: str) -> None:
    for form in forms.split():
        assert fold(lemma) in stems(form), form
        assert fold(lemma) in stems(form.translate(KEYBOARD_WITHOUT)), form


@pytest.mark.parametrize("form", YAZ)
def test_the_forms_of_a_verb_meet_its_stem(form: str) -> None:
    assert "yaz" in stems(form)


def test_an_ending_after_an_apostrophe_is_cut_first() -> None:
    assert stems("Bakı'da")[0] == stems("Bakı’nın")[0] == "baki"


def test_an_ending_that_breaks_harmony_is_none() -> None:
    assert stems("şairlar") == ("sairlar",)


@given(st.text(max_size=30) | st.text("abıiəşğlrndmqky'", max_size=45))
def test_a_word_has_one_to_three_terms(word: str) -> None:
    found = stems(word)
    assert 1 <= len(found) <= MAX_STEMS
    assert len(set(found)) == len(found)


def test_case_does_not_matter() -> None:
    assert stems("İLHAM") == stems("İlham") == stems("ilham")
    assert stems("QADINLAR") == stems("qadınlar")


def test_english_and_russian_have_one_stem() -> None:
    assert terms("composers", "en") == terms("Composer's", "en") == terms("COMPOSER", "en")
    assert terms("композиторами", "ru") == terms("Композитор", "ru") == {"композитор"}
    assert terms("ёлки", "ru") == terms("елка", "ru")


def test_the_language_of_the_text_decides() -> None:
    assert terms("composers", "az") != terms("composers", "en")
    assert terms("Üzeyir", "fa") == {"uzeyir"}


def test_stopwords_are_flagged_however_typed() -> None:
    flags = {token.word: token.stop for token in analyse("Şairlər VƏ 1885-ci ve nağıl", "az")}
    assert [word for word, stop in flags.items() if stop] == ["VƏ", "ci", "ve"]
    assert [t.stop for t in analyse("the poet", "en")] == [True, False]
    assert [t.stop for t in analyse("он и поэт", "ru")] == [True, True, False]
    assert all(word == fold(word) for words in STOPWORDS.values() for word in words)


@given(st.text(), st.sampled_from(["az", "en", "ru", "fa"]))
def test_offsets_slice_the_original_text(text: str, lang: str) -> None:
    end = 0
    for token in analyse(text, lang):
        assert text[token.start : token.end] == token.word
        assert end <= token.start < token.end
        assert all(token.terms)
        end = token.end


def shares(pairs: list[tuple[str, str]], typed: dict[str, set[str]]) -> float:
    return sum(bool(set(stems(a)) & typed[b]) for a, b in pairs) / len(pairs)


def test_listed_inflections_are_conflated_and_unrelated_words_are_not() -> None:
    source = SHARED / "az_inflections_dev.tsv"
    if not source.exists():
        assert "CI" not in os.environ, f"{source} is missing"
        pytest.skip(f"{source} is missing")
    lemmas: dict[str, list[str]] = defaultdict(list)
    for line in source.read_text(encoding="utf-8").splitlines()[1:]:
        form, lemma = line.split("\t")
        lemmas[lemma].append(form)
    forms = list(itertools.chain.from_iterable(lemmas.values()))
    plain = {form: set(stems(form)) for form in forms}
    in_ascii = {form: set(stems(form.translate(KEYBOARD_WITHOUT))) for form in forms}
    pairs = [p for group in lemmas.values() for p in itertools.combinations(group, 2)]
    assert shares(pairs, plain) >= 0.95
    assert shares(pairs, in_ascii) >= 0.80
    vocabulary = [set().union(*(plain[form] for form in group)) for group in lemmas.values()]
    unrelated = list(itertools.combinations(vocabulary, 2))
    assert sum(bool(a & b) for a, b in unrelated) / len(unrelated) <= 0.01
