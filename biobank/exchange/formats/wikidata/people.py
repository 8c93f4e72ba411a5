"""Reader of Wikidata files: one entity, several under `entities`, or a dump; humans as records.

References become sources: web pages, and works that the file contains. References that only name a
Wikipedia edition (P143), or a work that is not in the file, cannot be looked up and are left out.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import IO, Any
from urllib.parse import urlsplit

from biobank.common.i18n import LANGUAGES
from biobank.exchange.formats.json_objects import SourceObject, iter_objects
from biobank.exchange.formats.wikidata.dates import UnsupportedDateError, read_statements, read_time
from biobank.exchange.formats.wikidata.statements import (
    COUNTRY_BY_ITEM,
    GENDER_BY_ITEM,
    PROFESSION_BY_ITEM,
    SCHEME_BY_PROPERTY,
    RelatedEntities,
    Snaks,
    Statement,
    best_statements,
    is_human,
    item_ids,
    parse_item_id,
    place_names,
    string_values,
    texts_by_language,
)
from biobank.exchange.imports.decompression import spool_to_disk
from biobank.exchange.imports.items import ImportItem
from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.exchange.imports.place_resolver import (
    MAX_RECORD_NAMES,
    NameEntry,
    PlaceQuery,
    PlaceResolver,
    deduplicate_names,
    make_name,
    to_direct_order,
)
from biobank.names.folding import has_letter
from biobank.names.slug import slugify
from biobank.records.validation import truncate_for_display

URL_PROPERTY, TITLE_PROPERTY, STATED_IN_PROPERTY, RETRIEVED_PROPERTY, PAGES_PROPERTY = (
    "P854",
    "P1476",
    "P248",
    "P813",
    "P304",
)
SourceRecord = dict[str, Any]
Citation = dict[str, str]

MAX_SOURCE_URL_CHARS = 1_000
MAX_FACT_CITES = 10
#: Wikidata itself, which every converted record cites by the id of its entity.
WIKIDATA_SOURCE: SourceRecord = {
    "id": "wikidata",
    "csl": {"type": "dataset", "title": "Wikidata", "URL": "https://www.wikidata.org/"},
}


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
    except (UnsupportedDateError, ValueError):
        return None
    return date if date and len(date) == len("2020-01-31") else None


def _title_text(value: Any) -> str:
    text = value.get("text") if isinstance(value, dict) else None
    return " ".join(text.split())[:300] if isinstance(text, str) else ""


#: Languages whose names are kept as variants: those in which sources about people here are written.
VARIANT_LANGUAGES = (
    *("az-arab", "az-cyrl", "az-latn", "azb", "fa", "tr", "de", "fr", "ar"),
    *("uk", "uz", "tk", "kk", "tt", "crh", "ka", "hy", "he", "it", "es", "pl"),
)
#: Code of a label shared by all languages in Latin script, in newer entities.
MULTILINGUAL_CODE = "mul"
LIFE_EVENT_PROPERTIES = {"birth": ("P569", "P19"), "death": ("P570", "P20")}


class PersonConverter:
    """The conversion of the entity of a human to a record, with its notices and bundled places."""

    def __init__(self, entity: Mapping[str, Any], entities: RelatedEntities, resolver: PlaceResolver) -> None:
        self._entity, self._entities, self._resolver = entity, entities, resolver
        self.notices: list[ImportMessage] = []
        self.places: dict[str, dict[str, Any]] = {}
        self._sources: dict[str, dict[str, Any]] = {"wikidata": WIKIDATA_SOURCE}
        names = deduplicate_names(self._names())
        if len(names) > MAX_RECORD_NAMES:
            self.notices.append(import_message("wikidata_names", "names", most=MAX_RECORD_NAMES))
        self.record: dict[str, Any] = {"names": names[:MAX_RECORD_NAMES]}
        self._gender()
        for fact, (date_property, place_property) in LIFE_EVENT_PROPERTIES.items():
            self._life_event(fact, date_property, place_property)
        self._map_items("P106", "professions", PROFESSION_BY_ITEM)
        self._map_items("P27", "countries", COUNTRY_BY_ITEM)
        descriptions = texts_by_language(entity, "descriptions")
        self.record["headline"] = {lang: text[:300] for lang, text in descriptions if lang in LANGUAGES}
        self.record["identifiers"] = {"wikidata": str(entity["id"]), **dict(self._identifiers())}
        self.record["sources"] = list(self._sources.values())

    def _names(self) -> Iterator[NameEntry]:
        labels = dict(texts_by_language(self._entity, "labels"))
        labels.setdefault("en", labels.get(MULTILINGUAL_CODE, ""))
        for lang in (*LANGUAGES, *VARIANT_LANGUAGES):
            text = labels.get(lang, "")
            # Russian labels put the surname first, with a comma.
            text = to_direct_order(text) if lang == "ru" else text
            if has_letter(text):
                yield make_name(text, lang, "preferred" if lang in LANGUAGES else "variant")
        for lang, text in texts_by_language(self._entity, "aliases"):
            if lang in (*LANGUAGES, *VARIANT_LANGUAGES, MULTILINGUAL_CODE) and has_letter(text):
                yield make_name(to_direct_order(text) if lang == "ru" else text, lang, "variant")
        for statement in best_statements(self._entity, "P1477"):
            value = statement.value if isinstance(statement.value, Mapping) else {}
            birth_name = value.get("text")
            if isinstance(birth_name, str) and has_letter(birth_name):
                yield make_name(" ".join(birth_name.split()), str(value.get("language", "und")), "birth")
        for text in string_values(best_statements(self._entity, "P742")):
            if has_letter(text):
                yield make_name(" ".join(text.split()), "und", "pen")

    def _gender(self) -> None:
        for item in item_ids(best_statements(self._entity, "P21"))[:1]:
            if item in GENDER_BY_ITEM:
                self.record["gender"] = GENDER_BY_ITEM[item]
            else:
                self.notices.append(import_message("wikidata_gender", "gender", item=item[:20]).as_left_out())

    def _life_event(self, fact: str, date_property: str, place_property: str) -> None:
        dates, places = (
            best_statements(self._entity, date_property),
            best_statements(self._entity, place_property),
        )
        date, notices = read_statements(dates)
        self.notices += [notice.with_path(f"{fact}.date") for notice in notices]
        part: dict[str, Any] = {}
        if date:
            part["date"] = date.edtf
            if date.original:
                part["original"] = {"text": date.original, "calendar": "julian"}
        if place := self._place(item_ids(places), fact):
            part["place"] = place
        has_occurred = any(statement.type != "novalue" for statement in (*dates, *places))
        if part or (fact == "death" and has_occurred):
            # A person known to have died is not living, even if the date is unknown.
            cites, sources = self._citations([*dates, *places])
            self._sources.update({source["id"]: source for source in sources})
            part["cites"] = [{"source": "wikidata", "locator": str(self._entity["id"])}, *cites]
            self.record[fact] = part

    def _place(self, ids: list[str], fact: str) -> str | None:
        path = f"{fact}.place"
        if len(ids) > 1:
            message = import_message("wikidata_places", path, count=len(ids), items=", ".join(ids[:5]))
            self.notices.append(message.as_left_out())
            return None
        for id_ in ids:
            place_id, reason = self._resolve_place(id_)
            if reason is not None:
                self.notices.append(reason.with_path(path).as_left_out())
            elif place_id in self._resolver.bundled_places:
                self.places[place_id] = self._resolver.bundled_places[place_id]
            return place_id
        return None

    def _resolve_place(self, id_: str) -> tuple[str | None, ImportMessage | None]:
        """Return the place id of an item; add the place if the file describes it sufficiently."""
        related = self._entities.get(id_)
        for identifier in (("wikidata", id_), *(related.identifiers.items() if related else ())):
            if place_id := self._resolver.by_identifier.get(identifier):
                return place_id, None
        if related is None or not related.title:
            return None, import_message("wikidata_place", item=id_[:20])
        query = PlaceQuery(related.title, related.country, related.point)
        candidates = {
            candidate.id: candidate
            for text in dict.fromkeys(related.labels.values())
            for candidate in self._resolver.find_places(PlaceQuery(text, related.country, related.point))
        }
        if len(candidates) > 1:
            ids = ", ".join(list(candidates)[:5])
            return None, import_message(
                "wikidata_place_many", item=id_[:20], title=related.title[:60], ids=ids
            )
        if candidates:
            return next(iter(candidates)), None
        place = self._resolver.add_place(query, place_names(related), identifiers=dict(related.identifiers))
        return str(place["id"]), None

    def _map_items(self, prop: str, key: str, table: Mapping[str, str]) -> None:
        """Map items to terms or countries, and report items without a counterpart."""
        listed_ids = item_ids(best_statements(self._entity, prop))
        mapped = list(dict.fromkeys(table[item] for item in listed_ids if item in table))
        if missing := [item for item in listed_ids if item not in table]:
            labels = [
                f"{item[:20]} ({related.title[:40]})" if (related := self._entities.get(item)) else item[:20]
                for item in missing[:10]
            ]
            self.notices.append(
                import_message("wikidata_unequalled", key, items=", ".join(labels)).as_left_out()
            )
        if mapped:
            self.record[key] = mapped[:30]

    def _identifiers(self) -> Iterator[tuple[str, str]]:
        for prop, scheme in SCHEME_BY_PROPERTY.items():
            for value in list(string_values(best_statements(self._entity, prop)))[:1]:
                yield scheme, value.replace(" ", "") if scheme == "isni" else value

    def _citations(self, statements: list[Statement]) -> tuple[list[Citation], list[SourceRecord]]:
        """Return the citations of a fact and their sources."""
        citations = [
            citation
            for statement in statements
            for ref in statement.references
            for citation in self._reference_sources(ref)
        ]
        sources = {source["id"]: source for source, _ in citations[:MAX_FACT_CITES]}
        cites = {
            (source["id"], locator): {"source": source["id"], **({"locator": locator} if locator else {})}
            for source, locator in citations[:MAX_FACT_CITES]
        }
        return list(cites.values()), list(sources.values())

    def _reference_sources(self, snaks: Snaks) -> Iterator[tuple[SourceRecord, str]]:
        locator = next(
            (str(page)[:200] for page in snaks.get(PAGES_PROPERTY, ()) if isinstance(page, str)), ""
        )
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
            entity = self._entities.get(parse_item_id(value) or "")
            if entity and entity.title:
                entity_url = f"https://www.wikidata.org/wiki/{parse_item_id(value)}"
                csl = {"type": "document", "title": entity.title, "URL": entity_url}
                yield _source(entity.title, csl), locator


WIKIDATA_LISTS = frozenset(("entities",))
ITEM_ID_PATTERN = re.compile(r"Q[1-9][0-9]{0,11}")


def read_wikidata(stream: IO[bytes], resolver: PlaceResolver) -> Iterator[ImportItem]:
    """Yield one item for each human; read the file twice, as places may be anywhere.

    Entities that are not human and that no person refers to are refused, at the end.

    Raises:
        UnreadableFile: if it exceeds the disk limit.
    """
    with closing(spool_to_disk(stream)) as spool:
        entities = RelatedEntities()
        for source_object in iter_objects(spool, WIKIDATA_LISTS):
            entities.add(source_object.value)
        spool.seek(0)
        deferred: list[tuple[str, ImportItem]] = []
        for source_object in iter_objects(spool, WIKIDATA_LISTS):
            item = _to_item(source_object, entities, resolver)
            if item.error and (id_ := _entity_id(source_object.value)) in entities.by_id:
                deferred.append((id_, item))
            else:
                yield item
        yield from (item for id_, item in deferred if id_ not in entities.referenced)


def _to_item(source_object: SourceObject, entities: RelatedEntities, resolver: PlaceResolver) -> ImportItem:
    id_ = _entity_id(source_object.value)
    label = f"{source_object.label} ({truncate_for_display(id_, 20)})" if id_ else source_object.label
    if error := source_object.error or _refusal_reason(source_object.value, id_):
        return ImportItem(label, error=error)
    person = PersonConverter(source_object.value, entities, resolver)
    bundled = {"places": list(person.places.values())} if person.places else {}
    return ImportItem(label, person.record, bundled_records=bundled, notices=person.notices, key=id_)


def _entity_id(entity: Any) -> str:
    id_ = entity.get("id") if isinstance(entity, Mapping) else None
    return id_ if isinstance(id_, str) else ""


def _refusal_reason(entity: Any, id_: str) -> ImportMessage | None:
    """Return why an entity is not an importable person; None if it is one."""
    if not isinstance(entity, Mapping):
        return import_message("wikidata_no_entity")
    if not ITEM_ID_PATTERN.fullmatch(id_):
        return import_message("wikidata_no_item")
    if "missing" in entity:
        return import_message("wikidata_missing")
    if is_human(entity):
        return None
    kinds = ", ".join(item_ids(best_statements(entity, "P31"))[:5])
    return import_message("wikidata_no_human", kinds=kinds) if kinds else import_message("wikidata_no_kind")
