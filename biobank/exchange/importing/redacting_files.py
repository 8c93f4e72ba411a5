"""Files that wait to be brought in and hold words of a redaction: they are thrown away with it."""

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

#: Bytes of a file that is looked through, unpacked.
LOOKED_MOST: Final = 20_000_000

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
#: Ends of lines and tabs as JSON writes them, whose letter would become one of the word behind.
_BLANKS = re.compile(r"\\[nrt]")


def waiting_files(uploads: Uploads) -> Holder:
    """Files in the folder of imports. One that is being read right now stays, and one that is too
    large, broken, or in no encoding that is known, is shown as not looked through.

    A file never changes: whoever asks for the same words again is told what was found before.
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
            # Only then: what is rolled back has to find its file.
            event.listen(
                session, "after_commit", lambda _it, at=name: uploads.remove(at), once=True
            )

    return Holder("import_file", find, empty)


def _held(uploads: Uploads, name: str, words: Words) -> How | None:
    """How a file or its mapping holds the words; none where that cannot be told."""
    found: list[How | None] = []
    for path in filter(None, (uploads.path(name), uploads.mapping(name))):
        try:
            found += [words.held_far(_plain(text)) for text in _texts(path)]
        except (*BROKEN, UnreadableFile):
            found.append(None)
    sure: How | None = "quoted" if "quoted" in found else None
    return sure or (None if None in found else next(filter(None, found), ""))


def _texts(path: Path) -> Iterator[str]:
    """The text of a file; of all files in it where it is packed. Raises ValueError where it is too
    large.
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
    """Of a part that is no text, nothing: a picture in a table says no words."""
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
    """What JSON and XML write in signs of their own, as it reads."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), _BLANKS.sub(" ", text))
    return html.unescape(text)
