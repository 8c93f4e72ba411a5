"""Citations in records and in texts."""

from hypothesis import given
from hypothesis import strategies as st

from biobank.records.people.citations import (
    IN_TEXT,
    cited_in_facts,
    cited_in_text,
    cites_of_mark,
    facts,
    where_cited,
    without_citations,
)
from tests.support import seed

RECORD = {
    "birth": {"date": "1885", "cites": [{"source": "first"}, {"source": "second"}]},
    "events": [{"date": "1908"}, {"cites": [{"source": "third"}, {"source": "first"}]}],
    "biography": {"az": "Bir. [@second; @fourth, s. 3]", "ru": "Два. [@fifth]"},
    "checked": {"on": "2026", "against": ["fourth", "sixth"]},
}


def test_every_part_that_may_cite_is_walked_with_its_path() -> None:
    record = seed.person("uzeyir-hacibeyov")
    paths = [path for path, _ in facts(record)]
    assert paths[:3] == ["birth", "death", "events[0]"]
    parts = ("events", "relations", "memberships", "works", "awards")
    assert len(paths) == 2 + sum(len(record[part]) for part in parts)


def test_sources_are_found_in_facts_and_in_texts() -> None:
    assert cited_in_facts(RECORD) == ["first", "second", "third", "first"]
    assert cited_in_text(RECORD) == ["second", "fourth", "fifth"]


def test_a_source_is_told_where_it_is_cited_first() -> None:
    assert where_cited(RECORD) == {
        "first": "birth.cites[0].source",
        "second": "birth.cites[1].source",
        "third": "events[1].cites[0].source",
        "fourth": "biography.az",
        "fifth": "biography.ru",
        "sixth": "checked.against[1]",
    }


def test_a_mark_may_hold_several_sources_with_locators() -> None:
    assert cites_of_mark("[@a; @b-2, p. 3; @c, ch. IV]") == [
        ("a", ""),
        ("b-2", "p. 3"),
        ("c", "ch. IV"),
    ]


def test_what_only_looks_like_a_mark_is_none() -> None:
    for text in ("[@]", "[@Source]", "[ @a ]", "[a]", "[@a; b]", "user@a.az", "[@a,p\n3]", "[@a-]"):
        assert IN_TEXT.findall(text) == [], text


def test_a_text_without_its_marks_reads_on() -> None:
    text = "Born in Shusha [@a, p. 5]. Died in Baku. [@b; @c]\n\nMore."
    assert without_citations(text) == "Born in Shusha. Died in Baku.\n\nMore."


@given(st.text("[@ab,; \n-]"))
def test_any_text_loses_nothing_but_marks(text: str) -> None:
    assert "".join(without_citations(text).split()) == "".join(IN_TEXT.sub("", text).split())
