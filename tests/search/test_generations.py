"""Generations on disk: which one serves, and which are deleted."""

from pathlib import Path

from biobank.search.whoosh_engine.generations import CURRENT, Generations


def test_the_generation_that_was_switched_to_serves(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    assert generations.current is None
    name = generations.new()
    assert generations.current is None
    generations.switch(name)
    assert generations.current == name


def test_a_generation_made_by_other_code_does_not_serve(tmp_path: Path) -> None:
    (tmp_path / "g1-00000000").mkdir()
    (tmp_path / CURRENT).write_text("g1-00000000\n")
    assert Generations(tmp_path).current is None


def test_the_one_before_stays_for_readers_that_are_about_to_open_it(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    first, second, third = (generations.new() for _ in range(3))
    generations.switch(third)
    generations.sweep(third)
    assert not generations.path(first).exists()
    assert generations.path(second).exists()
    assert generations.path(third).exists()
