"""Builders of Wikidata entities in JSON."""

from typing import Any

GREGORIAN = "http://www.wikidata.org/entity/Q1985727"
JULIAN = "http://www.wikidata.org/entity/Q1985786"

Json = dict[str, Any]


def snak(value: Any, type_: str = "value") -> Json:
    return {"snaktype": type_, "datavalue": {"value": value}} if type_ == "value" else {"snaktype": type_}


def item(id_: str) -> Json:
    return {"entity-type": "item", "numeric-id": int(id_[1:]), "id": id_}


def time(text: str, precision: int = 11, calendar: str = GREGORIAN) -> Json:
    return {"time": text, "precision": precision, "calendarmodel": calendar, "timezone": 0}


def claim(value: Any, type_: str = "value", rank: str = "normal", **more: Any) -> Json:
    """Build a statement; `qualifiers` and `references` are values by property."""
    statement = {"mainsnak": snak(value, type_), "rank": rank, "type": "statement"}
    if qualifiers := more.get("qualifiers"):
        statement["qualifiers"] = {prop: [snak(value)] for prop, value in qualifiers.items()}
    if references := more.get("references"):
        statement["references"] = [
            {"snaks": {prop: [snak(value)] for prop, value in reference.items()}} for reference in references
        ]
    return statement


def entity(id_: str, labels: dict[str, str], claims: dict[str, list[Json]], **more: Any) -> Json:
    return {
        "type": "item",
        "id": id_,
        "labels": {lang: {"language": lang, "value": text} for lang, text in labels.items()},
        "claims": claims,
        **more,
    }


def human(id_: str, labels: dict[str, str], claims: dict[str, list[Json]], **more: Any) -> Json:
    return entity(id_, labels, {"P31": [claim(item("Q5"))], **claims}, **more)
