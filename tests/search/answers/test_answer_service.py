"""Answers quote published records only, with their sources and revision, and are total."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.editorial.review import workflow
from biobank.records.people import queries
from biobank.search.answers.answer import LIST, PERSON, STATEMENT, Answer
from biobank.search.query import FacetChoice, SearchQuery
from tests.support.users import add_user

NATAVAN, GARAYEV, UZEYIR = "xursidbanu-natevan", "qara-qarayev", "uzeyir-hacibeyov"


def find(services: Services, text: str, lang: str = "en") -> Answer | None:
    return services.answers.find(SearchQuery(text=text, lang=lang))


def answer_of(services: Services, text: str, lang: str = "en") -> Answer:
    answer = find(services, text, lang)
    assert answer is not None
    return answer


def test_a_dated_fact_has_its_citations_and_revision(services: Services) -> None:
    answer = answer_of(services, "когда родилась Натаван", "ru")
    assert (answer.kind, answer.fact, answer.text) == (STATEMENT, "birth.date", "август 1832")
    (statement,) = answer.statements
    with services.database.read() as session:
        record = queries.load_records(session, [NATAVAN])[NATAVAN]
        assert statement.revision == queries.published_revisions(session, [NATAVAN])[NATAVAN]
    assert [source.id for source in statement.sources] == [
        cite["source"] for cite in record["birth"]["cites"]
    ]
    assert statement.is_cited


def test_a_sentence_is_quoted_from_the_biography_with_its_sources(services: Services) -> None:
    answer = answer_of(services, "who wrote the music of the anthem")
    (statement,) = answer.statements
    assert answer.kind == PERSON
    assert statement.field == "biography.en"
    assert statement.text in _plain_biography(services, UZEYIR)
    assert [source.id for source in statement.sources] == ["nizami-museum-hajibeyli-2016"]


def _plain_biography(services: Services, person_id: str) -> str:
    with services.database.read() as session:
        text = queries.load_records(session, [person_id])[person_id]["biography"]["en"]
    return text.replace("*", "").replace(" [@nizami-museum-hajibeyli-2016]", "")


def test_relations_of_both_ends_answer(services: Services) -> None:
    students = answer_of(services, "who were the students of Uzeyir Hajibeyov")
    assert students.kind == PERSON
    assert GARAYEV in {person.id for person in students.people}
    teachers = answer_of(services, "who taught Gara Garayev")
    assert UZEYIR in {person.id for person in teachers.people}


def test_namesakes_are_all_listed(services: Services) -> None:
    answer = answer_of(services, "when was Muslim Magomayev born")
    assert answer.kind == LIST
    assert [person.id for person in answer.people] == ["muslum-maqomayev", "muslum-maqomayev-muganni"]


def test_works_are_listed_of_the_type_that_is_named(services: Services) -> None:
    operas = answer_of(services, "which operas did Uzeyir Hajibeyov compose")
    assert {statement.label for statement in operas.statements} == {"opera"}
    assert "Koroghlu" in {statement.text for statement in operas.statements}


def test_a_wrong_profession_is_no_answer(services: Services) -> None:
    assert find(services, "where was the poet Nizami born") is not None
    assert find(services, "where was the chemist Nizami born") is None


@pytest.mark.parametrize(
    "query",
    [
        SearchQuery(text="where was Nizami born", page=2),
        SearchQuery(text="where was Nizami born", choices={"gender": FacetChoice(("male",))}),
        SearchQuery(text="Nizami born"),
        SearchQuery(),
    ],
)
def test_only_the_first_page_of_a_question_without_filters_has_an_answer(
    services: Services, query: SearchQuery
) -> None:
    assert services.answers.find(query) is None


def test_a_withdrawn_person_is_in_no_answer_before_the_index_follows(own_services: Services) -> None:
    questions = ["where was Uzeyir Hajibeyov born", "who wrote the music of the anthem", "who wrote Koroghlu"]
    assert all(find(own_services, question) for question in questions)
    editor = add_user(own_services.database, "Editor", "editor")
    workflow.withdraw(own_services.database, editor, UZEYIR, "mistake", "")
    assert [find(own_services, question) for question in questions] == [None] * 3
    teachers = answer_of(own_services, "who taught Gara Garayev")
    assert UZEYIR not in {person.id for person in teachers.people}


def test_a_relation_keeps_its_id_when_another_is_hidden(own_services: Services) -> None:
    def ids() -> dict[str, str]:
        teachers = answer_of(own_services, "who taught Gara Garayev")
        pairs = zip(teachers.people, teachers.statements, strict=True)
        return {person.id: statement.id for person, statement in pairs}

    before = ids()
    editor = add_user(own_services.database, "Editor", "editor")
    workflow.withdraw(own_services.database, editor, UZEYIR, "mistake", "")
    del before[UZEYIR]
    assert ids() == before != {}


def test_a_name_of_the_person_may_stand_between_the_words(services: Services) -> None:
    answer = answer_of(services, "Azərbaycan musiqisində ilk romansları kim yazıb", "az")
    assert [person.id for person in answer.people] == ["asef-zeynalli"]


def test_a_title_with_a_type_of_work_in_it_is_recognised(services: Services) -> None:
    answer = answer_of(services, "who wrote Azerbaijan Carpet")
    assert (answer.fact, answer.statements[0].field) == ("author", "works[0]")


@given(
    text=st.text(max_size=600),
    word=st.sampled_from(("who ", "когда ", "kim ", "")),
    lang=st.sampled_from(LANGUAGES),
)
def test_any_text_has_an_answer_or_none(services: Services, text: str, word: str, lang: str) -> None:
    answer = find(services, word + text, lang)
    assert answer is None or answer.statements


WORDS = (
    "who",
    "wrote",
    "Nizami",
    "opera",
    "born",
    "kim",
    "harada",
    "doğulub",
    "где",
    "написал",
    "Караева",
    "father",
)


@given(st.lists(st.sampled_from(WORDS), max_size=30), st.sampled_from(LANGUAGES))
def test_words_of_questions_in_any_order_have_an_answer_or_none(
    services: Services, words: list[str], lang: str
) -> None:
    answer = find(services, " ".join(words), lang)
    assert answer is None or all(statement.text and statement.revision for statement in answer.statements)
