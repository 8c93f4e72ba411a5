"""A new source as form fields: the basic properties of a CSL-JSON item, one line each."""

import re
from collections.abc import Mapping
from typing import Any, Final

#: Selectable CSL types, most frequent first.
OFFERED_CSL_TYPES: Final = (
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
SOURCE_FIELDS: Final = ("type", "title", "author", "issued", "publisher", "url")
DATE_PATTERN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z", re.ASCII)
#: Maximum number of authors of one source.
MAX_FORM_AUTHORS = 50


def csl_from_fields(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the CSL item that the fields describe; empty if only a type is set."""
    values = {key: value.strip() for key, value in fields.items()}
    item = {
        "title": values["title"],
        "author": _parse_authors(values["author"]),
        "issued": _parse_date(values["issued"]),
        "publisher": values["publisher"],
        "URL": values["url"],
    }
    filled = {key: value for key, value in item.items() if value}
    return {"type": values["type"], **filled} if filled else {}


def fields_from_csl(csl: Mapping[str, Any]) -> dict[str, str]:
    """Return the basic properties of an item as form fields; other properties are dropped."""
    return {
        "type": _as_text(csl.get("type")),
        "title": _as_text(csl.get("title")),
        "author": "; ".join(_format_author(author) for author in _as_list(csl.get("author"))),
        "issued": _format_date(csl.get("issued")),
        "publisher": _as_text(csl.get("publisher")),
        "url": _as_text(csl.get("URL")),
    }


def _parse_authors(text: str) -> list[dict[str, str]]:
    """Parse `Hajibeyov, Uzeyir; Azertag`: a comma separates family and given name."""
    names = [name.strip() for name in text.split(";")]
    return [_parse_author(name) for name in names if name][:MAX_FORM_AUTHORS]


def _parse_author(name: str) -> dict[str, str]:
    family, comma, given = (part.strip() for part in name.partition(","))
    return {"family": family, "given": given} if comma and family and given else {"literal": name}


def _format_author(author: Any) -> str:
    if not isinstance(author, Mapping):
        return ""
    if author.get("literal"):
        return _as_text(author["literal"])
    return ", ".join(filter(None, (_as_text(author.get("family")), _as_text(author.get("given")))))


def _parse_date(text: str) -> dict[str, Any]:
    if not text:
        return {}
    match = DATE_PATTERN.match(text)
    if not match:
        return {"literal": text}
    return {"date-parts": [[int(part) for part in match.groups() if part]]}


def _format_date(issued: Any) -> str:
    if not isinstance(issued, Mapping):
        return ""
    parts = _as_list(_as_list(issued.get("date-parts"))[:1] and issued["date-parts"][0])
    if not parts:
        return _as_text(issued.get("literal") or issued.get("raw"))
    year, *month_and_day = (_as_text(part) for part in parts)
    return "-".join((year.zfill(4), *(part.zfill(2) for part in month_and_day)))


def _as_text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
