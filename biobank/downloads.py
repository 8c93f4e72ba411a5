"""Files streamed while they are generated, shared by pages and API."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from urllib.parse import quote

from flask import Response, stream_with_context
from flask_babel import force_locale, gettext

from biobank.addresses import permanent_url
from biobank.bootstrap import Services
from biobank.exchange.answers.edition import Edition, records_of
from biobank.exchange.answers.formats import Format
from biobank.names.slug import slug
from biobank.readers import download
from biobank.records.catalogue import Catalogue
from biobank.search.query import SearchQuery
from biobank.store.session import Database

#: Bytes sent at a time: few enough to start soon, many enough to be fast.
PIECE = 8_192
#: Maximum number of characters of the query in a file name.
NAME_MOST = 60
#: Response header with the number of people, sent before the first record.
TOTAL = "X-Total-Count"


def answer_file(services: Services, query: SearchQuery, format_: Format) -> Response:
    """Return all people matched by `query` as a file, in its order and language.

    Page and size of the query are ignored.
    """
    return download(lambda: _answer_file(services, query, format_))


def _answer_file(services: Services, query: SearchQuery, format_: Format) -> Response:
    query = services.search.understand(query)
    ids = services.search.everybody(query)
    edition = edition_in(services.catalogue(), query.lang, services.database)
    texts = format_.write(records_of(services.database, ids), edition)
    response = _streamed(texts, format_.media_type)
    response.headers[TOTAL] = str(len(ids))
    # Search engines should index people, not exports.
    response.headers["X-Robots-Tag"] = "noindex"
    _call(response, query, f"{edition.day}.{format_.ending}")
    return response


def edition_in(catalogue: Catalogue, lang: str, database: Database | None = None) -> Edition:
    """Return the context of an export or citation made today, in a language."""
    with force_locale(lang):
        bank = gettext("Azerbaijani Biography Bank")
    return Edition(catalogue, lang, bank, permanent_url, datetime.now(UTC).date(), database)


def text_file(texts: Iterator[str], name: str, media_type: str) -> Response:
    """Return a streamed attachment with an ASCII file name."""
    response = streamed_file(texts, media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def streamed_file(texts: Iterator[str], media_type: str) -> Response:
    """Return a response that is generated while it is sent."""
    return download(lambda: _streamed(texts, media_type))


def _streamed(texts: Iterable[str | bytes], media_type: str) -> Response:
    pieces = _pieces(texts)
    # Generate the first chunk before the status is sent, so that early failures get an error
    # status.
    first = next(pieces, b"")
    return Response(stream_with_context(chain((first,), pieces)), content_type=media_type)


def _pieces(texts: Iterable[str | bytes]) -> Iterator[bytes]:
    """Join small texts into chunks worth sending."""
    waiting: list[bytes] = []
    length = 0
    for text in texts:
        waiting.append(text.encode() if isinstance(text, str) else text)
        length += len(waiting[-1])
        if length >= PIECE:
            yield b"".join(waiting)
            waiting, length = [], 0
    if waiting:
        yield b"".join(waiting)


def _call(response: Response, query: SearchQuery, ending: str) -> None:
    """Name the file after the query: ASCII for all clients, Unicode by RFC 5987."""
    words = re.sub(r"[\W_]+", "-", query.line)[:NAME_MOST].strip("-")
    words = words or "everyone"
    response.headers.set(
        "Content-Disposition",
        "attachment",
        filename=f"biobank-{slug(words)}-{ending}",
        **{"filename*": f"UTF-8''{quote(f'biobank-{words}-{ending}', safe='')}"},
    )
