"""The answer to a question: a fact, a person or a sentence of a published record, or none."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from biobank.names.matcher import NameMatcher
from biobank.records.catalogue import Catalogue
from biobank.records.people import queries
from biobank.records.people.record import PersonRecord
from biobank.search.answers.answer import LIST, PERSON, STATEMENT, Answer, AnswerPerson, QuotedStatement
from biobank.search.answers.descriptors import Descriptors
from biobank.search.answers.evidence import sentences_with
from biobank.search.answers.facts import (
    MAX_FACTS,
    RELATION_FACTS,
    FoundFact,
    find_facts,
    related_ids,
)
from biobank.search.answers.named_people import NamedPeople, find_named_people
from biobank.search.answers.open_questions import OpenQuestionReader
from biobank.search.answers.patterns import (
    FactQuestion,
    QuestionGrammar,
    QuestionWord,
    fact_questions,
    is_question,
    load_grammars,
    open_question,
    read_words,
)
from biobank.search.answers.statements import StatementBuilder
from biobank.search.executor import NameMatcherCache
from biobank.search.query import SearchQuery
from biobank.store.session import Database

#: A fact that more sentences may say is left to the biography.
MAX_QUOTED_SENTENCES = 3


class AnswerService:
    """Finds answers in the published records of one store."""

    def __init__(
        self,
        database: Database,
        matcher_cache: NameMatcherCache,
        search_ids: Callable[[SearchQuery], Sequence[str]],
        catalogue: Callable[[], Catalogue],
    ) -> None:
        """Prepare answers; `search_ids` returns the ids of a page of results."""
        self._database = database
        self._matcher_cache = matcher_cache
        self._search_ids = search_ids
        self._catalogue = catalogue
        self._descriptors: Descriptors | None = None

    def find(self, query: SearchQuery) -> Answer | None:
        """Return the answer to the question that was typed; None where the bank does not say it.

        Only the first page of a search without filters is a question; nothing is looked up for a
        text without a question word.
        """
        if query.page != 1 or query.choices or query.born or query.died or query.area:
            return None
        words = read_words(query.typed or query.text)
        if not words or not is_question(words):
            return None
        descriptors = self._current_descriptors()
        matcher = self._matcher_cache.matcher()
        with self._database.read() as session:
            lookup = _Lookup(session, matcher, descriptors, query.lang, self._search_ids)
            return lookup.answer(words)

    def _current_descriptors(self) -> Descriptors:
        catalogue = self._catalogue().public
        if self._descriptors is None or self._descriptors.catalogue is not catalogue:
            self._descriptors = Descriptors(catalogue)
        return self._descriptors


class _Lookup:
    """One question in one session."""

    def __init__(
        self,
        session: Session,
        matcher: NameMatcher,
        descriptors: Descriptors,
        lang: str,
        search_ids: Callable[[SearchQuery], Sequence[str]],
    ) -> None:
        self._session = session
        self._matcher = matcher
        self._descriptors = descriptors
        self._catalogue = descriptors.catalogue
        self._lang = lang
        self._search_ids = search_ids
        self._statements = StatementBuilder(session, lang)
        #: The page's language first: some words are questions in two languages.
        self._grammars = sorted(load_grammars(), key=lambda grammar: grammar.lang != lang)

    def answer(self, words: Sequence[QuestionWord]) -> Answer | None:
        """Return the fact that is asked of a named person, else what an open question describes.

        If the bank does not record that fact of the person, there is no answer.
        """
        for grammar in self._grammars:
            for question in fact_questions(words, grammar):
                people, described_by = self._subject(question)
                if people:
                    return self._answer_fact(question, grammar, people, described_by)
        return self._answer_open(words)

    def _answer_open(self, words: Sequence[QuestionWord]) -> Answer | None:
        """Return the person or the passage that holds all words of the question."""
        reader = OpenQuestionReader(
            self._session, self._matcher, self._descriptors, self._lang, self._search_ids, self._statements
        )
        questions = (open_question(words, grammar) for grammar in self._grammars)
        for grammar, question in zip(self._grammars, questions, strict=True):
            if question and (answer := reader.answer(question, grammar)):
                return answer
        return None

    def _answer_fact(
        self,
        question: FactQuestion,
        grammar: QuestionGrammar,
        people: NamedPeople,
        described_by: tuple[QuestionWord, ...],
    ) -> Answer | None:
        records = queries.load_records(self._session, people.ids)
        matching = [record for record in records.values() if self._fits(record, described_by, question.lang)]
        if not matching:
            return None
        if question.fact in RELATION_FACTS:
            answers = [self._answer_relation(record, question.fact) for record in matching]
            related = [answer for answer in answers if answer]
            return related[0] if len(related) == 1 else self._quote(matching, question.fact, grammar)
        types = self._descriptors.work_types((*question.words, *described_by), question.lang)
        statements = [
            self._statements.fact(record, fact)
            for record in matching
            for fact in find_facts(record, question.fact, self._catalogue, self._lang, types)
        ]
        return _statement_answer(question.fact, statements) or self._quote(matching, question.fact, grammar)

    def _quote(self, records: Sequence[PersonRecord], fact: str, grammar: QuestionGrammar) -> Answer | None:
        """Return the sentences of the biography of one person that say a fact."""
        if len(records) != 1 or fact not in grammar.phrases:
            return None
        passages = sentences_with(records[0], grammar, grammar.phrases[fact])
        if not 0 < len(passages) <= MAX_QUOTED_SENTENCES:
            return None
        statements = [self._statements.passage(records[0], passage, grammar.lang) for passage in passages]
        return _statement_answer(fact, statements)

    def _subject(self, question: FactQuestion) -> tuple[NamedPeople | None, tuple[QuestionWord, ...]]:
        """Return who is named, and the words that describe them: a profession, a type of work."""
        words = question.subject
        people = find_named_people(self._matcher, [word.text for word in words])
        if people:
            return people, ()
        described_by = tuple(
            word
            for word in words
            if any(
                self._descriptors.ids(vocabulary, word, question.lang)
                for vocabulary in ("profession", "work")
            )
        )
        names = [word.text for word in words if word not in described_by]
        return (find_named_people(self._matcher, names) if described_by else None), described_by

    def _fits(self, record: PersonRecord, words: Iterable[QuestionWord], lang: str) -> bool:
        """Return whether a person has the professions that the words name."""
        own = set(self._catalogue.broader_terms("profession", record.get("professions", ())))
        return all(
            own & self._descriptors.ids("profession", word, lang) or self._descriptors.ids("work", word, lang)
            for word in words
        )

    def _answer_relation(self, record: PersonRecord, fact: str) -> Answer | None:
        """Return the people related to one person, with the relations of either record."""
        relation, gender = RELATION_FACTS[fact]
        # Positions count the relations as stored, with those to unpublished people.
        subject = queries.load_stored_records(self._session, [record["id"]])[record["id"]]
        inbound = queries.relations_to(self._session, [record["id"]]).get(record["id"], [])
        related = related_ids(subject, inbound, relation, self._catalogue)[:MAX_FACTS]
        others = queries.load_stored_records(self._session, list(dict.fromkeys(id_ for id_, _, _ in related)))
        statements: dict[AnswerPerson, QuotedStatement] = {}
        for other_id, owner_id, number in related:
            other = others.get(other_id)
            if other and gender in ("", other.get("gender", gender)):
                owner = subject if owner_id == record["id"] else other
                statement = self._relation(owner, number, others | {record["id"]: subject})
                statements.setdefault(self._statements.person(other), statement)
        return Answer(PERSON, fact, tuple(statements), tuple(statements.values())) if statements else None

    def _relation(
        self, owner: PersonRecord, number: int, records: Mapping[str, PersonRecord]
    ) -> QuotedStatement:
        """Return the relation that the stored record of `owner` has at a position."""
        part = owner["relations"][number]
        name = self._statements.person(records[part["person"]]).name
        label = self._catalogue.term_label("relation", part["type"], self._lang)
        return self._statements.fact(owner, FoundFact(f"relations[{number}]", name, self._lang, part, label))


def _statement_answer(fact: str, statements: Sequence[QuotedStatement]) -> Answer | None:
    if not statements:
        return None
    people = tuple(dict.fromkeys(statement.person for statement in statements))
    kind = STATEMENT if len(statements) == 1 else LIST
    return Answer(kind, fact, people, tuple(statements))
