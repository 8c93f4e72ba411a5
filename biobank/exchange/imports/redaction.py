"""Redaction in import reports, since refusals and notices quote the file."""

import html
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import event, or_, select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.common.clock import now
from biobank.editorial.models import Revision
from biobank.editorial.redaction.occurrences_person import (
    Occurrence,
    OccurrenceSource,
    RedactionScope,
    blank_columns,
)
from biobank.editorial.redaction.passages import RedactedText, WordSequence, matching_texts
from biobank.exchange.formats.xlsx import ZIP_ERRORS
from biobank.exchange.imports.decompression import open_decompressed
from biobank.exchange.imports.messages import UnreadableFile
from biobank.exchange.imports.models import ACTIVE_STATES, ImportLine, ImportRun
from biobank.exchange.imports.uploads import UploadStore

#: Rows read at a time.
REDACTION_CHUNK_ROWS = 500


def find_import_lines(session: Session, scope: RedactionScope, words: RedactedText) -> Iterator[Occurrence]:
    """Find lines about the person, and lines without a person in runs that changed them."""
    runs = select(Revision.import_run).where(
        Revision.person_id.in_(scope.people), Revision.import_run.is_not(None)
    )
    condition = or_(
        ImportLine.person_id.in_(scope.people), (ImportLine.person_id == "") & ImportLine.run_id.in_(runs)
    )
    query = (
        select(ImportLine, ImportRun.file)
        .join(ImportRun, ImportRun.id == ImportLine.run_id)
        .where(condition)
        .order_by(ImportLine.id)
    )
    for line, file in session.execute(query.execution_options(yield_per=REDACTION_CHUNK_ROWS)):
        if text := matching_texts(line.told, words.quoted_in):
            erase = partial(blank_columns, line, "told", matches=words.quoted_in)
            yield Occurrence("import_line", line.id, f"{file}, {line.place}", text, erase)


def find_import_runs(session: Session, _scope: RedactionScope, words: RedactedText) -> Iterator[Occurrence]:
    """Find the text in run names and failure messages; file names stay, as keys depend on them."""
    for run in session.scalars(select(ImportRun).order_by(ImportRun.id)):
        if words.quoted_elsewhere([run.file, run.mapping]):
            yield Occurrence("import_name", run.id, str(run.id), run.file)
        if words.quoted_elsewhere(run.trouble):
            erase = partial(blank_columns, run, "trouble")
            yield Occurrence("import_run", run.id, run.file, run.trouble, erase)


#: Bytes of a decompressed file that are scanned.
MAX_SCANNED_BYTES: Final = 20_000_000

_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
#: Line breaks and tabs as JSON escapes, whose letter would otherwise join the following word.
_WHITESPACE_ESCAPE = re.compile(r"\\[nrt]")


def pending_file_occurrences(uploads: UploadStore) -> OccurrenceSource:
    """Return the occurrence source of uploaded files.

    A file that is being processed stays. A file that is too large, broken or in an unknown encoding
    is listed as not scanned. Files never change, so results are cached by file and text.
    """
    cache: dict[tuple[str, frozenset[WordSequence]], bool | None] = {}

    def find(session: Session, scope: RedactionScope, words: RedactedText) -> Iterator[Occurrence]:
        query = select(ImportRun).where(ImportRun.kept_as != "").order_by(ImportRun.id)
        for run in session.scalars(query):
            cache_key = run.kept_as, words.shared_phrases
            if cache_key not in cache:
                cache[cache_key] = _scan_upload(uploads, run.kept_as, words)
            is_quoted = cache[cache_key]
            if is_quoted is None:
                yield Occurrence("import_unread", run.id, run.file)
            elif is_quoted:
                erase = partial(_drop_upload, session, scope.actor, uploads, run)
                is_active = run.state in ACTIVE_STATES
                yield Occurrence("import_file", run.id, run.file, erase=None if is_active else erase)

    return find


def _drop_upload(session: Session, actor: Identity, uploads: UploadStore, run: ImportRun) -> None:
    name, run.kept_as = run.kept_as, ""
    if run.ended_at is None:
        run.state, run.ended_at = "stopped", now()
    audit.record_for(session, actor, "import_drop", "file", run.file, run=run.id)
    # Only after the commit: a rollback must find the file in place.
    event.listen(session, "after_commit", lambda _session: uploads.remove(name), once=True)


def _scan_upload(uploads: UploadStore, name: str, words: RedactedText) -> bool | None:
    """Return whether a file or its mapping quotes the text, or None if that is unknown."""
    matches: list[bool | None] = []
    for path in filter(None, (uploads.path(name), uploads.mapping(name))):
        try:
            matches += [words.quoted_elsewhere(_unescape(text)) for text in _read_texts(path)]
        except (*ZIP_ERRORS, UnreadableFile):
            matches.append(None)
    return True if True in matches else None if None in matches else False


def _read_texts(path: Path) -> Iterator[str]:
    """Yield the text of a file, or of each file in an archive.

    Raises:
        ValueError: if it is too large.
    """
    if not zipfile.is_zipfile(path):
        with path.open("rb") as source, open_decompressed(source) as content:
            data = content.read(MAX_SCANNED_BYTES + 1)
        _check_size(len(data))
        yield _decode(data)
        return
    with zipfile.ZipFile(path) as archive:
        _check_size(sum(member.file_size for member in archive.infolist()))
        for member in archive.infolist():
            with archive.open(member) as stream:
                yield _decode_member(stream.read(MAX_SCANNED_BYTES))


def _decode_member(content: bytes) -> str:
    """Return the text of an archive member; empty if it is binary, such as a picture."""
    try:
        return _decode(content)
    except ValueError:
        return ""


def _check_size(size: int) -> None:
    if size > MAX_SCANNED_BYTES:
        raise ValueError("too large to be looked through")


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def _unescape(text: str) -> str:
    """Return a text with JSON and XML escapes decoded."""
    text = _UNICODE_ESCAPE.sub(lambda match: chr(int(match[1], 16)), _WHITESPACE_ESCAPE.sub(" ", text))
    return html.unescape(text)
