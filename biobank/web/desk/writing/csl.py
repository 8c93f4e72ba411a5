"""A new source as form fields: the basic properties of a CSL-JSON item, one line each."""

import re
from collections.abc import Mapping
from typing import Any, Final

#: Selectable CSL types, most frequent first.
TYPES: Final = (
    "webpage",
    "book",
    "chapter",
    "article-journal",
    "article-newspaper",
    "article-magazine",
    "entry-encyclopedia",
    "thesis",
    "paper-conference",
    "manuscript",
    "interview",
    "broadcast",
    "report",
)
#: The form fields of a source.
KEYS: Final = ("type", "title", "author", "issued", "publisher", "url")
DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z", re.ASCII)
#: Maximum number of authors of one source.
AUTHORS_MOST = 50


def csl_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the CSL item that the fields describe; empty if only a type is set."""
    its = {key: value.strip() for key, value in fields.items()}
    item = {
        "title": its["title"],
        "author": _authors(its["author"]),
        "issued": _issued(its["issued"]),
        "publisher": its["publisher"],
        "URL": its["url"],
    }
    told = {key: value for key, value in item.items() if value}
    return {"type": its["type"], **told} if told else {}


def fields_of(csl: Mapping[str, Any]) -> dict[str, str]:
    """Return the basic properties of an item as form fields; other properties are dropped."""
    return {
        "type": _text(csl.get("type")),
        "title": _text(csl.get("title")),
        "author": "; ".join(_name(one) for one in _list(csl.get("author"))),
        "issued": _day(csl.get("issued")),
        "publisher": _text(csl.get("publisher")),
        "url": _text(csl.get("URL")),
    }


def _authors(text: str) -> list[dict[str, str]]:
    """Parse `Hajibeyov, Uzeyir; Azertag`: a comma separates family and given name."""
    names = [name.strip() for name in text.split(";")]
    return [_author(name) for name in names if name][:AUTHORS_MOST]


def _author(name: str) -> dict[str, str]:
    family, comma, given = (part.strip() for part in name.partition(","))
    return {"family": family, "given": given} if comma and family and given else {"literal": name}


def _name(author: Any) -> str:
    if not isinstance(author, Mapping):
        return ""
    if author.get("literal"):
        return _text(author["literal"])
    return ", ".join(filter(None, (_text(author.get("family")), _text(author.get("given")))))


def _issued(text: str) -> dict[str, Any]:
    if not text:
        return {}
    found = DAY.match(text)
    if not found:
        return {"literal": text}
    return {"date-parts": [[int(part) for part in found.groups() if part]]}


def _day(issued: Any) -> str:
    if not isinstance(issued, Mapping):
        return ""
    parts = _list(_list(issued.get("date-parts"))[:1] and issued["date-parts"][0])
    if not parts:
        return _text(issued.get("literal") or issued.get("raw"))
    year, *rest = (_text(part) for part in parts)
    return "-".join((year.zfill(4), *(part.zfill(2) for part in rest)))


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
