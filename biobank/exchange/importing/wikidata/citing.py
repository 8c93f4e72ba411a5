"""Wikidata references as sources: web pages, and works that the file contains.

References that only name a Wikipedia edition (P143), or a work that is not in the file, cannot be
looked up and are left out.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from biobank.exchange.importing.wikidata.dates import read_time
from biobank.exchange.importing.wikidata.others import Others
from biobank.exchange.importing.wikidata.statements import Snaks, Statement, item_id
from biobank.names.slug import slug

URL, TITLE, STATED_IN, RETRIEVED, PAGES = "P854", "P1476", "P248", "P813", "P304"
URL_MOST = 1_000
CITES_MOST = 10
#: Wikidata itself, which every converted record cites by the id of its entity.
WIKIDATA = {
    "id": "wikidata",
    "csl": {"type": "dataset", "title": "Wikidata", "URL": "https://www.wikidata.org/"},
}

Source = dict[str, Any]
Cite = dict[str, str]


def cited(statements: list[Statement], others: Others) -> tuple[list[Cite], list[Source]]:
    """Return the citations of a fact and their sources."""
    found = [
        one for statement in statements for ref in statement.references for one in _of(ref, others)
    ]
    sources = {source["id"]: source for source, _ in found[:CITES_MOST]}
    cites = {
        (source["id"], locator): {
            "source": source["id"],
            **({"locator": locator} if locator else {}),
        }
        for source, locator in found[:CITES_MOST]
    }
    return list(cites.values()), list(sources.values())


def _of(snaks: Snaks, others: Others) -> Iterator[tuple[Source, str]]:
    locator = next((str(page)[:200] for page in snaks.get(PAGES, ()) if isinstance(page, str)), "")
    retrieved = next(filter(None, map(_day, snaks.get(RETRIEVED, ()))), None)
    title = next(filter(None, map(_text, snaks.get(TITLE, ()))), "")
    for url in snaks.get(URL, ()):
        if (
            isinstance(url, str)
            and url.startswith(("http://", "https://"))
            and len(url) <= URL_MOST
        ):
            csl: dict[str, Any] = {"type": "webpage", "title": title or url, "URL": url}
            if retrieved:
                csl["accessed"] = {"date-parts": [[int(part) for part in retrieved.split("-")]]}
            yield _source(_host(url), csl), ""
    for value in snaks.get(STATED_IN, ()):
        other = others.get(item_id(value) or "")
        if other and other.title:
            address = f"https://www.wikidata.org/wiki/{item_id(value)}"
            csl = {"type": "document", "title": other.title, "URL": address}
            yield _source(other.title, csl), locator


def _source(base: str, csl: dict[str, Any]) -> Source:
    """Return a source; its id is derived from its content, so that it is unique."""
    digest = hashlib.sha256(json.dumps(csl, sort_keys=True).encode()).hexdigest()[:10]
    return {"id": f"{slug(base)[:60].strip('-')}-{digest}", "csl": csl}


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "web"
    except ValueError:
        return "web"


def _day(value: Any) -> str | None:
    """Return the day a page was retrieved; None if the time is less precise."""
    try:
        found = read_time(value)
    except ValueError:
        return None
    return found if found and len(found) == len("2020-01-31") else None


def _text(value: Any) -> str:
    text = value.get("text") if isinstance(value, dict) else None
    return " ".join(text.split())[:300] if isinstance(text, str) else ""
