"""An answer as a file that is sent while it is being made; pages and API send the same."""

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

#: Bytes that are sent at a time: few enough to start soon, many enough to be quick.
PIECE = 8_192
#: Characters of the question in the name of a file.
NAME_MOST = 60
#: How many people an answer has, for who wants to know before all are there.
TOTAL = "X-Total-Count"


def answer_file(services: Services, query: SearchQuery, format_: Format) -> Response:
    """Everybody whom `query` finds, in its order and language; its page and size do not matter."""
    return download(lambda: _answer_file(services, query, format_))


def _answer_file(services: Services, query: SearchQuery, format_: Format) -> Response:
    query = services.search.understand(query)
    ids = services.search.everybody(query)
    edition = edition_in(services.catalogue(), query.lang, services.database)
    texts = format_.write(records_of(services.database, ids), edition)
    response = _streamed(texts, format_.media_type)
    response.headers[TOTAL] = str(len(ids))
    # Crawlers are given people, not answers.
    response.headers["X-Robots-Tag"] = "noindex"
    _call(response, query, f"{edition.day}.{format_.ending}")
    return response


def edition_in(catalogue: Catalogue, lang: str, database: Database | None = None) -> Edition:
    """What is taken away or cited today, in a language, from this bank."""
    with force_locale(lang):
        bank = gettext("Azerbaijani Biography Bank")
    return Edition(catalogue, lang, bank, permanent_url, datetime.now(UTC).date(), database)


def text_file(texts: Iterator[str], name: str, media_type: str) -> Response:
    """A file with a name in ASCII, sent while it is being made."""
    response = streamed_file(texts, media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def streamed_file(texts: Iterator[str], media_type: str) -> Response:
    """What takes long to send, sent while it is being made."""
    return download(lambda: _streamed(texts, media_type))


def _streamed(texts: Iterable[str | bytes], media_type: str) -> Response:
    pieces = _pieces(texts)
    # The first piece is made before the status is sent: what fails at once still can say so.
    first = next(pieces, b"")
    return Response(stream_with_context(chain((first,), pieces)), content_type=media_type)


def _pieces(texts: Iterable[str | bytes]) -> Iterator[bytes]:
    """Small texts put together to pieces worth sending."""
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
    """Names the file after the question: in ASCII for everyone, in its letters by RFC 5987."""
    words = re.sub(r"[\W_]+", "-", query.line)[:NAME_MOST].strip("-")
    words = words or "everyone"
    response.headers.set(
        "Content-Disposition",
        "attachment",
        filename=f"biobank-{slug(words)}-{ending}",
        **{"filename*": f"UTF-8''{quote(f'biobank-{words}-{ending}', safe='')}"},
    )
