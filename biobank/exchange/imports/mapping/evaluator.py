"""Evaluation of rules: texts out of columns, split, replaced and interpreted."""

import re
from collections.abc import Iterator
from typing import Any

from biobank.exchange.formats.tables import RowError, SourceRow
from biobank.exchange.imports.mapping.rules import PlaceRule, ValueRule, placeholder_columns
from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.exchange.imports.place_resolver import PlaceQuery, PlaceResolver, country_code, to_direct_order
from biobank.names.folding import fold
from biobank.records.date_parser.parser import parse_typed_date
from biobank.records.dates import DateError, parse_date

#: A year alone: with a sign, as a decade (530s), with a qualifier (1237?), or as 1885.0.
YEAR_PATTERN = re.compile(r"(?P<sign>[+\-−]?)(?P<year>[0-9]{1,4})(?:\.0+)?(?P<decade>s?)(?P<doubt>[?~%]?)")
NEW_YEAR_PATTERN = re.compile(r"(-?[0-9]{4})-01-01")
DATE_PART_PATTERNS = {
    "dd": r"(?P<day>[0-9]{2})",
    "d": r"(?P<day>[0-9]{1,2})",
    "mm": r"(?P<month>[0-9]{2})",
    "m": r"(?P<month>[0-9]{1,2})",
    "yyyy": r"(?P<year>[0-9]{4})",
}


def parse_table_date(text: str, rule: ValueRule) -> tuple[str, ImportMessage | None]:
    """Return the EDTF of `text` by a rule, and a notice if it was reinterpreted.

    Raises:
        DateError, RowError: if it cannot be parsed.
    """
    if rule.date == "typed":
        edtf = parse_typed_date(text)
    elif rule.date == "year":
        edtf = _parse_year(text, rule.negative)
    elif rule.date == "edtf":
        edtf = parse_date(text).text
    else:
        edtf = _parse_pattern(text, str(rule.date))
    if rule.first_of_january == "year" and (new_year := NEW_YEAR_PATTERN.fullmatch(edtf)):
        return new_year[1], import_message("read_as_year", text=text[:40], year=new_year[1])
    return edtf, None


def format_iso_year(year: int) -> str:
    """Format a year with four digits, as in EDTF; `year` is astronomical, 0 is 1 BCE."""
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def _parse_year(text: str, negative: str) -> str:
    match = YEAR_PATTERN.fullmatch(text.strip())
    if not match:
        raise RowError("no_year", text=text[:40])
    year, is_negative = int(match["year"]), match["sign"] not in ("", "+")
    if match["decade"]:
        if is_negative or year % 10:
            raise RowError("no_decade", text=text[:40])
        return parse_date(f"{year:04}"[:3] + "X" + match["doubt"]).text
    if negative == "bce" and not year:
        raise RowError("year_0")
    astronomical = year if not is_negative else 1 - year if negative == "bce" else -year
    return parse_date(format_iso_year(astronomical) + match["doubt"]).text


def _parse_pattern(text: str, pattern: str) -> str:
    expression = re.sub(
        r"yyyy|dd|mm|d|m|[./\- ]", lambda part: DATE_PART_PATTERNS.get(part[0], re.escape(part[0])), pattern
    )
    match = re.fullmatch(expression, text.strip())
    if not match:
        raise RowError("not_as_pattern", text=text[:40], pattern=pattern)
    parts = match.groupdict()
    day = f"-{int(parts['day']):02}" if "day" in parts else ""
    return parse_date(f"{parts['year']}-{int(parts['month']):02}{day}").text


#: Values in one cell; a record holds fewer of anything.
MAX_SPLIT_VALUES = 500


