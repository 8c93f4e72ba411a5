"""Structures of GEDCOM 7.0: names, dates, and text without the characters that a payload may not hold."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gedcom7 import dumps
from gedcom7.types import GedcomStructure

from biobank.records.edtf import EdtfPart, parse_expression
from biobank.records.people.name_parts import name_parts
from biobank.records.people.record import NameRecord, PersonRecord
from biobank.records.proleptic_calendar import format_iso

#: Characters that the grammar forbids (GEDCOM 7.0.16, section 1.1), and the two noncharacters.
GEDCOM_FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def make_structure(
    tag: str, payload: str = "", substructures: Iterable[GedcomStructure] = ()
) -> GedcomStructure:
    text = GEDCOM_FORBIDDEN_CHARS.sub("", payload)
    return GedcomStructure(tag, text=text, children=list(substructures))


def pointer(tag: str, xref: str, substructures: Iterable[GedcomStructure] = ()) -> GedcomStructure:
    return GedcomStructure(tag, pointer=xref, children=list(substructures))


def record(tag: str, xref: str, substructures: Iterable[GedcomStructure]) -> GedcomStructure:
    return GedcomStructure(tag, xref=xref, children=list(substructures))


def make_xref(kind: str, id_: str) -> str:
    """Return the record id: `uzeyir-hacibeyov` becomes `@I_UZEYIR_HACIBEYOV@` in every file."""
    return f"@{kind}_{id_.upper().replace('-', '_')}@"


def serialize_structure(root: GedcomStructure) -> str:
    """Serialise a record as lines ending with a line feed; long texts continue in CONT."""
    return dumps([root], byte_order_mark=False)


#: NAME.TYPE by kind of name; kinds that the standard lacks are given as PHRASE.
NAME_TYPES = {"birth": "BIRTH", "variant": "AKA", "pen": "PROFESSIONAL", "stage": "PROFESSIONAL"}


def name_structures(record: PersonRecord, lang: str) -> Iterator[GedcomStructure]:
    """Yield the preferred name in `lang` with its translations, then the other names."""
    preferred = [name for name in record["names"] if name["kind"] == "preferred"]
    preferred.sort(key=lambda name: name["lang"] != lang)
    if preferred:
        translations = [
            make_structure("TRAN", personal_name(record, name), [make_structure("LANG", language_tag(name))])
            for name in preferred[1:]
        ]
        yield make_structure("NAME", personal_name(record, preferred[0]), translations)
    for name in record["names"]:
        if name["kind"] != "preferred":
            yield make_structure("NAME", personal_name(record, name), [_type_structure(name["kind"])])


def personal_name(record: PersonRecord, name: NameRecord) -> str:
    """Return a name of the record with its surname between slashes, if it has one."""
    family = name_parts(record, name).family
    before, surname, after = name["text"].rpartition(family) if family else (name["text"], "", "")
    # A slash in the name would mark the start or end of a surname.
    plain = [" ".join(part.replace("/", " ").split(" ")) for part in (before, surname, after)]
    text = f"{plain[0]}/{plain[1].strip()}/{plain[2]}" if surname else plain[0]
    return " ".join(text.split())


def _type_structure(kind: str) -> GedcomStructure:
    is_exact = kind in ("birth", "variant")
    phrase = [] if is_exact else [make_structure("PHRASE", kind)]
    return make_structure("TYPE", NAME_TYPES.get(kind, "OTHER"), phrase)


def language_tag(name: NameRecord) -> str:
    """Return the BCP 47 tag of the language and script of a name."""
    tag, script = name["lang"], name.get("script")
    return f"{tag}-{script}" if script and "-" not in tag else str(tag)


GEDCOM_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
#: Extension tag, declared in the header, for the original EDTF date.
EDTF_TAG = "_EDTF"
EDTF_URI = "https://www.loc.gov/standards/datetime/"
#: `~` means "about"; GEDCOM has no uncertainty, and "estimated" is the closest qualifier.
GEDCOM_QUALIFIERS = {"~": "ABT", "%": "ABT", "?": "EST"}


def date_structures(part: Mapping[str, Any]) -> list[GedcomStructure]:
    """Return the DATE structure of a part of a record; empty if it has no date."""
    text, original = part.get("date"), part.get("original") or {}
    if not text and not original:
        return []
    payload, exact = format_gedcom_date(text) if text else ("", True)
    substructures = [make_structure("PHRASE", original["text"])] if original else []
    if text and not exact:
        substructures.append(make_structure(EDTF_TAG, text))
    return [make_structure("DATE", payload, substructures)]


def format_gedcom_date(text: str) -> tuple[str, bool]:
    """Return the payload, and whether it expresses the EDTF date completely."""
    shape = parse_expression(text)
    start, end = shape.members[0][0], shape.members[-1][1]
    if shape.kind == "interval":
        parts = [f"FROM {_start_of(start)}"] if start else []
        parts += [f"TO {_end_of(end)}"] if end else []
        return " ".join(parts), _is_exact(start) and _is_exact(end) and not shape.unknown_end
    if shape.kind == "one_of":
        return _between(start, end), len(shape.members) == 1 and _is_exact(start) and _is_exact(end)
    assert start, "a single date is no open end"
    return _date_or_span(start)


def _between(start: EdtfPart | None, end: EdtfPart | None) -> str:
    """Format a date between two dates, or before or after one."""
    if start and end:
        return f"BET {_start_of(start)} AND {_end_of(end)}"
    if start:
        return f"AFT {_start_of(start)}"
    return f"BEF {_end_of(end)}" if end else ""


def _date_or_span(part: EdtfPart) -> tuple[str, bool]:
    if _is_span(part):
        return f"BET {_start_of(part)} AND {_end_of(part)}", False
    if part.qualifier:
        # Only "about" means the same in both standards.
        return f"{GEDCOM_QUALIFIERS[part.qualifier]} {_single_date(part)}", part.qualifier == "~"
    return _single_date(part), True


def _is_span(part: EdtfPart) -> bool:
    """Return whether the date is a decade, century or season, which GEDCOM expresses as a range."""
    return part.span > 1 or (part.month or 0) > len(GEDCOM_MONTHS)


def _is_exact(part: EdtfPart | None) -> bool:
    """Return whether an end of a range is exact: neither approximate nor a span."""
    return part is None or not (part.qualifier or _is_span(part))


def _start_of(part: EdtfPart | None) -> str:
    """Return the start of a date: the first year of a decade, the first month of a season."""
    assert part
    return _month_or_year(part.earliest, months=part.span == 1) if _is_span(part) else _single_date(part)


def _end_of(part: EdtfPart | None) -> str:
    assert part
    return _month_or_year(part.latest, months=part.span == 1) if _is_span(part) else _single_date(part)


def _month_or_year(days: int, *, months: bool) -> str:
    """Format the month and year, or the year, of a day."""
    day = format_iso(days)
    year, month, _ = day.rsplit("-", 2)
    name = f"{GEDCOM_MONTHS[int(month) - 1]} " if months else ""
    return f"{name}{_year(int(year))}"


def _single_date(part: EdtfPart) -> str:
    day = f"{part.day} " if part.day and part.month else ""
    month = f"{GEDCOM_MONTHS[part.month - 1]} " if part.month else ""
    return f"{day}{month}{_year(part.year)}"


def _year(year: int) -> str:
    """Format a year; years BCE count backwards from 1: the astronomical -43 is 44 BCE."""
    return str(year) if year > 0 else f"{1 - year} BCE"
