"""Questions that describe a person or an event: who founded the theatre, when Koroghlu was first given."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from biobank.names.folding import fold, tokens
from biobank.names.matcher import NameMatcher
from biobank.records.people import queries
from biobank.records.people.record import PersonRecord
from biobank.search.analysis import analyse, stem_terms
from biobank.search.answers.answer import PERSON, STATEMENT, Answer, QuotedStatement
from biobank.search.answers.descriptors import Descriptors
from biobank.search.answers.evidence import RecordPassage, find_passages
from biobank.search.answers.facts import work_fact
from biobank.search.answers.named_people import find_named_people, without_titles
from biobank.search.answers.patterns import (
    Activity,
    OpenQuestion,
    QuestionGrammar,
    QuestionWord,
    WordPattern,
)
from biobank.search.answers.statements import StatementBuilder
from biobank.search.answers.windows import SoughtWord, sought_stems
from biobank.search.answers.works import TitledWork, works_titled
from biobank.search.query import SearchQuery
from biobank.search.query_context import detect_exact_names

#: Maximum number of people whose records are read for one question.
MAX_CANDIDATES = 12
#: Minimum number of words that a sentence must share with a question about nobody by name.
MIN_SHARED_WORDS = 2
#: Maximum number of words of content, and of passages of one person that are read for other names.
MAX_CONTENT_WORDS = 10
MAX_READ_PASSAGES = 3
#: A sign between clauses: words on both sides of one say different things.
_CLAUSE_SIGN = re.compile(r"[,;:.!?()]|\s[-–—]\s")
#: Maximum number of other words in what somebody was: the first [Azerbaijani] woman pilot.
MAX_OTHERS_IN_TITLE = 1
#: How many words shorter the best passage must be than that of another person.
MIN_LEAD_WORDS = 2
#: Maximum number of people who share one work.
MAX_SHARED_WORK = 3


@dataclass(frozen=True)
class _Content:
    """The words of an open question, those of activities apart."""

    words: tuple[QuestionWord, ...]
    plain: tuple[QuestionWord, ...]
    activities: tuple[Activity, ...]


class OpenQuestionReader:
    """Answers open questions from the records of the best results."""

    def __init__(
        self,
        session: Session,
        matcher: NameMatcher,
        descriptors: Descriptors,
        lang: str,
        search_ids: Callable[[SearchQuery], Sequence[str]],
        statements: StatementBuilder,
    ) -> None:
        self._session = session
        self._matcher = matcher
        self._descriptors = descriptors
        self._lang = lang
        self._search_ids = search_ids
        self._statements = statements

    def answer(self, question: OpenQuestion, grammar: QuestionGrammar) -> Answer | None:
        """Return the person or passage that holds all words of the question."""
        content = _read_content(question, grammar)
        if not 0 < len(content.plain) <= MAX_CONTENT_WORDS:
            return None
        if question.asks == "who":
            records = self._candidates(content)
            return self._author(records, content, grammar) or self._described(records, content, grammar)
        return self._happened(question, content, grammar)

    def _candidates(self, content: _Content) -> list[PersonRecord]:
        text = " ".join(word.text for word in content.plain)
        ids = self._search_ids(SearchQuery(text=text, lang=self._lang, size=MAX_CANDIDATES, literal=True))
        return list(queries.load_records(self._session, list(ids)).values())

    def _author(
        self, records: Sequence[PersonRecord], content: _Content, grammar: QuestionGrammar
    ) -> Answer | None:
        """Return those who have a work of the title."""
        if not content.activities:
            return None
        created = [activity.work_types for activity in content.activities]
        # An activity without types creates any.
        types = frozenset().union(*created) if all(created) else frozenset()
        described = self._descriptors.work_types(content.plain, grammar.lang)
        title = [
            word
            for word in content.plain
            if not (grammar.works.matches(word.folded) or self._descriptors.ids("work", word, grammar.lang))
        ]
        choices = [(title, types & described or described or types), (content.plain, types)]
        # What is described may also be a part of the title: “Azerbaijan Carpet”.
        is_contradictory = types and described and types.isdisjoint(described)
        for words, allowed in choices[1:] if is_contradictory else choices:
            sought = [sought_word(word, grammar.lang) for word in words]
            works = [
                (record, work)
                for record in records
                if words
                for work in works_titled(record, sought, allowed)
            ]
            if 0 < len({record["id"] for record, _ in works}) <= MAX_SHARED_WORK:
                statements = tuple(self._work_statement(record, work) for record, work in works)
                people = tuple(dict.fromkeys(statement.person for statement in statements))
                return Answer(PERSON, "author", people, statements)
        return None

    def _work_statement(self, record: PersonRecord, work: TitledWork) -> QuotedStatement:
        fact = work_fact(work.number, work.work, self._descriptors.catalogue, self._lang)
        return self._statements.fact(record, fact)

    def _described(
        self, records: Sequence[PersonRecord], content: _Content, grammar: QuestionGrammar
    ) -> Answer | None:
        """Return the person whose record says what the question describes."""
        sought = _sought(content, grammar)
        if len(sought) < MIN_SHARED_WORDS:
            return None
        best = [
            (passages[0], record)
            for record in records
            if (passages := self._own_passages(record, grammar, sought))
        ]
        chosen = _clearly_best(best)
        if chosen is None:
            return None
        passage, record = chosen
        statement = self._statements.passage(record, passage, grammar.lang)
        return Answer(PERSON, "", (statement.person,), (statement,))

    def _own_passages(
        self, record: PersonRecord, grammar: QuestionGrammar, sought: Sequence[SoughtWord]
    ) -> list[RecordPassage]:
        """Return passages whose matching part names nobody else."""
        passages = find_passages(record, grammar, self._descriptors.catalogue, sought)
        is_activity = any(word.synonyms for word in sought)
        whole = [
            passage
            for passage in passages
            if not _CLAUSE_SIGN.search(passage.matching_text)
            and (is_activity or passage.others <= MAX_OTHERS_IN_TITLE)
        ]
        return [
            passage
            for passage in whole[:MAX_READ_PASSAGES]
            if not self._names_another(passage, record, sought, grammar, named_only=not is_activity)
        ]

    def _names_another(
        self,
        passage: RecordPassage,
        record: PersonRecord,
        sought: Sequence[SoughtWord],
        grammar: QuestionGrammar,
        *,
        named_only: bool,
    ) -> bool:
        """Return whether a capitalised word that is not sought stands between the words sought.

        It may be who did it, or what was founded or written instead, unless it is a name of the person.
        With `named_only` it counts only if it names somebody else.
        """
        own = frozenset(
            stem
            for name in record["names"]
            for word in tokens(name["text"])
            for stem in stem_terms(word.text, grammar.lang)
        )
        text = passage.matching_text
        capitalised = [
            token
            for token in analyse(text, grammar.lang)
            if token.word[0].isupper()
            and token.start
            and not grammar.demonyms.matches(fold(token.word))
            and own.isdisjoint(token.terms)
            and all(word.stems.isdisjoint(token.terms) for word in sought)
        ]
        if not named_only:
            return bool(capitalised)
        mentions = detect_exact_names(self._matcher, " ".join(token.word for token in capitalised))
        return any(record["id"] not in mention.scores for mention in mentions)

    def _happened(self, question: OpenQuestion, content: _Content, grammar: QuestionGrammar) -> Answer | None:
        """Return the passage that says when or where something happened, to a named person or at all."""
        named = self._named(content)
        if named:
            record, names = named
            titles = set(content.words) - set(_untitled(content.words))
            words, plain = (
                tuple(word for word in part if word not in names and word not in titles)
                for part in (content.words, content.plain)
            )
            rest = _Content(words, plain, content.activities)
            records, minimum = [record], 1
            sought = _sought(rest, grammar)
        else:
            records, minimum = self._candidates(content), MIN_SHARED_WORDS + 1
            sought = _sought(content, grammar)
        if len(sought) < minimum:
            return None
        best = [
            (passages[0], record)
            for record in records
            if (passages := self._dated_passages(record, question, grammar, sought))
        ]
        chosen = _clearly_best(best)
        if chosen is None:
            return None
        statement = self._statements.passage(chosen[1], chosen[0], grammar.lang)
        return Answer(STATEMENT, "", (statement.person,), (statement,))

    def _dated_passages(
        self,
        record: PersonRecord,
        question: OpenQuestion,
        grammar: QuestionGrammar,
        sought: Sequence[SoughtWord],
    ) -> list[RecordPassage]:
        passages = find_passages(record, grammar, self._descriptors.catalogue, sought)
        return [passage for passage in passages if passage.has_date or question.asks != "when"]

    def _named(self, content: _Content) -> tuple[PersonRecord, tuple[QuestionWord, ...]] | None:
        """Return the one person that the question names, and the words of the name: the longest first."""
        words = content.words
        for size in range(min(len(words), 4), 0, -1):
            for start in range(len(words) - size + 1):
                names = words[start : start + size]
                people = find_named_people(self._matcher, [word.text for word in names])
                if people and len(people.ids) == 1:
                    record = queries.load_record(self._session, people.ids[0])
                    return (record, names) if record else None
        return None


def _read_content(question: OpenQuestion, grammar: QuestionGrammar) -> _Content:
    activities = tuple(
        activity
        for activity in grammar.activities
        if any(activity.words.matches(word.folded) for word in question.content)
    )
    plain = tuple(
        word
        for word in question.content
        if not any(activity.words.matches(word.folded) for activity in activities)
    )
    return _Content(question.content, plain, activities)


def _untitled(words: Sequence[QuestionWord]) -> list[QuestionWord]:
    remaining = without_titles([word.text for word in words])
    return [word for word in words if word.text in remaining]


def _sought(content: _Content, grammar: QuestionGrammar) -> list[SoughtWord]:
    """Return the plain words, and one word for all the activities."""
    sought = [sought_word(word, grammar.lang) for word in content.plain]
    if content.activities:
        forms = frozenset().union(*(activity.words.forms for activity in content.activities))
        prefixes = tuple(prefix for activity in content.activities for prefix in activity.words.prefixes)
        own = (word for word in content.words if word not in content.plain)
        stems = frozenset().union(*(sought_stems(word.text, grammar.lang) for word in own))
        sought.append(SoughtWord(stems, WordPattern(forms, prefixes)))
    return sought


def sought_word(word: QuestionWord, lang: str) -> SoughtWord:
    """Return the stems of a word of a question."""
    return SoughtWord(sought_stems(word.text, lang))


def _clearly_best(
    candidates: Sequence[tuple[RecordPassage, PersonRecord]],
) -> tuple[RecordPassage, PersonRecord] | None:
    """Return the candidate with the closest words, unless that of another person is about as close."""
    ranked = sorted(candidates, key=lambda candidate: _window_size(candidate[0]))
    if not ranked or (
        len(ranked) > 1 and _window_size(ranked[1][0]) - _window_size(ranked[0][0]) < MIN_LEAD_WORDS
    ):
        return None
    return ranked[0]


def _window_size(passage: RecordPassage) -> int:
    assert passage.window, "passages that were found have a window"
    return passage.window.size
