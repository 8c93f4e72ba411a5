"""Text analysis: inflected forms share a term, and unrelated words do not."""

import itertools
import os
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.names.folding import fold
from biobank.search.analysis import analyse
from biobank.search.analysis.analyser import STOPWORDS
from biobank.search.analysis.azerbaijani import MAX_STEMS, stems

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
DATA = Path(__file__).parent / "data"
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


VERBS = {
    "yazmaq": "yazdı yazıb yazan yazmışdır yazmaq yazılmışdır yazdığı yazmasının yazırdı yazaraq",
    "etmek": "etdi edib edən etmişdir edilmişdir etdiyi etməsi edərək etmədi",
    "yaratmaq": "yaratdı yaradıb yaradan yaratmışdır yaradılmışdır yaratması",
    "demek": "dedi deyib deyən deyilir demişdir dediyi",
    "baslamaq": "başladı başlayıb başlayan başlamasına başlanmışdır",
    "acmaq": "açdı açıb açanda açılıb açılması",
}
APART = [
    *(("güldü", "gül"), ("yazdı", "yaz"), ("olmaq", "ölmək"), ("gəldi", "gəlini")),
    *(("qala", "qaldı"), ("itdi", "it"), ("simfoniyaya", "simfonik"), ("dedi", "dəniz")),
]


def terms(word: str, lang: str = "az") -> set[str]:
    return {term for token in analyse(word, lang) for term in token.terms}


@pytest.mark.parametrize(("lemma", "forms"), FORMS.items())
def test_noun_forms_share_term_with_lemma(lemma: str, forms: str) -> None:
    for form in forms.split():
        assert fold(lemma) in stems(form), form
        assert fold(lemma) in stems(form.translate(KEYBOARD_WITHOUT)), form


@pytest.mark.parametrize(("verb", "forms"), VERBS.items())
def test_verb_forms_share_dictionary_form(verb: str, forms: str) -> None:
    for form in forms.split():
        assert verb in stems(form), form
        assert verb in stems(form.translate(KEYBOARD_WITHOUT)), form


@pytest.mark.parametrize(("first", "second"), APART)
def test_words_with_same_start_are_distinguished(first: str, second: str) -> None:
    assert not set(stems(first)) & set(stems(second))


def test_particles_and_numerals_are_not_stemmed() -> None:
    assert [stems(word) for word in ("ilə", "üçün", "yeddi")] == [("ile",), ("ucun",), ("yeddi",)]


def test_an_ending_after_an_apostrophe_is_cut_first() -> None:
    assert stems("Bakı'da")[0] == stems("Bakı’nın")[0] == stems("Bakıʼda")[0] == "baki"


def test_an_ending_that_breaks_harmony_is_none() -> None:
    assert stems("şairlar") == ("sairlar",)


@given(st.text(max_size=30) | st.text("abıiəşğlrndmqky'", max_size=45))
def test_a_word_has_one_to_three_terms(word: str) -> None:
    terms_ = stems(word)
    assert 1 <= len(terms_) <= MAX_STEMS
    assert len(set(terms_)) == len(terms_)


def test_case_does_not_matter() -> None:
    assert stems("İLHAM") == stems("İlham") == stems("ilham")
    assert stems("QADINLAR") == stems("qadınlar")


def test_initial_capital_i_without_dot_is_i() -> None:
    assert stems("Istanbulda") == stems("İstanbulda")
    assert "isiq" in stems("Isığın")


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


NAMES = """
Kim Dan Nin Cox Gore Eden Ли Им iş ət biri mən qız oğlu bəy xan ata su
"""


@pytest.mark.parametrize("word", NAMES.split())
def test_names_and_content_words_are_no_stopwords(word: str) -> None:
    assert not any(token.stop for lang in STOPWORDS for token in analyse(word, lang))


@pytest.mark.parametrize("text", ["1885-ci", "1948‑də", "ABŞ-ın", "XIX-un", "“Leyli”nin", "SSRİ-yə"])
def test_an_ending_written_apart_is_a_stopword(text: str) -> None:
    assert [token.stop for token in analyse(text, "az")] == [False, True]


