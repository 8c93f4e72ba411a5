"""Wikidata references as sources: web pages, and works that the file contains.

References that only name a Wikipedia edition (P143), or a work that is not in the file, cannot be
looked up and are left out.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from biobank.exchange.imports.wikidata.dates import read_time
from biobank.exchange.imports.wikidata.entities import RelatedEntities
from biobank.exchange.imports.wikidata.statements import Snaks, Statement, parse_item_id
from biobank.names.slug import slugify

URL_PROPERTY, TITLE_PROPERTY, STATED_IN_PROPERTY, RETRIEVED_PROPERTY, PAGES_PROPERTY = (
    "P854",
    "P1476",
    "P248",
    "P813",
    "P304",
)
MAX_SOURCE_URL_CHARS = 1_000
MAX_FACT_CITES = 10
#: Wikidata itself, which every converted record cites by the id of its entity.
WIKIDATA_SOURCE = {
    "id": "wikidata",
    "csl": {"type": "dataset", "title": "Wikidata", "URL": "https://www.wikidata.org/"},
}

SourceRecord = dict[str, Any]
Citation = dict[str, str]


def collect_citations(
    statements: list[Statement], entities: RelatedEntities
) -> tuple[list[Citation], list[SourceRecord]]:
    """Return the citations of a fact and their sources."""
    citations = [
        citation
        for statement in statements
        for ref in statement.references
        for citation in _reference_sources(ref, entities)
    ]
    sources = {source["id"]: source for source, _ in citations[:MAX_FACT_CITES]}
    cites = {
        (source["id"], locator): {"source": source["id"], **({"locator": locator} if locator else {})}
        for source, locator in citations[:MAX_FACT_CITES]
    }
    return list(cites.values()), list(sources.values())


def _reference_sources(snaks: Snaks, entities: RelatedEntities) -> Iterator[tuple[SourceRecord, str]]:
    locator = next((str(page)[:200] for page in snaks.get(PAGES_PROPERTY, ()) if isinstance(page, str)), "")
    retrieved = next(filter(None, map(_retrieved_date, snaks.get(RETRIEVED_PROPERTY, ()))), None)
    title = next(filter(None, map(_title_text, snaks.get(TITLE_PROPERTY, ()))), "")
    for url in snaks.get(URL_PROPERTY, ()):
        if (
            isinstance(url, str)
            and url.startswith(("http://", "https://"))
            and len(url) <= MAX_SOURCE_URL_CHARS
        ):
            csl: dict[str, Any] = {"type": "webpage", "title": title or url, "URL": url}
            if retrieved:
                csl["accessed"] = {"date-parts": [[int(part) for part in retrieved.split("-")]]}
            yield _source(_host(url), csl), ""
    for value in snaks.get(STATED_IN_PROPERTY, ()):
        entity = entities.get(parse_item_id(value) or "")
        if entity and entity.title:
            entity_url = f"https://www.wikidata.org/wiki/{parse_item_id(value)}"
            csl = {"type": "document", "title": entity.title, "URL": entity_url}
            yield _source(entity.title, csl), locator


def _source(base: str, csl: dict[str, Any]) -> SourceRecord:
    """Return a source; its id is derived from its content, so that it is unique."""
    digest = hashlib.sha256(json.dumps(csl, sort_keys=True).encode()).hexdigest()[:10]
    return {"id": f"{slugify(base)[:60].strip('-')}-{digest}", "csl": csl}


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "web"
    except ValueError:
        return "web"


def _retrieved_date(value: Any) -> str | None:
    """Return the day a page was retrieved; None if the time is less precise."""
    try:
        date = read_time(value)
    except ValueError:
        return None
    return date if date and len(date) == len("2020-01-31") else None


def _title_text(value: Any) -> str:
    text = value.get("text") if isinstance(value, dict) else None
    return " ".join(text.split())[:300] if isinstance(text, str) else ""
