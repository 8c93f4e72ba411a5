"""The folder of media: files by the hash of what was sent, whole or not there at all."""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from biobank.errors import StoreUnavailable
from biobank.records.media.addresses import SHA, SQUARE

#: Digits of the largest size that is looked for.
SIZE_DIGITS = 5


class MediaFolder:
    """Files of pictures. Paths are made of a checked hash and a checked size, of nothing else."""

    def __init__(self, folder: Path) -> None:
        """Makes nothing yet: the folder comes with the first picture."""
        self.folder = folder

    def has(self, sha: str) -> bool:
        """Whether the files of a picture are here; its square is written last."""
        return bool(SHA.fullmatch(sha)) and self._path(sha, SQUARE).is_file()

    def read(self, sha: str, size: str) -> bytes | None:
        """One file; none where it is not kept or the name is none of ours."""
        right = size == SQUARE or (size.isascii() and size.isdigit() and len(size) <= SIZE_DIGITS)
        if not right or not SHA.fullmatch(sha):
            return None
        try:
            return self._path(sha, size).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, sha: str, files: Mapping[int | str, bytes]) -> None:
        """Keeps all files of a picture; again is harmless.

        Raises:
            StoreUnavailable: where the folder cannot be written.
        """
        try:
            for size, content in sorted(files.items(), key=lambda file: file[0] == SQUARE):
                _write_whole(self._path(sha, size), content)
        except OSError as error:
            raise StoreUnavailable("the folder of media cannot be written", why=error) from error

    def remove(self, sha: str) -> None:
        """Removes all files of a picture, the square first, so that nobody thinks it is here."""
        for path in sorted(self._path(sha, "*").parent.glob(f"{sha}-*.webp"), reverse=True):
            path.unlink(missing_ok=True)

    def _path(self, sha: str, size: int | str) -> Path:
        return self.folder / sha[:2] / f"{sha}-{size}.webp"


def _write_whole(path: Path, content: bytes) -> None:
    """Readers see no file or all of it, after a power cut too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, own = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        # mkstemp's files are their owner's alone; a server of static files may read these.
        Path(own).chmod(0o644)
        Path(own).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(own).unlink()
        raise
