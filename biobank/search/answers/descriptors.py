"""Words that describe a person or a work in a question: the poet Nizami, the opera Koroghlu."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from biobank.names.folding import tokens
from biobank.records.catalogue import Catalogue
from biobank.search.analysis import stem_terms
from biobank.search.answers.patterns import QuestionWord


class Descriptors:
    """The one-word labels of professions and types of works of one catalogue, by language and stem."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._ids: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for term in catalogue.terms.values():
            if term["vocabulary"] in ("profession", "work"):
                self._add(term)

    def _add(self, term: Mapping[str, Any]) -> None:
        singles = {**term["labels"]}.items(), (term.get("feminine") or {}).items()
        several = ((lang, text) for lang, texts in term.get("alt", {}).items() for text in texts)
        for lang, label in chain(*singles, several):
            words = tokens(label)
            if len(words) == 1:
                for stem in stem_terms(words[0].text, lang):
                    self._ids[term["vocabulary"], lang, stem].add(term["id"])

    def ids(self, vocabulary: str, word: QuestionWord, lang: str) -> set[str]:
        """Return the terms that a word of a question may mean."""
        stems = stem_terms(word.text, lang)
        return set().union(*(self._ids.get((vocabulary, lang, stem), ()) for stem in stems))

    def work_types(self, words: Sequence[QuestionWord], lang: str) -> frozenset[str]:
        """Return the types of works that some of the words name."""
        return frozenset().union(*(self.ids("work", word, lang) for word in words))
