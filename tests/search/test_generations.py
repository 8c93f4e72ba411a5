"""Generations on disk: which one serves, and which are deleted."""

from pathlib import Path
from shutil import rmtree

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


def test_the_serving_generation_is_named_although_the_one_before_was_just_deleted(tmp_path: Path) -> None:
    class SwitchedWhileRead(GenerationStore):
        """Another process switches the generation after its name was read."""

        def path(self, name: str) -> Path:
            if name == first:
                self.switch(second)
                rmtree(self.folder / first, ignore_errors=True)
            return super().path(name)

    generations = SwitchedWhileRead(tmp_path)
    first, second = generations.create(), generations.create()
    generations.switch(first)
    assert generations.current == second


def test_no_generation_serves_whose_folder_is_missing(tmp_path: Path) -> None:
    generations = GenerationStore(tmp_path)
    name = generations.create()
    generations.switch(name)
    rmtree(tmp_path / name)
    assert generations.current is None


def test_generations_that_nobody_writes_are_abandoned(tmp_path: Path) -> None:
    generations = GenerationStore(tmp_path)
    first, serving, unfinished = (generations.create() for _ in range(3))
    generations.switch(serving)
    assert generations.delete_abandoned() == 0
    assert generations.delete_abandoned(min_age_seconds=0) == 2
    assert not generations.path(first).exists()
    assert not generations.path(unfinished).exists()
    assert generations.current == serving
