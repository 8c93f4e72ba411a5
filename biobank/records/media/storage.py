"""The media folder: picture files by the hash of the upload, written atomically."""

from collections.abc import Mapping
from pathlib import Path

from biobank.common.files import create_private_folder, replace_atomically
from biobank.errors import StoreUnavailable
from biobank.records.media.urls import SHA256_PATTERN, SQUARE

#: Digits of the largest accepted size.
MAX_SIZE_DIGITS = 5


class MediaFolder:
    """Files of pictures. Paths are built only from validated hashes and sizes."""

    def __init__(self, folder: Path) -> None:
        """Set the folder; it is created with the first picture."""
        self.folder = folder

    def has(self, sha: str) -> bool:
        """Return whether all files of a picture exist; the square is written last."""
        return bool(SHA256_PATTERN.fullmatch(sha)) and self._path(sha, SQUARE).is_file()

    def read(self, sha: str, size: str) -> bytes | None:
        """Return the content of one file; None if it does not exist or the name is invalid."""
        is_size = size == SQUARE or (size.isascii() and size.isdigit() and len(size) <= MAX_SIZE_DIGITS)
        if not is_size or not SHA256_PATTERN.fullmatch(sha):
            return None
        try:
            return self._path(sha, size).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, sha: str, files: Mapping[int | str, bytes]) -> None:
        """Write all files of a picture; repeating it is harmless.

        Raises:
            StoreUnavailable: the folder cannot be written.
        """
        try:
            for size, content in sorted(files.items(), key=lambda file: file[0] == SQUARE):
                path = self._path(sha, size)
                create_private_folder(path.parent)
                with replace_atomically(path) as target:
                    target.write(content)
        except OSError as error:
            raise StoreUnavailable("the media directory is not writable", detail=error) from error

    def remove(self, sha: str) -> None:
        """Remove all files of a picture, the square first, so that `has` becomes false."""
        for path in sorted(self._path(sha, "*").parent.glob(f"{sha}-*.webp"), reverse=True):
            path.unlink(missing_ok=True)

    def _path(self, sha: str, size: int | str) -> Path:
        return self.folder / sha[:2] / f"{sha}-{size}.webp"
