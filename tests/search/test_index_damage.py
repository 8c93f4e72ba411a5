"""Damaged, missing and foreign index files: no traceback, no code of theirs runs, a rebuild repairs."""

import gc
import os
import pickle
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import whoosh.codec.whoosh3
import whoosh.columns
import whoosh.filedb.structfile
import whoosh.index

from biobank.accounts.identity import OPERATOR
from biobank.common.files import TEMPORARY_PREFIX
from biobank.common.progress import null_progress
from biobank.editorial.revisions.bulk_save import save_records
from biobank.errors import SearchUnavailable
from biobank.search.indexer import POLLS_PER_STATE_CHECK, Indexer
from biobank.search.query import SearchQuery
from biobank.search.whoosh_engine import WhooshEngine, codec
from biobank.search.whoosh_engine.generations import CURRENT_FILE, fingerprint
from biobank.store.session import Database
from tests.support import seed
from tests.support.corrupt_files import flip_bytes

# Whoosh leaves a file open when it cannot read it; the garbage collector closes it.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

Damage = Callable[[Path], object]

#: Files of an index, as patterns within its folder.
FILES = {
    "CURRENT": "CURRENT",
    "MARK": "g*/MARK",
    "toc": "g*/*.toc",
    "terms": "g*/*.trm",
    "postings": "g*/*.pst",
    "stored fields": "g*/*_stored.col",
    "lengths": "g*/*_text_az_len.col",
}


def become_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "content").touch()


