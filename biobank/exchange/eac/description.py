"""The `description` section: the life of the person, apart from relations."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from biobank.exchange.answers.edition import Edition
from biobank.exchange.eac.citing import Citing, source_id
from biobank.exchange.eac.dates import add_date, add_moment
from biobank.exchange.eac.elements import add
from biobank.exchange.xml_text import xml_text
from biobank.i18n import LANGUAGES
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.people.citations import FACTS, IN_TEXT, cites_of_mark
from biobank.records.people.mapping import Record
from biobank.records.vocabulary.models import term_key

#: Paragraph separator; splitting and joining at it leaves a text unchanged.
PARAGRAPHS = "\n\n"


def add_description(
    parent: etree._Element, record: Record, edition: Edition, citing: Citing
) -> None:
    made = add(parent, "description")
    if gender := record.get("gender"):
        inner = add(add(made, "demographicDescriptions"), "demographicDescription", "", GENDER)
        add(inner, "term", gender)
    _add_local(made, record, edition, citing)
    if professions := record.get("professions"):
        occupations = add(made, "occupations")
        for term in professions:
            _add_term(occupations, "occupation", "profession", term, edition.catalogue)
    _add_places(made, record, edition.catalogue)
    _add_dates(made, record, edition, citing)
    _add_texts(made, record, citing)
    _add_events(made, record, edition, citing)
    if not len(made):
        parent.remove(made)


GENDER = {"localType": "gender"}


def _add_local(made: etree._Element, record: Record, edition: Edition, citing: Citing) -> None:
    """Add why the person is in the bank, and awards."""
    connection, awards = record.get("connection"), record.get("awards", ())
    if not connection and not awards:
        return
    parent = add(made, "localDescriptions")
    if connection:
        inner = add(parent, "localDescription", "", {"localType": "connection"})
        add_texts(inner, "term", connection)
    for part in awards:
        inner = _add_term(parent, "localDescription", "award", part["award"], edition.catalogue)
        add_cites(inner, citing.of(part))
        add_date(inner, part, edition.lang)


def _add_term(
    parent: etree._Element, name: str, vocabulary: str, term: str, catalogue: Catalogue
) -> etree._Element:
    its = {"localType": vocabulary, "vocabularySource": f"biobank {vocabulary}"}
    made = add(parent, name, "", its, id=term)
    add_texts(made, "term", labels(catalogue, vocabulary, term))
    return made


def labels(catalogue: Catalogue, vocabulary: str, term: str) -> dict[str, str]:
    """Return the labels of a term by language; its id if the term is unknown."""
    key = catalogue.where_now("term", term_key(vocabulary, term))
    found = catalogue.terms.get(key, {}).get("labels")
    return dict(found) if found else {"": term}


def add_texts(parent: etree._Element, name: str, texts: Mapping[str, str]) -> None:
    """Add one element per language."""
    for lang, text in texts.items():
        add(parent, name, text, {"languageOfElement": lang})


def add_cites(made: etree._Element, cites: str | None) -> None:
    if cites:
        made.set("sourceReference", cites)


def _add_places(made: etree._Element, record: Record, catalogue: Catalogue) -> None:
    places = {fact: (record.get(fact) or {}).get("place") for fact in FACTS}
    told = [(fact, place_id) for fact, place_id in places.items() if place_id]
    countries = record.get("countries", ())
    if not told and not countries:
        return
    parent = add(made, "places")
    for fact, place_id in told:
        add_place(parent, place_id, catalogue, fact)
    for code in countries:
        inner = add(parent, "place", "", {"localType": "country"})
        for lang in LANGUAGES:
            its = {"countryCode": code, "languageOfElement": lang}
            add(inner, "placeName", country_name(code, lang), its)
        add(inner, "placeRole", "country of life or work", {"languageOfElement": "en"})


def add_place(parent: etree._Element, place_id: str, catalogue: Catalogue, role: str = "") -> None:
    """Add a place with its present-day names and its coordinates."""
    made = add(parent, "place", "", {"localType": role}, id=place_id)
    place = catalogue.places.get(catalogue.where_now("place", place_id), {})
    country = place.get("country")
    for lang in LANGUAGES:
        its = {"languageOfElement": lang, "countryCode": country}
        add(made, "placeName", catalogue.place_name(place_id, lang), its)
    if role:
        add(made, "placeRole", role, {"languageOfElement": "en"})
    if place.get("lat") is not None and place.get("lon") is not None:
        where = f"{place['lat']}, {place['lon']}"
        add(made, "geographicCoordinates", where, {"coordinateSystem": "WGS 84"})


def _add_dates(made: etree._Element, record: Record, edition: Edition, citing: Citing) -> None:
    """Add the dates of birth and death, and the floruit."""
    ends = {"fromDate": record.get("birth") or {}, "toDate": record.get("death") or {}}
    ends = {name: part for name, part in ends.items() if part.keys() - {"place"}}
    if ends:
        span = add(add(made, "existDates"), "dateRange")
        for name, part in ends.items():
            add_moment(span, name, part, edition.lang, citing.of(part))
    if (record.get("floruit") or {}).keys() - {"place"}:
        inner = add(made, "existDates", "", {"localType": "floruit"})
        part = record["floruit"]
        add_date(inner, part, edition.lang, citing.of(part))


def _add_texts(made: etree._Element, record: Record, citing: Citing) -> None:
    """Add headline and biography of each language."""
    headline, biography = record.get("headline") or {}, record.get("biography") or {}
    for lang in LANGUAGES:
        if lang not in headline and lang not in biography:
            continue
        its = {"localType": "life", "languageOfElement": lang}
        its["conventionDeclarationReference"] = "commonmark"
        inner = add(made, "biogHist", "", its)
        if lang in headline:
            add(inner, "abstract", headline[lang])
        for paragraph in biography.get(lang, "").split(PARAGRAPHS) if lang in biography else ():
            _add_paragraph(inner, paragraph, citing)


def _add_paragraph(parent: etree._Element, text: str, citing: Citing) -> None:
    """Add a paragraph with references for its citations, which also remain in the text."""
    made, last, at = add(parent, "p"), None, 0
    for mark in IN_TEXT.finditer(text):
        _append(made, last, text[at : mark.start()])
        ids = dict.fromkeys(source_id(source) for source, _ in cites_of_mark(mark[0]))
        citing.those((source, "") for source, _ in cites_of_mark(mark[0]))
        last, at = add(made, "reference", mark[0], {"target": " ".join(ids)}), mark.end()
    _append(made, last, text[at:])


def _append(made: etree._Element, last: etree._Element | None, text: str) -> None:
    if last is None:
        made.text = xml_text(text)
    else:
        last.tail = xml_text(text)


def _add_events(made: etree._Element, record: Record, edition: Edition, citing: Citing) -> None:
    events = record.get("events", ())
    if not events:
        return
    parent = add(add(made, "biogHist", "", {"localType": "events"}), "chronList")
    for part in events:
        _add_event(parent, part, edition, citing)


def _add_event(
    parent: etree._Element, part: Mapping[str, Any], edition: Edition, citing: Citing
) -> None:
    made = add(parent, "chronItem", "", {"localType": part.get("type")})
    add_cites(made, citing.of(part))
    if add_date(made, part, edition.lang) is None:
        add(made, "date", "", {"status": "unknown"})
    inner = add(made, "chronItemSet")
    add_texts(inner, "event", part.get("text") or {})
    if not part.get("text"):
        type_ = part.get("type")
        told = labels(edition.catalogue, "event", type_) if type_ else {"en": "event"}
        for lang, text in told.items():
            add(inner, "event", text, {"languageOfElement": lang, "localType": "label"})
    if place_id := part.get("place"):
        add_place(inner, place_id, edition.catalogue)
