"""Redaction in uploaded files that wait to be imported: files with redacted text are removed."""

import html
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.editorial.redacted_words import How, Sought, Words
from biobank.editorial.word_places import Holder, Place, Scope, ids_of
from biobank.exchange.importing.models import BEGUN, ImportRun
from biobank.exchange.importing.opening import opened
from biobank.exchange.importing.said import UnreadableFile
from biobank.exchange.importing.tables.zip_guard import BROKEN
from biobank.exchange.importing.uploads import Uploads
from biobank.store import outbox

#: Bytes of a decompressed file that are scanned.
LOOKED_MOST: Final = 20_000_000

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
#: Line breaks and tabs as JSON escapes, whose letter would otherwise join the following word.
_BLANKS = re.compile(r"\\[nrt]")


def waiting_files(uploads: Uploads) -> Holder:
    """Return the occurrence source of uploaded files.

    A file that is being processed stays. A file that is too large, broken or in an unknown encoding
    is listed as not scanned. Files never change, so results are cached by file and text.
    """
    known: dict[tuple[str, Sought], How | None] = {}

    def find(session: Session, _scope: Scope, words: Words) -> Iterator[Place]:
        query = select(ImportRun).where(ImportRun.kept_as != "").order_by(ImportRun.id)
        for run in session.scalars(query):
            key = run.kept_as, words.sought_far
            if key not in known:
                known[key] = _held(uploads, run.kept_as, words)
            how = known[key]
            if how is None:
                yield Place("import_unread", run.id, run.file, stays=True)
            elif how:
                yield Place("import_file", run.id, run.file, how=how, stays=run.state in BEGUN)

    def empty(session: Session, scope: Scope, places: Sequence[Place], _words: Words) -> None:
        for run in session.scalars(select(ImportRun).where(ImportRun.id.in_(ids_of(places)))):
            name, run.kept_as = run.kept_as, ""
            if run.ended_at is None:
                run.state, run.ended_at = "stopped", outbox.now()
            audit.note_about(session, scope.who, "import_drop", "file", run.file, run=run.id)
            # Only after the commit: a rollback must find the file in place.
            event.listen(
                session, "after_commit", lambda _it, at=name: uploads.remove(at), once=True
            )

    return Holder("import_file", find, empty)


def _held(uploads: Uploads, name: str, words: Words) -> How | None:
    """Return how a file or its mapping matches the text, or None if that is unknown."""
    found: list[How | None] = []
    for path in filter(None, (uploads.path(name), uploads.mapping(name))):
        try:
            found += [words.held_far(_plain(text)) for text in _texts(path)]
        except (*BROKEN, UnreadableFile):
            found.append(None)
    sure: How | None = "quoted" if "quoted" in found else None
    return sure or (None if None in found else next(filter(None, found), ""))


def _texts(path: Path) -> Iterator[str]:
    """Yield the text of a file, or of each file in an archive.

    Raises:
        ValueError: if it is too large.
    """
    if not zipfile.is_zipfile(path):
        with path.open("rb") as packed_or_not, opened(packed_or_not) as content:
            said = content.read(LOOKED_MOST + 1)
        _check(len(said))
        yield _decoded(said)
        return
    with zipfile.ZipFile(path) as packed:
        _check(sum(it.file_size for it in packed.infolist()))
        for it in packed.infolist():
            with packed.open(it) as part:
                yield _packed_text(part.read(LOOKED_MOST))


def _packed_text(content: bytes) -> str:
    """Return the text of an archive member; empty if it is binary, such as a picture."""
    try:
        return _decoded(content)
    except ValueError:
        return ""


def _check(size: int) -> None:
    if size > LOOKED_MOST:
        raise ValueError("too large to be looked through")


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def _plain(text: str) -> str:
    """Return a text with JSON and XML escapes decoded."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), _BLANKS.sub(" ", text))
    return html.unescape(text)