DAMAGE: dict[str, Damage] = {
    "empty": lambda file: file.write_bytes(b""),
    "halved": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "noise at the start": lambda file: file.write_bytes(flip_bytes(file.read_bytes(), 0)),
    "noise in the middle": lambda file: file.write_bytes(
        flip_bytes(file.read_bytes(), file.stat().st_size // 2)
    ),
    "zeros": lambda file: file.write_bytes(b"\0" * file.stat().st_size),
    "missing": lambda file: file.unlink(),
    "a folder": become_folder,
}
#: Contents of CURRENT that no version has written.
FOREIGN_CURRENT = {
    "not ASCII": "gə1".encode(),
    "not UTF-8": b"\xff\xfe",
    "of no generation": f"g1-{fingerprint()}".encode(),
    "of another version": b"g1-00000000",
    "out of the folder": f"../outside-{fingerprint()}".encode(),
    "absolute": f"/tmp/g1-{fingerprint()}".encode(),
    "long": b"g" * 100_000,
}


@pytest.fixture(scope="module", autouse=True)
def _files_closed() -> Iterator[None]:
    """Close the files that Whoosh left open, so that no later test reports them."""
    yield
    with warnings.catch_warnings(action="ignore"):
        gc.collect()


@pytest.fixture(scope="module")
def sound_index(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a database of three people and its index."""
    folder = tmp_path_factory.mktemp("sound")
    shutil.copyfile(str(sqlite_template.database), folder / "biobank.db")
    database = Database(f"sqlite:///{folder}/biobank.db")
    with database.write() as session:
        for id_ in ("uzeyir-hacibeyov", "niyazi", "nizami-gencevi"):
            save_records(session, [seed.person_without_relations(id_)], OPERATOR, "test", publish=True)
    Indexer(database, WhooshEngine(folder / "index")).rebuild(null_progress)
    database.checkpoint_wal()
    database.dispose()
    return folder


@pytest.fixture
def folder(sound_index: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound_index, tmp_path / "bank")
    return tmp_path / "bank"


@pytest.fixture
def indexer(folder: Path) -> Iterator[Indexer]:
    database = Database(f"sqlite:///{folder}/biobank.db")
    yield Indexer(database, WhooshEngine(folder / "index"))
    database.dispose()


def assert_usable(indexer: Indexer, folder: Path) -> None:
    engine = WhooshEngine(folder / "index")
    assert engine.search(SearchQuery("")).total == 3
    engine.check()
    assert indexer.verify().matches
    indexer.require_same_state()


def search(folder: Path) -> None:
    """Search and read everything; a damaged index may only be unavailable."""
    with suppress(SearchUnavailable):
        engine = WhooshEngine(folder / "index")
        engine.search(SearchQuery("musiqi bəstəkar"))
        engine.check()
    with suppress(SearchUnavailable):
        WhooshEngine(folder / "index").apply([], ["nobody"])


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_file_is_repaired_by_a_rebuild(
    indexer: Indexer, folder: Path, kind: str, damage: str
) -> None:
    for file in (folder / "index").glob(FILES[kind]):
        DAMAGE[damage](file)
    search(folder)
    # What `serve` runs before it starts.
    indexer.ensure(null_progress)
    indexer.rebuild(null_progress)
    assert_usable(indexer, folder)


@pytest.mark.parametrize("content", FOREIGN_CURRENT)
def test_a_foreign_pointer_is_repaired_at_the_start(indexer: Indexer, folder: Path, content: str) -> None:
    (folder / "index" / CURRENT_FILE).write_bytes(FOREIGN_CURRENT[content])
    search(folder)
    indexer.ensure(null_progress)
    assert_usable(indexer, folder)


def test_a_lock_that_is_a_folder_is_replaced(indexer: Indexer, folder: Path) -> None:
    become_folder(folder / "index" / "writer.lock")
    indexer.rebuild(null_progress)
    assert_usable(indexer, folder)


def test_damage_while_serving_is_unavailable_and_repaired(
    indexer: Indexer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.search.indexer.POLL_SECONDS", 0.0)
    engine = WhooshEngine(folder / "index")
    engine.search(SearchQuery("musiqi"))
    for file in (folder / "index").glob("g*/*.toc"):
        file.rename(file.with_name("_MAIN_9.toc"))
        file.with_name("_MAIN_9.toc").write_bytes(b"noise")
    with pytest.raises(SearchUnavailable, match="damaged; run: biobank index rebuild"):
        engine.health()
    remaining = [False] * (POLLS_PER_STATE_CHECK + 1) + [True]
    indexer.follow(should_stop=lambda: remaining.pop(0))
    assert engine.health().documents == 3
    assert_usable(indexer, folder)


def test_damaged_postings_are_reported_by_health(folder: Path) -> None:
    for file in (folder / "index").glob("g*/*.pst"):
        file.write_bytes(b"\0" * file.stat().st_size)
    engine = WhooshEngine(folder / "index")
    assert engine.health().documents == 3
    with pytest.raises(SearchUnavailable, match="damaged"):
        engine.search(SearchQuery("musiqi"))
    with pytest.raises(SearchUnavailable, match="damaged"):
        engine.health()


class Payload:
    """An object whose unpickling creates a file, as an attacker's would run a command."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (str(self.file),)


def hostile_writers(payload: bytes, patch: pytest.MonkeyPatch) -> dict[str, Callable[[], None]]:
    """Return functions that make Whoosh write the payload at one of the places it reads pickles from."""

    def dumps(*_: object) -> bytes:
        return payload

    def dump(_value: object, file: Any, *_: object) -> None:
        file.write(payload)

    hostile = SimpleNamespace(dumps=dumps, loads=pickle.loads, PicklingError=pickle.PicklingError)
    return {
        "schema": lambda: patch.setattr(whoosh.index, "pickle", hostile),
        "segments and terms": lambda: patch.setattr(whoosh.filedb.structfile, "dump_pickle", dump),
        "stored fields": lambda: patch.setattr(whoosh.columns, "dumps", dumps),
        "inlined postings": lambda: patch.setattr(whoosh.codec.whoosh3, "dumps", dumps),
        "blocks of postings": lambda: patch.setattr(codec, "pickle", hostile),
    }


@pytest.mark.parametrize(
    "place", ["schema", "segments and terms", "stored fields", "inlined postings", "blocks of postings"]
)
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_no_code_of_an_index_runs(
    indexer: Indexer, folder: Path, tmp_path: Path, place: str, protocol: int
) -> None:
    shutil.rmtree(folder / "index")
    executed = tmp_path / "executed"
    payload = pickle.dumps(Payload(executed), protocol)
    pickle.loads(payload)
    executed.rmdir()
    with pytest.MonkeyPatch.context() as patch, suppress(Exception):
        hostile_writers(payload, patch)[place]()
        indexer.rebuild(null_progress)
    assert not executed.exists()
    search(folder)
    indexer.ensure(null_progress)
    assert not executed.exists()
    indexer.rebuild(null_progress)
    assert_usable(indexer, folder)
    assert not executed.exists()


def test_files_of_a_commit_are_flushed_before_it_counts(
    indexer: Indexer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    original = os.fsync

    def fsync(descriptor: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        original(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    indexer.rebuild(null_progress)
    generation = (folder / "index" / CURRENT_FILE).read_text().strip()
    written = {path.name for path in (folder / "index" / generation).iterdir()} - {"MARK", "MAIN_WRITELOCK"}
    assert written <= {Path(name).name for name in flushed}
    positions = {Path(name).name: number for number, name in reversed(list(enumerate(flushed)))}
    pointer = next(
        number
        for number, name in enumerate(flushed)
        if Path(name).parent == folder / "index" and Path(name).name.startswith(TEMPORARY_PREFIX)
    )
    assert max(positions[name] for name in written) < pointer
    assert str(folder / "index" / generation) in flushed[:pointer]