class RuleEvaluator:
    """Evaluate the rules of one row; an unknown value becomes a notice or refuses the row."""

    def __init__(
        self,
        row: SourceRow,
        empty: frozenset[str],
        resolver: PlaceResolver,
        notices: list[ImportMessage],
        places: dict[str, dict[str, Any]],
    ) -> None:
        self.row = row
        self.empty = empty
        self.resolver = resolver
        self.notices = notices
        self.places = places

    def evaluate(self, rule: ValueRule, path: str) -> list[str]:
        """Return the non-empty values of a rule; `path` is the field, for messages."""
        texts = self._split(self._source_texts(rule), rule, path)
        if not texts and rule.default is not None:
            texts = [rule.default]
        return [value for text in texts for value in self._interpret(text, rule, path)]

    def _source_texts(self, rule: ValueRule) -> list[str]:
        if rule.template is not None:
            return self._fill_template(rule.template)
        if rule.keys is not None:
            return self.row.keys(rule.keys)
        for column in rule.columns:
            if texts := self._column_texts(column):
                return texts
        return []

    def _column_texts(self, column: str) -> list[str]:
        return [text for text in self.row.values(column) if text not in self.empty]

    def _fill_template(self, template: str) -> list[str]:
        """Return a template filled with its columns; nothing if all of them are empty."""
        columns = placeholder_columns(template)
        text_by_column = {column: " ".join(self._column_texts(column)) for column in columns}
        if not any(text_by_column.values()):
            return []
        text = template.replace("{{", "\0").replace("}}", "\1")
        for column, value in text_by_column.items():
            text = text.replace(f"{{{column}}}", value)
        return [" ".join(text.replace("\0", "{").replace("\1", "}").split())]

    def _split(self, texts: list[str], rule: ValueRule, path: str) -> list[str]:
        if rule.split is not None:
            parts = [part.strip() for text in texts for part in text.split(rule.split)]
            texts = [part for part in parts if part and part not in self.empty]
            if len(texts) > MAX_SPLIT_VALUES:
                raise RowError("split_many", path, count=len(texts), most=MAX_SPLIT_VALUES)
        if rule.starts is not None:
            texts = [text for text in texts if text.startswith(rule.starts)]
        return [to_direct_order(text) for text in texts] if rule.turn else texts

    def _interpret(self, text: str, rule: ValueRule, path: str) -> Iterator[str]:
        for value in self._replace(text, rule, path):
            if rule.date:
                yield self._parse_date(value, rule, path)
            elif rule.term:
                yield from self._resolve_term(value, rule, path)
            elif rule.country:
                unknown = import_message("country_unknown", path, text=value[:60])
                yield from self._resolved_or_unknown(country_code(value), value, rule, unknown)
            elif rule.place:
                yield from self._resolve_place(value, rule, rule.place, path)
            else:
                yield value

    def _replace(self, text: str, rule: ValueRule, path: str) -> list[str]:
        if rule.values is None:
            return [text]
        if text in rule.values:
            return list(rule.values[text])
        if rule.term or rule.country or rule.place or rule.if_unknown == "keep":
            return [text]  # a value without replacement is looked up unchanged
        self._handle_unknown(import_message("value_unknown", path, text=text[:60]), rule)
        return []

    def _parse_date(self, text: str, rule: ValueRule, path: str) -> str:
        try:
            edtf, notice = parse_table_date(text, rule)
        except RowError as row_error:
            raise RowError(row_error.reason.with_path(path)) from row_error
        except DateError as error:
            raise RowError("no_date", path, why=error.message) from error
        if notice:
            self.notices.append(notice.with_path(path))
        return edtf

    def _resolve_term(self, text: str, rule: ValueRule, path: str) -> Iterator[str]:
        terms = sorted(self.resolver.terms.get(str(rule.term), {}).get(fold(text), ()))
        if len(terms) > 1 and text in terms:
            terms = [text]
        if len(terms) > 1:
            listing = ", ".join(terms)
            self._handle_unknown(import_message("term_many", path, text=text[:60], terms=listing), rule)
        else:
            unknown = import_message("term_unknown", path, vocabulary=rule.term, text=text[:60])
            yield from self._resolved_or_unknown(terms[0] if terms else None, text, rule, unknown)

    def _resolved_or_unknown(
        self, resolved: str | None, text: str, rule: ValueRule, unknown: ImportMessage
    ) -> Iterator[str]:
        if resolved is not None:
            yield resolved
        elif rule.if_unknown == "keep":
            yield text
        else:
            self._handle_unknown(unknown, rule)

    def _resolve_place(self, text: str, rule: ValueRule, place_rule: PlaceRule, path: str) -> Iterator[str]:
        name_only = not place_rule.country and not place_rule.lat
        if name_only and text in self.resolver.ids and text not in self.resolver.bundled_places:
            yield text  # a text equal to an id is an id, unless other columns describe the place
            return
        query = self._place_query(text, place_rule, path)
        candidates = self.resolver.find_places(query)
        if len(candidates) > 1:
            ids = ", ".join(candidate.id for candidate in candidates[:5])
            self._handle_unknown(import_message("place_many", path, text=text[:60], ids=ids), rule)
        elif candidates:
            yield self._use_place(candidates[0].id)
        elif place_rule.bring:
            names = [{"text": text, "lang": place_rule.lang}]
            yield self._use_place(self.resolver.add_place(query, names)["id"])
        else:
            self._handle_unknown(import_message("place_unknown", path, text=text[:60]), rule)

    def _use_place(self, place_id: str) -> str:
        """Register an added place with the row that uses it, and return its id."""
        if place_id in self.resolver.bundled_places:
            self.places[place_id] = self.resolver.bundled_places[place_id]
        return place_id

    def _place_query(self, name: str, rule: PlaceRule, path: str) -> PlaceQuery:
        country = self._first_text(rule.country)
        lat, lon = (self._parse_degrees(column, path) for column in (rule.lat, rule.lon))
        point = (lat, lon) if lat is not None and lon is not None else None
        if point and not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
            raise RowError("no_point", path, lat=str(point[0]), lon=str(point[1]))
        return PlaceQuery(name, country_code(country) if country else None, point, rule.kind)

    def _parse_degrees(self, column: str | None, path: str) -> float | None:
        text = self._first_text(column)
        if not text:
            return None
        try:
            return float(text.replace(",", "."))
        except ValueError as error:
            raise RowError("no_degrees", path, text=text[:40], column=column) from error

    def _first_text(self, column: str | None) -> str:
        return next(iter(self._column_texts(column)), "") if column else ""

    def _handle_unknown(self, message: ImportMessage, rule: ValueRule) -> None:
        if rule.if_unknown != "notice":
            raise RowError(message)
        self.notices.append(message.as_left_out())
