"""Files streamed while they are generated, shared by pages and API."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from urllib.parse import quote

from flask import Response, stream_with_context

from biobank.bootstrap import Services
from biobank.exchange.exports.context import ExportContext, iter_records
from biobank.exchange.exports.formats import ExportFormat
from biobank.http.download_limits import limit_downloads
from biobank.http.urls import permanent_url
from biobank.names.slug import slugify
from biobank.records.catalogue import Catalogue
from biobank.search.query import SearchQuery
from biobank.store.session import Database

#: Bytes sent at a time: few enough to start soon, many enough to be fast.
STREAM_CHUNK_BYTES = 8_192
#: Maximum number of characters of the query in a file name.
MAX_FILENAME_CHARS = 60
#: Response header with the number of people, sent before the first record.
TOTAL_HEADER = "X-Total-Count"


def search_export_response(services: Services, query: SearchQuery, format_: ExportFormat) -> Response:
    """Return all people matched by `query` as a file, in its order and language.

    Page and size of the query are ignored.
    """
    return limit_downloads(lambda: _build_search_export(services, query, format_))


def _build_search_export(services: Services, query: SearchQuery, format_: ExportFormat) -> Response:
    query = services.search.normalize(query)
    ids = services.search.all_ids(query)
    context = export_context(services.catalogue(), query.lang, services.database)
    texts = format_.write(iter_records(services.database, ids), context)
    response = _stream(texts, format_.media_type)
    response.headers[TOTAL_HEADER] = str(len(ids))
    # Search engines should index people, not exports.
    response.headers["X-Robots-Tag"] = "noindex"
    _set_filename(response, query, f"{context.date}.{format_.extension}")
    return response


def export_context(catalogue: Catalogue, lang: str, database: Database | None = None) -> ExportContext:
    """Return the context of an export or citation made today, in a language."""
    return ExportContext(catalogue, lang, permanent_url, datetime.now(UTC).date(), database)


def text_file_response(texts: Iterator[str], name: str, media_type: str) -> Response:
    """Return a streamed attachment with an ASCII file name."""
    response = streaming_response(texts, media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def streaming_response(texts: Iterator[str], media_type: str) -> Response:
    """Return a response that is generated while it is sent."""
    return limit_downloads(lambda: _stream(texts, media_type))


def _stream(texts: Iterable[str | bytes], media_type: str) -> Response:
    chunks = _chunks(texts)
    # Generate the first chunk before the status is sent, so that early failures get an error
    # status.
    first_chunk = next(chunks, b"")
    return Response(stream_with_context(chain((first_chunk,), chunks)), content_type=media_type)


def _chunks(texts: Iterable[str | bytes]) -> Iterator[bytes]:
    """Join small texts into chunks worth sending."""
    buffer: list[bytes] = []
    length = 0
    for text in texts:
        buffer.append(text.encode() if isinstance(text, str) else text)
        length += len(buffer[-1])
        if length >= STREAM_CHUNK_BYTES:
            yield b"".join(buffer)
            buffer, length = [], 0
    if buffer:
        yield b"".join(buffer)


def _set_filename(response: Response, query: SearchQuery, ending: str) -> None:
    """Name the file after the query: ASCII for all clients, Unicode by RFC 5987."""
    stem = re.sub(r"[\W_]+", "-", query.query_line)[:MAX_FILENAME_CHARS].strip("-")
    stem = stem or "everyone"
    response.headers.set(
        "Content-Disposition",
        "attachment",
        filename=f"biobank-{slugify(stem)}-{ending}",
        **{"filename*": f"UTF-8''{quote(f'biobank-{stem}-{ending}', safe='')}"},
    )
