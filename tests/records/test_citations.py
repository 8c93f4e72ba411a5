"""Citations in records and in texts."""

from hypothesis import given
from hypothesis import strategies as st

from biobank.records.people.citations import (
    CITATION_MARK,
    cited_in_facts,
    cited_in_text,
    first_citation_paths,
    iter_facts,
    parse_mark,
    strip_citations,
)
from tests.support import seed

RECORD = {
    "birth": {"date": "1885", "cites": [{"source": "first"}, {"source": "second"}]},
    "events": [{"date": "1908"}, {"cites": [{"source": "third"}, {"source": "first"}]}],
    "biography": {"az": "Bir. [@second; @fourth, s. 3]", "ru": "Два. [@fifth]"},
    "checked": {"on": "2026", "against": ["fourth", "sixth"]},
}


def test_citable_parts_are_listed_with_their_path() -> None:
    record = seed.person("uzeyir-hacibeyov")
    paths = [path for path, _ in iter_facts(record)]
    assert paths[:3] == ["birth", "death", "events[0]"]
    parts = ("events", "relations", "memberships", "works", "awards")
    assert len(paths) == 2 + sum(len(record[part]) for part in parts)


def test_sources_are_found_in_facts_and_in_texts() -> None:
    assert cited_in_facts(RECORD) == ["first", "second", "third", "first"]
    assert cited_in_text(RECORD) == ["second", "fourth", "fifth"]


def test_a_source_has_the_path_of_its_first_citation() -> None:
    assert first_citation_paths(RECORD) == {
        "first": "birth.cites[0].source",
        "second": "birth.cites[1].source",
        "third": "events[1].cites[0].source",
        "fourth": "biography.az",
        "fifth": "biography.ru",
        "sixth": "checked.against[1]",
    }


def test_a_mark_may_contain_several_sources_with_locators() -> None:
    assert parse_mark("[@a; @b-2, p. 3; @c, ch. IV]") == [("a", ""), ("b-2", "p. 3"), ("c", "ch. IV")]


def test_malformed_marks_are_ignored() -> None:
    for text in ("[@]", "[@Source]", "[ @a ]", "[a]", "[@a; b]", "user@a.az", "[@a,p\n3]", "[@a-]"):
        assert CITATION_MARK.findall(text) == [], text


def test_marks_are_stripped_from_text() -> None:
    text = "Born in Shusha [@a, p. 5]. Died in Baku. [@b; @c]\n\nMore."
    assert strip_citations(text) == "Born in Shusha. Died in Baku.\n\nMore."


@given(st.text("[@ab,; \n-]"))
def test_stripping_removes_nothing_but_marks(text: str) -> None:
    assert "".join(strip_citations(text).split()) == "".join(CITATION_MARK.sub("", text).split())
