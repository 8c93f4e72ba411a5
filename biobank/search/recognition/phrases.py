"""Phrase index: the labels of the catalogue and the phrases of the grammar, word by word."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from biobank.common.i18n import LANGUAGES
from biobank.names.folding import fold, fold_word, tokens
from biobank.records.catalogue import Catalogue
from biobank.records.countries import COUNTRY_ADJECTIVES, COUNTRY_ALIASES, COUNTRY_CODES, country_name
from biobank.records.vocabulary.gendered_labels import all_labels, is_feminine
from biobank.search.recognition.forms import AS_WRITTEN, Key, Word, label_keys, resident_of
from biobank.search.recognition.word_lists import FEMALE, grammar_phrases, place_adjectives

#: Maximum number of words of a phrase that is looked for.
MAX_PHRASE_WORDS: Final = 12


@dataclass(frozen=True)
class Meaning:
    """What a phrase stands for: a role of the grammar, or a field with the id of a value."""

    role: str
    value: str = ""
    lang: str = ""
    #: The gender that the phrase implies: poetess, brother.
    gender: str = ""
    #: All values, where a phrase of the grammar stands for several.
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class PhraseMatch:
    """Meanings of one role for `words[start:end]`; exact if each word is written as in the label."""

    start: int
    end: int
    role: str
    meanings: tuple[Meaning, ...]
    exact: bool


#: A word of a label: its language, its folded form, and how it is inflected.
Lemma = tuple[str, str, str]
_FIXED, _INFLECTED, _COMPOUND_HEAD = "fixed", "inflected", "head"


@dataclass
class _Node:
    children: dict[Lemma, "_Node"] = field(default_factory=dict)
    meanings: dict[Meaning, None] = field(default_factory=dict)


class PhraseIndex:
    """The phrases of one catalogue: a trie of lemmas, and the lemmas of each key of a word."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._root = _Node()
        self._lemmas: dict[Key, dict[Lemma, None]] = {}
        #: The names of organisations by their words: id, and a number of the name.
        self._organisation_names: dict[Lemma, set[tuple[str, int]]] = {}
        self._by_place_name: dict[str, dict[Meaning, None]] = {}
        for phrase in grammar_phrases():
            meaning = Meaning(phrase.role, "", phrase.lang, phrase.gender, phrase.values)
            self._add(phrase.text, phrase.lang, meaning, inflected=phrase.inflected)
        for number, (role, value, lang, label) in enumerate(_labels(catalogue)):
            gender = FEMALE if role == "profession" and is_feminine(label, lang) else ""
            lemmas = self._add(label, lang, Meaning(role, value, lang, gender))
            if role == "organisation":
                for lemma in lemmas:
                    self._organisation_names.setdefault(lemma, set()).add((value, number))
            if role in ("place", "country"):
                self._by_place_name.setdefault(fold(label), {})[Meaning(f"{role}_adjective", value)] = None
        for lang, adjective, meaning in self._adjectives():
            self._add(adjective, lang, meaning)

    def matches(self, words: Sequence[Word]) -> Iterator[PhraseMatch]:
        """Yield all phrases in `words`, one match for each role."""
        lemmas = [self._lemmas_of(word) for word in words]
        for start, word in enumerate(words):
            nodes = [(self._root, True)]
            for end in range(start + 1, min(start + MAX_PHRASE_WORDS, len(words)) + 1):
                nodes = [
                    (child, exact and lemma[1] == words[end - 1].folded)
                    for node, exact in nodes
                    for lemma in lemmas[end - 1]
                    if (child := node.children.get(lemma))
                ]
                if not nodes:
                    break
                yield from _matches_of(start, end, nodes)
            residents = dict.fromkeys(self._by_place_name.get(resident_of(word), ()), True)
            yield from _by_role(start, start + 1, residents)

    def organisations_with(self, words: Sequence[Word]) -> frozenset[str]:
        """Return the organisations with a name that has all of `words`, in any order."""
        remaining: set[tuple[str, int]] | None = None
        for word in words:
            names = {
                name for lemma in self._lemmas_of(word) for name in self._organisation_names.get(lemma, ())
            }
            remaining = names if remaining is None else remaining & names
        return frozenset(id_ for id_, _ in remaining or ())

    def _lemmas_of(self, word: Word) -> dict[Lemma, None]:
        return {lemma: None for key in word.keys for lemma in self._lemmas.get(key, ())}

    def _add(self, text: str, lang: str, meaning: Meaning, *, inflected: bool = True) -> list[Lemma]:
        """Add a phrase and return the lemmas of its words; none if it is too long."""
        label_words = [token.text for token in tokens(text)]
        if not 0 < len(label_words) <= MAX_PHRASE_WORDS:
            return []
        lemmas = []
        node = self._root
        for position, word in enumerate(label_words, start=1):
            is_head = 1 < position == len(label_words)
            mode = (_COMPOUND_HEAD if is_head else _INFLECTED) if inflected else _FIXED
            lemma = (lang, fold_word(word), mode)
            keys = label_keys(word, lang, is_compound_head=is_head) if inflected else ()
            for key in ((AS_WRITTEN, lemma[1]), *keys):
                self._lemmas.setdefault(key, {})[lemma] = None
            node = node.children.setdefault(lemma, _Node())
            lemmas.append(lemma)
        node.meanings[meaning] = None
        return lemmas

    def _adjectives(self) -> Iterator[tuple[str, str, Meaning]]:
        for code, by_lang in COUNTRY_ADJECTIVES.items():
            for lang, adjectives in by_lang.items():
                for adjective in adjectives.split():
                    yield lang, adjective, Meaning("country_adjective", code)
        for adjective, place in place_adjectives():
            for meaning in self._by_place_name.get(fold(place), ()):
                if meaning.role == "place_adjective":
                    yield "ru", adjective, meaning


def _matches_of(start: int, end: int, nodes: Iterable[tuple[_Node, bool]]) -> Iterator[PhraseMatch]:
    exactness: dict[Meaning, bool] = {}
    for node, exact in nodes:
        for meaning in node.meanings:
            exactness[meaning] = exactness.get(meaning, False) or exact
    yield from _by_role(start, end, exactness)


def _by_role(start: int, end: int, exactness: Mapping[Meaning, bool]) -> Iterator[PhraseMatch]:
    """Yield the matches of one span by role; forms only where nothing is written as typed."""
    for role in dict.fromkeys(meaning.role for meaning in exactness):
        meanings = [meaning for meaning in exactness if meaning.role == role]
        exact = [meaning for meaning in meanings if exactness[meaning]]
        yield PhraseMatch(start, end, role, tuple(exact or meanings), exact=bool(exact))


def _labels(catalogue: Catalogue) -> Iterator[tuple[str, str, str, str]]:
    """Yield role, id, language and label of every value."""
    for term in catalogue.terms.values():
        if (vocabulary := term["vocabulary"]) in ("profession", "award", "work"):
            role = "work_type" if vocabulary == "work" else vocabulary
            for lang in LANGUAGES:
                yield from ((role, term["id"], lang, label) for label in all_labels(term, [lang]))
    for role, entries in (("place", catalogue.places), ("organisation", catalogue.organisations)):
        for id_, entry in entries.items():
            yield from ((role, id_, name["lang"], name["text"]) for name in entry["names"])
    for code in COUNTRY_CODES:
        yield from (("country", code, lang, country_name(code, lang)) for lang in LANGUAGES)
    yield from (("country", code, "en", name) for name, code in COUNTRY_ALIASES.items())
