"""The reader: from plain words to conditions, and the words that stay words."""

from dataclasses import replace

from biobank.records.catalogue import Catalogue
from biobank.search.language.tree import MAX_QUERY_WORDS, Words
from biobank.search.recognition.conditions import Recognition
from biobank.search.recognition.forms import words_of
from biobank.search.recognition.items import FILLER_ROLES, VERBS, segment
from biobank.search.recognition.lives import read_events, read_verbs
from biobank.search.recognition.memberships import read_memberships
from biobank.search.recognition.neighbours import read_neighbours
from biobank.search.recognition.person_names import PersonNames
from biobank.search.recognition.phrases import PhraseIndex
from biobank.search.recognition.relations import read_relations
from biobank.search.recognition.sentence import Sentence
from biobank.search.recognition.times import find_periods
from biobank.search.recognition.values import read_values
from biobank.search.recognition.works import read_works

#: Roles that form a condition only together with others; a member also does with words of no role.
_IDLE_ROLES = frozenset({*FILLER_ROLES, "awarded", "work_type", *VERBS})
#: In this order, because what is read first is not read again: the teacher of somebody is no profession.
_STEPS = (read_relations, read_memberships, read_verbs, read_works, read_events, read_values, read_neighbours)


class ConditionReader:
    """Reads conditions in plain words with the labels of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._phrases = PhraseIndex(catalogue)

    def read(self, plain: Words, names: PersonNames) -> Recognition:
        """Return the conditions in `plain`, read until nothing more is recognised in what is left.

        So the words that are left are read in the same way when the address of the search is opened.
        """
        recognition = self._read_once(plain, names)
        conditions = recognition.conditions
        while recognition.conditions and recognition.words is not None:
            recognition = self._read_once(recognition.words, names)
            conditions += recognition.conditions
        return replace(recognition, conditions=conditions)

    def _read_once(self, plain: Words, names: PersonNames) -> Recognition:
        words = words_of(plain.text)[:MAX_QUERY_WORDS]
        matches = list(self._phrases.matches(words))
        periods = find_periods(plain.text)
        if not periods and all(match.role in _IDLE_ROLES for match in matches):
            return Recognition(plain)
        items = segment(words, matches, names.mentions(plain.text), periods)
        sentence = Sentence(self.catalogue, names, self._phrases.organisations_with, plain, words, items)
        for step in _STEPS:
            step(sentence)
        return sentence.recognition()
