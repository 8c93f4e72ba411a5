"""The six tools over stdio: answers with permanent addresses and sources, within the limits of the API."""

from typing import Any

import pytest

from biobank.search.query import FACETS

UZEYIR, CEYHUN, QARAYEV = "uzeyir-hacibeyov", "ceyhun-hacibeyli", "qara-qarayev"
BANK = "https://bank.example"
TOOLS = ["explore", "search", "person", "statement", "connections", "cite"]


def test_the_six_tools_only_read_and_publish_their_schemas(assistant: Any) -> None:
    tools = assistant.tools()
    assert list(tools) == TOOLS
    for tool in tools.values():
        assert tool.annotations.read_only_hint
        assert tool.description
        assert tool.output_schema["type"] == "object"


def test_explore_counts_the_whole_bank(assistant: Any) -> None:
    answer = assistant.call("explore", limit=2)
    assert answer["total"] == 113
    assert [facet["facet"] for facet in answer["facets"]] == list(FACETS)
    professions = answer["facets"][0]
    assert len(professions["values"]) == 2
    assert professions["omitted"] > 0


def test_a_count_is_the_total_of_the_search_with_that_value(assistant: Any) -> None:
    answer = assistant.call("explore", born="1880..1920", facets=["profession"], limit=5)
    assert answer["url"] == f"{BANK}/en/search?born=1880..1920"
    for value in answer["facets"][0]["values"]:
        filters = {"profession": [value["id"]]}
        results = assistant.call("search", filters=filters, born="1880..1920", size=1)
        assert results["total"] == value["people"]
        assert value["url"] == f"{BANK}/en/search?profession={value['id']}&born=1880..1920"


def test_search_finds_a_name_in_another_spelling(assistant: Any) -> None:
    answer = assistant.call("search", q="Usejir Hadschibekow", size=1)
    (person,) = answer["people"]
    assert (person["id"], person["years"]) == (UZEYIR, "1885–1948")
    assert person["url"] == f"{BANK}/people/{UZEYIR}"
    assert f"{BANK}/sources/science-gov-az-hacibeyli" in person["sources"]
    assert "German spelling" in person["matched"][0]


@pytest.mark.parametrize(
    ("lang", "sort_name"),
    [("az", "Hacıbəyov, Üzeyir"), ("en", "Hajibeyov, Uzeyir"), ("ru", "Гаджибеков, Узеир")],
)
def test_person_has_the_name_surname_first(assistant: Any, lang: str, sort_name: str) -> None:
    assert assistant.call("person", person=UZEYIR, lang=lang)["sort_name"] == sort_name


def test_search_reports_similar_names_as_such(assistant: Any) -> None:
    assert assistant.call("search", q="Zzyzx Qwrtplk")["people"] == []
    assert assistant.call("search", q="born:xyz")["problems"]


def test_snippets_are_plain_text(assistant: Any) -> None:
    people = assistant.call("search", q="opera", size=5)["people"]
    snippets = [snippet for person in people for snippet in person["snippets"]]
    assert snippets
    assert not any("<mark>" in snippet or "&amp;" in snippet for snippet in snippets)


def test_a_person_has_facts_with_sources_and_the_revision(assistant: Any) -> None:
    answer = assistant.call("person", person=UZEYIR, lang="ru")
    assert answer["name"] == "Узеир Гаджибеков"
    assert answer["biography_lang"] == "ru"
    assert answer["revision"]["url"] == f"{BANK}/people/{UZEYIR}/revisions/1"
    statements = {statement["id"]: statement for statement in answer["statements"]}
    birth = statements["birth"]
    assert (birth["date"], birth["place"]["url"]) == ("1885-09-18", f"{BANK}/places/agcabedi")
    sources = {source["id"] for source in answer["sources"]}
    cited = {cite["source"] for statement in answer["statements"] for cite in statement["cites"]}
    assert cited
    assert cited <= sources


def test_each_statement_of_a_person_can_be_read_alone(assistant: Any) -> None:
    answer = assistant.call("person", person=UZEYIR)
    for statement in (*answer["statements"], *answer["biography"]):
        single = assistant.call("statement", person=UZEYIR, statement=statement["id"])
        assert single["statement"] == statement
        assert single["sources"]
        if statement["cites"]:
            assert single["sources_of"] == "statement"
            assert [source["id"] for source in single["sources"]] == list(
                dict.fromkeys(cite["source"] for cite in statement["cites"])
            )


def test_a_paragraph_is_quoted_without_citation_marks(assistant: Any) -> None:
    answer = assistant.call("statement", person=UZEYIR, statement="biography-en-1", lang="az")
    assert answer["statement"]["text"].startswith("Opera in Azerbaijan dates from a single evening")
    assert "[@" not in answer["statement"]["text"]
    assert answer["person"]["name"] == "Üzeyir Hacıbəyov"


def test_a_sentence_is_quoted_with_its_own_sources(assistant: Any) -> None:
    paragraph = assistant.call("statement", person=UZEYIR, statement="biography-en-1")["statement"]
    sentence = assistant.call("statement", person=UZEYIR, statement="biography-en-1-1")["statement"]
    assert paragraph["text"].replace("*", "").startswith(sentence["text"])
    assert sentence["cites"]
    assert sentence["url"] == paragraph["url"] == f"{BANK}/people/{UZEYIR}#biography-en-1"