@pytest.mark.parametrize("text", ["Qara-su", "“Su”", '"Dan"', "Yusif-nin", " in", "Nin"])
def test_ending_like_word_is_not_detached_ending(text: str) -> None:
    assert not any(token.stop for token in analyse(text, "az"))


@given(st.text(), st.sampled_from(["az", "en", "ru", "fa"]))
def test_offsets_slice_the_original_text(text: str, lang: str) -> None:
    end = 0
    for token in analyse(text, lang):
        assert text[token.start : token.end] == token.word
        assert end <= token.start < token.end
        assert all(token.terms)
        end = token.end


Groups = dict[str, list[str]]


def same_lemma_shares(lemmas: Groups) -> tuple[float, float, float]:
    """Return shares of same-lemma pairs that match: as written, one in ASCII, both in ASCII."""
    pairs = [p for group in lemmas.values() for p in itertools.combinations(group, 2)]
    forms = set(itertools.chain.from_iterable(pairs))
    plain = {form: set(stems(form)) for form in forms}
    typed = {form: set(stems(form.translate(KEYBOARD_WITHOUT))) for form in forms}
    one_typed = [plain[a] & typed[b] for a, b in pairs] + [typed[a] & plain[b] for a, b in pairs]
    return (
        sum(bool(plain[a] & plain[b]) for a, b in pairs) / len(pairs),
        sum(map(bool, one_typed)) / len(one_typed),
        sum(bool(typed[a] & typed[b]) for a, b in pairs) / len(pairs),
    )


def listed() -> Groups:
    source = SHARED / "az_inflections_dev.tsv"
    if not source.exists():
        assert "CI" not in os.environ, f"{source} is missing"
        pytest.skip(f"{source} is missing")
    lemmas: Groups = defaultdict(list)
    for line in source.read_text(encoding="utf-8").splitlines()[1:]:
        form, lemma = line.split("\t")
        lemmas[lemma].append(form)
    return lemmas


def unseen(half: str) -> Groups:
    """Return hand-written inflections; the stemmer was tuned with the half called tuned."""
    lines = (DATA / "az_unseen.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return {lemma: forms.split() for lemma, own, forms in rows if own == half}


def test_listed_inflections_are_conflated_and_unrelated_words_are_not() -> None:
    lemmas = listed()
    plain, one_typed, both_typed = same_lemma_shares(lemmas)
    assert plain >= 0.97
    assert min(one_typed, both_typed) >= 0.95
    vocabulary = [set().union(*map(stems, group)) for group in lemmas.values()]
    unrelated = list(itertools.combinations(vocabulary, 2))
    assert sum(bool(a & b) for a, b in unrelated) / len(unrelated) <= 0.01


@pytest.mark.parametrize("half", ["tuned", "held"])
def test_inflections_of_unseen_words_are_conflated(half: str) -> None:
    plain, one_typed, both_typed = same_lemma_shares(unseen(half))
    assert plain >= 0.97
    assert min(one_typed, both_typed) >= 0.95


def test_few_frequent_words_conflate_with_unrelated_ones() -> None:
    """Words on different lines of az_frequent.txt, a family per line, are unrelated."""
    lines = (DATA / "az_frequent.txt").read_text(encoding="utf-8").splitlines()
    family = {word: number for number, line in enumerate(lines) for word in line.split()}
    assert len(family) == 2000
    by_stem: dict[str, set[str]] = defaultdict(set)
    for word in family:
        for stem in stems(word):
            by_stem[stem].add(word)
    meeting = {
        frozenset(pair)
        for words in by_stem.values()
        for pair in itertools.combinations(words, 2)
        if family[pair[0]] != family[pair[1]]
    }
    # The remaining words have the same folding (şəhər, səhər) or are forms of two words (qarın,
    # üzüm).
    assert len(meeting) / (len(family) * (len(family) - 1) / 2) <= 0.0002
    assert len(set().union(*meeting)) / len(family) <= 0.10
