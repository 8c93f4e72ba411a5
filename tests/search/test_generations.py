"""Generations on disk: which one serves, and which are deleted."""

from pathlib import Path

from biobank.search.whoosh_engine.generations import CURRENT_FILE, GenerationStore


def test_the_generation_that_was_switched_to_serves(tmp_path: Path) -> None:
    generations = GenerationStore(tmp_path)
    assert generations.current is None
    name = generations.create()
    assert generations.current is None
    generations.switch(name)
    assert generations.current == name


def test_generation_of_other_code_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "g1-00000000").mkdir()
    (tmp_path / CURRENT_FILE).write_text("g1-00000000\n")
    assert GenerationStore(tmp_path).current is None


def test_previous_generation_is_kept_for_readers(tmp_path: Path) -> None:
    generations = GenerationStore(tmp_path)
    first, second, third = (generations.create() for _ in range(3))
    generations.switch(third)
    generations.delete_old(third)
    assert not generations.path(first).exists()
    assert generations.path(second).exists()
    assert generations.path(third).exists()
