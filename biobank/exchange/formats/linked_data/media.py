"""Pictures, films and recordings as linked data, with author and licence."""

from collections.abc import Iterator, Mapping
from typing import Any

from biobank.exchange.formats.linked_data.entities import ReferencedEntities
from biobank.exchange.formats.linked_data.graph import (
    GraphNode,
    RdfStatement,
    localized_statements,
    make_node,
    make_ref,
    plain_literal,
)
from biobank.exchange.formats.linked_data.uris import DCTERMS, SCHEMA_ORG
from biobank.records.media.licences import find_licence
from biobank.records.media.urls import sha_from_url

MEDIA_CLASSES = {"image": "ImageObject", "video": "VideoObject", "audio": "AudioObject"}
URL_SCHEMES = ("http://", "https://")


def media_nodes(
    record: Mapping[str, Any], stored_images: frozenset[str], collector: ReferencedEntities
) -> tuple[list[GraphNode], list[GraphNode]]:
    """Return the images, and the films and recordings; images missing from the bank are skipped."""
    images: list[GraphNode] = []
    recordings: list[GraphNode] = []
    for number, item in enumerate(record.get("media", ()), start=1):
        sha256 = sha_from_url(item["url"])
        if sha256 and sha256 not in stored_images:
            continue
        medium = _medium_node(collector.uris.part(record["id"], "media", number), item, collector)
        (images if item["type"] == "image" else recordings).append(medium)
    return images, recordings


def _medium_node(uri: str, item: Mapping[str, Any], collector: ReferencedEntities) -> GraphNode:
    address = item["url"] if item["url"].startswith(URL_SCHEMES) else collector.uris.base_url + item["url"]
    # Media of other sites get a page URL: the address may not be the file itself.
    is_file = item["type"] == "image" and bool(sha_from_url(item["url"]))
    return make_node(
        uri,
        [SCHEMA_ORG + MEDIA_CLASSES[item["type"]]],
        [(SCHEMA_ORG + ("contentUrl" if is_file else "url"), make_ref(address))],
        localized_statements(SCHEMA_ORG + "caption", item.get("alt")),
        _credit(item),
    )


def _credit(item: Mapping[str, Any]) -> Iterator[RdfStatement]:
    if item.get("author"):
        yield SCHEMA_ORG + "creditText", plain_literal(item["author"])
    if licence := item.get("licence"):
        known_licence = find_licence(licence)
        if known_licence is not None and known_licence.url:
            yield SCHEMA_ORG + "license", make_ref(known_licence.url)
        else:
            yield DCTERMS + "rights", plain_literal(licence)
    if str(item.get("source") or "").startswith(URL_SCHEMES):
        yield SCHEMA_ORG + "isBasedOn", make_ref(item["source"])