def test_a_question_is_answered_with_the_statement_that_says_so(assistant: Any) -> None:
    answer = assistant.call("search", q="who wrote the music of the anthem", size=1)["answer"]
    assert (answer["kind"], answer["text"]) == ("person", "Uzeyir Hajibeyov")
    (statement,) = answer["statements"]
    quoted = assistant.call("statement", person=statement["person"], statement=statement["statement"])
    assert quoted["statement"]["text"] == statement["text"]
    assert quoted["statement"]["url"] == statement["url"]
    assert quoted["statement"]["cites"] == statement["sources"]
    assert quoted["revision"]["url"] == statement["revision"]


def test_a_fact_that_answers_is_a_statement(assistant: Any) -> None:
    (statement,) = assistant.call("search", q="где родился Низами", lang="ru")["answer"]["statements"]
    assert (statement["statement"], statement["text"]) == ("birth", "Гянджа")
    assert statement["url"] == f"{BANK}/people/nizami-gencevi#birth"


def test_words_that_ask_nothing_have_no_answer(assistant: Any) -> None:
    assert assistant.call("search", q="opera", size=1)["answer"] is None


def test_relations_count_from_both_ends(assistant: Any) -> None:
    def types(person: str, other: str) -> set[str]:
        relations = assistant.call("connections", person=person)["relations"]
        return {item["type"]["id"] for item in relations if item["person"]["id"] == other}

    assert types("asef-zeynalli", UZEYIR) == {"teacher"}
    assert types(UZEYIR, "asef-zeynalli") == {"student"}
    assert types(UZEYIR, CEYHUN) == types(CEYHUN, UZEYIR) == {"sibling"}


def test_a_relation_is_a_statement_of_the_record_that_states_it(assistant: Any) -> None:
    relations = assistant.call("connections", person=UZEYIR)["relations"]
    (relation,) = [item for item in relations if item["person"]["id"] == "asef-zeynalli"]
    stated = assistant.call("statement", person=relation["stated_in"], statement=relation["statement"])
    assert stated["statement"]["person"]["id"] == UZEYIR
    assert stated["statement"]["url"] == relation["url"]
    assert relation["cites"] or relation["record_sources"]


def test_connections_gives_the_shortest_path_between_two_people(assistant: Any) -> None:
    answer = assistant.call("connections", person=CEYHUN, other="asef-zeynalli")
    (path,) = answer["paths"]
    assert [step["person"]["id"] for step in path] == [CEYHUN, UZEYIR, "asef-zeynalli"]
    assert [[item["type"]["id"] for item in step["relations"]] for step in path] == [
        [],
        ["sibling"],
        ["student"],
    ]


def test_cite_names_the_revision_and_the_sources(assistant: Any) -> None:
    answer = assistant.call("cite", person=UZEYIR, style="mla")
    assert f"{BANK}/people/{UZEYIR}/revisions/1".removeprefix("https://") in answer["text"]
    assert answer["sources"]
    assert "@" in assistant.call("cite", person=UZEYIR, style="bibtex")["text"]


def test_a_source_is_cited(assistant: Any) -> None:
    answer = assistant.call("cite", source="science-gov-az-hacibeyli")
    assert answer["text"].startswith("Hacıbəyli Üzeyir Əbdülhüseyn oğlu.")
    assert answer["url"] == f"{BANK}/sources/science-gov-az-hacibeyli"
    assert answer["revision"] is None


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("search", {"q": "a" * 601}, "at most 600 characters"),
        ("search", {"q": "a\u0000b"}, "pattern"),
        ("search", {"size": 101}, "less than or equal to 100"),
        ("search", {"page": 0}, "greater than or equal to 1"),
        ("search", {"born": "yesterday"}, "bad_date"),
        ("search", {"lang": "de"}, "'az', 'en' or 'ru'"),
        ("search", {"sort": "checked"}, "sort"),
        ("search", {"filters": {"colour": ["red"]}}, "There is no facet 'colour'"),
        ("search", {"filters": {"profession": ["x"] * 51}}, "at most 50 items"),
        ("search", {"filters": {"profession": ["x" * 121]}}, "at most 120 characters"),
        ("explore", {"limit": 101}, "less than or equal to 100"),
        ("explore", {"facets": ["colour"]}, "facets"),
        ("person", {"person": "nobody"}, "not_found"),
        ("person", {"person": "x" * 121}, "at most 120 characters"),
        ("person", {"person": ""}, "at least 1 character"),
        ("statement", {"person": UZEYIR, "statement": "event-999"}, "not_found"),
        ("connections", {"person": UZEYIR, "other": "nobody"}, "not_found"),
        ("cite", {}, "either person or source"),
        ("cite", {"person": UZEYIR, "source": "x"}, "either person or source"),
        ("cite", {"source": "no-such-source"}, "not_found"),
        ("cite", {"person": UZEYIR, "style": "vancouver"}, "style"),
        ("cite", {"person": UZEYIR, "revision": 2}, "not_found"),
    ],
)
def test_invalid_calls_are_refused_with_the_reason(
    assistant: Any, tool: str, arguments: dict[str, Any], message: str
) -> None:
    assert message in assistant.error(tool, **arguments)
