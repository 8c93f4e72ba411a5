"""Pictures, films and recordings as linked data, with author and licence."""

from collections.abc import Iterator, Mapping
from typing import Any

from biobank.exchange.linked.graph import Node, Statement, node, ref, text, texts
from biobank.exchange.linked.things import Named
from biobank.exchange.linked.vocabularies import DCTERMS, SCHEMA
from biobank.records.media.addresses import sha_of
from biobank.records.media.licences import licence_called

TYPES = {"image": "ImageObject", "video": "VideoObject", "audio": "AudioObject"}
WEB = ("http://", "https://")


def pictures(
    record: Mapping[str, Any], kept: frozenset[str], named: Named
) -> tuple[list[Node], list[Node]]:
    """Return the images, and the films and recordings; images missing from the bank are skipped."""
    images: list[Node] = []
    played: list[Node] = []
    for number, part in enumerate(record.get("media", ()), start=1):
        sha = sha_of(part["url"])
        if sha and sha not in kept:
            continue
        made = _medium(named.uris.part(record["id"], "media", number), part, named)
        (images if part["type"] == "image" else played).append(made)
    return images, played


def _medium(uri: str, part: Mapping[str, Any], named: Named) -> Node:
    address = part["url"] if part["url"].startswith(WEB) else named.uris.base + part["url"]
    # Media of other sites get a page URL: the address may not be the file itself.
    file = part["type"] == "image" and bool(sha_of(part["url"]))
    return node(
        uri,
        [SCHEMA + TYPES[part["type"]]],
        [(SCHEMA + ("contentUrl" if file else "url"), ref(address))],
        texts(SCHEMA + "caption", part.get("alt")),
        _whose(part),
    )


def _whose(part: Mapping[str, Any]) -> Iterator[Statement]:
    if part.get("author"):
        yield SCHEMA + "creditText", text(part["author"])
    if licence := part.get("licence"):
        known = licence_called(licence)
        if known is not None and known.url:
            yield SCHEMA + "license", ref(known.url)
        else:
            yield DCTERMS + "rights", text(licence)
    if str(part.get("source") or "").startswith(WEB):
        yield SCHEMA + "isBasedOn", ref(part["source"])
