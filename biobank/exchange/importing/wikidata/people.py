"""Conversion of a Wikidata person to a record; other data is dropped, doubts are reported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from biobank.exchange.importing.bank import Bank, Wanted
from biobank.exchange.importing.names import NAMES_MOST, Name, name, tidied, turned
from biobank.exchange.importing.said import Said, say
from biobank.exchange.importing.wikidata.citing import WIKIDATA, cited
from biobank.exchange.importing.wikidata.dates import read_statements
from biobank.exchange.importing.wikidata.others import Others, place_names
from biobank.exchange.importing.wikidata.statements import (
    best,
    items,
    strings,
    texts_by_language,
)
from biobank.exchange.importing.wikidata.tables import (
    COUNTRIES,
    GENDERS,
    IDENTIFIERS,
    OCCUPATIONS,
)
from biobank.i18n import LANGUAGES
from biobank.names.folding import has_letter

#: Languages whose names are kept as variants: those in which sources about people here are written.
VARIANTS = (
    *("az-arab", "az-cyrl", "az-latn", "azb", "fa", "tr", "de", "fr", "ar"),
    *("uk", "uz", "tk", "kk", "tt", "crh", "ka", "hy", "he", "it", "es", "pl"),
)
#: Code of a label shared by all languages in Latin script, in newer entities.
ALL_LANGUAGES = "mul"
MOMENTS = {"birth": ("P569", "P19"), "death": ("P570", "P20")}


@dataclass
class Made:
    """A record, with its notices and bundled records."""

    record: dict[str, Any]
    notices: list[Said] = field(default_factory=list)
    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)


def person_of(entity: Mapping[str, Any], others: Others, bank: Bank) -> Made:
    """Convert the entity of a human to a record."""
    id_ = str(entity["id"])
    made = Made({"names": list(_names(entity))}, sources={WIKIDATA["id"]: WIKIDATA})  # type: ignore[dict-item]
    made.record["names"] = tidied(made.record["names"])
    if len(made.record["names"]) > NAMES_MOST:
        made.notices.append(say("wikidata_names", "names", most=NAMES_MOST))
        del made.record["names"][NAMES_MOST:]
    _gender(entity, made)
    for fact, (when, where) in MOMENTS.items():
        _moment(entity, fact, when, where, made, others, bank)
    _listed(entity, "P106", "professions", OCCUPATIONS, made, others)
    _listed(entity, "P27", "countries", COUNTRIES, made, others)
    headline = {
        lang: text[:300]
        for lang, text in texts_by_language(entity, "descriptions")
        if lang in LANGUAGES
    }
    made.record["headline"] = headline
    made.record["identifiers"] = {"wikidata": id_, **dict(_identifiers(entity))}
    made.record["sources"] = list(made.sources.values())
    return made


def _names(entity: Mapping[str, Any]) -> Iterator[Name]:
    labels = dict(texts_by_language(entity, "labels"))
    labels.setdefault("en", labels.get(ALL_LANGUAGES, ""))
    for lang in (*LANGUAGES, *VARIANTS):
        text = labels.get(lang, "")
        # Russian labels put the surname first, with a comma.
        text = turned(text) if lang == "ru" else text
        if has_letter(text):
            yield name(text, lang, "preferred" if lang in LANGUAGES else "variant")
    for lang, text in texts_by_language(entity, "aliases"):
        if lang in (*LANGUAGES, *VARIANTS, ALL_LANGUAGES) and has_letter(text):
            yield name(turned(text) if lang == "ru" else text, lang, "variant")
    for statement in best(entity, "P1477"):
        value = statement.value if isinstance(statement.value, Mapping) else {}
        told = value.get("text")
        if isinstance(told, str) and has_letter(told):
            yield name(" ".join(told.split()), str(value.get("language", "und")), "birth")
    for text in strings(best(entity, "P742")):
        if has_letter(text):
            yield name(" ".join(text.split()), "und", "pen")


def _gender(entity: Mapping[str, Any], made: Made) -> None:
    for item in items(best(entity, "P21"))[:1]:
        if item in GENDERS:
            made.record["gender"] = GENDERS[item]
        else:
            made.notices.append(say("wikidata_gender", "gender", item=item[:20]).leaving_out())


def _moment(
    entity: Mapping[str, Any],
    fact: str,
    when: str,
    where: str,
    made: Made,
    others: Others,
    bank: Bank,
) -> None:
    dates, places = best(entity, when), best(entity, where)
    told, notices = read_statements(dates)
    made.notices += [notice.at(f"{fact}.date") for notice in notices]
    part: dict[str, Any] = {}
    if told:
        part["date"] = told.edtf
        if told.original:
            part["original"] = {"text": told.original, "calendar": "julian"}
    if place := _place(items(places), fact, made, others, bank):
        part["place"] = place
    happened = any(statement.type != "novalue" for statement in (*dates, *places))
    if part or (fact == "death" and happened):
        # A person known to have died is not living, even if the date is unknown.
        cites, sources = cited([*dates, *places], others)
        made.sources.update({source["id"]: source for source in sources})
        part["cites"] = [{"source": "wikidata", "locator": str(entity["id"])}, *cites]
        made.record[fact] = part


def _place(ids: list[str], fact: str, made: Made, others: Others, bank: Bank) -> str | None:
    path = f"{fact}.place"
    if len(ids) > 1:
        told = say("wikidata_places", path, count=len(ids), items=", ".join(ids[:5]))
        made.notices.append(told.leaving_out())
        return None
    for id_ in ids:
        found, why = _found_place(id_, others, bank)
        if why is not None:
            made.notices.append(why.at(path).leaving_out())
        elif found in bank.brought:
            made.places[found] = bank.brought[found]
        return found
    return None


def _found_place(id_: str, others: Others, bank: Bank) -> tuple[str | None, Said | None]:
    """Return the place id of an item; add the place if the file describes it sufficiently."""
    other = others.get(id_)
    for identifier in (("wikidata", id_), *(other.identifiers.items() if other else ())):
        if found := bank.by_identifier.get(identifier):
            return found, None
    if other is None or not other.title:
        return None, say("wikidata_place", item=id_[:20])
    wanted = Wanted(other.title, other.country, other.point)
    spots = {
        spot.id: spot
        for text in dict.fromkeys(other.labels.values())
        for spot in bank.places(Wanted(text, other.country, other.point))
    }
    if len(spots) > 1:
        ids = ", ".join(list(spots)[:5])
        return None, say("wikidata_place_many", item=id_[:20], title=other.title[:60], ids=ids)
    if spots:
        return next(iter(spots)), None
    place = bank.bring(wanted, place_names(other), identifiers=dict(other.identifiers))
    return str(place["id"]), None


def _listed(
    entity: Mapping[str, Any],
    prop: str,
    key: str,
    table: Mapping[str, str],
    made: Made,
    others: Others,
) -> None:
    """Map items to terms or countries, and report items without a counterpart."""
    found = items(best(entity, prop))
    ours = list(dict.fromkeys(table[item] for item in found if item in table))
    if missing := [item for item in found if item not in table]:
        named = [
            f"{item[:20]} ({other.title[:40]})" if (other := others.get(item)) else item[:20]
            for item in missing[:10]
        ]
        made.notices.append(say("wikidata_unequalled", key, items=", ".join(named)).leaving_out())
    if ours:
        made.record[key] = ours[:30]


def _identifiers(entity: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for prop, scheme in IDENTIFIERS.items():
        for value in list(strings(best(entity, prop)))[:1]:
            yield scheme, value.replace(" ", "") if scheme == "isni" else value
